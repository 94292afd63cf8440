//! Bytes in and out: what every body is made of.

use crate::clock::Stamp;
use crate::id::{
    Chain, DeviceId, FileAddress, GuestId, Incarnation, RecoveryId, RendezvousId, RowId, ServerId,
    VaultId,
};
use std::fmt;

/// The version that opens every body.
pub const VERSION: u8 = 1;

/// Why bytes are not the body they were read as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`, byte {at}: {problem}")]
pub struct WireError {
    /// The field that was being read.
    pub field: &'static str,
    /// Where in the input, counted from 0.
    pub at: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// So many bytes more are needed than the input has.
    Ends { missing: usize },
    /// A number in more bytes than it needs, or beyond 64 bits.
    Varint,
    /// A stamp after the year 9999.
    Stamp,
    /// A text that is not UTF-8.
    Text,
    /// A number that names no variant.
    Variant(u8),
    /// Another version than `VERSION`: the other side is older or newer.
    Version(u8),
    /// Bytes after the end of the body.
    Trailing,
    /// A frame of the live stream that is longer than any can be.
    Frame(u64),
    /// A value that cannot stand in this place.
    Misplaced,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ends { missing } => write!(f, "the input ends, {missing} more bytes are needed"),
            Self::Varint => f.write_str("a number is over-long or beyond 64 bits"),
            Self::Stamp => f.write_str("a stamp is after the year 9999"),
            Self::Text => f.write_str("a text is not UTF-8"),
            Self::Variant(tag) => write!(f, "{tag} names no variant"),
            Self::Version(version) => write!(f, "version {version} is not {VERSION}: update"),
            Self::Trailing => f.write_str("bytes follow after the end"),
            Self::Frame(length) => write!(f, "a frame of {length} bytes is no nudge"),
            Self::Misplaced => f.write_str("this cannot stand here"),
        }
    }
}

/// A whole request or response: the version, then its fields.
pub trait Body: Field {
    /// The body's bytes.
    fn encode(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        self.write(&mut out);
        out
    }

    /// Reads a body, all of it.
    ///
    /// # Errors
    /// Says which field, at which byte, and what is wrong; never panics, and never allocates
    /// more than a small multiple of the input's own size.
    fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes, "version");
        match reader.byte()? {
            VERSION => {}
            version => return Err(reader.wrong(Problem::Version(version))),
        }
        let body = Self::read(&mut reader)?;
        reader.end()?;
        Ok(body)
    }
}

/// Something that can stand in a body.
pub trait Field: Sized {
    /// The fewest bytes it takes: bounds what a count can make the reader allocate.
    const LEAST: usize;

    /// Appends its bytes.
    fn write(&self, out: &mut Vec<u8>);

    /// Reads it where the reader stands.
    ///
    /// # Errors
    /// As `Body::decode`.
    fn read(reader: &mut Reader<'_>) -> Result<Self, WireError>;
}

/// The input, and how far it has been read.
#[derive(Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    field: &'static str,
}

impl<'a> Reader<'a> {
    /// A reader of `bytes`, which open with this field.
    pub(crate) fn new(bytes: &'a [u8], field: &'static str) -> Self {
        Self { bytes, at: 0, field }
    }

    /// Names the field that is read next, for the error.
    pub(super) fn field(&mut self, field: &'static str) {
        self.field = field;
    }

    /// The error for what stands here.
    pub(crate) fn wrong(&self, problem: Problem) -> WireError {
        WireError { field: self.field, at: self.at, problem }
    }

    pub(super) fn so_far(&self) -> usize {
        self.at
    }

    /// Whether all of it has been read.
    pub(crate) fn is_empty(&self) -> bool {
        self.left() == 0
    }

    fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], WireError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(taken) = rest.get(..length) else {
            return Err(self.wrong(Problem::Ends { missing: length - rest.len() }));
        };
        self.at += length;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| self.wrong(Problem::Ends { missing: N }))
    }

    pub(crate) fn byte(&mut self) -> Result<u8, WireError> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// A number in LEB128: seven bits a byte, the lowest first, in the fewest bytes.
    pub(crate) fn varint(&mut self) -> Result<u64, WireError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            let fits = shift < 63 || bits <= 1;
            let shortest = byte != 0 || shift == 0;
            if !fits || !shortest {
                return Err(self.wrong(Problem::Varint));
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(self.wrong(Problem::Varint))
    }

    /// A length or count of things of at least `least` bytes each, which the input must still hold.
    fn count(&mut self, least: usize) -> Result<usize, WireError> {
        let count = usize::try_from(self.varint()?).unwrap_or(usize::MAX);
        let needed = count.saturating_mul(least);
        if needed > self.left() {
            return Err(self.wrong(Problem::Ends { missing: needed - self.left() }));
        }
        Ok(count)
    }

    /// Bytes behind their length.
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], WireError> {
        let length = self.count(1)?;
        self.take(length)
    }

    /// Everything that is left.
    pub(crate) fn rest(&mut self) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at = self.bytes.len();
        rest
    }

    /// Makes sure that nothing follows.
    pub(crate) fn end(&self) -> Result<(), WireError> {
        if self.left() == 0 { Ok(()) } else { Err(self.wrong(Problem::Trailing)) }
    }
}

/// Appends a number in LEB128.
pub(crate) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80); // the low seven bits, and that more follow
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends bytes behind their length.
pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

impl Field for u64 {
    const LEAST: usize = 1;

    fn write(&self, out: &mut Vec<u8>) {
        put_varint(out, *self);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        reader.varint()
    }
}

impl Field for Vec<u8> {
    const LEAST: usize = 1;

    fn write(&self, out: &mut Vec<u8>) {
        put_bytes(out, self);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        reader.bytes().map(<[u8]>::to_vec)
    }
}

impl Field for String {
    const LEAST: usize = 1;

    fn write(&self, out: &mut Vec<u8>) {
        put_bytes(out, self.as_bytes());
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let bytes = Vec::read(reader)?;
        Self::from_utf8(bytes).map_err(|_| reader.wrong(Problem::Text))
    }
}

impl<T: Field + Listed> Field for Vec<T> {
    const LEAST: usize = 1;

    fn write(&self, out: &mut Vec<u8>) {
        put_varint(out, self.len() as u64);
        self.iter().for_each(|item| item.write(out));
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let count = reader.count(T::LEAST)?;
        (0..count).map(|_| T::read(reader)).collect()
    }
}

/// Marks what stands in lists behind a count; a byte does not, `Vec<u8>` is one run of bytes.
pub trait Listed {}

impl Listed for u64 {}

impl Field for Stamp {
    const LEAST: usize = 16;

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_bytes());
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let bytes = reader.array()?;
        Self::from_bytes(bytes).ok_or_else(|| reader.wrong(Problem::Stamp))
    }
}

macro_rules! raw {
    ($($name:ident $length:literal),*) => { $(
        impl $crate::wire::codec::Field for $name {
            const LEAST: usize = $length;

            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.0);
            }

            fn read(
                reader: &mut $crate::wire::codec::Reader<'_>,
            ) -> Result<Self, $crate::wire::codec::WireError> {
                reader.array().map(Self)
            }
        }
    )* };
}
pub(super) use raw;

raw!(FileAddress 32, VaultId 16, RowId 16, RecoveryId 16, ServerId 16, Incarnation 16, Chain 16);
raw!(DeviceId 8, GuestId 16, RendezvousId 16);

/// Writes the two directions of a struct from one list, so that they cannot differ: its fields in
/// the order in which they stand. With `body` it opens with the version, with `part` it does not.
macro_rules! fields {
    ($(#[$doc:meta])* part $name:ident {
        $($(#[$field_doc:meta])* $field:ident: $type:ty,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

        impl $crate::wire::codec::Field for $name {
            const LEAST: usize = 0 $(+ <$type as $crate::wire::codec::Field>::LEAST)*;

            fn write(&self, out: &mut Vec<u8>) {
                let _ = &out;
                $($crate::wire::codec::Field::write(&self.$field, out);)*
            }

            fn read(
                reader: &mut $crate::wire::codec::Reader<'_>,
            ) -> Result<Self, $crate::wire::codec::WireError> {
                let _ = &reader;
                $(
                    reader.field(stringify!($field));
                    let $field = $crate::wire::codec::Field::read(reader)?;
                )*
                Ok(Self { $($field),* })
            }
        }
    };
    ($(#[$doc:meta])* body $name:ident { $($rest:tt)* }) => {
        $crate::wire::codec::fields! { $(#[$doc])* part $name { $($rest)* } }
        impl $crate::wire::codec::Body for $name {}
    };
}
pub(super) use fields;
