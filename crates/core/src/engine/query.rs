//! Queries: each is one call of the store, with its limits put in order first.

use super::{Engine, failure, prompts};
use crate::clock::Stamp;
use crate::id::EntryId;
use crate::merge;
use crate::message::{Answer, Bytes, Failure, Piece, PieceKind, Query, Search, Status};
use crate::schema;

/// Most rows in one answer.
const ROWS_MAX: u32 = 500;
/// Waiting entries that are indexed at once when a search asks for them.
const CATCH_UP: u32 = 24;

impl Engine {
    pub(super) fn query(&mut self, query: &Query) -> Result<Answer, Failure> {
        self.answer(query).map_err(|error| failure(&error))
    }

    fn answer(&mut self, query: &Query) -> rusqlite::Result<Answer> {
        let store = &self.store;
        Ok(match query {
            Query::Outline { journal } => Answer::Outline(store.outline(*journal)?),
            Query::Rows { journal, month, skip, limit } => {
                Answer::Rows(store.rows(*journal, *month, *skip, (*limit).min(ROWS_MAX))?)
            }
            Query::Locate { journal, entry } => Answer::Located(store.locate(*journal, *entry)?),
            Query::Entry { entry } => Answer::Entry(store.entry(*entry)?.map(Box::new)),
            Query::Day { date } => Answer::Rows(store.day(*date)?),
            Query::OnThisDay { date, limit, each } => {
                Answer::Rows(store.on_this_day(*date, (*limit).min(ROWS_MAX), *each)?)
            }
            Query::Neighbours { date } => {
                let (before, after) = store.neighbours(*date)?;
                Answer::Neighbours { before, after }
            }
            Query::Statistics { year, today } => {
                Answer::Statistics(Box::new(store.statistics(*year, *today)?))
            }
            Query::Calendar { year, journal } => Answer::Calendar(store.calendar(*year, *journal)?),
            Query::Search(search) => Answer::Found(self.search(search)?),
            Query::SearchCount(search) => Answer::Count(store.search_count(search)?),
            Query::Journals => Answer::Journals(store.journals()?),
            Query::Tags => Answer::Tags(store.tags()?),
            Query::Templates => Answer::Templates(store.templates()?),
            Query::Prompt { number } => Answer::Prompt(prompts::prompt(*number).to_owned()),
            Query::Trash => Answer::Rows(store.trash()?),
            Query::Status => Answer::Status(self.status()?),
            Query::Export { after, limit } => {
                Answer::Departures(store.departures(*after, (*limit).min(ROWS_MAX))?)
            }
            Query::Chosen { chosen, after, limit } => {
                Answer::Departures(store.chosen(chosen, *after, (*limit).min(ROWS_MAX))?)
            }
            Query::Revisions { entry } => Answer::Revisions(store.revisions(*entry)?),
            Query::Compare { entry, version } => Answer::Compared(self.compare(*entry, *version)?),
            Query::Sync => Answer::Sync(self.sync_status()?),
            Query::Devices => Answer::Devices(self.devices()),
            Query::Guests => Answer::Guests(self.guests()),
            Query::Words => Answer::Words(self.words()),
            Query::Waiting { limit } => Answer::Waiting(self.waiting_entries(*limit)?),
            Query::Attachments { entry } => Answer::Attachments(store.attachments(*entry)?),
            Query::PicturesOutline => Answer::Outline(store.pictures_outline()?),
            Query::Pictures { month, skip, limit } => {
                Answer::Pictures(store.pictures(*month, *skip, (*limit).min(ROWS_MAX))?)
            }
            Query::File { hash } => Answer::File(store.file(*hash)?),
            Query::Piece { hash, number } => Answer::Piece(store.piece(*hash, *number)?.map(Bytes)),
        })
    }

    /// Searches; what was written a moment ago is put into the index first.
    fn search(&mut self, search: &Search) -> rusqlite::Result<crate::message::Found> {
        if (1..=CATCH_UP).contains(&self.waiting) {
            let done = self.store.index_slice(self.waiting)?;
            self.waiting = self.waiting.saturating_sub(done);
        }
        let mut found = self.store.search(search)?;
        found.waiting = self.waiting;
        Ok(found)
    }

    /// From a kept version to the one that is shown.
    fn compare(&self, entry: EntryId, version: Stamp) -> rusqlite::Result<Vec<Piece>> {
        let kept = self.store.revisions(entry)?.into_iter().find(|one| one.stamp == version);
        let (Some(kept), Some(shown)) = (kept, self.store.entry(entry)?) else {
            return Ok(Vec::new());
        };
        let piece = |piece: &merge::Piece<'_>| Piece {
            kind: match piece.kind {
                merge::Kind::Kept => PieceKind::Kept,
                merge::Kind::Added => PieceKind::Added,
                merge::Kind::Removed => PieceKind::Removed,
            },
            text: piece.text.to_owned(),
        };
        Ok(merge::diff(&kept.body, &shown.body).iter().map(piece).collect())
    }

    fn status(&self) -> rusqlite::Result<Status> {
        let (entries, trashed, journals, bytes) = self.store.counts()?;
        Ok(Status {
            entries,
            trashed,
            journals,
            bytes,
            unindexed: self.waiting,
            schema_version: schema::VERSION,
            condition: self.condition.clone(),
        })
    }
}
