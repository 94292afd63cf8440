//! Guests in PostgreSQL. Each visit is one row, which is locked by whoever changes it, so that an
//! entry that comes while the visit is being ended is either before it or refused.

use super::{PostgresLog, array, column, fault, number};
use crate::log::guests::{
    Coming, GUESTS, ITEMS, Named, NewGuest, REMEMBERED, SILENT, end_of, judge_item,
};
use crate::log::{LogError, VaultNumber};
use thoughtstream_core::id::{GuestId, VaultId};
use thoughtstream_core::wire::{
    Code, GuestIs, GuestRow, GuestStands, Hash, InboxIs, InboxItem, ItemName, PutItem,
};
use tokio_postgres::Transaction;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

/// What is over by $1: it was ended, its time is up, or nobody was heard for too long.
const OVER: &str = "(token IS NULL OR ends <= $1 OR seen + $2 < $1)";

impl PostgresLog {
    pub(super) async fn keep_guest(&self, new: NewGuest) -> Result<(), LogError> {
        let NewGuest { vault, open } = new;
        let all = self.one("SELECT count(*) FROM guests WHERE vault = $1", &[&vault]).await?;
        if all.map(|row| number(&row, 0)).transpose()?.unwrap_or(0) >= GUESTS {
            return Err(LogError::refused(Code::QuotaFull, GUESTS));
        }
        let sql = "INSERT INTO guests VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0, NULL, $6, $7)";
        let (guest, right) = (&open.guest.0[..], &open.right.0[..]);
        let (until, length) = (open.until as i64, open.length as i64);
        let values: [&(dyn ToSql + Sync); 7] =
            [&vault, &guest, &right, &until, &length, &open.note, &open.sealed];
        let client = self.client().await?;
        match client.execute(sql, &values).await {
            Err(error) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => {
                Err(LogError::refused(Code::Exists, 0))
            }
            done => done.map(drop).map_err(fault),
        }
    }

    pub(super) async fn list_guests(&self, vault: VaultNumber) -> Result<Vec<GuestRow>, LogError> {
        let sql = "SELECT guest, until, began, ends, seen, items, note FROM guests
            WHERE vault = $1 ORDER BY began DESC, until DESC";
        let rows = self.client().await?.query(sql, &[&vault]).await.map_err(fault)?;
        let guest = |row: &tokio_postgres::Row| {
            let seen = number(row, 4)?;
            Ok(GuestRow {
                guest: GuestId(array(row, 0)?),
                until: number(row, 1)?,
                began: number(row, 2)?,
                ends: end_of(number(row, 3)?, seen),
                seen,
                items: number(row, 5)?,
                note: column(row, 6)?,
            })
        };
        rows.iter().map(guest).collect()
    }

    pub(super) async fn close_guest(
        &self,
        vault: VaultNumber,
        guest: GuestId,
        now: u64,
    ) -> Result<(), LogError> {
        let guest = &guest.0[..];
        let sql = "UPDATE guests SET token = NULL, ends = least(ends, $3)
            WHERE vault = $1 AND guest = $2 AND began > 0";
        if self.run(sql, &[&vault, &guest, &(now as i64)]).await? > 0 {
            return Ok(());
        }
        let sql = "DELETE FROM guests WHERE vault = $1 AND guest = $2";
        match self.run(sql, &[&vault, &guest]).await? {
            0 => Err(LogError::refused(Code::NotFound, 0)),
            _ => Ok(()),
        }
    }

    pub(super) async fn let_guest_in(&self, coming: Coming) -> Result<Option<GuestIs>, LogError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(fault)?;
        // Locks the row, so that of two who show one right one comes too late.
        let sql = "SELECT vault, guest, length, sealed FROM guests
            WHERE opener = $1 AND until > $2 FOR UPDATE";
        let now = coming.now as i64;
        let row = transaction.query_opt(sql, &[&&coming.right.0[..], &now]).await.map_err(fault)?;
        let Some(row) = row else { return Ok(None) };
        let (vault, guest): (VaultNumber, [u8; 16]) = (column(&row, 0)?, array(&row, 1)?);
        let ends = coming.now.saturating_add(number(&row, 2)?);
        let sql = "UPDATE guests SET opener = NULL, sealed = '', began = $3, seen = $3, ends = $4,
            token = $5 WHERE vault = $1 AND guest = $2";
        let token = Hash::of(&coming.token.0).0;
        let values: [&(dyn ToSql + Sync); 5] =
            [&vault, &&guest[..], &now, &(ends as i64), &&token[..]];
        transaction.execute(sql, &values).await.map_err(fault)?;
        let sql = "SELECT id FROM vaults WHERE number = $1";
        let id = transaction.query_one(sql, &[&vault]).await.map_err(fault)?;
        let vault = VaultId(array(&id, 0)?);
        transaction.commit().await.map_err(fault)?;
        let (token, now, guest) = (coming.token, coming.now, GuestId(guest));
        Ok(Some(GuestIs { token, now, ends, vault, guest, sealed: column(&row, 3)? }))
    }

    pub(super) async fn hear_guest(
        &self,
        token: Hash,
        now: u64,
    ) -> Result<Option<GuestStands>, LogError> {
        let sql =
            format!("UPDATE guests SET seen = $1 WHERE token = $3 AND NOT {OVER} RETURNING ends");
        let values: [&(dyn ToSql + Sync); 3] = [&(now as i64), &(SILENT as i64), &&token.0[..]];
        let heard = self.one(&sql, &values).await?;
        heard.map(|row| Ok(GuestStands { now, ends: number(&row, 0)? })).transpose()
    }

    pub(super) async fn keep_item(
        &self,
        token: Hash,
        item: PutItem,
        now: u64,
    ) -> Result<Option<GuestStands>, LogError> {
        judge_item(&item)?;
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(fault)?;
        let Some(((vault, guest), ends)) = hear(&transaction, token, now).await? else {
            return Ok(None);
        };
        let (guest, slot) = (&guest.0[..], item.slot as i64);
        let sql = "SELECT length(sealed) FROM inbox WHERE vault = $1 AND guest = $2 AND slot = $3";
        let before = transaction.query_opt(sql, &[&vault, &guest, &slot]).await.map_err(fault)?;
        let before = before.map(|row| column::<i32>(&row, 0)).transpose()?;
        let sql = "INSERT INTO inbox VALUES ($1, $2, $3, $4, $5) ON CONFLICT (vault, guest, slot)
            DO UPDATE SET version = excluded.version, sealed = excluded.sealed
            WHERE excluded.version > inbox.version";
        let values: [&(dyn ToSql + Sync); 5] =
            [&vault, &guest, &slot, &(item.version as i64), &item.sealed];
        transaction.execute(sql, &values).await.map_err(fault)?;
        if before.unwrap_or(0) == 0 && !item.sealed.is_empty() {
            let sql = "UPDATE guests SET items = items + 1 WHERE vault = $1 AND guest = $2";
            transaction.execute(sql, &[&vault, &guest]).await.map_err(fault)?;
        }
        transaction.commit().await.map_err(fault)?;
        Ok(Some(GuestStands { now, ends }))
    }

    pub(super) async fn close_visit(&self, token: Hash, now: u64) -> Result<(), LogError> {
        let sql = "UPDATE guests SET token = NULL, ends = least(ends, $2) WHERE token = $1";
        self.run(sql, &[&&token.0[..], &(now as i64)]).await.map(drop)
    }

    pub(super) async fn read_inbox(
        &self,
        vault: VaultNumber,
        now: u64,
    ) -> Result<InboxIs, LogError> {
        let (now, silent) = (now as i64, SILENT as i64);
        let sql =
            format!("SELECT count(*) FROM guests WHERE vault = $3 AND began > 0 AND NOT {OVER}");
        let open = self.one(&sql, &[&now, &silent, &vault]).await?;
        let open = open.map(|row| number(&row, 0)).transpose()?.unwrap_or(0);
        let sql = format!(
            "SELECT guest, slot, inbox.sealed FROM inbox JOIN guests USING (vault, guest)
            WHERE vault = $3 AND length(inbox.sealed) > 0 AND ({OVER} OR EXISTS (
                SELECT 1 FROM inbox AS later WHERE later.vault = inbox.vault
                AND later.guest = inbox.guest AND later.slot > inbox.slot))
            ORDER BY guest, slot LIMIT $4"
        );
        let values: [&(dyn ToSql + Sync); 4] = [&now, &silent, &vault, &(ITEMS as i64)];
        let rows = self.client().await?.query(&sql, &values).await.map_err(fault)?;
        let item = |row: &tokio_postgres::Row| {
            let (guest, slot) = (GuestId(array(row, 0)?), number(row, 1)?);
            Ok(InboxItem { guest, slot, sealed: column(row, 2)? })
        };
        let items: Result<_, LogError> = rows.iter().map(item).collect();
        Ok(InboxIs { open, items: items? })
    }

    pub(super) async fn forget_items(
        &self,
        vault: VaultNumber,
        items: Vec<ItemName>,
    ) -> Result<(), LogError> {
        let sql = "DELETE FROM inbox WHERE vault = $1 AND guest = $2 AND slot = $3";
        for ItemName { guest, slot } in items {
            let slot = i64::try_from(slot).unwrap_or(i64::MAX);
            self.run(sql, &[&vault, &&guest.0[..], &slot]).await?;
        }
        Ok(())
    }

    pub(super) async fn sweep_guests(&self, now: u64) -> Result<(), LogError> {
        let sql = "DELETE FROM guests WHERE (began = 0 AND until <= $1) OR (began > 0
            AND ends + $2 < $1 AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.vault = guests.vault
            AND inbox.guest = guests.guest AND length(inbox.sealed) > 0))";
        self.run(sql, &[&(now as i64), &(REMEMBERED as i64)]).await.map(drop)
    }
}

/// The open visit of a token, noted as heard and locked.
async fn hear(
    transaction: &Transaction<'_>,
    token: Hash,
    now: u64,
) -> Result<Option<(Named, u64)>, LogError> {
    let sql = format!(
        "UPDATE guests SET seen = $1 WHERE token = $3 AND NOT {OVER} RETURNING vault, guest, ends"
    );
    let values: [&(dyn ToSql + Sync); 3] = [&(now as i64), &(SILENT as i64), &&token.0[..]];
    let row = transaction.query_opt(&sql, &values).await.map_err(fault)?;
    row.map(|row| Ok(((column(&row, 0)?, GuestId(array(&row, 1)?)), number(&row, 2)?))).transpose()
}
