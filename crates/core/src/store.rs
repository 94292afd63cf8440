//! The journal's database: opening it in whatever state it is found, writing, reading, searching.
//!
//! The files lie in a [`Folder`] that the platform hands in. The journal is the file with the
//! highest number of `journal-1.sqlite3`, `journal-2.sqlite3` …: a damaged one is never touched
//! again, what can be read of it goes into the next, and it stays beside it.

mod arrive;
mod attachments;
mod check;
mod chosen;
mod digest;
mod files;
mod erase;
mod find;
mod linked;
mod meta;
mod outbox;
mod patrol;
mod read;
mod salvage;
mod shelves;
mod statistics;
mod templates;
mod vault;
mod versions;
mod write;

pub use arrive::{Arrived, Arriving};
pub use digest::Version;
pub use meta::Meta;
pub use outbox::{Outgoing, RowKey};
pub use patrol::Patrol;
pub use write::{Stored, Writer};

use crate::message::Recovered;
use crate::schema::{self, SchemaError};
use rusqlite::{Connection, ErrorCode, MAIN_DB};
use std::collections::BTreeSet;

/// Where the database's files lie, as far as the store needs to know.
pub trait Folder {
    /// Names of the database files (not of their logs).
    fn names(&self) -> Vec<String>;

    /// The name by which SQLite knows a file: `VACUUM INTO` needs it.
    fn path(&self, name: &str) -> String;

    /// Opens a file, or makes it.
    ///
    /// # Errors
    /// If SQLite cannot open it.
    fn open(&self, name: &str) -> rusqlite::Result<Connection>;

    /// Removes a file and its log; no connection may be open on it.
    ///
    /// # Errors
    /// With a sentence that says what happened.
    fn remove(&self, name: &str) -> Result<(), String>;
}

/// Why the journal could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Schema(#[from] SchemaError),
    #[error("an unfinished file could not be removed: {0}")]
    Folder(String),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Schema(error.into())
    }
}

/// The open database. Everything that touches SQL is a method of it.
pub struct Store {
    pub(crate) conn: Connection,
    /// Whether there is a vault, so that edits have to be sent.
    pub(crate) synced: bool,
    /// Rows of the last push: until it is answered, the sequencer may have the versions in it.
    pub(crate) in_flight: BTreeSet<RowKey>,
    files_to_make: files::ToMake,
}

impl Store {
    /// Opens the journal of `folder`: makes it if there is none, brings it up to date if it is
    /// older, and salvages it if it is damaged. `suspect` asks for a full check before anything
    /// else, after an earlier one failed while the journal was in use.
    ///
    /// # Errors
    /// If the file was written by a newer app, or the storage does not work.
    pub fn open(
        folder: &dyn Folder,
        suspect: bool,
    ) -> Result<(Self, Option<Recovered>), OpenError> {
        let (mut store, recovered) = Self::open_journal(folder, suspect)?;
        store.open_files(folder, suspect)?;
        Ok((store, recovered))
    }

    fn open_journal(
        folder: &dyn Folder,
        suspect: bool,
    ) -> Result<(Self, Option<Recovered>), OpenError> {
        let mut names = Numbered::all(folder);
        while let Some(current) = names.pop() {
            match Self::open_file(folder, current, suspect) {
                Ok(store) => return Ok((store, None)),
                // A salvage that was cut off leaves a file without a version; the damaged file
                // is still there, and is salvaged again.
                Err(Refusal::Empty) if !names.is_empty() => {
                    folder.remove(&current.name()).map_err(OpenError::Folder)?;
                }
                Err(Refusal::Empty) => return Ok((Self::create(folder, current)?, None)),
                Err(Refusal::Damaged) => {
                    let (store, recovered) = salvage::salvage(folder, current)?;
                    return Ok((store, Some(recovered)));
                }
                Err(Refusal::Error(error)) => return Err(error),
            }
        }
        Ok((Self::create(folder, Numbered(1))?, None))
    }

    /// A journal in memory, for browsers that keep no files.
    ///
    /// # Errors
    /// If SQLite cannot make it.
    pub fn in_memory() -> Result<Self, OpenError> {
        Self::prepare(Connection::open_in_memory()?, 0)?.files_in_memory()
    }

    fn create(folder: &dyn Folder, file: Numbered) -> Result<Self, OpenError> {
        Self::prepare(folder.open(&file.name())?, 0)
    }

    fn prepare(mut conn: Connection, from: u32) -> Result<Self, OpenError> {
        schema::configure(&conn)?;
        if from < schema::VERSION {
            schema::migrate(&mut conn, from)?;
        }
        Ok(Self { conn, synced: false, in_flight: BTreeSet::new(), files_to_make: None })
    }

    fn open_file(folder: &dyn Folder, file: Numbered, suspect: bool) -> Result<Self, Refusal> {
        let conn = folder.open(&file.name())?;
        let version = schema::examine(&conn)?;
        if version == 0 {
            let sql = "SELECT count(*) FROM sqlite_schema";
            let made: bool = conn.query_row(sql, [], |row| row.get(0))?;
            return Err(if made { Refusal::Damaged } else { Refusal::Empty });
        }
        // A file that forbids writing to it was not made so by this app.
        if conn.is_readonly(MAIN_DB)? {
            return Err(Refusal::Damaged);
        }
        if suspect || version < schema::VERSION {
            check::check(&conn, version)?;
        }
        if version < schema::VERSION {
            keep_copy(folder, &conn, version)?;
        }
        let store = Self::prepare(conn, version)?;
        store.look_in()?;
        Ok(store)
    }

    /// Reads what the engine reads at once, so that damage there is met while a salvage is at hand.
    fn look_in(&self) -> rusqlite::Result<()> {
        self.unindexed()?;
        self.journals()?;
        self.conn.query_row("SELECT count(*), max(value) FROM meta", [], |_| Ok(()))
    }

    /// Looks for damage in the next slice of the file; `false` after the last one.
    ///
    /// # Errors
    /// If there is damage: the journal should then be opened anew, as suspect.
    pub fn patrol(&self, patrol: &mut Patrol) -> rusqlite::Result<bool> {
        patrol.step(&self.conn)
    }

    /// Writes the log back into the database file, so that it begins anew and stays short.
    ///
    /// # Errors
    /// If the storage refuses; nothing is lost then, and it can be tried again.
    pub fn checkpoint(&self) -> rusqlite::Result<()> {
        self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
    }

    /// Closes the database, so that another tab can open it.
    pub fn close(self) {
        // What cannot be closed in order is released all the same when the connection is dropped;
        // the log then brings the next opener up to date.
        if let Err((conn, _)) = self.conn.close() {
            drop(conn);
        }
    }
}

/// Why a file could not simply be opened.
enum Refusal {
    /// There is nothing in it.
    Empty,
    Damaged,
    Error(OpenError),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        if is_damage(&error) { Self::Damaged } else { Self::Error(error.into()) }
    }
}

impl From<SchemaError> for Refusal {
    fn from(error: SchemaError) -> Self {
        Self::from(OpenError::from(error))
    }
}

impl From<OpenError> for Refusal {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Schema(SchemaError::Sqlite(error)) => Self::from(error),
            // Nobody else writes here: a foreign mark is a damaged header.
            OpenError::Schema(SchemaError::Foreign(_)) => Self::Damaged,
            other => Self::Error(other),
        }
    }
}

/// Whether an error means that the file itself is broken.
#[must_use]
pub fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{
        FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error,
    };
    match error {
        FromSqlConversionFailure(..)
        | IntegralValueOutOfRange(..)
        | InvalidColumnType(..)
        | Utf8Error(..) => true,
        other => matches!(
            other.sqlite_error_code(),
            // Our statements are sound: one that makes no sense has met tables not of our making.
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown)
        ),
    }
}

/// Copies the journal as it is before its first migration step, under a name that says which
/// version it has; the copy of an earlier migration makes room for it.
fn keep_copy(folder: &dyn Folder, conn: &Connection, version: u32) -> Result<(), OpenError> {
    const COPY: &str = "before-version-";
    for old in folder.names().iter().filter(|name| name.starts_with(COPY)) {
        folder.remove(old).map_err(OpenError::Folder)?;
    }
    let name = format!("{COPY}{}-was-{version}.sqlite3", schema::VERSION);
    conn.execute("VACUUM INTO ?1", [folder.path(&name)])?;
    Ok(())
}

/// The number of a journal file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Numbered(u32);

impl Numbered {
    /// The journal files of a folder, the current one last.
    fn all(folder: &dyn Folder) -> Vec<Self> {
        let number =
            |name: String| name.strip_prefix("journal-")?.strip_suffix(".sqlite3")?.parse().ok();
        let mut files: Vec<Self> =
            folder.names().into_iter().filter_map(number).map(Self).collect();
        files.sort_unstable();
        files
    }

    fn name(self) -> String {
        format!("journal-{}.sqlite3", self.0)
    }

    fn next(self) -> Self {
        Self(self.0 + 1)
    }
}
