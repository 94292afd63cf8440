//! Places to meet in the file.

use super::{Store, fault};
use crate::log::LogError;
use crate::log::rendezvous::{Place, Told, Turn, judge};
use rusqlite::{OptionalExtension, params};

impl Store<'_> {
    /// Does what a device wants of a place.
    ///
    /// # Errors
    /// As `judge`; the database's.
    pub fn meet(&self, turn: &Turn) -> Result<Told, LogError> {
        let sql = "SELECT new, taker, expires, said FROM rendezvous WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        let read = |row: &rusqlite::Row<'_>| {
            let (new, taker) = (row.get(0)?, row.get(1)?);
            let expires = row.get::<_, i64>(2)? as u64;
            Ok(Place { new, taker, expires, said: row.get(3)? })
        };
        let kept = statement.query_row([turn.id.0], read).optional().map_err(fault)?;
        let sql = "SELECT count(*) FROM rendezvous";
        let open = self.connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(fault)?;
        let (place, told) = judge(turn, kept, open as u64)?;
        if let Some(Place { new, taker, expires, said }) = place {
            let sql = "INSERT OR REPLACE INTO rendezvous VALUES (?1, ?2, ?3, ?4, ?5)";
            let values = params![turn.id.0, new, taker, expires as i64, said];
            self.connection.execute(sql, values).map_err(fault)?;
        }
        Ok(told)
    }
}
