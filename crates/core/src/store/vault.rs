//! What the database remembers of the vault: how to open it, how far its log was read, and what
//! came that this app cannot read.

use super::{Store, Writer};
use crate::clock::{Clock, Stamp};
use crate::id::{Chain, DeviceId, Incarnation, RowId};
use crate::wire::{Cursor, SealedChange};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;

const VAULT: &str = "vault";
const CURSOR: &str = "cursor";
const OFFSET: &str = "clock_offset";
const SYNCED_AT: &str = "synced_at";
const GOING: &str = "going";
const COPIED: &str = "copied";

impl Store {
    /// How to open the vault, as [`Writer::set_vault`] was told.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn vault(&self) -> rusqlite::Result<Option<Vec<u8>>> {
        Ok(match get(&self.conn, VAULT)? {
            Some(Value::Blob(bytes)) => Some(bytes),
            _ => None,
        })
    }

    /// How far the log was read.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn cursor(&self) -> rusqlite::Result<Cursor> {
        let Some(Value::Blob(bytes)) = get(&self.conn, CURSOR)? else { return Ok(Cursor::START) };
        Ok(read_cursor(&bytes).unwrap_or(Cursor::START))
    }

    /// How many milliseconds this device's clock has to be put forward to be right enough.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn clock_offset(&self) -> rusqlite::Result<i64> {
        number(&self.conn, OFFSET).map(Option::unwrap_or_default)
    }

    /// When everything was last the same here and there, in milliseconds since 1970.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn synced_at(&self) -> rusqlite::Result<Option<i64>> {
        number(&self.conn, SYNCED_AT)
    }

    /// Devices that are to be put out.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn going(&self) -> rusqlite::Result<BTreeSet<DeviceId>> {
        let Some(Value::Blob(bytes)) = get(&self.conn, GOING)? else { return Ok(BTreeSet::new()) };
        Ok(bytes.as_chunks().0.iter().copied().map(DeviceId).collect())
    }

    /// Whether a copy of this device has written something.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn is_copied(&self) -> rusqlite::Result<bool> {
        Ok(number(&self.conn, COPIED)?.is_some_and(|copied| copied != 0))
    }

    /// How many changes are kept aside because a newer app wrote them.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn later(&self) -> rusqlite::Result<u32> {
        let sql = "SELECT count(*) FROM later";
        self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))
    }

    /// The changes that are kept aside, oldest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn kept_aside(&self) -> rusqlite::Result<Vec<SealedChange>> {
        let sql = "SELECT row, stamp, sealed FROM later ORDER BY stamp";
        let mut statement = self.conn.prepare_cached(sql)?;
        let read = |row: &rusqlite::Row<'_>| {
            let (id, stamp) = (RowId(row.get(0)?), super::read::stamp(row, 1)?);
            Ok(SealedChange { row: id, stamp, sealed: row.get(2)? })
        };
        statement.query_map([], read)?.collect()
    }

    /// The greatest stamp of any row that is not after `limit`.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn last_stamp_until(&self, limit: Stamp) -> rusqlite::Result<Option<Stamp>> {
        let sql = "SELECT max(stamp) FROM (
                     SELECT max(modified_at) AS stamp FROM entries WHERE modified_at <= ?1
                     UNION ALL SELECT max(modified_at) FROM journals WHERE modified_at <= ?1
                     UNION ALL SELECT max(modified_at) FROM entry_tags WHERE modified_at <= ?1
                     UNION ALL SELECT max(modified_at) FROM templates WHERE modified_at <= ?1
                     UNION ALL SELECT max(modified_at) FROM attachments WHERE modified_at <= ?1
                     UNION ALL SELECT max(modified_at) FROM revisions WHERE modified_at <= ?1)";
        let read = |row: &rusqlite::Row<'_>| super::read::stamp_or_none(row, 0);
        self.conn.query_row(sql, [limit.to_string()], read)
    }
}

impl Writer<'_> {
    /// Makes everything written durable, with the clock.
    ///
    /// # Errors
    /// If the storage refuses; nothing is written then.
    pub fn commit_with_clock(self, clock: &Clock) -> rusqlite::Result<()> {
        super::Meta::save_clock(&self.tx, clock)?;
        self.tx.commit()
    }

    /// Remembers how to open the vault; with `None` there is none.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn set_vault(&self, vault: Option<&[u8]>) -> rusqlite::Result<()> {
        let Some(vault) = vault else {
            let sql = "DELETE FROM meta WHERE key LIKE 'journal:%' \
                       OR key IN ('vault', 'cursor', 'synced_at', 'going', 'copied', \
                                'promise', 'newcomers')";
            return self.tx.execute_batch(sql);
        };
        self.set(VAULT, vault)
    }

    /// Gives this device another name.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn set_device(&self, device: DeviceId) -> rusqlite::Result<()> {
        self.set("device", device.to_string())
    }

    /// Remembers how far the log was read.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn set_cursor(&self, cursor: &Cursor) -> rusqlite::Result<()> {
        let Cursor { incarnation, sequence, chain } = cursor;
        let bytes = [&incarnation.0[..], &sequence.to_be_bytes(), &chain.0].concat();
        self.set(CURSOR, bytes)
    }

    /// Remembers how wrong this device's clock is.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn set_clock_offset(&self, millis: i64) -> rusqlite::Result<()> {
        self.set(OFFSET, millis)
    }

    /// Remembers when everything was the same here and there.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn set_synced_at(&self, millis: i64) -> rusqlite::Result<()> {
        self.set(SYNCED_AT, millis)
    }

    /// Remembers which devices are to be put out.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn set_going(&self, devices: &BTreeSet<DeviceId>) -> rusqlite::Result<()> {
        self.set(GOING, devices.iter().flat_map(|device| device.0).collect::<Vec<u8>>())
    }

    /// Remembers whether a copy of this device has written something.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn set_copied(&self, copied: bool) -> rusqlite::Result<()> {
        self.set(COPIED, i64::from(copied))
    }

    /// Keeps a change aside until the app is updated.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn keep_aside(&self, change: &SealedChange) -> rusqlite::Result<()> {
        let sql = "INSERT OR IGNORE INTO later (row, stamp, sealed) VALUES (?1, ?2, ?3)";
        let values = params![change.row.0, change.stamp.to_string(), change.sealed];
        self.tx.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Forgets a change that was kept aside and has been taken in.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn no_longer_aside(&self, change: &SealedChange) -> rusqlite::Result<()> {
        let sql = "DELETE FROM later WHERE row = ?1 AND stamp = ?2";
        self.tx.prepare_cached(sql)?.execute(params![change.row.0, change.stamp.to_string()])?;
        Ok(())
    }

    fn set(&self, key: &str, value: impl rusqlite::ToSql) -> rusqlite::Result<()> {
        self.tx.prepare_cached(super::meta::SET)?.execute(params![key, value])?;
        Ok(())
    }
}

fn get(conn: &Connection, key: &str) -> rusqlite::Result<Option<Value>> {
    let sql = "SELECT value FROM meta WHERE key = ?1";
    conn.prepare_cached(sql)?.query_row([key], |row| row.get(0)).optional()
}

fn number(conn: &Connection, key: &str) -> rusqlite::Result<Option<i64>> {
    Ok(match get(conn, key)? {
        Some(Value::Integer(number)) => Some(number),
        _ => None,
    })
}

fn read_cursor(bytes: &[u8]) -> Option<Cursor> {
    let (incarnation, rest) = bytes.split_first_chunk::<16>()?;
    let (sequence, chain) = rest.split_first_chunk::<8>()?;
    Some(Cursor {
        incarnation: Incarnation(*incarnation),
        sequence: u64::from_be_bytes(*sequence),
        chain: Chain(chain.try_into().ok()?),
    })
}
