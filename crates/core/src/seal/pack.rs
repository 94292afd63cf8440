//! Packing: what is sealed is made small before, and padded after, so that its size tells little.
//!
//! "Deflate" with a preset dictionary: the packer has read `PROSE` before the text, so that it
//! can refer to common English words, Markdown and zones from the first byte on; other languages
//! cost no more than without. The dictionary belongs to the format: another one is another method.
//! Padding is PADMÉ (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", 2019): at
//! most 12 % and less for longer texts.

use super::SealError;
use crate::wire::{Reader, put_bytes};
use miniz_oxide::DataFormat;
use miniz_oxide::deflate::core::{
    CompressionStrategy, CompressorOxide, TDEFLFlush, TDEFLStatus, compress_to_output,
};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

/// What [`METHOD_PROSE`] has read before every text; frozen.
const PROSE: &[u8] = include_bytes!("prose-1.txt");

const METHOD_PLAIN: u8 = 0;
const METHOD_PROSE: u8 = 1;

/// The least size of anything padded, in bytes: below it all rows look alike.
const PADDED_MIN: usize = 256;

/// How hard the packer tries (0-10); decision 12 has what less effort saves and costs.
const EFFORT: u8 = 8;

/// The longest text that is unpacked, in bytes; longer than the longest body.
pub const UNPACKED_MAX: usize = crate::message::BODY_BYTES_MAX + (64 << 10);

/// A packer that has read the dictionary. Reading it takes longer than packing a page of text, so
/// make one for many rows.
#[derive(Clone)]
pub struct Packer(Box<CompressorOxide>);

impl Default for Packer {
    fn default() -> Self {
        let strategy = CompressionStrategy::Default;
        let mut packer = CompressorOxide::with_params(DataFormat::Raw, EFFORT, strategy, 15);
        // What comes out is thrown away: whoever unpacks has the dictionary.
        let (status, _) = compress_to_output(&mut packer, PROSE, TDEFLFlush::Sync, |_| true);
        debug_assert_eq!(status, TDEFLStatus::Okay);
        Self(Box::new(packer))
    }
}

impl Packer {
    /// A method's number, and the text packed by it.
    pub fn pack(&self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len() / 2 + 64);
        out.push(METHOD_PROSE);
        let mut packer = self.0.clone();
        let (status, _) = compress_to_output(&mut packer, text, TDEFLFlush::Finish, |bytes| {
            out.extend_from_slice(bytes);
            true
        });
        if status != TDEFLStatus::Done || out.len() > text.len() {
            out.clear();
            out.push(METHOD_PLAIN);
            out.extend_from_slice(text);
        }
        out
    }
}

/// Undoes [`Packer::pack`]; in memory it takes what the text takes and no more.
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, SealError> {
    let mut reader = Reader::new(packed, "text of a row");
    match reader.byte()? {
        METHOD_PLAIN => Ok(reader.rest().to_vec()),
        METHOD_PROSE => inflate(reader.rest()).ok_or_else(|| reader.damaged()),
        found => Err(SealError::Newer { what: "text of a row", found }),
    }
}

fn inflate(packed: &[u8]) -> Option<Vec<u8>> {
    let mut state = Box::new(DecompressorOxide::new());
    let mut out = PROSE.to_vec();
    let (mut read, mut written) = (0, PROSE.len());
    loop {
        // Deflate makes at most 1,032 bytes of one, so a short input never takes much memory.
        let room = (out.len() * 2).max(packed.len() * 4).min(PROSE.len() + UNPACKED_MAX);
        if room == out.len() {
            return None;
        }
        out.resize(room, 0);
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, more_read, more_written) =
            decompress(&mut state, packed.get(read..)?, &mut out, written, flags);
        read += more_read;
        written += more_written;
        match status {
            TINFLStatus::Done if read == packed.len() => break,
            TINFLStatus::HasMoreOutput => {}
            _ => return None,
        }
    }
    out.truncate(written);
    out.drain(..PROSE.len());
    Some(out)
}

/// Puts the length before and zeros behind.
pub fn pad(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8 + PADDED_MIN);
    put_bytes(&mut out, bytes);
    out.resize(padded(out.len()).max(PADDED_MIN), 0);
    out
}

/// Undoes [`pad`].
pub fn unpad(padded: &[u8]) -> Result<&[u8], SealError> {
    let mut reader = Reader::new(padded, "padding of a row");
    let bytes = reader.bytes()?;
    match reader.rest().iter().all(|byte| *byte == 0) {
        true => Ok(bytes),
        false => Err(reader.damaged()),
    }
}

/// PADMÉ: the length rounded up so that only its first bits tell anything.
fn padded(length: usize) -> usize {
    let exponent = length.max(2).ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1_usize << exponent.saturating_sub(kept)) - 1;
    (length + mask) & !mask
}
