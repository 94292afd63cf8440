//! Photos and files in PostgreSQL.

use super::{PostgresLog, column, fault, number};
use crate::log::files::{Fate, NewPart, judge};
use crate::log::{LogError, VaultNumber};
use thoughtstream_core::id::FileAddress;
use thoughtstream_core::wire::{Code, FileIs, PartIs};
use tokio_postgres::Row;

const USED: &str = "SELECT coalesce(sum(bytes), 0)::bigint FROM files WHERE vault = $1";

impl PostgresLog {
    pub(super) async fn sum_files(&self, vault: VaultNumber) -> Result<u64, LogError> {
        match self.one(USED, &[&vault]).await? {
            Some(row) => number(&row, 0),
            None => Ok(0),
        }
    }

    pub(super) async fn find_file(
        &self,
        vault: VaultNumber,
        address: FileAddress,
    ) -> Result<Option<FileIs>, LogError> {
        let sql = "SELECT there, parts FROM files WHERE vault = $1 AND address = $2";
        self.one(sql, &[&vault, &&address.0[..]]).await?.map(|row| file_is(&row)).transpose()
    }

    pub(super) async fn append_part(&self, part: NewPart) -> Result<FileIs, LogError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(fault)?;
        let (vault, address, parts) = (part.vault, &part.address.0[..], part.parts as i64);
        // Locks the file, made or found, so that of two who bring one part one comes second.
        let sql = "INSERT INTO files VALUES ($1, $2, $3, 0, 0) ON CONFLICT (vault, address)
            DO UPDATE SET there = files.there RETURNING there, parts";
        let row = transaction.query_one(sql, &[&vault, &address, &parts]).await.map_err(fault)?;
        let used = transaction.query_one(USED, &[&vault]).await.map_err(fault)?;
        if let Fate::Known(there) = judge(&part, Some(file_is(&row)?), number(&used, 0)?)? {
            return Ok(there);
        }
        let sql = "INSERT INTO parts VALUES ($1, $2, $3, $4)";
        let (at, length) = (part.number as i64, part.sealed.len() as i64);
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
            [&vault, &address, &at, &part.sealed];
        transaction.execute(sql, &values).await.map_err(fault)?;
        let sql = "UPDATE files SET there = there + 1, bytes = bytes + $3
            WHERE vault = $1 AND address = $2";
        transaction.execute(sql, &[&vault, &address, &length]).await.map_err(fault)?;
        transaction.commit().await.map_err(fault)?;
        Ok(part.after())
    }

    pub(super) async fn find_part(
        &self,
        vault: VaultNumber,
        address: FileAddress,
        number: u64,
    ) -> Result<PartIs, LogError> {
        let sql = "SELECT parts.sealed, files.parts FROM parts
            JOIN files ON files.vault = parts.vault AND files.address = parts.address
            WHERE parts.vault = $1 AND parts.address = $2 AND number = $3";
        let at = i64::try_from(number).unwrap_or(i64::MAX);
        let found = self.one(sql, &[&vault, &&address.0[..], &at]).await?;
        let row = found.ok_or_else(|| LogError::refused(Code::NotFound, 0))?;
        Ok(PartIs { sealed: column(&row, 0)?, parts: super::number(&row, 1)? })
    }

    pub(super) async fn forget_file(
        &self,
        vault: VaultNumber,
        address: FileAddress,
    ) -> Result<(), LogError> {
        let sql = "DELETE FROM files WHERE vault = $1 AND address = $2";
        self.run(sql, &[&vault, &&address.0[..]]).await.map(drop)
    }
}

fn file_is(row: &Row) -> Result<FileIs, LogError> {
    Ok(FileIs { there: number(row, 0)?, parts: number(row, 1)? })
}
