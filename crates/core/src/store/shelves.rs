//! The search index: one FTS5 table ("shelf") for each year, filled after the entries are saved.
//!
//! Why shelves: FTS5 merges the entries of every word that begins with a prefix before it gives
//! the first, which costs 60-110 ms in a hundred thousand entries and a few in one year; newest
//! first, the question is put to the newest year, and to the one before only if that is not
//! enough. docs/decisions/0007-search.md has the figures.
//!
//! The tables are contentless: what a line was made from need not be known to remove it, so a
//! mistake cannot corrupt the index, and no text is stored twice.

use super::Store;
use crate::message::Place;
use crate::search;
use rusqlite::{Connection, params};

/// Text put on the shelves in one slice, in bytes, when little waits: some 10 ms of work.
const SLICE_BYTES: usize = 96 << 10;
/// The same when much waits (after an import): longer slices make fewer, larger index segments.
const BULK_BYTES: usize = 768 << 10;
/// From this many waiting entries on, the slices are long.
const BULK_FROM: u32 = 200;

impl Store {
    /// How many entries wait to be indexed.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn unindexed(&self) -> rusqlite::Result<u32> {
        let sql = "SELECT count(*) FROM unindexed";
        self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))
    }

    /// Puts a slice of the waiting entries on their shelves; `waiting` is how many there are.
    /// Returns how many were put there; 0 means that none waits any more.
    ///
    /// # Errors
    /// If the storage refuses; the slice is then tried again later.
    pub fn index_slice(&mut self, waiting: u32) -> rusqlite::Result<u32> {
        let limit = if waiting < BULK_FROM { SLICE_BYTES } else { BULK_BYTES };
        let tx = self.conn.transaction()?;
        let (mut bytes, mut done, mut last) = (0, 0, None);
        {
            let sql = "SELECT place, body, life FROM unindexed JOIN entries USING (place) \
                       ORDER BY place DESC LIMIT 1000";
            let mut select = tx.prepare_cached(sql)?;
            let mut rows = select.query([])?;
            while bytes < limit
                && let Some(row) = rows.next()?
            {
                let place = Place(row.get(0)?);
                let body: String = row.get(1)?;
                if row.get::<_, i64>(2)? != 2 {
                    put_on(&tx, place, &body)?;
                }
                bytes += body.len();
                done += 1;
                last = Some(place.0);
            }
        }
        if let Some(last) = last {
            tx.prepare_cached("DELETE FROM unindexed WHERE place >= ?1")?.execute([last])?;
        }
        tx.commit()?;
        Ok(done)
    }

    /// The years that have a shelf, newest first.
    pub(super) fn shelf_years(&self) -> rusqlite::Result<Vec<i32>> {
        let mut statement =
            self.conn.prepare_cached("SELECT year FROM shelves ORDER BY year DESC")?;
        statement.query_map([], |row| row.get(0))?.collect()
    }
}

/// Puts an entry on its shelf, in place of an older line of the same entry.
fn put_on(conn: &Connection, place: Place, body: &str) -> rusqlite::Result<()> {
    let year = place.date().year();
    let text = search::for_index(body);
    if !is_there(conn, year)? {
        make(conn, year)?;
    }
    let sql = format!("INSERT OR REPLACE INTO {} (rowid, body) VALUES (?1, ?2)", name(year));
    conn.prepare_cached(&sql)?.execute(params![place.0, text])?;
    Ok(())
}

/// Lets the entry at a place wait for its shelf, if it does not yet.
pub(super) fn wait(conn: &Connection, place: Place) -> rusqlite::Result<()> {
    let sql = "INSERT OR IGNORE INTO unindexed (place) VALUES (?1)";
    conn.prepare_cached(sql)?.execute([place.0])?;
    Ok(())
}

/// Takes the entry at a place off its shelf, if it has one (and also where it waits: the line of
/// its last version is still there).
pub(super) fn take_off(conn: &Connection, place: Place) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM unindexed WHERE place = ?1")?.execute([place.0])?;
    let year = place.date().year();
    if is_there(conn, year)? {
        let sql = format!("DELETE FROM {} WHERE rowid = ?1", name(year));
        conn.prepare_cached(&sql)?.execute([place.0])?;
    }
    Ok(())
}

/// Merges so many pages of a year's shelf, which drops the lines that were taken off; `false` if
/// nothing is left to do. A negative number begins anew, with all segments.
pub(super) fn merge(conn: &Connection, year: i32, pages: i32) -> rusqlite::Result<bool> {
    if !is_there(conn, year)? {
        return Ok(false);
    }
    let total = || conn.query_row("SELECT total_changes()", [], |row| row.get::<_, i64>(0));
    let (before, shelf) = (total()?, name(year));
    let sql = format!("INSERT INTO {shelf} ({shelf}, rank) VALUES ('merge', ?1)");
    conn.prepare_cached(&sql)?.execute([pages])?;
    // One change is the statement itself.
    Ok(total()? - before > 1)
}

fn is_there(conn: &Connection, year: i32) -> rusqlite::Result<bool> {
    let sql = "SELECT count(*) FROM shelves WHERE year = ?1";
    conn.prepare_cached(sql)?.query_row([year], |row| row.get(0))
}

/// The table of a year; the number is an integer of ours, so it may stand in SQL.
pub(super) fn name(year: i32) -> String {
    format!("shelf_{year}")
}

fn make(conn: &Connection, year: i32) -> rusqlite::Result<()> {
    conn.execute_batch(&format!(
        "CREATE VIRTUAL TABLE IF NOT EXISTS {} USING fts5 (body, content = '', \
         contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'); \
         INSERT OR IGNORE INTO shelves (year) VALUES ({year});",
        name(year)
    ))
}
