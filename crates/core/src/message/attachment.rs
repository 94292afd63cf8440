//! What the screen and the engine say to each other about photos and files.
//!
//! The bytes go before: a file is put in pieces, and attached when all of them are durable. So an
//! attachment never points to nothing, and an edit stays small. A piece that is put twice is put
//! once, which makes it safe to send again.

use super::NewEntry;
use crate::date::{Date, Instant};
use crate::id::{AttachmentId, EntryId, FileHash};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Longest file, in bytes.
pub const FILE_BYTES_MAX: u64 = 25 * 1024 * 1024;

/// Longest small picture, in bytes.
pub const THUMB_BYTES_MAX: u64 = 256 * 1024;

/// Bytes of a piece; only a file's last one is shorter. So short that no save waits for one.
pub const PIECE_BYTES: usize = 128 * 1024;

/// Longest caption, in characters.
pub const CAPTION_CHARS_MAX: usize = 500;

/// What a tab can want of a file's bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FileCommand {
    /// Keeps a piece. With the `last` one the whole is compared with its hash. Answered by
    /// [`super::Answer::Done`] when it is durable.
    Put { hash: FileHash, number: u32, last: bool, bytes: Bytes },
    /// Fetches a file that is not here, as soon as it can be had.
    Want { hash: FileHash },
}

/// Bytes that are copied as a whole and not one by one.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({})", self.0.len())
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Whole;
        impl Visitor<'_> for Whole {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        deserializer.deserialize_bytes(Whole).map(Self)
    }
}

/// A file that is to belong to an entry; its bytes are here already.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attach {
    pub id: AttachmentId,
    pub entry: EntryId,
    /// Where and when, for an entry that does not exist yet.
    pub new: Option<NewEntry>,
    pub hash: FileHash,
    /// A small picture of it, whose bytes are here, too.
    pub thumb: Option<FileHash>,
    pub name: String,
    pub media: String,
    pub width: u32,
    pub height: u32,
    pub caption: String,
    /// When it was attached first; `None` means now.
    pub added: Option<Instant>,
}

/// A photo or file of an entry, as the screens show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: AttachmentId,
    pub entry: EntryId,
    pub hash: FileHash,
    pub thumb: Option<FileHash>,
    pub name: String,
    pub media: String,
    pub bytes: u64,
    pub width: u32,
    pub height: u32,
    pub added: Instant,
    pub caption: String,
    /// Whether its bytes are on this device, and those of its small picture.
    pub here: bool,
    pub thumb_here: bool,
}

impl Attachment {
    /// Whether a browser can show it as a picture.
    #[must_use]
    pub fn is_picture(&self) -> bool {
        self.media.starts_with("image/")
    }
}

/// A picture of the gallery: with the day of its entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    pub date: Date,
    pub attachment: Attachment,
}

/// What is here of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileState {
    /// All of it.
    pub whole: bool,
    pub bytes: u64,
    /// So many pieces, from the first on.
    pub pieces: u32,
}
