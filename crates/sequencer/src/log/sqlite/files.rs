//! Photos and files in the file.

use super::{Store, fault};
use crate::log::files::{Fate, NewPart, judge};
use crate::log::{LogError, VaultNumber};
use rusqlite::{OptionalExtension, params};
use thoughtstream_core::id::FileAddress;
use thoughtstream_core::wire::{Code, FileIs, PartIs};

impl Store<'_> {
    /// Bytes of all sealed parts of a vault.
    ///
    /// # Errors
    /// The database's, as everywhere below.
    pub fn files_bytes(&self, vault: VaultNumber) -> Result<u64, LogError> {
        let sql = "SELECT coalesce(sum(bytes), 0) FROM files WHERE vault = ?1";
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        statement.query_row([vault], |row| Ok(row.get::<_, i64>(0)? as u64)).map_err(fault)
    }

    /// What is there of a file.
    ///
    /// # Errors
    /// The database's.
    pub fn file(
        &self,
        vault: VaultNumber,
        address: FileAddress,
    ) -> Result<Option<FileIs>, LogError> {
        let sql = "SELECT there, parts FROM files WHERE vault = ?1 AND address = ?2";
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(FileIs { there: row.get::<_, i64>(0)? as u64, parts: row.get::<_, i64>(1)? as u64 })
        };
        statement.query_row(params![vault, address.0], read).optional().map_err(fault)
    }

    /// Takes in a part.
    ///
    /// # Errors
    /// As `judge`; the database's.
    pub fn put_part(&self, part: &NewPart) -> Result<FileIs, LogError> {
        let known = self.file(part.vault, part.address)?;
        if let Fate::Known(there) = judge(part, known, self.files_bytes(part.vault)?)? {
            return Ok(there);
        }
        let sql = "INSERT INTO files VALUES (?1, ?2, ?3, 1, ?4) ON CONFLICT (vault, address)
            DO UPDATE SET there = there + 1, bytes = bytes + excluded.bytes";
        let (address, length) = (part.address.0, part.sealed.len() as i64);
        let values = params![part.vault, address, part.parts as i64, length];
        self.connection.prepare_cached(sql).map_err(fault)?.execute(values).map_err(fault)?;
        let sql = "INSERT INTO parts (vault, address, number, sealed) VALUES (?1, ?2, ?3, ?4)";
        let values = params![part.vault, address, part.number as i64, part.sealed];
        self.connection.prepare_cached(sql).map_err(fault)?.execute(values).map_err(fault)?;
        Ok(part.after())
    }

    /// A part of a file.
    ///
    /// # Errors
    /// `NotFound` if it is not there; the database's.
    pub fn part(
        &self,
        vault: VaultNumber,
        address: FileAddress,
        number: u64,
    ) -> Result<PartIs, LogError> {
        let sql = "SELECT parts.sealed, files.parts FROM parts
            JOIN files ON files.vault = parts.vault AND files.address = parts.address
            WHERE parts.vault = ?1 AND parts.address = ?2 AND number = ?3";
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(PartIs { sealed: row.get(0)?, parts: row.get::<_, i64>(1)? as u64 })
        };
        let found = statement.query_row(params![vault, address.0, number], read).optional();
        found.map_err(fault)?.ok_or_else(|| LogError::refused(Code::NotFound, 0))
    }

    /// Forgets a file.
    ///
    /// # Errors
    /// The database's.
    pub fn drop_file(&self, vault: VaultNumber, address: FileAddress) -> Result<(), LogError> {
        let sql = "DELETE FROM files WHERE vault = ?1 AND address = ?2";
        self.connection.execute(sql, params![vault, address.0]).map(drop).map_err(fault)
    }
}
