//! What the screen and the engine say to each other: plain data, closed enums, one per direction.
//!
//! A tab sends a [`Request`]; the engine answers it once and tells every tab what changed by an
//! [`Event`]. Edits change the journal, queries only read it. A request that was sent again
//! (because the owner of the database changed before it answered) is carried out once.

mod arrival;
mod attachment;
pub mod codec;
mod guest;
mod link;
mod location;
mod mood;
mod query;
mod condition;
mod sync;
mod statistics;
mod template;
mod view;

/// Counts the words of a text as the journal does, for a text that is still being written.
pub use crate::text::words as count_words;
pub use arrival::{ARRIVALS_MAX, Arrival, Fate};
pub use attachment::{
    Attach, Attachment, Bytes, CAPTION_CHARS_MAX, FILE_BYTES_MAX, FileCommand, FileState,
    PIECE_BYTES, Picture, THUMB_BYTES_MAX,
};
pub use condition::{Condition, MemoryReason, Recovered};
pub use guest::{
    BACKUP_CODES, GUEST_MINUTES, Guest, GuestCommand, GuestEnding, GuestKind, GuestScope,
    GuestStanding, GuestState, GuestTold, GuestsCommand, Shown, Written,
};
pub use link::{LinkCommand, LinkStatus, LinkTrouble};
pub use location::{Location, Point, PointError, millionths};
pub use mood::Mood;
pub use query::{Chosen, Order, Query, RANKED_MAX, Search};
pub use statistics::{Statistics, Streak};
pub use sync::{Device, SyncCommand, SyncPhase, SyncStatus, SyncTrouble, Waiting};
pub use template::{TEMPLATE_BYTES_MAX, Template, starters};
pub use view::{
    Colour, DayCount, Departure, Entry, Found, Hit, Journal, Located, MonthCount, Piece, PieceKind,
    Revision, Row, Status, Tag,
};

use crate::clock::Stamp;
use crate::date::{Date, Time, Zone};
use crate::id::{AttachmentId, EntryId, GuestId, JournalId, RequestId, TemplateId};
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
    /// Says how the writer was; `None` takes it back.
    Mood {
        entry: EntryId,
        mood: Option<Mood>,
    },
    /// Says where the writer was; `None` takes it back.
    Location {
        entry: EntryId,
        location: Option<Location>,
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
    /// Makes or changes a template.
    SaveTemplate(Template),
    DeleteTemplate {
        template: TemplateId,
    },
    /// Takes entries in; at most [`ARRIVALS_MAX`]. Answered by [`Answer::Arrived`], one fate each.
    Import(Vec<Arrival>),
    /// Several edits, all of them or none; at most [`TOGETHER_MAX`]. Answered by
    /// [`Answer::Undo`], as far as there is a way back.
    Together(Vec<Edit>),
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

/// Most edits in one [`Edit::Together`].
pub const TOGETHER_MAX: usize = 20_000;

/// Longest text of one entry, in bytes of UTF-8.
pub const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Longest name of a tag, a journal or a template, in characters.
pub const NAME_CHARS_MAX: usize = 80;

/// Longest label of a location, in characters.
pub const LABEL_CHARS_MAX: usize = 200;

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
    /// The edits are durable; this would take them back.
    Undo(Box<Edit>),
    Outline(Vec<MonthCount>),
    Rows(Vec<Row>),
    Located(Option<Located>),
    Entry(Option<Box<Entry>>),
    Calendar(Vec<DayCount>),
    Neighbours {
        before: Option<Date>,
        after: Option<Date>,
    },
    Statistics(Box<Statistics>),
    Found(Found),
    Count(u32),
    Journals(Vec<Journal>),
    Tags(Vec<Tag>),
    Templates(Vec<Template>),
    Prompt(String),
    Status(Status),
    Departures(Vec<Departure>),
    Revisions(Vec<Revision>),
    Compared(Vec<Piece>),
    Sync(SyncStatus),
    Devices(Vec<Device>),
    Guests(Vec<Guest>),
    /// The code that lets this guest in.
    LetIn {
        guest: GuestId,
        code: String,
    },
    /// Codes to be printed.
    Codes(Vec<String>),
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
    /// Guests have come or gone, or written something.
    Guests(Vec<Guest>),
    /// It stands so with letting a new device in.
    Link(LinkStatus),
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
    pub templates: bool,
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
            templates: true,
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
    #[error("there is no such template: it may have been deleted")]
    NoTemplate,
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
