//! Writing a zip archive, one whole file after the other: `directory` reads what this writes.

use super::directory::{END, HEADER, LARGE_END, LARGE_PLACE, LISTED};
use super::unpack::Crc;
use crate::date::Date;
use miniz_oxide::deflate::compress_to_vec;
use std::io;

/// How hard is packed: what most programs do.
const LEVEL: u8 = 6;

/// The version of the format in which folders and "deflate" came, and the one of large archives.
const PLAIN: u16 = 20;
const LARGE: u16 = 45;

/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// Noon: files carry the day of their entry, and noon is that day wherever they are unpacked.
const NOON: u16 = 12 << 11;

/// How a file is packed, in the numbers of the format. Photos are packed already.
#[derive(Debug, Clone, Copy)]
pub(super) enum Packing {
    Stored = 0,
    Deflate = 8,
}

/// An archive that is being written.
#[derive(Default)]
pub(super) struct Packer {
    written: u64,
    files: u64,
    /// What the directory at the end will say.
    directory: Vec<u8>,
}

impl Packer {
    /// Appends a file to `out`, which holds what was written since it was taken last.
    pub(super) fn add(
        &mut self,
        name: &str,
        date: Date,
        content: &[u8],
        packing: Packing,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        let packed = match packing {
            Packing::Deflate => compress_to_vec(content, LEVEL),
            Packing::Stored => content.to_vec(),
        };
        let mut crc = Crc::new();
        crc.update(content);
        let too_long = |_| io::Error::other("an entry is longer than an archive can hold");
        let (length, whole) = (u32::try_from(packed.len()), u32::try_from(content.len()));
        let name_length = u16::try_from(name.len()).map_err(too_long)?;
        let mut fields = Vec::new();
        put(&mut fields, [FLAGS, packing as u16, NOON, day(date)].map(u16::to_le_bytes));
        let numbers = [crc.sum(), length.map_err(too_long)?, whole.map_err(too_long)?];
        put(&mut fields, numbers.map(u32::to_le_bytes));
        put(&mut fields, [name_length.to_le_bytes()]);

        let header = [HEADER, &PLAIN.to_le_bytes()[..], &fields, &[0; 2], name.as_bytes()].concat();
        self.list(name, &fields);
        self.written += (header.len() + packed.len()) as u64;
        self.files += 1;
        out.extend(header);
        out.extend(packed);
        Ok(())
    }

    /// Lists the file that is about to be written; a place beyond 4 GB stands in a longer field.
    fn list(&mut self, name: &str, fields: &[u8]) {
        let (place, extra) = match u32::try_from(self.written) {
            Ok(place) if place < u32::MAX => (place, Vec::new()),
            _ => (u32::MAX, [&[1, 0, 8, 0], &self.written.to_le_bytes()[..]].concat()),
        };
        let version = if extra.is_empty() { PLAIN } else { LARGE };
        let directory = &mut self.directory;
        directory.extend(LISTED);
        put(directory, [version; 2].map(u16::to_le_bytes));
        directory.extend(fields);
        directory.extend([extra.len() as u8, 0]);
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(place.to_le_bytes());
        directory.extend(name.as_bytes());
        directory.extend(extra);
    }

    /// Appends the directory.
    pub(super) fn finish(self, out: &mut Vec<u8>) {
        let Self { written: start, files, directory } = self;
        let length = directory.len() as u64;
        out.extend(directory);
        let small = u16::try_from(files).ok().filter(|files| *files < u16::MAX);
        let place = u32::try_from(start + length).ok().filter(|place| *place < u32::MAX);
        if small.is_none() || place.is_none() {
            out.extend(LARGE_END);
            out.extend(44_u64.to_le_bytes());
            put(out, [LARGE; 2].map(u16::to_le_bytes));
            out.extend([0; 8]);
            put(out, [files, files, length, start].map(u64::to_le_bytes));
            out.extend(LARGE_PLACE);
            out.extend([0; 4]);
            out.extend((start + length).to_le_bytes());
            out.extend(1_u32.to_le_bytes());
        }
        out.extend(END);
        out.extend([0; 4]);
        put(out, [small.unwrap_or(u16::MAX); 2].map(u16::to_le_bytes));
        let fits = |number| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
        put(out, [length, start].map(fits));
        out.extend([0; 2]);
    }
}

fn put<const N: usize, const M: usize>(out: &mut Vec<u8>, fields: [[u8; N]; M]) {
    out.extend(fields.as_flattened());
}

/// A day as archives write it; they know the years from 1980 to 2107.
fn day(date: Date) -> u16 {
    let (year, month, day) = match u16::try_from(date.year() - 1980) {
        Ok(year) if year < 128 => (year, date.month(), date.day()),
        _ => (0, 1, 1),
    };
    year << 9 | u16::from(month) << 5 | u16::from(day)
}
