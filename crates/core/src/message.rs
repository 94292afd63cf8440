//! What the screen and the engine say to each other: plain data, closed enums, one per direction.
//!
//! A tab sends a [`Request`]; the engine answers it once and tells every tab what changed by an
//! [`Event`]. Edits change the journal, queries only read it. A request that was sent again
//! (because the owner of the database changed before it answered) is carried out once.

mod attachment;
pub mod codec;
mod condition;
mod sync;
mod view;

pub use attachment::{
    Attach, Attachment, Bytes, CAPTION_CHARS_MAX, FILE_BYTES_MAX, FileCommand, FileState,
    PIECE_BYTES, Picture, THUMB_BYTES_MAX,
};
pub use condition::{Condition, MemoryReason, Recovered};
pub use sync::{Device, SyncCommand, SyncPhase, SyncStatus, SyncTrouble, Waiting};
pub use view::{
    Colour, DayCount, Departure, Entry, Found, Hit, Journal, Located, MonthCount, Piece, PieceKind,
    Revision, Row, Status, Tag,
};

use crate::clock::Stamp;
use crate::date::{Date, Instant, Month, Time, Zone};
use crate::id::{AttachmentId, EntryId, FileHash, JournalId, RequestId};
use serde::{Deserialize, Serialize};

/// One request of one tab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    pub id: RequestId,
    pub command: Command,
}

/// What a tab can ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    Edit(Edit),
    Query(Query),
    Sync(SyncCommand),
    File(FileCommand),
}

/// A wish to change the journal; answered when it is durable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Edit {
    /// The text of an entry, which is made if it is new. Answered by [`Answer::Saved`].
    Save(Save),
    /// Moves an entry to another day, time or zone; without a time it is one of the whole day.
    Redate {
        entry: EntryId,
        date: Date,
        time: Option<Time>,
        zone: Zone,
    },
    /// Moves an entry to another journal.
    Move {
        entry: EntryId,
        journal: JournalId,
    },
    Star {
        entry: EntryId,
        starred: bool,
    },
    /// Adds or removes a tag by hand; `#tags` in the text follow the text.
    Tag {
        entry: EntryId,
        name: String,
        on: bool,
    },
    /// Puts an entry into the trash; it stays readable and can be restored.
    Trash {
        entry: EntryId,
    },
    Restore {
        entry: EntryId,
    },
    /// Deletes an entry of the trash for good: its text is gone, a tombstone stays.
    Delete {
        entry: EntryId,
    },
    EmptyTrash,
    /// Makes or changes a journal.
    SaveJournal {
        journal: JournalId,
        name: String,
        colour: Colour,
    },
    /// Deletes a journal; its entries move to `into`.
    DeleteJournal {
        journal: JournalId,
        into: JournalId,
    },
    /// Takes entries in; at most [`ARRIVALS_MAX`]. Answered by [`Answer::Arrived`], one fate each.
    Import(Vec<Arrival>),
    /// Attaches a file whose bytes are here.
    Attach(Box<Attach>),
    /// Takes an attachment away; its bytes stay for a while, so that this can be undone.
    Detach {
        attachment: AttachmentId,
    },
    /// Brings an attachment back.
    Reattach {
        attachment: AttachmentId,
    },
    /// Says what is to be seen on a picture.
    Caption {
        attachment: AttachmentId,
        caption: String,
    },
}

/// Most entries in one [`Edit::Import`].
pub const ARRIVALS_MAX: usize = 2_000;

/// Longest text of one entry, in bytes of UTF-8.
pub const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Longest name of a tag or a journal, in characters.
pub const NAME_CHARS_MAX: usize = 80;

/// The text of an entry as the editor has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Save {
    pub entry: EntryId,
    pub body: String,
    /// The version the editor started from; `None` for an entry that is new. If another version
    /// has come in between, this text is saved all the same and the other is kept as a revision.
    pub base: Option<Stamp>,
    /// Where and when, for an entry that does not exist yet; without it such a save is refused.
    pub new: Option<NewEntry>,
}

/// What a new entry needs to know besides its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewEntry {
    pub journal: JournalId,
    pub zone: Zone,
    /// The day it is written for; `None` means now.
    pub date: Option<Date>,
}

/// One entry on its way in from a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Arrival {
    /// The id it was exported with, or one derived from its content, so that the same file read
    /// twice changes nothing.
    pub id: EntryId,
    pub body: String,
    pub date: Date,
    pub time: Option<Time>,
    pub zone: Zone,
    /// The instant, where the file knows it; else it follows from date, time and zone, which
    /// leave it open only for a time that happened twice because clocks were set back.
    pub instant: Option<Instant>,
    pub starred: bool,
    /// Tags by hand; those in the text are found there.
    pub tags: Vec<String>,
    /// The journal's name, with the id and colour it gets if no journal of that name is here.
    pub journal: Option<(JournalId, String, Colour)>,
    /// Whether it lay in the trash when it was exported.
    pub trashed: bool,
    /// Its photos and files; those whose bytes did not come before are left out.
    pub attachments: Vec<Attach>,
}

/// What became of one arrival.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    Added,
    /// Already in the journal (or its trash): nothing was changed.
    Known,
    Refused(String),
}

/// A wish to know something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Query {
    /// How many entries each month has, newest month first. Answered by [`Answer::Outline`].
    Outline { journal: Option<JournalId> },
    /// `limit` entries, newest first, after skipping `skip` of those in or before `month`.
    /// Answered by [`Answer::Rows`].
    Rows { journal: Option<JournalId>, month: Month, skip: u32, limit: u32 },
    /// Where an entry stands in the timeline. Answered by [`Answer::Located`].
    Locate { journal: Option<JournalId>, entry: EntryId },
    /// One entry, whole. Answered by [`Answer::Entry`].
    Entry { entry: EntryId },
    /// The entries of one day, oldest first. Answered by [`Answer::Rows`].
    Day { date: Date },
    /// Entries of the same day of earlier years, newest first, one a year. Answered by
    /// [`Answer::Rows`].
    OnThisDay { date: Date, limit: u32 },
    /// How much was written on each day of a year. Answered by [`Answer::Calendar`].
    Calendar { year: i32, journal: Option<JournalId> },
    /// Answered by [`Answer::Found`].
    Search(Search),
    /// How many entries a search has in all. Answered by [`Answer::Count`].
    SearchCount(Search),
    /// Answered by [`Answer::Journals`], by name.
    Journals,
    /// Answered by [`Answer::Tags`], by name.
    Tags,
    /// The trash, last thrown first. Answered by [`Answer::Rows`].
    Trash,
    /// Answered by [`Answer::Status`].
    Status,
    /// Everything, oldest first, trash included, `limit` entries at a time after the place of the
    /// last one. Answered by [`Answer::Departures`].
    Export { after: Option<Place>, limit: u32 },
    /// The versions of an entry that were kept when another was written over them, newest first.
    /// Answered by [`Answer::Revisions`].
    Revisions { entry: EntryId },
    /// What changed from a kept version of an entry to the one that is shown. Answered by
    /// [`Answer::Compared`]; without pieces if there is no such version.
    Compare { entry: EntryId, version: Stamp },
    /// Answered by [`Answer::Sync`].
    Sync,
    /// The devices of the vault. Answered by [`Answer::Devices`].
    Devices,
    /// The recovery words, as long as they were not written down. Answered by [`Answer::Words`].
    Words,
    /// Entries that wait to be sent, last edited first. Answered by [`Answer::Waiting`].
    Waiting { limit: u32 },
    /// The photos and files of an entry, in the order in which they came. Answered by
    /// [`Answer::Attachments`].
    Attachments { entry: EntryId },
    /// How many pictures the entries of each month have, newest first. Answered by
    /// [`Answer::Outline`].
    PicturesOutline,
    /// `limit` pictures, newest entry first, after skipping `skip` of those in or before `month`.
    /// Answered by [`Answer::Pictures`].
    Pictures { month: Month, skip: u32, limit: u32 },
    /// What is here of a file. Answered by [`Answer::File`].
    File { hash: FileHash },
    /// A piece of a file, counted from 0. Answered by [`Answer::Piece`], without bytes if there is
    /// none.
    Piece { hash: FileHash, number: u32 },
}

/// What to search for, and where.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// Words (each matches as a beginning), and phrases in double quotes; empty finds all.
    pub text: String,
    pub order: Order,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub tag: Option<String>,
    pub journal: Option<JournalId>,
    pub starred: bool,
    /// Continue after this hit (newest first only).
    pub before: Option<Place>,
    pub limit: u32,
}

/// How hits are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    #[default]
    Newest,
    /// Best first, among the newest [`RANKED_MAX`] hits.
    Relevance,
}

/// How many hits, newest first, are ranked by relevance at most: ranking costs time for each.
pub const RANKED_MAX: u32 = 2_000;

/// An entry's position in the chronological order of this device; see `place.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place(pub i64);

/// The engine's answer to one request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// The edit is durable.
    Done,
    /// The text is durable as this version.
    Saved {
        stamp: Stamp,
    },
    Arrived(Vec<Fate>),
    Outline(Vec<MonthCount>),
    Rows(Vec<Row>),
    Located(Option<Located>),
    Entry(Option<Box<Entry>>),
    Calendar(Vec<DayCount>),
    Found(Found),
    Count(u32),
    Journals(Vec<Journal>),
    Tags(Vec<Tag>),
    Status(Status),
    Departures(Vec<Departure>),
    Revisions(Vec<Revision>),
    Compared(Vec<Piece>),
    Sync(SyncStatus),
    Devices(Vec<Device>),
    Words(Option<String>),
    Waiting(Vec<Waiting>),
    Attachments(Vec<Attachment>),
    Pictures(Vec<Picture>),
    File(FileState),
    Piece(Option<Bytes>),
}

/// What every tab is told without asking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The journal is in this condition now; the first event after the start.
    Condition(Condition),
    /// Something was written.
    Changed(Changed),
    /// So many entries still have to be indexed; 0 when search is complete again.
    Indexing { waiting: u32 },
    /// It stands so with the sync.
    Sync(SyncStatus),
}

/// What an edit touched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The entries that changed with the versions they have now; empty together with `entries_all`
    /// when there are too many to name.
    pub entries: Vec<(EntryId, Stamp)>,
    /// So many changed that everything shown should be read again.
    pub entries_all: bool,
    /// Entries came, went, moved in time, or changed journal: counts and order are different.
    pub outline: bool,
    pub journals: bool,
    pub tags: bool,
    /// Attachments came, went, or have their bytes here now.
    pub attachments: bool,
}

impl Changed {
    /// Nothing that is shown may be relied on any more.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            entries: Vec::new(),
            entries_all: true,
            outline: true,
            journals: true,
            tags: true,
            attachments: true,
        }
    }
}

/// Why a request was not carried out. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Failure {
    #[error("there is no room left on this device: free some space, then it will be saved")]
    Full,
    #[error(
        "this device could not write the journal ({0}): your text stays here, and saving is \
         tried again"
    )]
    Storage(String),
    #[error("the journal is damaged ({0}): it will be repaired when you reload")]
    Damaged(String),
    #[error("there is no such entry: it may have been deleted for good")]
    NoEntry,
    #[error("there is no such journal: it may have been deleted")]
    NoJournal,
    #[error("there is no such attachment: it may have been deleted")]
    NoAttachment,
    /// What was asked makes no sense; the text says what, where and what to do.
    #[error("{0}")]
    Invalid(String),
    #[error("the journal is not open: {0}")]
    NotOpen(String),
}

impl Failure {
    /// Whether the same request may succeed later, so that the screen should go on trying.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Full | Self::Storage(_) | Self::NotOpen(_))
    }
}
