//! Wishes to know something.

#[cfg(doc)]
use super::Answer;
use super::{Mood, Place};
use crate::clock::Stamp;
use crate::date::{Date, Month};
use crate::id::{EntryId, FileHash, JournalId};
use serde::{Deserialize, Serialize};

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
    /// Entries of the same day of earlier years, newest year first, at most `each` of a year.
    /// Answered by [`Answer::Rows`].
    OnThisDay { date: Date, limit: u32, each: u32 },
    /// The written days next to a day. Answered by [`Answer::Neighbours`].
    Neighbours { date: Date },
    /// A year in numbers. Answered by [`Answer::Statistics`].
    Statistics { year: i32, today: Date },
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
    /// Answered by [`Answer::Templates`], by name.
    Templates,
    /// A question to begin with; there are some sixty, and after the last comes the first.
    /// Answered by [`Answer::Prompt`].
    Prompt { number: u32 },
    /// The trash, last thrown first. Answered by [`Answer::Rows`].
    Trash,
    /// Answered by [`Answer::Status`].
    Status,
    /// Everything, oldest first, trash included, `limit` entries at a time after the place of the
    /// last one. Answered by [`Answer::Departures`].
    Export { after: Option<Place>, limit: u32 },
    /// The chosen entries, oldest first, `limit` at a time after the place of the last one.
    /// Answered by [`Answer::Departures`].
    Chosen { chosen: Chosen, after: Option<Place>, limit: u32 },
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
    /// The guests of the vault, as far as is known. Answered by [`Answer::Guests`].
    Guests,
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

/// Some of the entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Chosen {
    /// Those of the timeline, from a day to another (both included).
    Days { from: Date, to: Date },
    /// These, wherever they are.
    Entries(Vec<EntryId>),
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
    pub mood: Option<Mood>,
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
