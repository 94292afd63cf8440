//! Making sure that what was deleted for good is not in the file any more.
//!
//! Freed bytes are overwritten by SQLite (`secure_delete`). Two places keep words all the same: the
//! index, which only strikes a line out until it merges its segments, and the log (WAL), which has
//! every page as it was before. Both are seen to in a pause: the index of that year is merged, and
//! the log is written back and cut off. What is still to be done is in `meta`, so that a crash does
//! not make anybody forget it.

use super::{Store, Writer, meta, shelves};
use crate::message::Place;
use rusqlite::{OptionalExtension, params};

/// Opens the keys in `meta`, before the year.
const PREFIX: &str = "erase:";
/// Pages of the index that are merged at a time.
const SLICE_PAGES: i32 = 64;

/// How far the merging has come, as `meta` keeps it.
const MARKED: i64 = 0;
const MERGING: i64 = 1;

impl Writer<'_> {
    /// Notes that words at this place are to be gone from the file.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn erase_soon(&self, place: Place) -> rusqlite::Result<()> {
        let key = format!("{PREFIX}{}", place.date().year());
        self.tx.prepare_cached(meta::SET)?.execute(params![key, MARKED])?;
        Ok(())
    }
}

impl Store {
    /// Does a piece of what is to be erased; `false` if there is nothing.
    ///
    /// # Errors
    /// If the storage refuses; it is tried again later.
    pub fn erase_slice(&mut self) -> rusqlite::Result<bool> {
        let sql = "SELECT key, value FROM meta WHERE key >= ?1 AND key < ?1 || '~' LIMIT 1";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
        let found = self.conn.query_row(sql, [PREFIX], read).optional()?;
        let Some((key, stage)) = found else { return Ok(false) };
        let year = key.trim_start_matches(PREFIX).parse().unwrap_or(0);
        let tx = self.conn.transaction()?;
        // The first time by a negative number: all segments are then merged into one.
        let pages = if stage == MERGING { SLICE_PAGES } else { -SLICE_PAGES };
        let goes_on = shelves::merge(&tx, year, pages)?;
        match goes_on {
            true => tx.prepare_cached(meta::SET)?.execute(params![key, MERGING])?,
            false => tx.execute("DELETE FROM meta WHERE key = ?1", [&key])?,
        };
        tx.commit()?;
        if !goes_on {
            self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        Ok(true)
    }
}
