//! The tables, and the steps by which an older file becomes a file of today.
//!
//! A file says its version in `user_version` and whose it is in `application_id`. Each step is
//! one `.sql` file, carried out in one transaction with the new version number; before the first
//! of them a copy of the file is made. A file of a newer app is refused before anything is written.

use rusqlite::config::DbConfig;
use rusqlite::{Connection, TransactionBehavior};
use std::fmt::Display;

/// "ThSt": marks a SQLite file as a journal of this app.
pub const APPLICATION_ID: i32 = 0x5468_5374;

/// The steps, in order; step n makes version n out of version n - 1.
pub const STEPS: [&str; 7] = [
    include_str!("schema/1-journal.sql"),
    include_str!("schema/2-days.sql"),
    include_str!("schema/3-shelves.sql"),
    include_str!("schema/4-unindexed.sql"),
    include_str!("schema/5-sync.sql"),
    include_str!("schema/6-moods.sql"),
    include_str!("schema/7-attachments.sql"),
];

/// The version this app reads and writes.
#[expect(clippy::cast_possible_truncation, reason = "there will not be four billion steps")]
pub const VERSION: u32 = STEPS.len() as u32;

/// Bytes of a page, in the browser and in native tests alike.
pub const PAGE_SIZE: u16 = 8192;

/// Why a file cannot be used as the journal.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    #[error("the file is of version {found}, this app knows {VERSION}: update the app")]
    Newer { found: u32 },
    #[error("the file belongs to another program (application id {0:#x})")]
    Foreign(i32),
    #[error("the journal mode is {0}, not wal: the storage does not keep what it promised")]
    JournalMode(String),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Reads the version of a file without writing to it; 0 for a new one.
///
/// # Errors
/// If it is not a journal, or one of a newer app. Closing the connection writes nothing, until
/// [`configure`] has said that the file may be written.
pub fn examine(conn: &Connection) -> Result<u32, SchemaError> {
    open_to_read(conn)?;
    let found: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let owner: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if owner != 0 && owner != APPLICATION_ID {
        return Err(SchemaError::Foreign(owner));
    }
    if found > VERSION {
        return Err(SchemaError::Newer { found });
    }
    Ok(found)
}

/// Sets what durability rests on, and asserts it: see docs/decisions/0006-journal-mode.md.
///
/// # Errors
/// If the storage answers with another journal mode.
pub fn configure(conn: &Connection) -> Result<(), SchemaError> {
    be_alone(conn)?;
    // Said once, when the file is made: a salvage has to know it when nothing else can be read.
    set(conn, "page_size", PAGE_SIZE)?;
    write_ahead(conn, "main")?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    set(conn, "synchronous", "FULL")?;
    // What is freed is overwritten: deleted for good means that the words are gone.
    set(conn, "secure_delete", "ON")?;
    // The engine checkpoints when it is idle; this is the limit for a day without a pause.
    set(conn, "wal_autocheckpoint", 4096)?;
    set(conn, "journal_size_limit", 32 << 20)?;
    set(conn, "cache_size", -24_000)?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// Keeps a database's changes in a log of their own before they go into its file.
///
/// # Errors
/// If the storage answers with another journal mode.
pub(crate) fn write_ahead(conn: &Connection, database: &str) -> Result<(), SchemaError> {
    // Read to the end, not to the first row: the file is changed after the answer was given, and
    // only whoever asks for more hears that it could not be.
    let mut statement = conn.prepare(&format!("PRAGMA {database}.journal_mode = WAL"))?;
    let modes = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    let mode = modes.concat();
    if mode != "wal" && mode != "memory" {
        return Err(SchemaError::JournalMode(mode));
    }
    Ok(())
}

/// Prepares to read a file and leave it and its log as they are, also when it is closed.
pub(crate) fn open_to_read(conn: &Connection) -> rusqlite::Result<()> {
    be_alone(conn)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(())
}

/// Whoever takes WAL on this storage must be alone with the file, and say so before reading it.
fn be_alone(conn: &Connection) -> rusqlite::Result<()> {
    set(conn, "locking_mode", "EXCLUSIVE")
}

/// Sets a pragma. `rusqlite`'s own way brings along all that writes numbers with fractions, which
/// nothing else here needs.
fn set(conn: &Connection, name: &str, value: impl Display) -> rusqlite::Result<()> {
    conn.execute_batch(&format!("PRAGMA {name} = {value}"))
}

/// Carries out the steps after version `from`, all in one transaction.
///
/// # Errors
/// If SQLite refuses; the file is then as it was.
pub fn migrate(conn: &mut Connection, from: u32) -> Result<(), SchemaError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in &STEPS[from as usize..] {
        tx.execute_batch(step)?;
    }
    sign(&tx)?;
    tx.commit()?;
    Ok(())
}

/// Says in a file whose it is and of which version.
pub(crate) fn sign(conn: &Connection) -> rusqlite::Result<()> {
    set(conn, "application_id", APPLICATION_ID)?;
    set(conn, "user_version", VERSION)
}
