//! Places to meet in PostgreSQL.

use super::{PostgresLog, array, column, exact, fault, number};
use crate::log::LogError;
use crate::log::rendezvous::{Place, Told, Turn, Wish, judge};
use tokio_postgres::Row;

impl PostgresLog {
    pub(super) async fn take_turn(&self, turn: Turn) -> Result<Told, LogError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(fault)?;
        let id = &turn.id.0[..];
        if matches!(turn.wish, Wish::Await { .. }) {
            // So that of two who open one place there is one that comes second.
            let sql = "SELECT pg_advisory_xact_lock(hashtextextended(encode($1, 'hex'), 0))";
            transaction.execute(sql, &[&id]).await.map_err(fault)?;
        }
        let sql = "SELECT new, taker, expires, said FROM rendezvous WHERE id = $1 FOR UPDATE";
        let row = transaction.query_opt(sql, &[&id]).await.map_err(fault)?;
        let kept = row.map(|row| read(&row)).transpose()?;
        let open = transaction.query_one("SELECT count(*) FROM rendezvous", &[]).await;
        let (place, told) = judge(&turn, kept, number(&open.map_err(fault)?, 0)?)?;
        if let Some(Place { new, taker, expires, said }) = place {
            let sql = "INSERT INTO rendezvous VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id)
                DO UPDATE SET new = $2, taker = $3, expires = $4, said = $5";
            let (taker, expires) = (taker.map(|taker| taker.to_vec()), expires as i64);
            let values: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
                [&id, &&new[..], &taker, &expires, &said];
            transaction.execute(sql, &values).await.map_err(fault)?;
        }
        transaction.commit().await.map_err(fault)?;
        Ok(told)
    }
}

fn read(row: &Row) -> Result<Place, LogError> {
    let taker: Option<&[u8]> = column(row, 1)?;
    Ok(Place {
        new: array(row, 0)?,
        taker: taker.map(exact).transpose()?,
        expires: number(row, 2)?,
        said: column(row, 3)?,
    })
}
