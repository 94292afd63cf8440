//! The answer to what cannot be done: why, and what time it is.

use super::codec::{Field, Problem, Reader, WireError, fields};

fields! {
    /// The body of every answer whose status is not 200.
    body Refusal {
        code: Code,
        /// Milliseconds since 1970 by the sequencer's clock.
        now: u64,
        /// The index of the change, the limit, the head or the version: `Code` says which.
        detail: u64,
        /// The same in English, for people.
        text: String,
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $number:literal $status:literal,)*) => {
        /// Why something was refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its number on the wire.
            #[must_use]
            pub const fn number(self) -> u8 {
                match self { $(Self::$name => $number,)* }
            }

            /// The HTTP status it travels with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            fn of(number: u8) -> Option<Self> {
                match number { $($number => Some(Self::$name),)* _ => None }
            }
        }
    };
}

codes! {
    /// The body or the query cannot be read.
    Malformed 1 400,
    /// The body's version is not spoken here; `detail` is the one that is.
    Version 2 400,
    /// No token, an unknown or expired one, or a login that failed: log in again.
    Unauthorized 3 401,
    /// Nothing there, or somebody else's.
    NotFound 4 404,
    /// This token may not do that: a recovery token that pushes.
    Forbidden 5 403,
    /// A stamp is too far ahead; `detail` is the index of the change. Re-stamp by `now`.
    StampInFuture 6 422,
    /// A stamp of a device that is not in the manifest; `detail` is the index of the change.
    DeviceNotYours 7 422,
    /// A sealed row is too long; `detail` is the index of the change.
    RowTooLarge 8 413,
    /// The body is too long or has too many changes; `detail` is the limit.
    BatchTooLarge 9 413,
    /// The vault is full; `detail` is the quota in bytes.
    QuotaFull 10 507,
    /// The log is another one than the cursor or push names: start from 0, offer again.
    CursorReplaced 11 409,
    /// The log is shorter than the cursor; `detail` is its head. Start from 0, offer again.
    CursorAhead 12 409,
    /// The log went another way before the cursor. Start from 0, offer again.
    CursorDiverged 13 409,
    /// Another device was first; `detail` is the manifest's version now. Read it, then try again.
    Conflict 14 409,
    /// A manifest that is unsigned, signed by another key, or does not follow on the last.
    ManifestRefused 15 422,
    /// Too many requests; the header `Retry-After` says for how many seconds to wait.
    TooMany 16 429,
    /// No time for it now; the header `Retry-After` says for how many seconds to wait.
    Busy 17 503,
    /// The body did not come in time.
    TooSlow 18 408,
    /// The sequencer's own fault, and in its log.
    Fault 19 500,
    /// That address knows no such method.
    Method 20 405,
    /// The invitation is unknown, used up or expired.
    NotInvited 21 403,
    /// The vault, or the recovery id, exists already.
    Exists 22 409,
}

impl Field for Code {
    const LEAST: usize = 1;

    fn write(&self, out: &mut Vec<u8>) {
        out.push(self.number());
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let number = reader.byte()?;
        Self::of(number).ok_or_else(|| reader.wrong(Problem::Variant(number)))
    }
}
