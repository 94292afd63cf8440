//! Sealing: what leaves the device opens for its vault, in its place, unchanged, or not at all.

mod device;
mod exchange;
mod files;
mod frozen;
mod guest;
mod manifest;
mod pack;
mod ring;
mod row;
mod words;

use crate::support::{Chance, DEVICE};
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::id::VaultId;
use thoughtstream_core::seal::VaultKeys;

const VAULT: VaultId = VaultId([7; 16]);

/// The keys that the frozen bytes were made with.
fn keys() -> VaultKeys {
    VaultKeys::create(VAULT, &mut Chance::new(1660))
}

fn stamp(millis: i64) -> Stamp {
    Stamp::new(millis, 1, DEVICE).unwrap()
}

/// Whatever single byte is changed, in every bit and once altogether.
fn each_flip(bytes: &[u8], mut check: impl FnMut(usize, &[u8])) {
    let mut changed = bytes.to_vec();
    for at in 0..bytes.len() {
        for mask in [0x01, 0x80, 0xff] {
            changed[at] ^= mask;
            check(at, &changed);
            changed[at] ^= mask;
        }
    }
}
