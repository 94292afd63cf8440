//! Changes in and out of the file.

use super::fault;
use crate::log::{LogError, PageBytes, PageLimit, Placed, Placing, Tail, VaultNumber, plan};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;
use thoughtstream_core::id::{Chain, Incarnation, RowId};
use thoughtstream_core::wire::{Code, Cursor, Page, Pull, Pushed, SealedChange};

/// Sequences that one vault can have.
const PLACES: i64 = 1 << 40;

/// A store within a transaction that somebody else begins and commits.
#[derive(Debug)]
pub struct Store<'c> {
    pub(super) connection: &'c Connection,
}

impl<'c> Store<'c> {
    pub(super) fn over(connection: &'c Connection) -> Self {
        Self { connection }
    }

    /// Appends changes. Everything that can be refused is, before the first is written.
    ///
    /// # Errors
    /// As `plan`; `NotFound` if the vault is gone; the database's.
    pub fn push(&self, placing: &Placing) -> Result<Pushed, LogError> {
        let tail = self.tail(placing.vault)?;
        let known = self.known(placing)?;
        let plan = plan(tail, placing, &known)?;
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO changes VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .map_err(fault)?;
        for (place, Placed { checked, chain, .. }) in
            (place(placing.vault, tail.head)? + 1..).zip(&plan.fresh)
        {
            let change = &checked.change;
            let stamp = change.stamp.to_bytes();
            let values = (place, change.row.0, stamp, chain.0, checked.digest, &change.sealed);
            insert.execute(values).map_err(fault)?;
        }
        if !plan.fresh.is_empty() {
            let sql = "UPDATE vaults SET head = ?2, chain = ?3, bytes = ?4 WHERE number = ?1";
            let Tail { head, chain, bytes, .. } = plan.tail;
            let values = (placing.vault, head as i64, chain.0, bytes as i64);
            self.connection.prepare_cached(sql).map_err(fault)?.execute(values).map_err(fault)?;
        }
        Ok(plan.pushed)
    }

    /// The sequences of those changes that are there already.
    fn known(&self, placing: &Placing) -> Result<HashMap<[u8; 16], u64>, LogError> {
        let sql = "SELECT place FROM changes WHERE digest = ?1";
        let mut find = self.connection.prepare_cached(sql).map_err(fault)?;
        let mut known = HashMap::new();
        for checked in &placing.changes {
            let place: Option<i64> =
                find.query_row([checked.digest], |row| row.get(0)).optional().map_err(fault)?;
            if let Some(place) = place {
                known.insert(checked.digest, (place % PLACES) as u64);
            }
        }
        Ok(known)
    }

    /// How far a vault's log has got.
    ///
    /// # Errors
    /// `NotFound` if there is no such vault; the database's.
    pub fn tail(&self, vault: VaultNumber) -> Result<Tail, LogError> {
        let sql = "SELECT incarnation, head, chain, bytes FROM vaults WHERE number = ?1";
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        let tail = statement.query_row([vault], |row| {
            Ok(Tail {
                incarnation: Incarnation(row.get(0)?),
                head: row.get::<_, i64>(1)? as u64,
                chain: Chain(row.get(2)?),
                bytes: row.get::<_, i64>(3)? as u64,
            })
        });
        let tail = tail.optional().map_err(fault)?;
        tail.ok_or_else(|| LogError::refused(Code::NotFound, 0))
    }

    /// Reads a page from behind a cursor.
    ///
    /// # Errors
    /// The cursor's troubles; `NotFound` if the vault is gone; the database's.
    pub fn pull(
        &self,
        vault: VaultNumber,
        pull: &Pull,
        limit: PageLimit,
    ) -> Result<PageBytes, LogError> {
        let tail = self.tail(vault)?;
        let Cursor { sequence, .. } = pull.cursor;
        let chain = self.chain_at(vault, sequence, &tail)?;
        if let Some(code) = pull.cursor.trouble(tail.incarnation, tail.head, chain) {
            return Err(LogError::refused(code, tail.head));
        }
        let most = pull.bytes.unwrap_or(u64::MAX).min(limit.bytes);
        let sql = "SELECT row, stamp, sealed, chain FROM changes WHERE place > ?1 AND place <= ?2
            ORDER BY place LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        let range = (place(vault, sequence)?, place(vault, tail.head)?, limit.changes as i64);
        let mut rows = statement.query(range).map_err(fault)?;
        let (mut changes, mut count, mut chain) = (Vec::new(), 0, pull.cursor.chain);
        while let Some(row) = rows.next().map_err(fault)? {
            let sealed = row.get_ref(2).map_err(fault)?.as_blob().unwrap_or_default();
            let longer = changes.len() + sealed.len() + SealedChange::OVERHEAD;
            if count > 0 && longer as u64 > most {
                break;
            }
            let id = RowId(row.get(0).map_err(fault)?);
            let stamp = row.get(1).map_err(fault)?;
            SealedChange::write_parts(&id, stamp, sealed, &mut changes);
            chain = Chain(row.get(3).map_err(fault)?);
            count += 1;
        }
        let cursor = Cursor { incarnation: tail.incarnation, ..pull.cursor };
        let opening = Page::opening(&cursor, tail.head, chain, count);
        Ok(PageBytes { opening, changes, count })
    }

    /// The log's chain at a sequence; `None` if it does not reach so far.
    fn chain_at(
        &self,
        vault: VaultNumber,
        sequence: u64,
        tail: &Tail,
    ) -> Result<Option<Chain>, LogError> {
        if sequence == tail.head {
            return Ok(Some(tail.chain));
        }
        if sequence == 0 {
            return Ok(Some(Chain::START));
        }
        if sequence > tail.head {
            return Ok(None);
        }
        let sql = "SELECT chain FROM changes WHERE place = ?1";
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        let place = place(vault, sequence)?;
        let chain = statement.query_row([place], |row| row.get(0).map(Chain));
        chain.optional().map_err(fault)
    }

    /// Deletes a vault and everything of it.
    ///
    /// # Errors
    /// The database's.
    pub fn delete(&self, vault: VaultNumber) -> Result<(), LogError> {
        let range = (place(vault, 0)?, place(vault, 0)? + PLACES);
        let sql = "DELETE FROM changes WHERE place >= ?1 AND place < ?2";
        self.connection.execute(sql, range).map_err(fault)?;
        self.connection.execute("DELETE FROM vaults WHERE number = ?1", [vault]).map_err(fault)?;
        Ok(())
    }
}

/// Where a change of a vault stands among those of all.
fn place(vault: VaultNumber, sequence: u64) -> Result<i64, LogError> {
    let sequence = i64::try_from(sequence).ok().filter(|sequence| *sequence < PLACES);
    let place = sequence.and_then(|sequence| vault.checked_mul(PLACES)?.checked_add(sequence));
    place.ok_or_else(|| LogError::refused(Code::CursorAhead, 0))
}
