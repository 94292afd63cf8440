//! What the sync needs to know of the bytes of photos and files: which are to be sent, fetched, or
//! dropped where they were sent.

use super::REMOVED_MS;
use crate::date::Instant;
use crate::id::FileHash;
use crate::store::Store;
use rusqlite::{OptionalExtension, params};

impl Store {
    /// A file that an entry has, and the sequencer perhaps not; the shortest first.
    ///
    /// # Errors
    /// If the database cannot be read; so for all of this file.
    pub fn next_unsent(&self) -> rusqlite::Result<Option<FileHash>> {
        let sql = "SELECT hash FROM files.contents WHERE whole AND NOT sent AND hash IN (
                     SELECT hash FROM attachments WHERE removed = 0 UNION
                     SELECT thumb FROM attachments WHERE removed = 0) ORDER BY bytes LIMIT 1";
        let found = self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
        Ok(found.map(FileHash))
    }

    /// Small pictures that are not here, at most `limit`.
    pub fn absent_thumbs(&self, limit: usize) -> rusqlite::Result<Vec<FileHash>> {
        let sql = "SELECT thumb FROM attachments WHERE removed = 0 AND thumb IS NOT NULL
                   AND thumb NOT IN (SELECT hash FROM files.contents WHERE whole)
                   ORDER BY added DESC LIMIT ?1";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.conn.prepare_cached(sql)?;
        statement.query_map([limit], |row| row.get(0).map(FileHash))?.collect()
    }

    /// A file that was sent, and that nothing has led to for long.
    pub fn next_to_drop(&self, now: Instant) -> rusqlite::Result<Option<FileHash>> {
        self.led_to_by_nothing(true, REMOVED_MS, now)
    }

    /// Notes whether the sequencer has a file.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn set_sent(&mut self, hash: FileHash, sent: bool) -> rusqlite::Result<()> {
        let sql = "UPDATE files.contents SET sent = ?2 WHERE hash = ?1";
        self.conn.prepare_cached(sql)?.execute(params![hash.0, sent])?;
        Ok(())
    }

    /// What the sequencer has is not known any more.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn forget_sent(&mut self) -> rusqlite::Result<()> {
        self.conn.execute("UPDATE files.contents SET sent = 0 WHERE sent", []).map(drop)
    }
}
