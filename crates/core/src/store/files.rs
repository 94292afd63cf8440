//! The bytes of photos and files: a database file of their own beside the journal's, attached to
//! the same connection under the name `files`.
//!
//! Of their own, so that gigabytes of pictures are neither copied by a migration of the journal
//! nor read when it is looked through for damage, and so that damage to them cannot hurt a word.
//! The order of writing makes up for there being two files: bytes first, durable, then the row
//! that names them. A cut between the two leaves bytes without a row, which [`Store::sweep_files`]
//! takes away a day later. What is kept under a hash is compared with it when it comes.

mod salvage;
mod travel;

use super::{Folder, OpenError, Store, Writer, is_damage};
use crate::clock::Stamp;
use crate::date::Instant;
use crate::id::{DeviceId, FileHash};
use crate::message::FileState;
use crate::schema::{self, SchemaError};
use rusqlite::{Connection, OptionalExtension, params};

/// The version of the tables below; in `user_version`, as the journal's.
const VERSION: u32 = 1;
/// Long pages for long values: a piece is four of them.
const PAGE_SIZE: u32 = 32_768;

const TABLES: &str = "
    CREATE TABLE files.contents (
        hash BLOB PRIMARY KEY,
        bytes INTEGER NOT NULL,     -- so far
        pieces INTEGER NOT NULL,    -- so far, from the first on
        whole INTEGER NOT NULL,     -- 1: all of it, and its hash is right
        since INTEGER NOT NULL,     -- when the first piece came, in milliseconds since 1970
        sent INTEGER NOT NULL       -- 1: the sequencer has it
    ) WITHOUT ROWID;
    CREATE TABLE files.pieces (
        id INTEGER PRIMARY KEY,
        hash BLOB NOT NULL,
        number INTEGER NOT NULL,
        bytes BLOB NOT NULL
    );
    CREATE UNIQUE INDEX files.pieces_by_hash ON pieces (hash, number);";

/// How long bytes stay to which no row leads: they may be on their way into an entry.
const ORPHAN_MS: i64 = 24 * 3_600_000;
/// How long those of removed attachments stay, so that a removal can be taken back.
const REMOVED_MS: i64 = 30 * 24 * 3_600_000;

/// Where the file is to be made when the first bytes come. Until then an empty one in memory
/// stands in its place: whoever has no photos waits for no file of them.
pub(crate) type ToMake = Option<String>;

impl Store {
    /// Opens what is kept of photos and files. A damaged file is left as it is, and what can be
    /// read of it goes into the next.
    pub(super) fn open_files(
        &mut self,
        folder: &dyn Folder,
        suspect: bool,
    ) -> Result<(), OpenError> {
        let mut numbers = numbers(folder);
        while let Some(number) = numbers.pop() {
            let opened = attach(&self.conn, &folder.path(&name(number)), !numbers.is_empty());
            let looked = opened.and_then(|whole| {
                if whole && suspect {
                    check(&self.conn)?;
                }
                Ok(whole)
            });
            match looked {
                Ok(true) => return Ok(()),
                // A salvage that was cut off: it is done again from the file before.
                Ok(false) => {
                    detach(&self.conn)?;
                    folder.remove(&name(number)).map_err(OpenError::Folder)?;
                }
                Err(SchemaError::Sqlite(error)) if is_damage(&error) => {
                    // What is broken at its beginning was never attached.
                    let _ = detach(&self.conn);
                    return salvage::salvage(&self.conn, folder, number);
                }
                Err(error) => return Err(error.into()),
            }
        }
        attach(&self.conn, ":memory:", false)?;
        self.files_to_make = Some(folder.path(&name(1)));
        Ok(())
    }

    /// Files in memory, for a journal in memory.
    pub(super) fn files_in_memory(self) -> Result<Self, OpenError> {
        attach(&self.conn, ":memory:", false)?;
        Ok(self)
    }

    /// Makes the file for the first bytes.
    fn make_files(&mut self) -> rusqlite::Result<()> {
        let Some(path) = self.files_to_make.clone() else { return Ok(()) };
        detach(&self.conn)?;
        match attach(&self.conn, &path, false) {
            Ok(_) => {
                self.files_to_make = None;
                Ok(())
            }
            Err(error) => {
                // It may have got as far as being attached.
                let _ = detach(&self.conn);
                let _ = attach(&self.conn, ":memory:", false);
                Err(match error {
                    SchemaError::Sqlite(error) => error,
                    other => rusqlite::Error::InvalidPath(other.to_string().into()),
                })
            }
        }
    }

    /// What is here of a file.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn file(&self, hash: FileHash) -> rusqlite::Result<FileState> {
        let sql = "SELECT whole, bytes, pieces FROM files.contents WHERE hash = ?1";
        let read = |row: &rusqlite::Row<'_>| {
            let bytes = row.get::<_, i64>(1)?.unsigned_abs();
            Ok(FileState { whole: row.get(0)?, bytes, pieces: row.get(2)? })
        };
        let found = self.conn.prepare_cached(sql)?.query_row([hash.0], read).optional()?;
        Ok(found.unwrap_or_default())
    }

    /// A piece of a file, if it is here.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn piece(&self, hash: FileHash, number: u32) -> rusqlite::Result<Option<Vec<u8>>> {
        let sql = "SELECT bytes FROM files.pieces WHERE hash = ?1 AND number = ?2";
        let mut statement = self.conn.prepare_cached(sql)?;
        statement.query_row(params![hash.0, number], |row| row.get(0)).optional()
    }

    /// Keeps the next piece of a file, durably; `whole` if it was the last, and the hash is right.
    ///
    /// # Errors
    /// If the storage refuses; then it is not kept.
    pub fn put_piece(
        &mut self,
        hash: FileHash,
        number: u32,
        bytes: &[u8],
        whole: bool,
        now: Instant,
    ) -> rusqlite::Result<()> {
        self.make_files()?;
        let tx = self.conn.transaction()?;
        let sql = "INSERT INTO files.pieces (hash, number, bytes) VALUES (?1, ?2, ?3)";
        tx.prepare_cached(sql)?.execute(params![hash.0, number, bytes])?;
        let sql = "INSERT INTO files.contents (hash, bytes, pieces, whole, since, sent) \
                   VALUES (?1, ?2, 1, ?3, ?4, 0) ON CONFLICT (hash) DO UPDATE SET \
                   bytes = bytes + excluded.bytes, pieces = pieces + 1, whole = excluded.whole";
        let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        tx.prepare_cached(sql)?.execute(params![hash.0, length, whole, now.0])?;
        tx.commit()
    }

    /// Forgets a file, in part or whole.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn drop_file(&mut self, hash: FileHash) -> rusqlite::Result<()> {
        let tx = self.conn.transaction()?;
        tx.execute("DELETE FROM files.contents WHERE hash = ?1", [hash.0])?;
        tx.execute("DELETE FROM files.pieces WHERE hash = ?1", [hash.0])?;
        tx.commit()
    }

    /// Takes away one file that nothing leads to any more; `false` if there is none.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn sweep_files(&mut self, now: Instant) -> rusqlite::Result<bool> {
        // What the sequencer has is dropped there first.
        let Some(hash) = self.led_to_by_nothing(false, ORPHAN_MS, now)? else { return Ok(false) };
        self.drop_file(hash)?;
        Ok(true)
    }

    /// A file to which no row leads, nor has led lately, that is here for longer than `millis`;
    /// one that was sent, or one that was not.
    fn led_to_by_nothing(
        &self,
        sent: bool,
        millis: i64,
        now: Instant,
    ) -> rusqlite::Result<Option<FileHash>> {
        let sql = "SELECT hash FROM files.contents WHERE since < ?1 AND sent = ?2 AND hash NOT IN (
                     SELECT hash FROM attachments WHERE removed = 0 OR modified_at > ?3
                     UNION SELECT thumb FROM attachments
                     WHERE thumb IS NOT NULL AND (removed = 0 OR modified_at > ?3)) LIMIT 1";
        let values = params![now.0.saturating_sub(millis), sent, removed_before(now)];
        let found = self.conn.prepare_cached(sql)?.query_row(values, |row| row.get(0)).optional();
        Ok(found?.map(FileHash))
    }
}

impl Writer<'_> {
    /// How long a file is, if all of it is here.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn whole_file(&self, hash: FileHash) -> rusqlite::Result<Option<u64>> {
        let sql = "SELECT bytes FROM files.contents WHERE hash = ?1 AND whole";
        let read = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0).map(i64::unsigned_abs);
        self.tx.prepare_cached(sql)?.query_row([hash.0], read).optional()
    }
}

/// The stamp before which removals are not taken back any more.
fn removed_before(now: Instant) -> String {
    let at = now.0.saturating_sub(REMOVED_MS).max(0);
    Stamp::new(at, 0, DeviceId([0; 8])).map(|stamp| stamp.to_string()).unwrap_or_default()
}

/// Attaches the file and makes its tables, if it has none; `false` if it has none although it
/// comes `after` another: then it is what a salvage left that was cut off.
fn attach(conn: &Connection, path: &str, after: bool) -> Result<bool, SchemaError> {
    conn.execute("ATTACH ?1 AS files", [path])?;
    let found: u32 = conn.query_row("PRAGMA files.user_version", [], |row| row.get(0))?;
    if found > VERSION {
        return Err(SchemaError::Newer { found });
    }
    if found == 0 && after {
        return Ok(false);
    }
    configure(conn)?;
    if found == 0 {
        let sign = format!("PRAGMA files.user_version = {VERSION};");
        conn.execute_batch(&["BEGIN IMMEDIATE;", TABLES, ";", &sign, "COMMIT"].concat())
            .inspect_err(|_| drop(conn.execute_batch("ROLLBACK")))?;
    }
    // Read now what every query of attachments reads, while a salvage is at hand.
    conn.query_row("SELECT count(*), max(hash) FROM files.contents", [], |_| Ok(()))?;
    Ok(true)
}

fn configure(conn: &Connection) -> Result<(), SchemaError> {
    conn.execute_batch(&format!("PRAGMA files.page_size = {PAGE_SIZE}"))?;
    schema::write_ahead(conn, "files")?;
    conn.execute_batch(
        "PRAGMA files.synchronous = FULL; PRAGMA files.journal_size_limit = 33554432;
         PRAGMA files.cache_size = -4000",
    )?;
    Ok(())
}

fn detach(conn: &Connection) -> rusqlite::Result<()> {
    conn.flush_prepared_statement_cache();
    conn.execute_batch("DETACH files")
}

fn check(conn: &Connection) -> rusqlite::Result<()> {
    let verdict: String = conn.query_row("PRAGMA files.quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(super::check::damage(verdict)) }
}

/// The files of pictures in a folder, the newest last.
fn numbers(folder: &dyn Folder) -> Vec<u32> {
    let number = |name: String| name.strip_prefix("files-")?.strip_suffix(".sqlite3")?.parse().ok();
    let mut numbers: Vec<u32> = folder.names().into_iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers
}

fn name(number: u32) -> String {
    format!("files-{number}.sqlite3")
}
