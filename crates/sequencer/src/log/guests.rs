//! What both stores say of guests.

use super::{LogError, VaultNumber};
use thoughtstream_core::id::GuestId;
use thoughtstream_core::wire::{Code, Hash, OpenGuest, PutItem, Secret};

/// The longest visit, in milliseconds.
pub const LENGTH_MAX: u64 = 4 * 3_600_000;
/// How long a right may wait to be used.
pub const WAIT_MAX: u64 = 400 * 24 * 3_600_000;
/// A guest that is not heard for so long is out.
pub const SILENT: u64 = 6 * 60_000;
/// How long a guest stays on the list when its visit is over.
pub const REMEMBERED: u64 = 30 * 24 * 3_600_000;
/// The longest pass, in bytes.
pub const PASS_BYTES: u64 = 4 << 20;
/// The longest sealed entry of a guest.
pub const ITEM_BYTES: u64 = 256 << 10;
/// Entries of one visit.
pub const SLOTS: u64 = 100;
/// Guests of a vault, awaited ones included.
pub const GUESTS: u64 = 200;
/// Items of one answer: a device drops these, then asks for more.
pub const ITEMS: u64 = 16;

/// A right to come in once.
#[derive(Debug, Clone)]
pub struct NewGuest {
    pub vault: VaultNumber,
    pub open: OpenGuest,
}

/// Somebody who shows a right's secret.
#[derive(Debug, Clone)]
pub struct Coming {
    pub right: Hash,
    /// The token that is given for it.
    pub token: Secret,
    pub now: u64,
}

/// Refuses a right that is for too long.
///
/// # Errors
/// `Malformed` or `RowTooLarge`, with the limit.
pub fn judge_guest(open: &OpenGuest, now: u64) -> Result<(), LogError> {
    if open.length > LENGTH_MAX || open.until > now.saturating_add(WAIT_MAX) {
        return Err(LogError::refused(Code::Malformed, LENGTH_MAX));
    }
    if open.sealed.len() as u64 > PASS_BYTES || open.note.len() as u64 > ITEM_BYTES {
        return Err(LogError::refused(Code::RowTooLarge, PASS_BYTES));
    }
    Ok(())
}

/// Refuses an item that is too large.
///
/// # Errors
/// `RowTooLarge`, or `QuotaFull` if the guest has written enough.
pub fn judge_item(item: &PutItem) -> Result<(), LogError> {
    if item.slot >= SLOTS {
        return Err(LogError::refused(Code::QuotaFull, SLOTS));
    }
    if item.sealed.len() as u64 > ITEM_BYTES || i64::try_from(item.version).is_err() {
        return Err(LogError::refused(Code::RowTooLarge, ITEM_BYTES));
    }
    Ok(())
}

/// When a visit was over, or will be: it ends by itself after a silence.
#[must_use]
pub fn end_of(ends: u64, seen: u64) -> u64 {
    ends.min(seen.saturating_add(SILENT))
}

/// Names a guest within its vault.
pub type Named = (VaultNumber, GuestId);
