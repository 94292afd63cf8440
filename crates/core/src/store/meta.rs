//! What the database remembers beside the journal: its device, its clock, and which requests of
//! which tab it has carried out.

use super::Store;
use crate::clock::{Clock, Stamp};
use crate::id::{DeviceId, RequestId, TabId};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};

/// How many tabs are remembered; the ones that were silent longest are forgotten first.
const TABS_MAX: u32 = 64;

pub(super) const SET: &str = "INSERT INTO meta (key, value) VALUES (?1, ?2) \
                   ON CONFLICT (key) DO UPDATE SET value = excluded.value";

/// The little table of single values.
pub struct Meta;

impl Store {
    /// The clock as it was saved last; a new database takes `fresh` as its device.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn clock(&self, fresh: DeviceId) -> rusqlite::Result<Clock> {
        let get = |key: &str| {
            let sql = "SELECT value FROM meta WHERE key = ?1";
            self.conn.query_row(sql, [key], |row| row.get::<_, String>(0)).optional()
        };
        let device = get("device")?.and_then(|text| text.parse().ok());
        let Some(device) = device else {
            self.conn.execute(
                "INSERT OR REPLACE INTO meta (key, value) VALUES ('device', ?1)",
                [fresh.to_string()],
            )?;
            return Ok(Clock::new(fresh));
        };
        let last = get("clock")?.and_then(|text| text.parse::<Stamp>().ok());
        Ok(last.map_or_else(|| Clock::new(device), |last| Clock::resume(device, last)))
    }

    /// The number of the last request of `tab` that was carried out; 0 if none is known.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn last_request(&self, tab: TabId) -> rusqlite::Result<u64> {
        let sql = "SELECT value FROM meta WHERE key = ?1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let value: Option<Value> =
            statement.query_row([Meta::tab_key(tab)], |row| row.get(0)).optional()?;
        Ok(match value {
            Some(Value::Integer(number)) => u64::try_from(number).unwrap_or(0),
            _ => 0,
        })
    }

    /// Forgets all but the last tabs, which sort by the number that grows with the requests.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn forget_tabs(&self) -> rusqlite::Result<()> {
        let sql = "DELETE FROM meta WHERE key >= 'tab:' AND key < 'tab;' AND key NOT IN \
                   (SELECT key FROM meta WHERE key >= 'tab:' AND key < 'tab;' \
                    ORDER BY key DESC LIMIT ?1)";
        self.conn.execute(sql, [TABS_MAX])?;
        Ok(())
    }
}

impl Meta {
    /// Saves the clock and the request; called inside the transaction of what they belong to.
    pub(super) fn save(
        conn: &Connection,
        clock: &Clock,
        request: RequestId,
    ) -> rusqlite::Result<()> {
        Self::save_clock(conn, clock)?;
        let number = i64::try_from(request.number).unwrap_or(i64::MAX);
        conn.prepare_cached(SET)?.execute(params![Self::tab_key(request.tab), number])?;
        Ok(())
    }

    /// Saves the clock alone.
    pub(super) fn save_clock(conn: &Connection, clock: &Clock) -> rusqlite::Result<()> {
        conn.prepare_cached(SET)?.execute(params!["clock", clock.last().to_string()])?;
        Ok(())
    }

    /// A tab's id begins with the second in which it was opened, so keys sort by age.
    fn tab_key(tab: TabId) -> String {
        format!("tab:{:016x}", tab.0)
    }
}
