//! The bytes of every format, as they were when it was made: devices of that day still read them.

/// Name and bytes, one a line.
const FROZEN: &str = include_str!("frozen.txt");

/// The frozen bytes of that name.
pub(super) fn of(name: &str) -> Vec<u8> {
    bytes_of(find(name).unwrap_or_default())
}

/// Checks that these are still the bytes of that name.
#[track_caller]
pub(super) fn is(name: &str, bytes: &[u8]) {
    let now = hex(bytes);
    assert_eq!(find(name), Some(now.as_str()), "{name} is not what it was; now\n{name}: {now}");
}

fn find(name: &str) -> Option<&'static str> {
    FROZEN.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    bytes_of(hex).try_into().unwrap()
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let pairs = (0..hex.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// `from`, `from + 1`, …
pub(super) fn counting<const N: usize>(from: u8) -> [u8; N] {
    std::array::from_fn(|at| from.wrapping_add(u8::try_from(at).unwrap()))
}
