//! What answers carry: entries, days and lists as the screens show them.

use super::{Attachment, Condition, Location, Mood, Place};
use crate::clock::Stamp;
use crate::date::{Date, Moment, Month, Time};
use crate::id::{EntryId, JournalId};
use serde::{Deserialize, Serialize};

/// How many entries a month has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthCount {
    pub month: Month,
    pub entries: u32,
}

/// How much was written on a day; days without an entry are not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    pub date: Date,
    pub entries: u32,
    pub words: u32,
}

/// Where an entry stands: `skip` entries of its month (newest first) come before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Located {
    pub month: Month,
    pub skip: u32,
}

/// An entry as a list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub id: EntryId,
    pub place: Place,
    pub date: Date,
    pub time: Option<Time>,
    /// The beginning of the text without Markdown's marks, at most 280 characters.
    pub excerpt: String,
    pub words: u32,
    pub starred: bool,
    pub mood: Option<Mood>,
    /// What the location is called; empty if there is none.
    pub location: String,
    pub journal: JournalId,
    pub tags: Vec<String>,
}

/// An entry, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub id: EntryId,
    pub body: String,
    pub moment: Moment,
    pub words: u32,
    pub starred: bool,
    pub trashed: bool,
    pub mood: Option<Mood>,
    pub location: Option<Location>,
    pub journal: JournalId,
    /// Tags by hand.
    pub tags: Vec<String>,
    /// Tags found in the text.
    pub text_tags: Vec<String>,
    /// How many versions are kept in the history.
    pub revisions: u32,
    /// Whether one of them was written beside another version; see [`Revision::lost`].
    pub lost: bool,
    pub modified_at: Stamp,
}

/// A page of hits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub hits: Vec<Hit>,
    /// Where the next page begins; `None` if this is the last.
    pub more: Option<Place>,
    /// Entries that are not in the index yet and were therefore not searched.
    pub waiting: u32,
}

/// An entry that was found, with the piece of text that shows why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    pub row: Row,
    /// Alternating plain and matching text, beginning with plain (perhaps empty).
    pub snippet: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    pub id: JournalId,
    pub name: String,
    pub colour: Colour,
    pub entries: u32,
}

/// The colours a journal can have; the style sheets know what they look like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Colour {
    #[default]
    Clay,
    Blue,
    Green,
    Gold,
    Plum,
    Slate,
}

impl Colour {
    pub const ALL: [Self; 6] =
        [Self::Clay, Self::Blue, Self::Green, Self::Gold, Self::Plum, Self::Slate];

    /// Its name in SQL, files and CSS.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clay => "clay",
            Self::Blue => "blue",
            Self::Green => "green",
            Self::Gold => "gold",
            Self::Plum => "plum",
            Self::Slate => "slate",
        }
    }

    /// The colour of that name; the first one for a name that a newer app gave.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|colour| colour.name() == name).unwrap_or_default()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    pub name: String,
    pub entries: u32,
}

/// The state of the store, for the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub entries: u32,
    pub trashed: u32,
    pub journals: u32,
    /// Bytes of the database.
    pub bytes: u64,
    /// Entries not yet in the search index.
    pub unindexed: u32,
    pub schema_version: u32,
    pub condition: Condition,
}

/// One entry on its way out, with everything that a file must hold to bring it back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Departure {
    pub place: Place,
    pub id: EntryId,
    pub body: String,
    pub moment: Moment,
    pub starred: bool,
    pub trashed: bool,
    pub mood: Option<Mood>,
    pub location: Option<Location>,
    /// Tags by hand.
    pub tags: Vec<String>,
    pub journal: String,
    pub colour: Colour,
    pub attachments: Vec<Attachment>,
}

/// A version of an entry that another was written over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    pub stamp: Stamp,
    pub body: String,
    pub mood: Option<Mood>,
    pub location: Option<Location>,
    /// It was written beside another version, which is shown in its place.
    pub lost: bool,
}

/// A piece of a comparison of two texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub kind: PieceKind,
    pub text: String,
}

/// Where a piece of text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PieceKind {
    /// In both.
    Kept,
    /// In the newer one.
    Added,
    /// In the older one.
    Removed,
}
