//! Changes on their way out of PostgreSQL: where a page ends is known first, from the counts that
//! stand beside each change; then its rows are sent on while the database still reads.

use super::changes::read_tail;
use super::{PostgresLog, array, column, fault, number};
use crate::log::{Changes, LogError, PageLimit, Paged, VaultNumber};
use bytes::Bytes;
use deadpool_postgres::Object;
use futures_util::TryStreamExt;
use std::pin::pin;
use thoughtstream_core::id::{Chain, RowId};
use thoughtstream_core::wire::{Code, Cursor, Page, Pull, SealedChange};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_postgres::types::ToSql;

/// The log's end, what it was at the cursor, and the last change of the page: as many as fit, each
/// with what frames it, and one in any case. Not more are looked at than are likely to fit; where
/// they are shorter than the log's others, the page is smaller than it could be.
const BOUNDS: &str = "
    SELECT incarnation, head, vaults.chain, vaults.bytes, here.chain, until.sequence, until.chain
    FROM vaults LEFT JOIN changes AS here ON here.vault = number AND here.sequence = $2
    LEFT JOIN LATERAL (
        SELECT sequence, chain FROM changes AS ahead
        WHERE ahead.vault = number AND sequence > $2 AND sequence <= $2 + least(
                $4::bigint, 16 + $3::bigint / 4 * 5 / (vaults.bytes / greatest(head, 1) + 42))
            AND (sequence = $2 + 1
                OR ahead.bytes + 42 * (sequence - $2) <= coalesce(here.bytes, 0) + $3)
        ORDER BY sequence DESC LIMIT 1
    ) AS until ON true WHERE number = $1";

const ROWS: &str = "SELECT row_id, stamp, sealed FROM changes
    WHERE vault = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence";

/// A few changes are read before the answer begins; it then says how long it is.
const FEW: u64 = 64;
/// About so many bytes go on at a time.
const PIECE: usize = 64 * 1024;

impl PostgresLog {
    pub(super) async fn page(
        &self,
        vault: VaultNumber,
        pull: Pull,
        limit: PageLimit,
    ) -> Result<Paged, LogError> {
        let client = self.client().await?;
        let after = i64::try_from(pull.cursor.sequence).unwrap_or(i64::MAX / 2);
        // Bounded besides so that the database can add to it.
        let bytes = pull.bytes.unwrap_or(u64::MAX).min(limit.bytes).min(1 << 40) as i64;
        let most = limit.changes as i64;
        let statement = client.prepare_cached(BOUNDS).await.map_err(fault)?;
        let row = client.query_opt(&statement, &[&vault, &after, &bytes, &most]).await;
        let row = row.map_err(fault)?.ok_or_else(|| LogError::refused(Code::NotFound, 0))?;
        let tail = read_tail(&row)?;
        let here = match column::<Option<&[u8]>>(&row, 4)? {
            _ if after == 0 => Some(Chain::START),
            chain => chain.and_then(|chain| chain.try_into().ok()).map(Chain),
        };
        if let Some(code) = pull.cursor.trouble(tail.incarnation, tail.head, here) {
            return Err(LogError::refused(code, tail.head));
        }
        let cursor = Cursor { incarnation: tail.incarnation, ..pull.cursor };
        if column::<Option<i64>>(&row, 5)?.is_none() {
            let opening = Page::opening(&cursor, tail.head, cursor.chain, 0);
            return Ok(Paged { opening, changes: Changes::Whole(Vec::new()), count: 0 });
        }
        let (until, chain) = (number(&row, 5)?, Chain(array(&row, 6)?));
        let count = until.saturating_sub(cursor.sequence);
        let opening = Page::opening(&cursor, tail.head, chain, count);
        let range = Range { vault, after, until: until as i64, count };
        let changes = range.changes(client).await?;
        Ok(Paged { opening, changes, count })
    }
}

/// The rows of one page.
struct Range {
    vault: VaultNumber,
    after: i64,
    until: i64,
    count: u64,
}

impl Range {
    async fn changes(self, client: Object) -> Result<Changes, LogError> {
        let (sender, mut receiver) = unbounded_channel();
        if self.count > FEW {
            // The connection is free again when the database has read, however slowly the device
            // takes it; what waits meanwhile is a page at most.
            drop(tokio::spawn(async move {
                if let Err(error) = self.send(client, &sender).await {
                    // The receiver is gone if the device is.
                    drop(sender.send(Err(error)));
                }
            }));
            return Ok(Changes::Coming(receiver));
        }
        self.send(client, &sender).await?;
        drop(sender);
        let mut whole = Vec::new();
        while let Some(piece) = receiver.recv().await {
            whole.extend_from_slice(&piece?);
        }
        Ok(Changes::Whole(whole))
    }

    async fn send(
        &self,
        client: Object,
        to: &UnboundedSender<Result<Bytes, LogError>>,
    ) -> Result<(), LogError> {
        let statement = client.prepare_cached(ROWS).await.map_err(fault)?;
        let values: [&(dyn ToSql + Sync); 3] = [&self.vault, &self.after, &self.until];
        let rows = client.query_raw(&statement, values).await.map_err(fault)?;
        let mut rows = pin!(rows);
        let (mut piece, mut sent) = (Vec::with_capacity(PIECE), 0);
        while let Some(row) = rows.try_next().await.map_err(fault)? {
            let sealed: &[u8] = column(&row, 2)?;
            SealedChange::write_parts(&RowId(array(&row, 0)?), array(&row, 1)?, sealed, &mut piece);
            sent += 1;
            if piece.len() >= PIECE {
                let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE));
                if to.send(Ok(full.into())).is_err() {
                    return Ok(());
                }
            }
        }
        if sent != self.count {
            return Err(LogError::Fault("the vault was deleted while it was read".to_owned()));
        }
        drop(to.send(Ok(piece.into())));
        Ok(())
    }
}
