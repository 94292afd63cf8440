//! Guests in the file.

use super::{Store, fault};
use crate::log::guests::{
    Coming, GUESTS, ITEMS, Named, NewGuest, REMEMBERED, SILENT, end_of, judge_item,
};
use crate::log::{LogError, VaultNumber};
use rusqlite::{OptionalExtension, Row, params};
use thoughtstream_core::id::{GuestId, VaultId};
use thoughtstream_core::wire::{
    Code, GuestIs, GuestRow, GuestStands, Hash, InboxIs, InboxItem, ItemName, PutItem,
};

/// What is over by `?now`: it was ended, its time is up, or nobody was heard for too long.
const OVER: &str = "(token IS NULL OR ends <= ?1 OR seen + ?2 < ?1)";

impl Store<'_> {
    /// Keeps a right to come in once.
    ///
    /// # Errors
    /// `Exists` if the guest or the right is there, `QuotaFull` if there are too many.
    pub fn open_guest(&self, new: &NewGuest) -> Result<(), LogError> {
        let (vault, open) = (new.vault, &new.open);
        let sql = "SELECT count(*), coalesce(sum(guest = ?2 OR opener = ?3), 0) FROM guests
            WHERE vault = ?1 OR opener = ?3";
        let values = params![vault, open.guest.0, open.right.0];
        let (all, same): (i64, i64) = self
            .connection
            .query_row(sql, values, |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(fault)?;
        if same > 0 {
            return Err(LogError::refused(Code::Exists, 0));
        }
        if all as u64 >= GUESTS {
            return Err(LogError::refused(Code::QuotaFull, GUESTS));
        }
        let sql = "INSERT INTO guests VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0, 0, NULL, ?6, ?7)";
        let (until, length) = (open.until as i64, open.length as i64);
        let (guest, right) = (open.guest.0, open.right.0);
        let values = params![vault, guest, right, until, length, open.note, open.sealed];
        self.connection.execute(sql, values).map(drop).map_err(fault)
    }

    /// The guests of a vault, the newest visits first.
    ///
    /// # Errors
    /// The database's, as everywhere below.
    pub fn guests(&self, vault: VaultNumber) -> Result<Vec<GuestRow>, LogError> {
        let sql = "SELECT guest, until, began, ends, seen, items, note FROM guests
            WHERE vault = ?1 ORDER BY began DESC, until DESC";
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        let number = |row: &Row<'_>, at| row.get::<_, i64>(at).map(|number| number as u64);
        let rows = statement.query_map([vault], |row| {
            let (ends, seen) = (number(row, 3)?, number(row, 4)?);
            Ok(GuestRow {
                guest: GuestId(row.get(0)?),
                until: number(row, 1)?,
                began: number(row, 2)?,
                ends: end_of(ends, seen),
                seen,
                items: number(row, 5)?,
                note: row.get(6)?,
            })
        });
        rows.map_err(fault)?.collect::<Result<_, _>>().map_err(fault)
    }

    /// Ends a visit, or takes an unused right back.
    ///
    /// # Errors
    /// `NotFound` if the vault has no such guest.
    pub fn end_guest(&self, vault: VaultNumber, guest: GuestId, now: u64) -> Result<(), LogError> {
        let sql = "SELECT began FROM guests WHERE vault = ?1 AND guest = ?2";
        let began = self.connection.query_row(sql, params![vault, guest.0], |row| row.get(0));
        let began: Option<i64> = began.optional().map_err(fault)?;
        match began {
            None => Err(LogError::refused(Code::NotFound, 0)),
            Some(0) => {
                let sql = "DELETE FROM guests WHERE vault = ?1 AND guest = ?2";
                self.connection.execute(sql, params![vault, guest.0]).map(drop).map_err(fault)
            }
            Some(_) => self.close_guest((vault, guest), now),
        }
    }

    fn close_guest(&self, (vault, guest): Named, now: u64) -> Result<(), LogError> {
        let sql = "UPDATE guests SET token = NULL, ends = min(ends, ?3)
            WHERE vault = ?1 AND guest = ?2";
        let values = params![vault, guest.0, now as i64];
        self.connection.execute(sql, values).map(drop).map_err(fault)
    }

    /// Uses a right up, and forgets the pass.
    ///
    /// # Errors
    /// The database's.
    pub fn enter_guest(&self, coming: &Coming) -> Result<Option<GuestIs>, LogError> {
        let sql = "SELECT number, vaults.id, guest, length, sealed FROM guests
            JOIN vaults ON number = vault WHERE opener = ?1 AND until > ?2";
        let values = params![coming.right.0, coming.now as i64];
        let found = self.connection.query_row(sql, values, |row| {
            let ends = coming.now.saturating_add(row.get::<_, i64>(3)? as u64);
            let (token, now) = (coming.token, coming.now);
            let (vault, guest) = (VaultId(row.get(1)?), GuestId(row.get(2)?));
            let is = GuestIs { token, now, ends, vault, guest, sealed: row.get(4)? };
            Ok((row.get::<_, VaultNumber>(0)?, is))
        });
        let Some((vault, is)) = found.optional().map_err(fault)? else { return Ok(None) };
        let sql = "UPDATE guests SET opener = NULL, sealed = x'', began = ?3, seen = ?3, ends = ?4,
            token = ?5 WHERE vault = ?1 AND guest = ?2";
        let (now, ends) = (coming.now as i64, is.ends as i64);
        let values = params![vault, is.guest.0, now, ends, Hash::of(&coming.token.0).0];
        self.connection.execute(sql, values).map_err(fault)?;
        Ok(Some(is))
    }

    /// Notes that a guest was heard.
    ///
    /// # Errors
    /// The database's.
    pub fn guest(&self, token: Hash, now: u64) -> Result<Option<GuestStands>, LogError> {
        let open = self.open_visit(token, now)?;
        if open.is_some() {
            let sql = "UPDATE guests SET seen = ?2 WHERE token = ?1";
            self.connection.execute(sql, params![token.0, now as i64]).map_err(fault)?;
        }
        Ok(open.map(|(_, ends)| GuestStands { now, ends }))
    }

    fn open_visit(&self, token: Hash, now: u64) -> Result<Option<(Named, u64)>, LogError> {
        let sql = format!("SELECT vault, guest, ends FROM guests WHERE token = ?3 AND NOT {OVER}");
        let mut statement = self.connection.prepare_cached(&sql).map_err(fault)?;
        let found = statement.query_row(params![now as i64, SILENT as i64, token.0], |row| {
            Ok(((row.get(0)?, GuestId(row.get(1)?)), row.get::<_, i64>(2)? as u64))
        });
        found.optional().map_err(fault)
    }

    /// Keeps what a guest writes: the greatest version of each slot.
    ///
    /// # Errors
    /// As `judge_item`.
    pub fn put_item(
        &self,
        token: Hash,
        item: &PutItem,
        now: u64,
    ) -> Result<Option<GuestStands>, LogError> {
        judge_item(item)?;
        let Some(((vault, guest), _)) = self.open_visit(token, now)? else { return Ok(None) };
        let (slot, version) = (item.slot as i64, item.version as i64);
        let sql = "SELECT length(sealed) FROM inbox WHERE vault = ?1 AND guest = ?2 AND slot = ?3";
        let before =
            self.connection.query_row(sql, params![vault, guest.0, slot], |row| row.get(0));
        let before: Option<i64> = before.optional().map_err(fault)?;
        let sql = "INSERT INTO inbox VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (vault, guest, slot)
            DO UPDATE SET version = excluded.version, sealed = excluded.sealed
            WHERE excluded.version > version";
        let values = params![vault, guest.0, slot, version, item.sealed];
        self.connection.execute(sql, values).map_err(fault)?;
        if before.unwrap_or(0) == 0 && !item.sealed.is_empty() {
            let sql = "UPDATE guests SET items = items + 1 WHERE vault = ?1 AND guest = ?2";
            self.connection.execute(sql, params![vault, guest.0]).map_err(fault)?;
        }
        self.guest(token, now)
    }

    /// Ends the visit whose token this is.
    ///
    /// # Errors
    /// The database's.
    pub fn leave_guest(&self, token: Hash, now: u64) -> Result<(), LogError> {
        match self.open_visit(token, now)? {
            Some((named, _)) => self.close_guest(named, now),
            None => Ok(()),
        }
    }

    /// What the guests of a vault have finished.
    ///
    /// # Errors
    /// The database's.
    pub fn inbox(&self, vault: VaultNumber, now: u64) -> Result<InboxIs, LogError> {
        let (now, silent) = (now as i64, SILENT as i64);
        let sql =
            format!("SELECT count(*) FROM guests WHERE vault = ?3 AND began > 0 AND NOT {OVER}");
        let open: i64 = self
            .connection
            .query_row(&sql, params![now, silent, vault], |row| row.get(0))
            .map_err(fault)?;
        let sql = format!(
            "SELECT guest, slot, inbox.sealed FROM inbox JOIN guests USING (vault, guest)
            WHERE vault = ?3 AND length(inbox.sealed) > 0 AND ({OVER} OR EXISTS (
                SELECT 1 FROM inbox AS later WHERE later.vault = inbox.vault
                AND later.guest = inbox.guest AND later.slot > inbox.slot))
            ORDER BY guest, slot LIMIT ?4"
        );
        let mut statement = self.connection.prepare_cached(&sql).map_err(fault)?;
        let items = statement.query_map(params![now, silent, vault, ITEMS as i64], |row| {
            let (guest, slot) = (GuestId(row.get(0)?), row.get::<_, i64>(1)? as u64);
            Ok(InboxItem { guest, slot, sealed: row.get(2)? })
        });
        let items = items.map_err(fault)?.collect::<Result<_, _>>().map_err(fault)?;
        Ok(InboxIs { open: open as u64, items })
    }

    /// Forgets items of the inbox.
    ///
    /// # Errors
    /// The database's.
    pub fn drop_items(&self, vault: VaultNumber, items: &[ItemName]) -> Result<(), LogError> {
        let sql = "DELETE FROM inbox WHERE vault = ?1 AND guest = ?2 AND slot = ?3";
        for ItemName { guest, slot } in items {
            let slot = i64::try_from(*slot).unwrap_or(i64::MAX);
            self.connection.execute(sql, params![vault, guest.0, slot]).map_err(fault)?;
        }
        Ok(())
    }

    /// Throws away rights that nobody used, and guests of long ago whose entries were fetched.
    ///
    /// # Errors
    /// The database's.
    pub fn sweep_guests(&self, now: u64) -> Result<(), LogError> {
        let sql = "DELETE FROM guests WHERE (began = 0 AND until <= ?1) OR (began > 0
            AND ends + ?2 < ?1 AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.vault = guests.vault
            AND inbox.guest = guests.guest AND length(inbox.sealed) > 0))";
        let values = params![now as i64, REMEMBERED as i64];
        self.connection.execute(sql, values).map(drop).map_err(fault)
    }
}
