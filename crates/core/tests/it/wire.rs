//! The wire: every body is its bytes and nothing else is, whatever comes in.

mod bodies;

use bodies::{Numbers, bodies, decode_as_each};
use proptest::prelude::*;
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::id::{Chain, DeviceId, Incarnation, RowId};
use thoughtstream_core::wire::{
    Body, Code, Cursor, Frames, Nudge, Page, Problem, Pull, Push, SealedChange, Secret, WireError,
};

/// The bytes of every body, made of the numbers 1, 2, 3 …: a client in another language has these
/// to check itself against.
#[test]
fn every_body_has_the_bytes_it_always_had() {
    let made: String = bodies(&mut Numbers::counting())
        .into_iter()
        .map(|(name, bytes)| format!("{name} {}\n", hex(&bytes)))
        .collect();
    let golden = include_str!("wire/golden.txt");
    assert_eq!(made, golden, "bytes that devices have stored or sent must not change");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

proptest! {
    /// `bodies` itself decodes what it encoded, and compares.
    #[test]
    fn every_body_comes_back_as_it_went(seed in any::<u64>()) {
        bodies(&mut Numbers::seeded(seed));
    }

    #[test]
    fn a_stamp_in_bytes_is_the_stamp_and_keeps_its_order(
        a in (0..253_402_300_800_000_i64, any::<u16>(), any::<[u8; 8]>()),
        b in (0..253_402_300_800_000_i64, any::<u16>(), any::<[u8; 8]>()),
    ) {
        let [a, b] = [a, b].map(|(ms, n, device)| Stamp::new(ms, n, DeviceId(device)).unwrap());
        prop_assert_eq!(Stamp::from_bytes(a.to_bytes()), Some(a));
        prop_assert_eq!(a.to_bytes().cmp(&b.to_bytes()), a.cmp(&b));
    }

    #[test]
    fn a_query_comes_back_as_it_went(
        sequence in any::<u64>(),
        ids in any::<([u8; 16], [u8; 16])>(),
        bytes in any::<Option<u64>>(),
    ) {
        let cursor = Cursor { incarnation: Incarnation(ids.0), sequence, chain: Chain(ids.1) };
        let pull = Pull { cursor, bytes };
        prop_assert_eq!(Pull::from_query(&pull.to_query()), Ok(pull));
    }

    #[test]
    fn frames_survive_being_cut_anywhere(
        heads in proptest::collection::vec(any::<Option<u64>>(), 0..20),
        cuts in proptest::collection::vec(1_usize..9, 1..200),
    ) {
        let said: Vec<Nudge> =
            heads.into_iter().map(|head| head.map_or(Nudge::StillHere, Nudge::Head)).collect();
        let mut stream = Nudge::opening(7);
        said.iter().for_each(|nudge| stream.extend(nudge.encode()));
        let (mut frames, mut heard, mut rest) = (Frames::default(), Vec::new(), &stream[..]);
        for cut in cuts.into_iter().chain([usize::MAX]) {
            let (piece, left) = rest.split_at(cut.min(rest.len()));
            frames.feed(piece);
            heard.extend(std::iter::from_fn(|| frames.next_frame().unwrap()));
            rest = left;
        }
        prop_assert_eq!(&heard[0], &Nudge::Head(7));
        prop_assert_eq!(&heard[1..], &said[..]);
    }
}

/// 100,000 inputs: half of any bytes, half bodies in which something was changed.
#[test]
fn no_input_panics_and_what_is_read_is_the_input() {
    let mut numbers = Numbers::seeded(0x5eed);
    let mut made = Vec::new();
    for round in 0..100_000_usize {
        if round % 500 == 0 {
            made = bodies(&mut numbers);
        }
        let mut input: Vec<u8> = if round % 2 == 0 {
            let length = numbers.below(80) as usize;
            (0..length).map(|at| if at == 0 { 1 } else { numbers.next() as u8 }).collect()
        } else {
            made[round / 2 % made.len()].1.clone()
        };
        for _ in 0..numbers.below(3) {
            mutate(&mut input, &mut numbers);
        }
        for again in decode_as_each(&input) {
            assert_eq!(again, input, "round {round}: two inputs read as one body");
        }
        let mut frames = Frames::default();
        frames.feed(&input);
        while let Ok(Some(_)) = frames.next_frame() {}
        let _ = Pull::from_query(&String::from_utf8_lossy(&input));
    }
}

fn mutate(input: &mut Vec<u8>, numbers: &mut Numbers) {
    let at = numbers.below(input.len() as u64 + 1) as usize;
    match numbers.below(4) {
        0 => input.truncate(at),
        1 => input.insert(at, numbers.next() as u8),
        2 if at < input.len() => input[at] ^= 1 << numbers.below(8),
        _ => input.extend([0xff; 9]),
    }
}

#[test]
fn errors_say_what_where_and_why() {
    let push = Push { incarnation: Incarnation([7; 16]), changes: Vec::new() }.encode();
    let longer = [&push[..], &[0]].concat();
    let huge = [&push[..17], &[0xff; 9], &[1]].concat();
    let padded = [&push[..17], &[0x80, 0]].concat();
    let cases: [(&[u8], &str, usize, Problem); 6] = [
        (&[], "version", 0, Problem::Ends { missing: 1 }),
        (&[2], "version", 1, Problem::Version(2)),
        (&push[..9], "incarnation", 1, Problem::Ends { missing: 8 }),
        (&longer, "changes", 18, Problem::Trailing),
        (&huge, "changes", 27, Problem::Ends { missing: usize::MAX }),
        (&padded, "changes", 19, Problem::Varint),
    ];
    for (input, field, at, problem) in cases {
        assert_eq!(Push::decode(input), Err(WireError { field, at, problem }));
    }
}

#[test]
fn a_page_made_in_pieces_is_a_page() {
    let change = |n: u8| SealedChange {
        row: RowId([n; 16]),
        stamp: Stamp::new(i64::from(n), 0, DeviceId([n; 8])).unwrap(),
        sealed: vec![n; 300],
    };
    let changes: Vec<SealedChange> = (1..4).map(change).collect();
    let chain = Chain::START.over(&changes);
    let cursor = Cursor { incarnation: Incarnation([9; 16]), ..Cursor::START };
    let mut made = Page::opening(&cursor, 3, chain, 3);
    for SealedChange { row, stamp, sealed } in &changes {
        SealedChange::write_parts(row, stamp.to_bytes(), sealed, &mut made);
    }
    let page = Page::decode(&made).unwrap();
    assert_eq!(page.next(), Cursor { sequence: 3, chain, ..cursor });
    assert_eq!(page.encode(), made);
    assert_eq!(page.changes, changes);
}

#[test]
fn a_cursor_notices_every_way_to_lose_a_log() {
    let log = Incarnation([1; 16]);
    let cursor = Cursor { incarnation: log, sequence: 5, chain: Chain([5; 16]) };
    let cases = [
        (cursor, log, 9, Some(Chain([5; 16])), None),
        (Cursor::START, log, 0, Some(Chain::START), None),
        (cursor, Incarnation([2; 16]), 9, Some(Chain([5; 16])), Some(Code::CursorReplaced)),
        (cursor, log, 4, None, Some(Code::CursorAhead)),
        (cursor, log, 9, Some(Chain([6; 16])), Some(Code::CursorDiverged)),
        (cursor, log, 9, None, Some(Code::CursorDiverged)),
    ];
    for (cursor, log, head, chain, expected) in cases {
        assert_eq!(cursor.trouble(log, head, chain), expected, "{cursor:?} at {head}");
    }
}

#[test]
fn codes_have_numbers_of_their_own() {
    let mut numbers: Vec<u8> = Code::ALL.iter().map(|code| code.number()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=Code::ALL.len() as u8).collect::<Vec<_>>());
}

#[test]
fn a_token_has_one_spelling_and_is_not_printed() {
    let secret = Secret([0xab; 32]);
    assert_eq!(Secret::from_hex(&secret.to_hex()), Some(secret));
    let upper = "AB".repeat(32);
    for other in ["", "ab", &secret.to_hex()[1..], &format!("{}0", secret.to_hex()), &upper] {
        assert_eq!(Secret::from_hex(other), None, "{other}");
    }
    assert!(!format!("{secret:?}").contains("ab"));
}
