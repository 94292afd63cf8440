//! Entries out of the pages themselves, for a file through which SQLite finds no way: the header
//! is broken, or a page that leads to others.
//!
//! Each page says of itself that it is a leaf of a table and where its rows lie; an entry is told
//! from other rows by the types of its columns. A page that is not in use any more may hold older
//! versions, so of each entry the newest is taken, and only where SQLite gave none. The format is
//! described on sqlite.org/fileformat2.html.

mod file;

use super::entries::{columns, set_aside};
use super::owned;
use crate::schema;
use crate::store::Folder;
use file::File;
use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};
use std::collections::HashMap;

/// A page that is a leaf of a table begins with this byte.
const TABLE_LEAF: u8 = 13;
const PAGE_SIZE: usize = schema::PAGE_SIZE as usize;
/// What a page of the log has before it, and the log itself before all pages.
const FRAME_HEADER: u64 = 24;
const LOG_HEADER: u64 = 32;
/// The longest row that is believed: an entry's text can have 32 MiB.
const ROW_BYTES_MAX: u64 = 40 << 20;

/// Sets aside every entry that the pages of a file and of its log hold.
pub(super) fn read(folder: &dyn Folder, name: &str, new: &Connection) -> rusqlite::Result<()> {
    let log_name = format!("{name}-wal");
    let log_is_empty = {
        let (file, log) = (folder.open(name)?, folder.open(&log_name)?);
        let pages = Pages::of(File::of(&file), File::of(&log));
        for place in pages.all() {
            for row in pages.read(place).map(|page| pages.entries_on(&page)).unwrap_or_default() {
                set_aside(new, &row)?;
            }
        }
        pages.log.size() == 0
    };
    if log_is_empty {
        // Looking for it has made it.
        let _ = folder.remove(&log_name);
    }
    Ok(())
}

/// Where a page lies.
#[derive(Debug, Clone, Copy)]
enum Place {
    File(u64),
    Log(u64),
}

struct Pages<'a> {
    file: File<'a>,
    log: File<'a>,
    /// The pages of the log in the order in which they were written.
    frames: Vec<u64>,
    /// Where the log has the last version of a page.
    newest: HashMap<u32, u64>,
}

impl<'a> Pages<'a> {
    fn of(file: File<'a>, log: File<'a>) -> Self {
        let mut pages = Self { file, log, frames: Vec::new(), newest: HashMap::new() };
        let Some(header) = pages.log.read(0, LOG_HEADER as usize) else { return pages };
        let mut at = LOG_HEADER;
        while let Some(frame) = pages.log.read(at, FRAME_HEADER as usize) {
            // Frames with another salt are of an earlier round of the log.
            if frame[8..16] == header[16..24] {
                pages.frames.push(at + FRAME_HEADER);
                pages.newest.insert(number(&frame, 0), at + FRAME_HEADER);
            }
            at += FRAME_HEADER + PAGE_SIZE as u64;
        }
        pages
    }

    /// All pages there are, in every version; the first one never holds entries.
    fn all(&self) -> Vec<Place> {
        let count = self.file.size() / PAGE_SIZE as u64;
        let in_file = (1..count).map(|page| Place::File(page * PAGE_SIZE as u64));
        in_file.chain(self.frames.iter().copied().map(Place::Log)).collect()
    }

    fn read(&self, place: Place) -> Option<Vec<u8>> {
        match place {
            Place::File(at) => self.file.read(at, PAGE_SIZE),
            Place::Log(at) => self.log.read(at, PAGE_SIZE),
        }
    }

    fn entries_on(&self, page: &[u8]) -> Vec<Vec<Value>> {
        if page[0] != TABLE_LEAF {
            return Vec::new();
        }
        let cells = usize::from(u16::from_be_bytes([page[3], page[4]]));
        let pointers = page[8..].chunks_exact(2).take(cells);
        let at = pointers.map(|pair| usize::from(u16::from_be_bytes([pair[0], pair[1]])));
        at.filter_map(|at| self.entry(page.get(at..)?)).collect()
    }

    /// The columns of an entry, if the cell holds one.
    fn entry(&self, cell: &[u8]) -> Option<Vec<Value>> {
        let (length, rest) = varint(cell)?;
        let (place, rest) = varint(rest)?;
        let types = entry_types(rest)?;
        let row = self.payload(rest, length)?;
        let (header, _) = varint(&row)?;
        let mut at = usize::try_from(header).ok()?;
        let mut values = vec![Value::Integer(place.cast_signed())];
        for kind in types.into_iter().skip(1) {
            let (value, size) = value(kind, row.get(at..)?)?;
            values.push(value);
            at += size;
        }
        // A row that was written before the last columns were added ends without them.
        values.resize(columns().len(), Value::Null);
        Some(values)
    }

    /// A row's bytes: what lies in the leaf, and the pages over which the rest flows.
    fn payload(&self, cell: &[u8], length: u64) -> Option<Vec<u8>> {
        let length = usize::try_from(length.min(ROW_BYTES_MAX)).ok()?;
        let (most, least) = (PAGE_SIZE - 35, (PAGE_SIZE - 12) * 32 / 255 - 23);
        if length <= most {
            return cell.get(..length).map(<[u8]>::to_vec);
        }
        let fitting = least + (length - least) % (PAGE_SIZE - 4);
        let local = if fitting <= most { fitting } else { least };
        let mut row = cell.get(..local)?.to_vec();
        let mut next = number(cell.get(local..local + 4)?, 0);
        while row.len() < length {
            let page = match self.newest.get(&next) {
                Some(at) => self.read(Place::Log(*at))?,
                None => {
                    self.read(Place::File(u64::from(next).checked_sub(1)? * PAGE_SIZE as u64))?
                }
            };
            next = number(&page, 0);
            let rest = (length - row.len()).min(PAGE_SIZE - 4);
            row.extend_from_slice(&page[4..4 + rest]);
        }
        Some(row)
    }
}

/// The types of the columns, in SQLite's numbers, if they are those of an entry.
fn entry_types(row: &[u8]) -> Option<Vec<u64>> {
    const NAME: u64 = 12 + 2 * 16;
    const STAMP: u64 = 13 + 2 * 46;
    let is_text = |kind: u64| kind >= 13 && kind % 2 == 1;
    let is_integer = |kind: u64| matches!(kind, 1..=6 | 8 | 9);
    let (length, mut rest) = varint(row)?;
    let mut left = usize::try_from(length).ok()?.checked_sub(row.len() - rest.len())?;
    let mut types = Vec::new();
    while left > 0 && types.len() < columns().len() {
        let (kind, after) = varint(rest)?;
        left = left.checked_sub(rest.len() - after.len())?;
        types.push(kind);
        rest = after;
    }
    let fits = matches!(types[..], [
        0, NAME, NAME, date, time, zone, instant, body, words, star, life, STAMP, STAMP, ..,
    ] if is_text(date) && (time == 0 || is_text(time)) && is_text(zone) && is_text(body)
            && [instant, words, star, life].into_iter().all(is_integer));
    let or_none = |fits: bool, kind: u64| fits || kind == 0;
    let added = match types.get(13..)? {
        [] => true,
        [mood, location, point @ ..] => {
            or_none(is_integer(*mood), *mood)
                && or_none(is_text(*location), *location)
                && point.len() == 2
                && point.iter().all(|kind| or_none(is_integer(*kind), *kind))
        }
        _ => false,
    };
    (fits && added).then_some(types)
}

/// A value of this type, and how many bytes it takes.
fn value(kind: u64, bytes: &[u8]) -> Option<(Value, usize)> {
    let integer = |size: usize| {
        let digits = bytes.get(..size)?;
        let sign = if digits.first().is_some_and(|first| first & 0x80 != 0) { -1 } else { 0 };
        let fold = |number: i64, byte: &u8| number << 8 | i64::from(*byte);
        Some((Value::Integer(digits.iter().fold(sign, fold)), size))
    };
    match kind {
        0 => Some((Value::Null, 0)),
        1..=4 => integer(usize::try_from(kind).ok()?),
        5 => integer(6),
        6 => integer(8),
        8 | 9 => Some((Value::Integer((kind - 8).cast_signed()), 0)),
        _ => {
            let size = usize::try_from(kind.checked_sub(12)? / 2).ok()?;
            let bytes = bytes.get(..size)?;
            let text = kind % 2 == 1;
            Some((owned(if text { ValueRef::Text(bytes) } else { ValueRef::Blob(bytes) }), size))
        }
    }
}

/// A number of one to nine bytes, and what follows it.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (i, byte) in bytes.iter().take(9).enumerate() {
        if i == 8 {
            return Some((number << 8 | u64::from(*byte), &bytes[9..]));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[i + 1..]));
        }
    }
    None
}

/// A number of four bytes.
fn number(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
    four.map_or(0, u32::from_be_bytes)
}
