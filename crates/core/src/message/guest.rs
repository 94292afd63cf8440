//! What the screens and the engines say to each other about guests: people who write, or read, on
//! a machine that is not theirs.

use crate::date::{Date, Instant, Time, Zone};
use crate::id::{EntryId, GuestId};
use serde::{Deserialize, Serialize};

/// How long a visit may last, in minutes.
pub const GUEST_MINUTES: [u32; 3] = [15, 60, 240];

/// How many single-use codes are made at once.
pub const BACKUP_CODES: usize = 10;

/// What a guest may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum GuestScope {
    /// Nothing but what it writes itself.
    WriteOnly,
    /// These entries as well.
    Entries(Vec<EntryId>),
    /// What was written in the last days, today included.
    Days(u32),
    /// Every entry.
    Everything,
}

/// An entry that a guest is given to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub date: Date,
    pub time: Option<Time>,
    pub body: String,
}

/// An entry as a guest wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub at: Instant,
    pub zone: Zone,
    pub body: String,
}

/// What a device of the vault wants of its guests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum GuestsCommand {
    /// Lets a guest in for so many minutes, by a code that is the answer:
    /// [`super::Answer::LetIn`].
    LetIn { scope: GuestScope, minutes: u32 },
    /// Makes codes to be printed, in place of the former. Answered by [`super::Answer::Codes`].
    BackupCodes,
    /// Ends a visit, or takes a code back.
    End { guest: GuestId },
    /// Somebody looks at the guests: asks who is there.
    Look,
}

/// A guest of the vault, as its devices see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    pub id: GuestId,
    pub state: GuestState,
    pub kind: GuestKind,
    /// Entries that it has written.
    pub items: u32,
}

/// How far a visit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GuestState {
    /// Nobody has come in yet; the code is good until then.
    Awaited {
        until: Instant,
    },
    Open {
        since: Instant,
        ends: Instant,
    },
    Ended {
        since: Instant,
        at: Instant,
    },
}

/// What a guest was let in by, and for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GuestKind {
    /// A code of a device, to write only.
    Writer,
    /// A code of a device, to read as well.
    Reader,
    /// One of the backup codes.
    Backup,
    /// The recovery words.
    Words,
}

/// What the page of a borrowed machine wants; see `core::guest`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum GuestCommand {
    /// The page is there. Answered by [`GuestTold::Ready`].
    Hello,
    /// Comes in by a code, on the sequencer of this origin.
    Code { server: String, code: String },
    /// Comes in by the recovery words.
    Words { server: String, words: String },
    /// The text of the entry that is being written, and in which zone.
    Write { body: String, zone: Zone },
    /// That entry is finished; the next begins.
    Next,
    /// Somebody is there.
    Touch,
    /// The page is seen, or not any more.
    Seen(bool),
    /// Ends the visit. It is over when [`GuestTold::Ended`] says so.
    Leave,
    /// The page goes away: there is no time to wait for an answer.
    Gone,
    /// Time has passed, for everything that ends by itself.
    Tick,
}

/// What the page is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum GuestTold {
    /// The worker is there; what was said before it was is lost.
    Ready,
    Entering,
    /// It came to nothing, and why; another try may be made.
    Refused(String),
    /// The visit is open, with what may be read.
    Open {
        ends: Instant,
        shown: Vec<Shown>,
    },
    /// How it stands with what was typed.
    Stands(GuestStanding),
    Ended(GuestEnding),
}

/// How it stands with a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestStanding {
    /// Everything typed has reached the sequencer.
    pub sent: bool,
    /// The sequencer did not answer the last time.
    pub offline: bool,
    /// Entries that were finished.
    pub finished: u32,
    /// Whole seconds until it ends because nobody is there, once they are few.
    pub idle_in: Option<u32>,
    /// The same for the end of the time.
    pub over_in: Option<u32>,
}

/// Why a visit is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GuestEnding {
    Left,
    Idle,
    Hidden,
    TimeUp,
    /// A device of the vault has ended it.
    Revoked,
}
