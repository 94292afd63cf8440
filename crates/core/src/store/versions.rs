//! Versions of an entry that are kept beside the one that is shown: for the history, and because a
//! merge goes back to what both sides were made of.

use super::Writer;
use crate::change::{EntryRow, Life};
use crate::clock::Stamp;
use crate::date::Moment;
use crate::id::{EntryId, JournalId};
use crate::message::{Location, Mood};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

impl Writer<'_> {
    /// Keeps a version beside the one that is shown. `lost`: it was written at the same time as
    /// another, which won.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn keep_version(&self, row: &EntryRow, at: Stamp, lost: bool) -> rusqlite::Result<()> {
        if row.life == Life::Deleted {
            return Ok(());
        }
        let marks = Marks {
            journal: row.journal,
            moment: row.moment.clone(),
            starred: row.starred,
            trashed: row.life == Life::Trashed,
        };
        let added = Added { mood: row.mood, location: row.location.clone() };
        let marks = postcard::to_allocvec(&(marks, added)).ok();
        let sql = "INSERT INTO revisions (entry, modified_at, body, lost, marks) \
                   VALUES (?1, ?2, ?3, ?4, ?5) \
                   ON CONFLICT (entry, modified_at) DO UPDATE SET lost = max(lost, excluded.lost)";
        let values = params![row.id.0, at.to_string(), row.body, lost, marks];
        self.tx.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Whether a version with this text is kept.
    pub(super) fn keeps_text(&self, row: &EntryRow) -> rusqlite::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM revisions WHERE entry = ?1 AND body = ?2)";
        self.tx.prepare_cached(sql)?.query_row(params![row.id.0, row.body], |row| row.get(0))
    }

    /// A version that was kept, if it was kept whole.
    pub(super) fn kept_version(
        &self,
        id: EntryId,
        at: Stamp,
    ) -> rusqlite::Result<Option<EntryRow>> {
        let sql = "SELECT body, marks FROM revisions \
                   WHERE entry = ?1 AND modified_at = ?2 AND marks IS NOT NULL";
        let mut statement = self.tx.prepare_cached(sql)?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?));
        let found: Option<(String, Vec<u8>)> =
            statement.query_row(params![id.0, at.to_string()], read).optional()?;
        let kept = found.and_then(|(body, marks)| {
            let (Marks { journal, moment, starred, trashed }, added) =
                postcard::take_from_bytes(&marks).ok()?;
            let Added { mood, location } = Added::read(added);
            let life = if trashed { Life::Trashed } else { Life::Live };
            Some(EntryRow { id, journal, moment, body, starred, life, mood, location })
        });
        Ok(kept)
    }
}

/// The columns of a version that is kept, besides its text.
#[derive(Serialize, Deserialize)]
struct Marks {
    journal: JournalId,
    moment: Moment,
    starred: bool,
    trashed: bool,
}

/// The columns that came later; versions that were kept before have none of them.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Added {
    pub(super) mood: Option<Mood>,
    pub(super) location: Option<Location>,
}

impl Added {
    fn read(bytes: &[u8]) -> Self {
        postcard::from_bytes(bytes).unwrap_or_default()
    }

    /// What the marks of a version say of them.
    pub(super) fn of_marks(marks: &[u8]) -> Self {
        let rest = postcard::take_from_bytes::<Marks>(marks);
        rest.map_or_else(|_| Self::default(), |(_, added)| Self::read(added))
    }
}
