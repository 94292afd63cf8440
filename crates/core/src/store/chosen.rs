//! Chosen entries, whole: some days of them, or just these.

use super::Store;
use crate::id::EntryId;
use crate::message::{Chosen, Departure, Place};
use rusqlite::OptionalExtension;

impl Store {
    /// The chosen entries, oldest first, after a place.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn chosen(
        &self,
        chosen: &Chosen,
        after: Option<Place>,
        limit: u32,
    ) -> rusqlite::Result<Vec<Departure>> {
        let after = after.map_or(i64::MIN, |place| place.0);
        match chosen {
            Chosen::Days { from, to } => {
                let start = Place::first_on(*from).0 - 1;
                self.departures_between(start.max(after)..Place::day(*to).end, false, limit)
            }
            Chosen::Entries(ids) => {
                let mut places = self.places_of(ids)?;
                places.retain(|place| *place > after);
                places.sort_unstable();
                let mut departures = Vec::new();
                for place in places.into_iter().take(limit as usize) {
                    departures.extend(self.departures_between(place - 1..place + 1, true, 1)?);
                }
                Ok(departures)
            }
        }
    }

    fn places_of(&self, ids: &[EntryId]) -> rusqlite::Result<Vec<i64>> {
        let sql = "SELECT place FROM entries WHERE id = ?1 AND life <> 2";
        let mut statement = self.conn.prepare_cached(sql)?;
        let places = ids.iter().map(|id| statement.query_row([id.0], |row| row.get(0)).optional());
        places.filter_map(Result::transpose).collect()
    }
}
