//! The directory at the end of a zip archive: which files lie in it, and where.
//!
//! It is read by hand: a few numbers at fixed places, while a library for them knows ways to pack,
//! lock and date files that made the porter a third larger. Archives of more than 65,535 files or
//! 4 GB have the same numbers once more, in longer fields ("zip64").

use super::archive::ArchiveError;
use super::source::Source;
use std::collections::HashSet;
use std::io::Read;

/// Most files in one archive: ten entries a day for a hundred years.
pub(super) const MEMBERS_MAX: u64 = 500_000;

/// The record at the end of every archive, and the longest comment that can stand behind it.
pub(super) const END: &[u8; 4] = b"PK\x05\x06";
const END_BYTES: usize = 22;
const COMMENT_BYTES_MAX: u64 = 0xffff;

/// The two records before it that a large archive has.
pub(super) const LARGE_END: &[u8; 4] = b"PK\x06\x06";
pub(super) const LARGE_PLACE: &[u8; 4] = b"PK\x06\x07";
const LARGE_END_BYTES: u64 = 56;
const LARGE_PLACE_BYTES: u64 = 20;

/// What stands before a file's name, in the directory and where the file lies.
pub(super) const LISTED: &[u8; 4] = b"PK\x01\x02";
pub(super) const HEADER: &[u8; 4] = b"PK\x03\x04";

/// One file as the directory tells of it.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) locked: bool,
    pub(super) method: u16,
    pub(super) crc: u32,
    /// Its length as it is packed.
    pub(super) packed: u64,
    header: u64,
}

/// The files of an archive in their order, and whether some of them hid each other by having the
/// same name: of these only the last is there.
pub(super) fn read(source: &Source) -> Result<(Vec<Listed>, bool), ArchiveError> {
    let (end, at) = find_end(source).ok_or(ArchiveError::Broken("it has no directory"))?;
    let (count, length, start, behind) = match find_large_end(source, at) {
        Some(large) => (number(&large, 32, 8), number(&large, 40, 8), number(&large, 48, 8), {
            at - LARGE_PLACE_BYTES - LARGE_END_BYTES
        }),
        None => (number(&end, 10, 2), number(&end, 12, 4), number(&end, 16, 4), at),
    };
    if count > MEMBERS_MAX {
        return Err(ArchiveError::TooMany(count));
    }
    // Something may stand before the archive, such as a program that unpacks it.
    let begin = behind.checked_sub(length);
    let shift = begin.and_then(|begin| begin.checked_sub(start)).ok_or(CUT_OFF)?;
    let mut directory = source.from(start + shift);
    let mut files = Vec::new();
    for _ in 0..count {
        files.push(Listed::read(&mut directory, shift).ok_or(CUT_OFF)?);
    }
    let mut names = HashSet::new();
    files.reverse();
    files.retain(|file: &Listed| names.insert(file.name.clone()));
    files.reverse();
    let hidden = (files.len() as u64) < count;
    Ok((files, hidden))
}

const CUT_OFF: ArchiveError = ArchiveError::Broken("its directory is cut off");

impl Listed {
    /// Reads the next file of the directory; places are counted from `shift`.
    fn read(directory: &mut Source, shift: u64) -> Option<Self> {
        let fields = take(directory, 46)?;
        if !fields.starts_with(LISTED) {
            return None;
        }
        let name = take(directory, number(&fields, 28, 2))?;
        let extra = take(directory, number(&fields, 30, 2))?;
        take(directory, number(&fields, 32, 2))?;
        let (mut unpacked, mut packed) = (number(&fields, 24, 4), number(&fields, 20, 4));
        let mut header = number(&fields, 42, 4);
        // What does not fit into four bytes stands in eight, in this order, in a field of its own.
        let mut long = large_field(&extra);
        for field in [&mut unpacked, &mut packed, &mut header] {
            if *field == 0xffff_ffff {
                let (value, rest) = long.split_at_checked(8)?;
                (*field, long) = (number(value, 0, 8), rest);
            }
        }
        Some(Self {
            name: name_of(name),
            locked: number(&fields, 8, 2) & 1 == 1,
            method: u16::try_from(number(&fields, 10, 2)).ok()?,
            crc: u32::try_from(number(&fields, 16, 4)).ok()?,
            packed,
            header: header.checked_add(shift)?,
        })
    }

    /// Where its content begins: behind a second header, of a length of its own.
    pub(super) fn content(&self, source: &Source) -> Option<Source> {
        let mut content = source.from(self.header);
        let fields = take(&mut content, 30)?;
        take(&mut content, number(&fields, 26, 2) + number(&fields, 28, 2))?;
        fields.starts_with(HEADER).then_some(content)
    }
}

/// The record at the end and where it is; the last one that a comment of its length fits behind.
fn find_end(source: &Source) -> Option<(Vec<u8>, u64)> {
    let from = source.len().saturating_sub(END_BYTES as u64 + COMMENT_BYTES_MAX);
    let tail = take(&mut source.from(from), source.len() - from)?;
    let fits = |at: &usize| {
        let end = &tail[*at..];
        end.starts_with(END) && number(end, 20, 2) as usize + END_BYTES <= end.len()
    };
    let at = (0..tail.len().checked_sub(END_BYTES - 1)?).rev().find(fits)?;
    Some((tail[at..at + END_BYTES].to_vec(), from + at as u64))
}

/// The longer record of a large archive, before the one that was found `at` its end.
fn find_large_end(source: &Source, at: u64) -> Option<Vec<u8>> {
    let place = at.checked_sub(LARGE_PLACE_BYTES)?;
    let large = place.checked_sub(LARGE_END_BYTES)?;
    let there = take(&mut source.from(place), 4)? == LARGE_PLACE;
    let record = take(&mut source.from(large), LARGE_END_BYTES)?;
    (there && record.starts_with(LARGE_END)).then_some(record)
}

/// The field of long numbers among a file's extra fields.
fn large_field(mut extra: &[u8]) -> &[u8] {
    while let Some((head, rest)) = extra.split_at_checked(4) {
        let length = number(head, 2, 2) as usize;
        match rest.split_at_checked(length) {
            Some((field, _)) if number(head, 0, 2) == 1 => return field,
            Some((_, others)) => extra = others,
            None => break,
        }
    }
    &[]
}

/// A name in UTF-8, or in an old code of one byte a character, which keeps names apart.
fn name_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect())
}

/// A number of up to eight bytes, the lowest first.
fn number(bytes: &[u8], at: usize, length: usize) -> u64 {
    let digits = bytes.iter().skip(at).take(length).rev();
    digits.fold(0, |number, digit| number << 8 | u64::from(*digit))
}

/// The next bytes, if there are as many.
fn take(source: &mut Source, length: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = source.take(length).read_to_end(&mut bytes).ok()?;
    (read as u64 == length).then_some(bytes)
}
