//! Names of things: entries, journals, templates, attachments, devices, tabs and requests; and what
//! the sequencer knows instead of them: vaults, sealed rows and files, and the lives of its logs.
//!
//! Every id is random (or derived from imported content), so that it tells a reader of the wire
//! nothing about what it names; the engine receives ids ready-made, as it has no randomness.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A text that is not the id it was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: {expected} lower-case hex digits are expected")]
pub struct IdError {
    expected: usize,
}

macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident, $bytes:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub [u8; $bytes]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                read_hex(text).map(Self).ok_or(IdError { expected: $bytes * 2 })
            }
        }
    };
}

hex_id! {
    /// Names one entry, on every device, for ever: 16 bytes, 32 hex digits in text.
    EntryId, 16
}
hex_id! {
    /// Names one journal: 16 bytes, 32 hex digits in text.
    JournalId, 16
}
hex_id! {
    /// Names one template: 16 bytes, 32 hex digits in text.
    TemplateId, 16
}
hex_id! {
    /// Names one attachment: a photo or file that belongs to an entry. 16 bytes.
    AttachmentId, 16
}
hex_id! {
    /// Names what is in a file: BLAKE3 of its bytes, so that equal files are kept once.
    FileHash, 32
}
hex_id! {
    /// Names a file on the wire: 32 bytes that tell nothing of what is in it.
    FileAddress, 32
}
hex_id! {
    /// Names one device (a browser profile with its own database): 8 bytes, 16 hex digits.
    DeviceId, 8
}

hex_id! {
    /// Names one person's data on a sequencer: 16 random bytes, made on the first device.
    VaultId, 16
}
hex_id! {
    /// Names one row on the wire: 16 bytes that tell neither its table nor its key.
    RowId, 16
}
hex_id! {
    /// Names the recovery key of a vault: 16 bytes that the recovery words give.
    RecoveryId, 16
}
hex_id! {
    /// Names the place where a new device and one of the vault meet: 16 bytes that the code gives.
    RendezvousId, 16
}
hex_id! {
    /// Names one sequencer's store, in what a device signs when it logs in: 16 random bytes.
    ServerId, 16
}
hex_id! {
    /// Names one life of a vault's log: 16 random bytes, made with the log. A server that was wiped
    /// and set up again has another.
    Incarnation, 16
}
hex_id! {
    /// Names one guest of a vault: 16 random bytes, made by the device that lets it in.
    GuestId, 16
}
hex_id! {
    /// Sums up a vault's log from its beginning to one sequence: 16 bytes.
    Chain, 16
}

impl FileHash {
    /// The name of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

impl JournalId {
    /// The journal that every database is born with; the same on all devices, so that two of them
    /// joined by sync have one first journal and not two.
    pub const FIRST: Self = Self([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
}

/// Names one life of one tab: random, made when the page loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TabId(pub u64);

/// Names one request of a tab; `number` counts up from 1, so an owner of the database can tell a
/// request that it already carried out from a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequestId {
    pub tab: TabId,
    pub number: u64,
}

fn read_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
    }
    Some(bytes)
}

/// The value of one lower-case hex digit; upper case is refused so that an id has one spelling.
fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
