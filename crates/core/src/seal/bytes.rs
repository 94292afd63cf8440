//! What sealed things add to the codec of the wire: their own error, and signed numbers.

use super::SealError;
use crate::wire::{Problem, Reader, WireError};

impl From<WireError> for SealError {
    fn from(WireError { field, at, .. }: WireError) -> Self {
        Self::Damaged { what: field, at }
    }
}

impl Reader<'_> {
    /// The error for what stands here and has no meaning.
    pub(super) fn damaged(&self) -> SealError {
        self.wrong(Problem::Misplaced).into()
    }
}

/// A signed integer as an unsigned one, small if it is near zero.
pub(super) fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63) as u64
}

pub(super) fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}
