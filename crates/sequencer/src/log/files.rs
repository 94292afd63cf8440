//! Photos and files, as both stores keep them: what a part needs to be taken in.

use super::{LogError, VaultNumber};
use thoughtstream_core::id::FileAddress;
use thoughtstream_core::wire::{Code, FileIs};

/// A part on its way in.
#[derive(Debug, Clone)]
pub struct NewPart {
    pub vault: VaultNumber,
    pub address: FileAddress,
    pub parts: u64,
    pub number: u64,
    pub sealed: Vec<u8>,
    /// Bytes of sealed parts that the vault may hold.
    pub quota: u64,
}

/// What becomes of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is there already.
    Known(FileIs),
    /// It is the next one.
    Next,
}

/// Judges a part. `known` is what is there of its file, `used` what the vault holds.
///
/// # Errors
/// `Conflict`, with how many are there, for one that is not the next or of another count;
/// `QuotaFull` if there is no room.
pub(crate) fn judge(part: &NewPart, known: Option<FileIs>, used: u64) -> Result<Fate, LogError> {
    let known = known.unwrap_or(FileIs { there: 0, parts: part.parts });
    if known.parts != part.parts || part.number > known.there {
        return Err(LogError::refused(Code::Conflict, known.there));
    }
    if part.number < known.there {
        return Ok(Fate::Known(known));
    }
    if used.saturating_add(part.sealed.len() as u64) > part.quota {
        return Err(LogError::refused(Code::QuotaFull, part.quota));
    }
    Ok(Fate::Next)
}

impl NewPart {
    /// What is there once this part is.
    pub(crate) fn after(&self) -> FileIs {
        FileIs { there: self.number + 1, parts: self.parts }
    }
}
