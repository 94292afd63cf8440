//! Entries whole, on their way out: all of them, some days, or just these.

use super::Store;
use super::read::{location, moment, mood};
use crate::change::Life;
use crate::id::EntryId;
use crate::message::{Chosen, Colour, Departure, Place};
use rusqlite::{OptionalExtension, params};
use std::ops::Range;

impl Store {
    /// Everything but tombstones, oldest first, after a place.
    pub fn departures(&self, after: Option<Place>, limit: u32) -> rusqlite::Result<Vec<Departure>> {
        let after = after.map_or(i64::MIN, |place| place.0);
        self.departures_between(after..i64::MAX, true, limit)
    }

    /// Those whose places lie strictly between two, with or without the trash's.
    fn departures_between(
        &self,
        places: Range<i64>,
        with_trash: bool,
        limit: u32,
    ) -> rusqlite::Result<Vec<Departure>> {
        let sql = "SELECT place, entries.id, date, time, zone, instant, body, starred, life, \
                   journals.name, journals.colour, mood, location, latitude, longitude \
                   FROM entries \
                   LEFT JOIN journals ON journals.id = entries.journal \
                   WHERE place > ?1 AND place < ?2 AND life <= ?3 ORDER BY place LIMIT ?4";
        let mut statement = self.conn.prepare_cached(sql)?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Departure {
                place: Place(row.get(0)?),
                id: EntryId(row.get(1)?),
                moment: moment(row, 2)?,
                body: row.get(6)?,
                starred: row.get(7)?,
                trashed: Life::of_code(row.get(8)?) == Life::Trashed,
                mood: mood(row, 11)?,
                location: location(row, 12)?,
                tags: Vec::new(),
                journal: row.get::<_, Option<String>>(9)?.unwrap_or_default(),
                colour: Colour::named(&row.get::<_, Option<String>>(10)?.unwrap_or_default()),
                attachments: Vec::new(),
            })
        };
        let values = params![places.start, places.end, with_trash, limit];
        let mut departures: Vec<Departure> =
            statement.query_map(values, read)?.collect::<Result<_, _>>()?;
        for departure in &mut departures {
            departure.tags = self.tags_by_hand(departure.id)?;
            departure.attachments = self.attachments(departure.id)?;
        }
        Ok(departures)
    }

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
