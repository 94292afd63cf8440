//! Entries whole, on their way out: all of them, some days, or just these.

use super::Store;
use super::read::{date, location, moment, mood, time};
use crate::change::Life;
use crate::date::Date;
use crate::id::EntryId;
use crate::message::{Chosen, Colour, Departure, Place, Shown};
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
                let days = days(*from, *to);
                self.departures_between(days.start.max(after)..days.end, false, limit)
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

    /// Days, times and texts of the chosen entries, or of all, without the trash's: the newest
    /// first, and no more than fit into so many bytes.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn newest_texts(
        &self,
        chosen: Option<&Chosen>,
        bytes: usize,
    ) -> rusqlite::Result<Vec<Shown>> {
        let all = i64::MIN..i64::MAX;
        let ranges = match chosen {
            None => vec![all],
            Some(Chosen::Days { from, to }) => vec![days(*from, *to)],
            Some(Chosen::Entries(ids)) => {
                let mut places = self.places_of(ids)?;
                places.sort_unstable();
                places.into_iter().rev().map(|place| place - 1..place + 1).collect()
            }
        };
        let sql = "SELECT date, time, body FROM entries \
                   WHERE place > ?1 AND place < ?2 AND life = 0 ORDER BY place DESC";
        let mut statement = self.conn.prepare_cached(sql)?;
        let (mut shown, mut room) = (Vec::new(), bytes);
        for range in ranges {
            let mut rows = statement.query(params![range.start, range.end])?;
            while let Some(row) = rows.next()? {
                let (date, time, body) = (date(row, 0)?, time(row, 1)?, row.get::<_, String>(2)?);
                let Some(left) = room.checked_sub(body.len()) else { return Ok(shown) };
                room = left;
                shown.push(Shown { date, time, body });
            }
        }
        Ok(shown)
    }

    fn places_of(&self, ids: &[EntryId]) -> rusqlite::Result<Vec<i64>> {
        let sql = "SELECT place FROM entries WHERE id = ?1 AND life <> 2";
        let mut statement = self.conn.prepare_cached(sql)?;
        let places = ids.iter().map(|id| statement.query_row([id.0], |row| row.get(0)).optional());
        places.filter_map(Result::transpose).collect()
    }
}

/// The places of some days lie strictly between these two.
fn days(from: Date, to: Date) -> Range<i64> {
    Place::first_on(from).0 - 1..Place::day(to).end
}
