//! A row laid out in bytes, before it is packed and sealed.
//!
//! ```text
//! columns: layout 1 | table varint + name | schema varint | stamps 0-2, each 16 | cells …
//! texts:   cells …                                  a cell is varint + bytes
//! ```
//!
//! Columns are what is short or random, texts what packs well. The first cell is the primary key.
//! A newer app may add cells to the end of both, and tables: what this one does not know it keeps
//! byte for byte, so that it can be written again or read after an update.
//!
//! ```text
//! entries     id 16, journal 16, days since 1970, time or empty, instant, starred, life
//!             zone, body
//! since 2:    mood or empty, latitude and longitude or empty
//!             location
//! journals    id 16, deleted
//!             name, colour
//! entry_tags  entry 16 and key of the tag, on
//!             name
//! templates   id 16, deleted (since 2)
//!             name, body
//! attachments id 16, entry 16, hash 32, small picture's hash 32 or empty, bytes, width, height,
//!             when it was attached, removed (since 2)
//!             name, media type, caption
//! ```
//!
//! Columns stand in the first line, texts in the second. Days and instants (milliseconds) are
//! zigzag varints, the time is a varint of milliseconds, marks are one byte. A row says the least
//! version that has all that it holds, and leaves out what came later and it does not need: an app
//! that was not updated yet reads all but the rows with something new in them.

mod attachment;
mod more;

use super::SealError;
use super::bytes::{unzigzag, zigzag};
use crate::change::{ChangedRow, EntryRow, JournalRow, Life, TagRow, TemplateRow};
use crate::clock::Stamp;
use crate::date::{Date, Instant, Moment, Time, Zone};
use crate::id::{EntryId, JournalId, TemplateId};
use crate::message::{Colour, Template};
use crate::text;
use crate::wire::{Reader, put_bytes, put_varint};

const LAYOUT: u8 = 1;
const WHAT: &str = "row";

/// The version of the tables above.
const SCHEMA: u64 = 2;

const ENTRIES: &str = "entries";
const JOURNALS: &str = "journals";
const ENTRY_TAGS: &str = "entry_tags";
const TEMPLATES: &str = "templates";
const ATTACHMENTS: &str = "attachments";

/// A row as it was before it was sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct PlainRow {
    pub base: Base,
    pub content: Content,
}

/// The versions that a version was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Base {
    /// It is the row's first.
    None,
    One(Stamp),
    /// It merges two, of which the first is the lesser.
    Two(Stamp, Stamp),
}

/// What a row holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A row this app can read; with what a newer app added to it.
    Known(ChangedRow, Later),
    /// A row of a table, or with columns, of a newer app; `cells` are all of it.
    Unknown { table: String, cells: Later },
}

/// Cells from a newer app, byte for byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Later {
    /// The version of the tables that they are from; 0 if there are none.
    pub schema: u64,
    pub columns: Vec<u8>,
    pub texts: Vec<u8>,
}

/// The two parts of a row's layout.
pub(super) struct Layout {
    pub(super) columns: Vec<u8>,
    pub(super) texts: Vec<u8>,
}

impl PlainRow {
    /// A row of this app.
    #[must_use]
    pub fn new(base: Base, row: ChangedRow) -> Self {
        Self { base, content: Content::Known(row, Later::default()) }
    }

    /// The name of the table, and the primary key in bytes.
    ///
    /// # Errors
    /// If a row of an unknown table has no first cell.
    pub fn key(&self) -> Result<(&str, Vec<u8>), SealError> {
        Ok(match &self.content {
            Content::Known(ChangedRow::Entry(row), _) => (ENTRIES, row.id.0.to_vec()),
            Content::Known(ChangedRow::Journal(row), _) => (JOURNALS, row.id.0.to_vec()),
            Content::Known(ChangedRow::Tag(row), _) => (ENTRY_TAGS, tag_key(row)),
            Content::Known(ChangedRow::Template(row), _) => (TEMPLATES, row.template.id.0.to_vec()),
            Content::Known(ChangedRow::Attachment(row), _) => (ATTACHMENTS, row.id.0.to_vec()),
            Content::Unknown { table, cells } => {
                (table, Reader::new(&cells.columns, WHAT).bytes()?.to_vec())
            }
        })
    }

    pub(super) fn lay_out(&self) -> Result<Layout, SealError> {
        let (table, key) = self.key()?;
        let mut columns = vec![LAYOUT];
        put_bytes(&mut columns, table.as_bytes());
        let later = match &self.content {
            Content::Known(_, later) | Content::Unknown { cells: later, .. } => later,
        };
        put_varint(&mut columns, self.schema().max(later.schema));
        self.base.put(&mut columns);
        let mut texts = Vec::new();
        if let Content::Known(row, _) = &self.content {
            put_bytes(&mut columns, &key);
            put_row(row, &mut columns, &mut texts);
            if let ChangedRow::Entry(row) = row
                && (more::is_in(row) || later.schema > 0)
            {
                more::put(row, &mut columns, &mut texts);
            }
        }
        columns.extend_from_slice(&later.columns);
        texts.extend_from_slice(&later.texts);
        Ok(Layout { columns, texts })
    }

    /// The least version whose tables have all that the row holds.
    fn schema(&self) -> u64 {
        match &self.content {
            Content::Known(ChangedRow::Template(_) | ChangedRow::Attachment(_), _) => 2,
            Content::Known(ChangedRow::Entry(row), _) if more::is_in(row) => 2,
            Content::Known(..) | Content::Unknown { .. } => 1,
        }
    }

    /// The row laid out in one piece, to be kept on this device.
    ///
    /// # Errors
    /// As [`Self::key`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, SealError> {
        let Layout { columns, texts } = self.lay_out()?;
        let mut out = Vec::new();
        put_bytes(&mut out, &columns);
        out.extend_from_slice(&texts);
        Ok(out)
    }

    /// Undoes [`Self::to_bytes`].
    ///
    /// # Errors
    /// If these are not the bytes of a row.
    pub fn of_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let mut reader = Reader::new(bytes, WHAT);
        let columns = reader.bytes()?;
        Self::read(columns, reader.rest())
    }

    pub(super) fn read(columns: &[u8], texts: &[u8]) -> Result<Self, SealError> {
        let mut head = Reader::new(columns, WHAT);
        let layout = head.byte()?;
        if layout != LAYOUT {
            return Err(SealError::Newer { what: WHAT, found: layout });
        }
        let table = std::str::from_utf8(head.bytes()?).map_err(|_| head.damaged())?;
        let schema = head.varint()?;
        let base = Base::read(&mut head)?;
        let cells = head.rest();
        let (mut columns, mut bodies) = (Reader::new(cells, WHAT), Reader::new(texts, WHAT));
        let content = match read_row(table, &mut columns, &mut bodies) {
            Ok(Some(row)) => Content::Known(row, Later::of(schema, columns.rest(), bodies.rest())),
            Err(error) if schema <= SCHEMA => return Err(error),
            Ok(None) | Err(_) => {
                Content::Unknown { table: table.to_owned(), cells: Later::of(schema, cells, texts) }
            }
        };
        Ok(Self { base, content })
    }
}

impl Later {
    fn of(schema: u64, columns: &[u8], texts: &[u8]) -> Self {
        let schema = if columns.is_empty() && texts.is_empty() { 0 } else { schema };
        Self { schema, columns: columns.to_vec(), texts: texts.to_vec() }
    }
}

impl Base {
    /// The stamps, the lesser first.
    pub fn stamps(self) -> impl Iterator<Item = Stamp> {
        let (first, second) = match self {
            Self::None => (None, None),
            Self::One(stamp) => (Some(stamp), None),
            Self::Two(lesser, greater) => (Some(lesser), Some(greater)),
        };
        first.into_iter().chain(second)
    }

    fn put(self, out: &mut Vec<u8>) {
        put_varint(out, self.stamps().count() as u64);
        self.stamps().for_each(|stamp| out.extend_from_slice(&stamp.to_bytes()));
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, SealError> {
        let count = reader.varint()?;
        let mut stamp = || Stamp::from_bytes(reader.array()?).ok_or_else(|| reader.damaged());
        match count {
            0 => Ok(Self::None),
            1 => Ok(Self::One(stamp()?)),
            2 => Ok(Self::Two(stamp()?, stamp()?)),
            _ => Err(reader.damaged()),
        }
    }
}

fn tag_key(row: &TagRow) -> Vec<u8> {
    [&row.entry.0, text::tag_key(&row.name).as_bytes()].concat()
}

/// The cells after the primary key.
fn put_row(row: &ChangedRow, columns: &mut Vec<u8>, texts: &mut Vec<u8>) {
    match row {
        ChangedRow::Entry(row) => {
            let moment = &row.moment;
            put_bytes(columns, &row.journal.0);
            put_bytes(columns, &number(zigzag(moment.date.days_since_1970())));
            let time = moment.time.map(|time| number(time.millis().unsigned_abs()));
            put_bytes(columns, &time.unwrap_or_default());
            put_bytes(columns, &number(zigzag(moment.instant.0)));
            put_bytes(columns, &[u8::from(row.starred)]);
            put_bytes(columns, &[row.life.code() as u8]); // 0 to 2
            put_bytes(texts, moment.zone.0.as_bytes());
            put_bytes(texts, row.body.as_bytes());
        }
        ChangedRow::Journal(row) => {
            put_bytes(columns, &[u8::from(row.deleted)]);
            put_bytes(texts, row.name.as_bytes());
            put_bytes(texts, row.colour.name().as_bytes());
        }
        ChangedRow::Tag(row) => {
            put_bytes(columns, &[u8::from(row.on)]);
            put_bytes(texts, row.name.as_bytes());
        }
        ChangedRow::Template(row) => {
            put_bytes(columns, &[u8::from(row.deleted)]);
            put_bytes(texts, row.template.name.as_bytes());
            put_bytes(texts, row.template.body.as_bytes());
        }
        ChangedRow::Attachment(row) => attachment::put(row, columns, texts),
    }
}

fn number(value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    put_varint(&mut bytes, value);
    bytes
}

/// Reads a row of a table this app knows; `None` for another table.
fn read_row(
    table: &str,
    columns: &mut Reader<'_>,
    texts: &mut Reader<'_>,
) -> Result<Option<ChangedRow>, SealError> {
    Ok(Some(match table {
        ENTRIES => {
            let mut row = EntryRow {
                id: EntryId(id(columns)?),
                journal: JournalId(id(columns)?),
                moment: moment(columns, texts)?,
                starred: mark(columns)?,
                life: life(columns)?,
                body: text_cell(texts)?,
                mood: None,
                location: None,
            };
            if !columns.is_empty() || !texts.is_empty() {
                (row.mood, row.location) = more::read(columns, texts)?;
            }
            ChangedRow::Entry(row)
        }
        JOURNALS => ChangedRow::Journal(JournalRow {
            id: JournalId(id(columns)?),
            deleted: mark(columns)?,
            name: text_cell(texts)?,
            colour: colour(texts)?,
        }),
        ENTRY_TAGS => {
            let (entry, _) =
                columns.bytes()?.split_first_chunk().ok_or_else(|| columns.damaged())?;
            let (entry, on) = (EntryId(*entry), mark(columns)?);
            ChangedRow::Tag(TagRow { entry, on, name: text_cell(texts)? })
        }
        TEMPLATES => {
            let (id, deleted) = (TemplateId(id(columns)?), mark(columns)?);
            let template = Template { id, name: text_cell(texts)?, body: text_cell(texts)? };
            ChangedRow::Template(TemplateRow { template, deleted })
        }
        ATTACHMENTS => ChangedRow::Attachment(attachment::read(columns, texts)?),
        _ => return Ok(None),
    }))
}

fn id(columns: &mut Reader<'_>) -> Result<[u8; 16], SealError> {
    columns.bytes()?.try_into().map_err(|_| columns.damaged())
}

fn mark(columns: &mut Reader<'_>) -> Result<bool, SealError> {
    match columns.bytes()? {
        [0] => Ok(false),
        [1] => Ok(true),
        _ => Err(columns.damaged()),
    }
}

fn life(columns: &mut Reader<'_>) -> Result<Life, SealError> {
    match columns.bytes()? {
        [code @ 0..=2] => Ok(Life::of_code((*code).into())),
        _ => Err(columns.damaged()),
    }
}

fn moment(columns: &mut Reader<'_>, texts: &mut Reader<'_>) -> Result<Moment, SealError> {
    let days = unzigzag(number_cell(columns)?);
    let date = Date::from_days(days);
    let time = match columns.bytes()? {
        [] => None,
        bytes => {
            let millis = i64::try_from(number_in(bytes)?).ok().and_then(Time::from_millis);
            Some(millis.ok_or_else(|| columns.damaged())?)
        }
    };
    let instant = Instant(unzigzag(number_cell(columns)?));
    // A day beyond the calendar was moved into it, and would come out as another.
    if date.days_since_1970() != days {
        return Err(columns.damaged());
    }
    Ok(Moment { date, time, zone: Zone(text_cell(texts)?), instant })
}

fn number_cell(columns: &mut Reader<'_>) -> Result<u64, SealError> {
    number_in(columns.bytes()?)
}

fn number_in(cell: &[u8]) -> Result<u64, SealError> {
    let mut reader = Reader::new(cell, "number in a row");
    let value = reader.varint()?;
    reader.end()?;
    Ok(value)
}

fn text_cell(texts: &mut Reader<'_>) -> Result<String, SealError> {
    let bytes = texts.bytes()?.to_vec();
    String::from_utf8(bytes).map_err(|_| texts.damaged())
}

fn colour(texts: &mut Reader<'_>) -> Result<Colour, SealError> {
    let name = text_cell(texts)?;
    let known = Colour::ALL.into_iter().find(|colour| colour.name() == name);
    known.ok_or_else(|| texts.damaged())
}
