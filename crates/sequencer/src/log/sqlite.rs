//! The embedded store: everything in one SQLite file.
//!
//! `SqliteLog` is synchronous: the simulation and the tests call it as it is. `served` puts it on
//! a thread of its own, with readers beside it, for the server.

mod access;
mod changes;
mod files;
mod guests;
mod rendezvous;
mod served;

pub use changes::Store;
pub use served::Served;

use super::{Identity, LogError};
use rusqlite::backup::Backup;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use std::path::Path;
use std::time::Duration;
use thoughtstream_core::id::ServerId;

/// The steps that made the tables what they are; each runs once.
const MIGRATIONS: &[&str] = &[
    include_str!("sqlite/1-log.sql"),
    include_str!("sqlite/2-files.sql"),
    include_str!("sqlite/3-rendezvous.sql"),
    include_str!("sqlite/4-guests.sql"),
];

/// Rows of about a kilobyte leave less of an 8 kB page empty than of one of 4 kB.
const PAGE_SIZE: u32 = 8192;

/// The store, synchronous.
#[derive(Debug)]
pub struct SqliteLog {
    connection: Connection,
}

impl SqliteLog {
    /// Opens the store in this file, making or migrating it. `random` gives 48 bytes to a new one.
    ///
    /// # Errors
    /// If the file cannot be opened, is of a newer version, or its disk does not take WAL.
    pub fn open(path: &Path, random: [u8; 48]) -> Result<Self, LogError> {
        let connection = Connection::open(path).map_err(fault)?;
        let mode: String = set_up(&connection)?;
        if mode != "wal" {
            let text = format!("journal mode is {mode} and not wal: keep the data on a local disk");
            return Err(LogError::Fault(text));
        }
        Self::made(connection, random)
    }

    /// A store that is gone with this value, for tests and the simulation.
    ///
    /// # Errors
    /// If SQLite cannot be had.
    pub fn in_memory(random: [u8; 48]) -> Result<Self, LogError> {
        let connection = Connection::open_in_memory().map_err(fault)?;
        set_up(&connection)?;
        Self::made(connection, random)
    }

    /// A copy of everything as it is now, that is gone with this value.
    ///
    /// # Errors
    /// If it cannot be read, or there is no room for it.
    pub fn copy(&self) -> Result<Self, LogError> {
        let mut connection = Connection::open_in_memory().map_err(fault)?;
        set_up(&connection)?;
        let backup = Backup::new(&self.connection, &mut connection).map_err(fault)?;
        backup.run_to_completion(1_000, Duration::ZERO, None).map_err(fault)?;
        drop(backup);
        Ok(Self { connection })
    }

    fn made(mut connection: Connection, random: [u8; 48]) -> Result<Self, LogError> {
        migrate(&mut connection)?;
        let (server, secret) = random.split_at(16);
        let sql = "INSERT INTO identity VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        connection.execute(sql, ("server", server)).map_err(fault)?;
        connection.execute(sql, ("secret", secret)).map_err(fault)?;
        Ok(Self { connection })
    }

    /// Does several things in one transaction, durable when this returns.
    ///
    /// # Errors
    /// Those of `work`, and the database's; then nothing was done.
    pub fn write<T>(
        &mut self,
        work: impl FnOnce(&Store<'_>) -> Result<T, LogError>,
    ) -> Result<T, LogError> {
        let behaviour = TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(behaviour).map_err(fault)?;
        let done = work(&Store::over(&transaction))?;
        transaction.commit().map_err(fault)?;
        Ok(done)
    }

    /// Reads, everything from one moment.
    ///
    /// # Errors
    /// Those of `work`, and the database's.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&Store<'_>) -> Result<T, LogError>,
    ) -> Result<T, LogError> {
        let transaction = self.connection.unchecked_transaction().map_err(fault)?;
        work(&Store::over(&transaction))
    }

    /// Moves everything from the log beside the file into the file, and empties the log, unless
    /// somebody reads at the moment.
    ///
    /// # Errors
    /// The database's.
    pub fn tidy(&mut self) -> Result<(), LogError> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        self.connection.query_row(sql, [], |_| Ok(())).map_err(fault)
    }

    /// The store's name and secret.
    ///
    /// # Errors
    /// If they are gone.
    pub fn identity(&self) -> Result<Identity, LogError> {
        let server = ServerId(self.named("server")?);
        Ok(Identity { server, secret: self.named("secret")? })
    }

    fn named<const N: usize>(&self, name: &str) -> Result<[u8; N], LogError> {
        let sql = "SELECT value FROM identity WHERE name = ?1";
        let value: Option<[u8; N]> =
            self.connection.query_row(sql, [name], |row| row.get(0)).optional().map_err(fault)?;
        value.ok_or_else(|| LogError::Fault(format!("the store has no {name}")))
    }
}

/// Settings of a connection that may write; gives back the journal mode.
fn set_up(connection: &Connection) -> Result<String, LogError> {
    let text = |name: &str, value: &str| {
        connection.pragma_update_and_check(None, name, value, |row| row.get::<_, String>(0))
    };
    connection.pragma_update(None, "page_size", PAGE_SIZE).map_err(fault)?;
    let mode = text("journal_mode", "wal").map_err(fault)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(fault)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(fault)?;
    // 4 MB of log before it is moved into the file, and no longer file than that afterwards.
    connection.pragma_update(None, "wal_autocheckpoint", 512).map_err(fault)?;
    connection.pragma_update(None, "journal_size_limit", 4 << 20).map_err(fault)?;
    connection.busy_timeout(std::time::Duration::from_secs(10)).map_err(fault)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(mode)
}

fn migrate(connection: &mut Connection) -> Result<(), LogError> {
    let behaviour = TransactionBehavior::Immediate;
    let transaction = connection.transaction_with_behavior(behaviour).map_err(fault)?;
    let done: i64 =
        transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(fault)?;
    let Some(left) = usize::try_from(done).ok().and_then(|done| MIGRATIONS.get(done..)) else {
        let text = format!("the store is of version {done}, newer than this program: update it");
        return Err(LogError::Fault(text));
    };
    for step in left {
        transaction.execute_batch(step).map_err(fault)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len() as i64).map_err(fault)?;
    transaction.commit().map_err(fault)
}

/// What SQLite says, without the values of a statement: its messages have none.
#[allow(clippy::needless_pass_by_value, reason = "so that it fits `map_err`")]
fn fault(error: rusqlite::Error) -> LogError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            LogError::Busy(error.to_string())
        }
        _ => LogError::Fault(error.to_string()),
    }
}
