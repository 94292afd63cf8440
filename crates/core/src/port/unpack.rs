//! What is packed by "deflate", in an archive or in a gzip file: it is unpacked while it is
//! read.

use super::source::Source;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};
use std::io::{self, BufRead, Read, Take};

/// A reader of what `inner` holds packed; it stops where that ends.
pub(super) struct Inflated {
    inner: Take<Source>,
    state: Box<InflateState>,
    ended: bool,
}

impl Inflated {
    pub(super) fn new(inner: Take<Source>) -> Self {
        Self { inner, state: InflateState::new_boxed(DataFormat::Raw), ended: false }
    }
}

impl Read for Inflated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.ended && !buffer.is_empty() {
            let input = self.inner.fill_buf()?;
            let over = input.is_empty();
            let step = inflate(&mut self.state, input, buffer, MZFlush::None);
            self.inner.consume(step.bytes_consumed);
            match step.status {
                Ok(MZStatus::StreamEnd) => self.ended = true,
                Ok(_) | Err(MZError::Buf) => {}
                Err(_) => return Err(io::Error::other("it is damaged")),
            }
            if step.bytes_written > 0 {
                return Ok(step.bytes_written);
            }
            if over && !self.ended {
                return Err(io::Error::other("it is cut off"));
            }
        }
        Ok(0)
    }
}

/// A reader of a gzip file, which may be several in a row.
pub(super) struct Gunzipped {
    /// What is being unpacked, and what it has come to; `None` between two of them.
    member: Option<(Inflated, Crc)>,
    rest: Option<Take<Source>>,
}

impl Gunzipped {
    pub(super) fn new(packed: Take<Source>) -> Self {
        Self { member: None, rest: Some(packed) }
    }
}

impl Read for Gunzipped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(mut packed) = self.rest.take() {
                if packed.fill_buf()?.is_empty() {
                    self.rest = Some(packed);
                    return Ok(0);
                }
                pass_header(&mut packed)?;
                self.member = Some((Inflated::new(packed), Crc::new()));
            }
            let Some((inflated, crc)) = &mut self.member else { return Ok(0) };
            let read = inflated.read(buffer)?;
            crc.update(&buffer[..read]);
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let [a, b, c, d, ..] = bytes::<8>(&mut inflated.inner)?;
            if u32::from_le_bytes([a, b, c, d]) != crc.sum() {
                return Err(damaged());
            }
            self.rest = self.member.take().map(|(inflated, _)| inflated.inner);
        }
    }
}

/// Passes over what stands before the content: flags, and fields that the flags announce.
fn pass_header(packed: &mut Take<Source>) -> io::Result<()> {
    let [0x1f, 0x8b, 8, flags, ..] = bytes::<10>(packed)? else {
        return Err(io::Error::other("what comes here is not gzip"));
    };
    if flags & 4 != 0 {
        let length = u16::from_le_bytes(bytes(packed)?);
        for _ in 0..length {
            bytes::<1>(packed)?;
        }
    }
    // A name and a comment, each with a zero at its end.
    for flag in [8, 16] {
        while flags & flag != 0 && bytes::<1>(packed)? != [0] {}
    }
    if flags & 2 != 0 {
        bytes::<2>(packed)?;
    }
    Ok(())
}

fn bytes<const N: usize>(packed: &mut Take<Source>) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    packed.read_exact(&mut bytes).map_err(|_| io::Error::other("it is cut off"))?;
    Ok(bytes)
}

pub(super) fn damaged() -> io::Error {
    io::Error::other("it is damaged: its checksum is another")
}

/// The checksum of zip and gzip, half a byte at a time: its table is a sixteenth of the usual one,
/// and the tables of the libraries cannot be packed.
pub(super) struct Crc(u32);

impl Crc {
    pub(super) fn new() -> Self {
        Self(!0)
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 ^= u32::from(*byte);
            for _ in 0..2 {
                self.0 = self.0 >> 4 ^ HALF_BYTES[(self.0 & 15) as usize];
            }
        }
    }

    pub(super) fn sum(&self) -> u32 {
        !self.0
    }
}

const HALF_BYTES: [u32; 16] = {
    let mut table = [0; 16];
    let mut i = 0;
    while i < 16 {
        let (mut rest, mut bits) = (i as u32, 0);
        while bits < 4 {
            rest = rest >> 1 ^ if rest & 1 == 1 { 0xedb8_8320 } else { 0 };
            bits += 1;
        }
        table[i] = rest;
        i += 1;
    }
    table
};
