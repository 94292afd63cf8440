//! Entries on their way in.

use super::{Attach, Colour, Location, Mood};
use crate::date::{Date, Instant, Time, Zone};
use crate::id::{EntryId, JournalId};
use serde::{Deserialize, Serialize};

/// Most entries in one [`Edit::Import`](super::Edit::Import).
pub const ARRIVALS_MAX: usize = 2_000;

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
    pub mood: Option<Mood>,
    pub location: Option<Location>,
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
