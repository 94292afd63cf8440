//! What the database remembers of devices that were let in: by another device this one, and others
//! that the person has not looked at yet.

use super::{Store, Writer};
use crate::date::Instant;
use crate::id::{Chain, DeviceId, Incarnation};
use crate::wire::Cursor;
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeSet;

const PROMISE: &str = "promise";
const NEWCOMERS: &str = "newcomers";

impl Store {
    /// How far the log had got when this device was let in; nothing once it was read so far.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn promise(&self) -> rusqlite::Result<Option<Cursor>> {
        Ok(self.remembered(PROMISE)?.as_deref().and_then(read_promise))
    }

    /// Devices that came to the vault and that the person has not looked at yet.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn newcomers(&self) -> rusqlite::Result<BTreeSet<DeviceId>> {
        let bytes = self.remembered(NEWCOMERS)?.unwrap_or_default();
        Ok(bytes.as_chunks().0.iter().copied().map(DeviceId).collect())
    }

    /// When each device wrote the last of its entries, attachments and tags that are here.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn last_written(&self) -> rusqlite::Result<Vec<(DeviceId, Instant)>> {
        let sql = "SELECT max(stamp) FROM (SELECT modified_at AS stamp FROM entries
                     UNION ALL SELECT modified_at FROM attachments
                     UNION ALL SELECT modified_at FROM entry_tags)
                   GROUP BY substr(stamp, 31)";
        let mut statement = self.conn.prepare(sql)?;
        let read = |row: &rusqlite::Row<'_>| {
            let stamp = super::read::stamp(row, 0)?;
            Ok((stamp.device(), Instant(stamp.millis())))
        };
        statement.query_map([], read)?.collect()
    }

    fn remembered(&self, key: &str) -> rusqlite::Result<Option<Vec<u8>>> {
        let sql = "SELECT value FROM meta WHERE key = ?1";
        self.conn.prepare_cached(sql)?.query_row([key], |row| row.get(0)).optional()
    }
}

impl Writer<'_> {
    /// Remembers how far the log must go; with `None` it was read so far.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn set_promise(&self, promise: Option<&Cursor>) -> rusqlite::Result<()> {
        let Some(Cursor { incarnation, sequence, chain }) = promise else {
            return self.tx.execute("DELETE FROM meta WHERE key = ?1", [PROMISE]).map(drop);
        };
        self.remember(PROMISE, &[&incarnation.0[..], &chain.0, &sequence.to_be_bytes()].concat())
    }

    /// Remembers devices that the person has not looked at yet.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn set_newcomers(&self, devices: &BTreeSet<DeviceId>) -> rusqlite::Result<()> {
        let bytes: Vec<u8> = devices.iter().flat_map(|device| device.0).collect();
        self.remember(NEWCOMERS, &bytes)
    }

    fn remember(&self, key: &str, value: &[u8]) -> rusqlite::Result<()> {
        self.tx.prepare_cached(super::meta::SET)?.execute(params![key, value]).map(drop)
    }
}

fn read_promise(bytes: &[u8]) -> Option<Cursor> {
    let (incarnation, rest) = bytes.split_first_chunk()?;
    let (chain, sequence) = rest.split_first_chunk()?;
    Some(Cursor {
        incarnation: Incarnation(*incarnation),
        chain: Chain(*chain),
        sequence: u64::from_be_bytes(sequence.try_into().ok()?),
    })
}
