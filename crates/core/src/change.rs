//! A change: one version of one row, stamped. What an edit becomes, what the store writes, and
//! what travels between devices once there is a sync.

use crate::clock::Stamp;
use crate::date::{Instant, Moment};
use crate::id::{AttachmentId, EntryId, FileHash, JournalId};
use crate::message::{Colour, Location, Mood, Template};

/// One version of one row; immutable once stamped.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub modified_at: Stamp,
    pub row: ChangedRow,
}

/// The row that a change is a version of.
#[derive(Debug, Clone, PartialEq)]
pub enum ChangedRow {
    Entry(EntryRow),
    Journal(JournalRow),
    Tag(TagRow),
    Template(TemplateRow),
    Attachment(AttachmentRow),
}

/// An entry's columns.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryRow {
    pub id: EntryId,
    pub journal: JournalId,
    pub moment: Moment,
    pub body: String,
    pub starred: bool,
    pub life: Life,
    pub mood: Option<Mood>,
    pub location: Option<Location>,
}

/// Where an entry or a journal is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    Live,
    /// In the trash: hidden, readable, can be restored.
    Trashed,
    /// Deleted for good: a tombstone without text.
    Deleted,
}

impl Life {
    /// Its number in SQL.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Live => 0,
            Self::Trashed => 1,
            Self::Deleted => 2,
        }
    }

    /// The life of that number; an unknown one is hidden but kept, as the trash is.
    #[must_use]
    pub const fn of_code(code: i64) -> Self {
        match code {
            0 => Self::Live,
            2 => Self::Deleted,
            _ => Self::Trashed,
        }
    }
}

/// A journal's columns.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalRow {
    pub id: JournalId,
    pub name: String,
    pub colour: Colour,
    pub deleted: bool,
}

/// A tag that was put on an entry by hand: an element of a set, so it is a row of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct TagRow {
    pub entry: EntryId,
    pub name: String,
    pub on: bool,
}

/// A template's columns.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateRow {
    pub template: Template,
    pub deleted: bool,
}

/// A photo or file of an entry. Its bytes are named by their hash and travel by themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct AttachmentRow {
    pub id: AttachmentId,
    pub entry: EntryId,
    pub hash: FileHash,
    /// A small picture of it.
    pub thumb: Option<FileHash>,
    pub name: String,
    /// What it is to a browser: `image/jpeg`.
    pub media: String,
    pub bytes: u64,
    /// As it is seen, after turning; 0 for what is no picture.
    pub width: u32,
    pub height: u32,
    /// When it was attached: the order of an entry's attachments.
    pub added: Instant,
    pub caption: String,
    pub removed: bool,
}
