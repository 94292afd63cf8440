//! Reading and writing the bytes of sealed things: integers, byte strings, and nothing beyond the
//! end.

use super::SealError;

/// Reads from the front; every error says what was being read and where.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    whole: usize,
    what: &'static str,
}

impl<'a> Reader<'a> {
    /// A reader of `bytes`, which are a `what`.
    pub(super) fn new(bytes: &'a [u8], what: &'static str) -> Self {
        Self { rest: bytes, whole: bytes.len(), what }
    }

    /// The error for what stands here.
    pub(super) fn damaged(&self) -> SealError {
        SealError::Damaged { what: self.what, at: self.whole - self.rest.len() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], SealError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(|| self.damaged())?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], SealError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or_else(|| self.damaged())?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, SealError> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// A LEB128 integer in its shortest form; a longer one would be a second spelling.
    pub(super) fn varint(&mut self) -> Result<u64, SealError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 || shift > 0 && byte == 0 {
                return Err(self.damaged());
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(self.damaged())
    }

    /// Bytes behind their length.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], SealError> {
        let count = self.varint()?;
        self.take(usize::try_from(count).map_err(|_| self.damaged())?)
    }

    /// Everything that is left.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }

    /// Makes sure that nothing follows.
    pub(super) fn end(&self) -> Result<(), SealError> {
        if self.is_empty() { Ok(()) } else { Err(self.damaged()) }
    }
}

pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80); // the low seven bits, and that more follow
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// A signed integer as an unsigned one, small if it is near zero.
pub(super) fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63) as u64
}

pub(super) fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}
