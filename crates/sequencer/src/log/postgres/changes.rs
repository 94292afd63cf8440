//! Changes on their way into PostgreSQL.
//!
//! A push is one statement when nobody else pushed in between: it moves the vault's head only if
//! that is still where this process left it, and inserts behind it, in one round trip and one
//! commit. Else the head is locked, what is there already is looked up, and the rest is inserted.
//! Either way the lock on the vault's row is taken before a number is, so sequences become visible
//! in their order.

use super::{PostgresLog, array, fault, number};
use crate::log::{LogError, Placed, Placing, Plan, Tail, VaultNumber, plan};
use deadpool_postgres::GenericClient;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use thoughtstream_core::id::{Chain, Incarnation};
use thoughtstream_core::wire::{Code, Pushed};
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;

const APPEND: &str = "
    WITH moved AS (
        UPDATE vaults SET head = $2, chain = $3, bytes = $4
        WHERE number = $1 AND head = $5 AND chain = $6 AND incarnation = $7 RETURNING number
    )
    INSERT INTO changes (vault, sequence, row_id, stamp, chain, digest, bytes, sealed)
    SELECT moved.number, $5 + place, row_id, stamp, chain, digest, bytes, sealed
    FROM moved, UNNEST(
        $8::bytea[], $9::bytea[], $10::bytea[], $11::bytea[], $12::bigint[], $13::bytea[]
    ) WITH ORDINALITY AS new (row_id, stamp, chain, digest, bytes, sealed, place)";

const TAIL: &str = "SELECT incarnation, head, chain, bytes FROM vaults WHERE number = $1";

/// Where this process left each log: a guess, which the statement itself checks.
#[derive(Debug, Default)]
pub(super) struct Tails(Mutex<HashMap<VaultNumber, Tail>>);

/// Logs to remember; beyond it all are forgotten, at the cost of one slower push each.
const TAILS: usize = 20_000;

impl Tails {
    fn get(&self, vault: VaultNumber) -> Option<Tail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&vault).copied()
    }

    fn set(&self, vault: VaultNumber, tail: Tail) {
        let mut tails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tails.len() >= TAILS {
            tails.clear();
        }
        tails.insert(vault, tail);
    }
}

impl PostgresLog {
    pub(super) async fn append(&self, placing: Placing) -> Result<Pushed, LogError> {
        let quick = match self.tails.get(placing.vault) {
            Some(tail) => self.append_behind(tail, &placing).await?,
            None => None,
        };
        let (tail, pushed) = match quick {
            Some(done) => done,
            None => self.append_locked(&placing).await?,
        };
        self.tails.set(placing.vault, tail);
        self.nudges.say(placing.vault, pushed.head);
        Ok(pushed)
    }

    /// Appends if the log still ends in `tail` and has none of the changes; else does nothing.
    async fn append_behind(
        &self,
        tail: Tail,
        placing: &Placing,
    ) -> Result<Option<(Tail, Pushed)>, LogError> {
        let Ok(plan) = plan(tail, placing, &HashMap::new()) else { return Ok(None) };
        if plan.fresh.is_empty() {
            return Ok(None);
        }
        let client = self.client().await?;
        match insert(&client, placing.vault, &tail, &plan).await {
            Ok(0) => Ok(None),
            Ok(_) => Ok(Some((plan.tail, plan.pushed))),
            Err(error) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => Ok(None),
            Err(error) => Err(fault(error)),
        }
    }

    async fn append_locked(&self, placing: &Placing) -> Result<(Tail, Pushed), LogError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(fault)?;
        let sql = format!("{TAIL} FOR UPDATE");
        let statement = transaction.prepare_cached(&sql).await.map_err(fault)?;
        let row = transaction.query_opt(&statement, &[&placing.vault]).await.map_err(fault)?;
        let row = row.ok_or_else(|| LogError::refused(Code::NotFound, 0))?;
        let tail = read_tail(&row)?;
        let digests: Vec<&[u8]> =
            placing.changes.iter().map(|checked| &checked.digest[..]).collect();
        let sql = "SELECT digest, sequence FROM changes WHERE digest = ANY($1)";
        let statement = transaction.prepare_cached(sql).await.map_err(fault)?;
        let rows = transaction.query(&statement, &[&digests]).await.map_err(fault)?;
        let known = rows.iter().map(|row| Ok((array(row, 0)?, number(row, 1)?)));
        let known = known.collect::<Result<HashMap<_, _>, LogError>>()?;
        let plan = plan(tail, placing, &known)?;
        if !plan.fresh.is_empty() {
            insert(&transaction, placing.vault, &tail, &plan).await.map_err(fault)?;
            transaction.commit().await.map_err(fault)?;
        }
        Ok((plan.tail, plan.pushed))
    }

    pub(super) async fn last_sequence(&self, vault: VaultNumber) -> Result<u64, LogError> {
        let row = self.one(TAIL, &[&vault]).await?;
        let row = row.ok_or_else(|| LogError::refused(Code::NotFound, 0))?;
        read_tail(&row).map(|tail| tail.head)
    }

    pub(super) async fn delete_vault(&self, vault: VaultNumber) -> Result<(), LogError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(fault)?;
        // The vault first: a push that is under way then ends before the changes are deleted.
        for sql in ["DELETE FROM vaults WHERE number = $1", "DELETE FROM changes WHERE vault = $1"]
        {
            transaction.execute(sql, &[&vault]).await.map_err(fault)?;
        }
        transaction.commit().await.map_err(fault)?;
        self.nudges.forget(vault);
        Ok(())
    }
}

/// New changes column by column, as `UNNEST` takes them.
#[derive(Default)]
struct Arrays<'a> {
    rows: Vec<&'a [u8]>,
    stamps: Vec<Vec<u8>>,
    chains: Vec<&'a [u8]>,
    digests: Vec<&'a [u8]>,
    bytes: Vec<i64>,
    sealed: Vec<&'a [u8]>,
}

/// Runs `APPEND`; 0 rows if the log does not end in `tail`.
async fn insert(
    client: &impl GenericClient,
    vault: VaultNumber,
    tail: &Tail,
    plan: &Plan<'_>,
) -> Result<u64, tokio_postgres::Error> {
    let mut new = Arrays::default();
    for Placed { checked, chain, bytes } in &plan.fresh {
        let change = &checked.change;
        new.rows.push(&change.row.0);
        new.stamps.push(change.stamp.to_bytes().to_vec());
        new.chains.push(&chain.0);
        new.digests.push(&checked.digest);
        new.bytes.push(*bytes as i64);
        new.sealed.push(&change.sealed);
    }
    let Tail { head, chain, bytes, .. } = &plan.tail;
    let (head, bytes, old) = (*head as i64, *bytes as i64, tail.head as i64);
    let (new_chain, old_chain) = (&chain.0[..], &tail.chain.0[..]);
    let statement = client.prepare_cached(APPEND).await?;
    let incarnation = &tail.incarnation.0[..];
    client
        .execute(
            &statement,
            &[
                &vault,
                &head,
                &new_chain,
                &bytes,
                &old,
                &old_chain,
                &incarnation,
                &new.rows,
                &new.stamps,
                &new.chains,
                &new.digests,
                &new.bytes,
                &new.sealed,
            ],
        )
        .await
}

pub(super) fn read_tail(row: &Row) -> Result<Tail, LogError> {
    Ok(Tail {
        incarnation: Incarnation(array(row, 0)?),
        head: number(row, 1)?,
        chain: Chain(array(row, 2)?),
        bytes: number(row, 3)?,
    })
}
