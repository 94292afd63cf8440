//! The time and chance that the sequencer runs on; tests bring their own.

use std::time::{SystemTime, UNIX_EPOCH};

/// What a process takes from outside.
pub trait World: Send + Sync {
    /// Milliseconds since 1970.
    fn now(&self) -> u64;

    /// Fills with bytes that nobody can guess.
    fn random(&self, bytes: &mut [u8]);
}

/// The machine's clock and the system's chance.
#[derive(Debug, Clone, Copy)]
pub struct Machine;

impl World for Machine {
    fn now(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn random(&self, bytes: &mut [u8]) {
        // Without chance every token could be guessed: there is nothing to go on with.
        getrandom::fill(bytes).expect("BUG: Linux always gives random bytes once it has started");
    }
}

/// So many random bytes.
pub(crate) fn random<const N: usize>(world: &dyn World) -> [u8; N] {
    let mut bytes = [0; N];
    world.random(&mut bytes);
    bytes
}
