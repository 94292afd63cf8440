//! Sealing: what leaves the device is closed so that only the vault's devices can open it.
//!
//! A row becomes bytes in four steps, each of which has a file: its columns are laid out (`row`),
//! its texts packed and the whole padded (`pack`), and the result is sealed (`sealed`) with the
//! key of an epoch (`keys`); photos and files are sealed in parts (`files`). The keys themselves
//! travel wrapped (`wrap`), in the key ring (`keyring`, `closed`); 24 words on paper open it
//! (`words`), and so does a device (`device`) that stands in the manifest (`manifest`). A new
//! device comes by its keys in an exchange with one that has them (`exchange`); a `guest` gets
//! none.
//!
//! Nothing here asks for time or chance: random bytes come in by [`Chance`] or as arguments.

mod bytes;
mod keys;
mod wrap;
pub mod pack;
mod row;
mod sealed;
mod files;
mod words;
mod device;
mod closed;
mod keyring;
mod guest;
mod manifest;
pub mod exchange;

pub use device::DeviceKeys;
pub use files::Part;
pub use guest::{GuestCode, GuestPass};
pub use keyring::KeyRing;
pub use keys::{Secret, VaultKeys};
pub use manifest::{Known, ManifestError};
pub use pack::Packer;
pub use row::{Base, Content, Later, PlainRow};
pub use sealed::epoch_of;
pub use words::{Recovery, WORDS, WordsError};

use crate::id::DeviceId;

/// Where random bytes come from: the browser's `crypto.getRandomValues`, or a test's seed.
pub trait Chance {
    /// Fills all of `bytes` with random ones, good enough for keys.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// Numbers the keys that rows are sealed with, rising from 1; a new one begins when a device is
/// put out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub u32);

impl Epoch {
    pub const FIRST: Self = Self(1);
}

/// Why something sealed cannot be read. Nothing was taken over from it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the {what} cannot be read at byte {at}: it is damaged")]
    Damaged { what: &'static str, at: usize },
    #[error("the {what} was written by a newer app (format {found}): update this one")]
    Newer { what: &'static str, found: u8 },
    #[error("there is no key of epoch {0:?} here: get the key ring again")]
    NoEpoch(Epoch),
    #[error(
        "this vault was made by an earlier app: leave it and join it again by the recovery words"
    )]
    NoInbox,
    #[error("this device ({0}) is not on the key ring: join the vault by the recovery words")]
    NotOnRing(DeviceId),
    #[error(
        "the {0} was not sealed for this place with this vault's keys: it was damaged or \
         exchanged, or the keys are another vault's"
    )]
    Refused(&'static str),
    #[error("the row takes {found} bytes and {limit} are the most: part the entry")]
    TooLong { found: usize, limit: usize },
}
