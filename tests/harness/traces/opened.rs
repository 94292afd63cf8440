//! The packed forms that browsers write: gzip and brotli of the disk caches, the blocks and logs of
//! LevelDB, Firefox' packed sessions and caches.

use super::blocks::{lz4, snappy};
use brotli_decompressor::Decompressor;
use flate2::read::{GzDecoder, ZlibDecoder};
use std::io::Read;

const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];
/// Chromium's simple cache: its magic number, and how long its header is.
const SIMPLE_CACHE: [u8; 8] = 0xfcfb_6d1b_a772_5c30_u64.to_le_bytes();
const SIMPLE_HEADER: usize = 24;
const LEVEL_DB: [u8; 8] = 0xdb47_7524_8b80_fb57_u64.to_le_bytes();
const LEVEL_FOOTER: usize = 48;
/// A block of LevelDB is followed by its kind and a sum.
const LEVEL_TRAILER: usize = 5;
const LOG_BLOCK: usize = 32 << 10;
const LOG_HEADER: usize = 7;
const MOZILLA_LZ4: &[u8] = b"mozLz40\0";
const SNAPPY_FRAMES: &[u8] = b"\xff\x06\x00\x00sNaPpY";
/// No packed file of a browser under test is longer.
const UNPACKED_MAX: u64 = 64 << 20;

/// Everything that these bytes are when they are opened, in each form that fits.
pub(super) fn all(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for at in places(bytes, GZIP) {
        found.push(read(GzDecoder::new(&bytes[at..])));
    }
    for at in places(bytes, SNAPPY_FRAMES) {
        found.push(frames(&bytes[at..]));
    }
    if bytes.starts_with(&SIMPLE_CACHE) {
        let body = number(bytes, 12).and_then(|key| bytes.get(SIMPLE_HEADER + key..));
        found.extend(body.map(|body| read(Decompressor::new(body, 4096))));
        found.extend(body.map(|body| read(ZlibDecoder::new(body))));
    } else {
        // Firefox' cache has the body first, and nothing says how it is packed.
        found.push(read(Decompressor::new(bytes, 4096)));
    }
    if let Some(packed) = bytes.strip_prefix(MOZILLA_LZ4) {
        found.extend(packed.get(4..).map(lz4));
    }
    if bytes.ends_with(&LEVEL_DB) {
        found.push(table(bytes).unwrap_or_default());
    }
    found.push(log(bytes));
    found.retain(|opened| !opened.is_empty());
    found
}

/// As much as can be unpacked: a file may have been cut off.
fn read(reader: impl Read) -> Vec<u8> {
    let mut out = Vec::new();
    let _ = reader.take(UNPACKED_MAX).read_to_end(&mut out);
    out
}

fn places<'a>(bytes: &'a [u8], magic: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let windows = bytes.windows(magic.len()).enumerate();
    windows.filter(move |(_, window)| *window == magic).map(|(at, _)| at)
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(four)).ok()
}

/// Chunks behind a kind and three bytes of length; a sum of four bytes opens each.
fn frames(mut bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(&[kind, a, b, c]) = bytes.first_chunk::<4>() {
        let length = u32::from_le_bytes([a, b, c, 0]) as usize;
        let Some(chunk) = bytes.get(4..4 + length) else { break };
        match (kind, chunk.get(4..)) {
            (0, Some(packed)) => out.extend(snappy(packed)),
            (1, Some(plain)) => out.extend_from_slice(plain),
            _ => {}
        }
        bytes = &bytes[4 + length..];
    }
    out
}

/// All blocks of a LevelDB table, one behind the other.
fn table(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut footer = bytes.get(bytes.len().checked_sub(LEVEL_FOOTER)?..)?;
    let (_meta, index) = (handle(&mut footer)?, handle(&mut footer)?);
    let index = block(bytes, index)?;
    let restarts = number(&index, index.len().checked_sub(4)?)?;
    let mut entries = index.get(..index.len().checked_sub(4 + restarts * 4)?)?;
    let mut out = Vec::new();
    while !entries.is_empty() {
        let (_shared, own, value) =
            (varint(&mut entries)?, varint(&mut entries)?, varint(&mut entries)?);
        let mut at = entries.get(own..own + value)?;
        entries = &entries[own + value..];
        out.extend(block(bytes, handle(&mut at)?).unwrap_or_default());
    }
    Some(out)
}

fn handle(bytes: &mut &[u8]) -> Option<(usize, usize)> {
    Some((varint(bytes)?, varint(bytes)?))
}

fn block(bytes: &[u8], (at, length): (usize, usize)) -> Option<Vec<u8>> {
    let packed = bytes.get(at..at.checked_add(length)?.checked_add(LEVEL_TRAILER)?)?;
    Some(match packed[length] {
        1 => snappy(&packed[..length]),
        _ => packed[..length].to_vec(),
    })
}

fn varint(bytes: &mut &[u8]) -> Option<usize> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// The records of a LevelDB log, joined where they were cut at the end of a block. Other files
/// give nothing of sense, which does no harm.
fn log(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for mut block in bytes.chunks(LOG_BLOCK) {
        while let Some(header) = block.first_chunk::<LOG_HEADER>() {
            let length = usize::from(u16::from_le_bytes([header[4], header[5]]));
            let Some(record) = block.get(LOG_HEADER..LOG_HEADER + length) else { break };
            if !(1..=4).contains(&header[6]) {
                break;
            }
            out.extend_from_slice(record);
            block = &block[LOG_HEADER + length..];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    const CANARY: &[u8] = b"canarycanarycanary sings";

    fn opens(bytes: &[u8]) -> bool {
        all(bytes).iter().any(|opened| opened.windows(CANARY.len()).any(|it| it == CANARY))
    }

    /// "canary", then a copy of twelve bytes from six before, then " sings".
    const SNAPPY: &[u8] = &[
        24,
        5 << 2,
        b'c',
        b'a',
        b'n',
        b'a',
        b'r',
        b'y',
        11 << 2 | 2,
        6,
        0,
        5 << 2,
        b' ',
        b's',
        b'i',
        b'n',
        b'g',
        b's',
    ];

    #[test]
    fn what_is_packed_is_opened() {
        let mut gzip = GzEncoder::new(vec![7; 9], Compression::best());
        gzip.write_all(CANARY).expect("a vector takes all");
        assert!(opens(&gzip.finish().expect("a vector takes all")), "gzip behind other bytes");
        let lz4 =
            [MOZILLA_LZ4, &[24, 0, 0, 0], &[6 << 4 | 8], b"canary", &[6, 0, 6 << 4], b" sings"]
                .concat();
        assert!(opens(&lz4), "Firefox' packed sessions");
        let mut framed = SNAPPY_FRAMES.to_vec();
        framed.extend([0, SNAPPY.len() as u8 + 4, 0, 0, 9, 9, 9, 9]);
        framed.extend(SNAPPY);
        assert!(opens(&framed), "frames of snappy");
        let (first, second) = CANARY.split_at(10);
        let mut log = vec![0; LOG_BLOCK - LOG_HEADER - first.len()];
        let [low, high] = ((log.len() - LOG_HEADER) as u16).to_le_bytes();
        log[4..7].copy_from_slice(&[low, high, 1]);
        log.extend([9, 9, 9, 9, first.len() as u8, 0, 2]);
        log.extend(first);
        log.extend([9, 9, 9, 9, second.len() as u8, 0, 4]);
        log.extend(second);
        assert!(opens(&log), "a record over two blocks of a log");
        let mut table = SNAPPY.to_vec();
        table.extend([1, 9, 9, 9, 9]);
        let index_at = table.len() as u8;
        let index = [0, 1, 2, b'k', 0, SNAPPY.len() as u8, 0, 0, 0, 0, 1, 0, 0, 0];
        table.extend(index);
        table.extend([0, 9, 9, 9, 9]);
        let mut footer = vec![0, 0, index_at, index.len() as u8];
        footer.resize(LEVEL_FOOTER - LEVEL_DB.len(), 0);
        table.extend(footer);
        table.extend(LEVEL_DB);
        assert!(opens(&table), "a table");
        assert!(!opens(b"nothing of the kind"));
    }
}
