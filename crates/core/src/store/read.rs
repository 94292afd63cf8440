//! Reading: everything the screens show, each by an index or a range of places.

use super::Store;
use super::versions::Added;
use crate::change::{JournalRow, Life};
use crate::clock::Stamp;
use crate::date::{Date, Instant, Moment, Month, Time, Zone};
use crate::id::{EntryId, JournalId};
use crate::message::{
    Colour, DayCount, Entry, Journal, Located, Location, MonthCount, Mood, Place, Point, Revision,
    Row, Tag,
};
use crate::text;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, params};
use std::str::FromStr;

/// Characters of an excerpt.
const EXCERPT_CHARS: usize = 280;

/// The columns that [`row`] reads, in its order.
pub(super) const ROW: &str = "place, id, date, time, substr(body, 1, 600), words, starred, \
                              journal, mood, location, latitude, longitude";

impl Store {
    /// How many entries each month has, newest month first.
    ///
    /// # Errors
    /// If the database cannot be read; so for all of this file.
    pub fn outline(&self, journal: Option<JournalId>) -> rusqlite::Result<Vec<MonthCount>> {
        let sql = "SELECT substr(date, 1, 7) AS month, sum(entries) FROM days \
                   WHERE ?1 IS NULL OR journal = ?1 GROUP BY month ORDER BY month DESC";
        let mut statement = self.conn.prepare_cached(sql)?;
        let read = |row: &rusqlite::Row<'_>| {
            let first: Date = parsed(&format!("{}-01", row.get::<_, String>(0)?), 0)?;
            Ok(MonthCount { month: first.in_month(), entries: row.get(1)? })
        };
        statement.query_map([journal.map(|id| id.0)], read)?.collect()
    }

    /// Live entries, newest first, from the end of `month` on.
    pub fn rows(
        &self,
        journal: Option<JournalId>,
        month: Month,
        skip: u32,
        limit: u32,
    ) -> rusqlite::Result<Vec<Row>> {
        let end = Place::end_of(month).0;
        let of = if journal.is_some() { "AND journal = ?4" } else { "AND ?4 IS NULL" };
        let sql = format!(
            "SELECT {ROW} FROM entries WHERE place < ?1 AND life = 0 {of} \
             ORDER BY place DESC LIMIT ?2 OFFSET ?3"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let values = params![end, limit, skip, journal.map(|id| id.0)];
        self.with_tags(statement.query_map(values, row)?.collect::<Result<_, _>>()?)
    }

    /// Where an entry stands in the timeline; `None` if it is not in it.
    pub fn locate(
        &self,
        journal: Option<JournalId>,
        entry: EntryId,
    ) -> rusqlite::Result<Option<Located>> {
        let sql = "SELECT place FROM entries WHERE id = ?1 AND life = 0 \
                   AND (?2 IS NULL OR journal = ?2)";
        let journal = journal.map(|id| id.0);
        let place: Option<i64> =
            self.conn.query_row(sql, params![entry.0, journal], |row| row.get(0)).optional()?;
        let Some(place) = place.map(Place) else { return Ok(None) };
        let month = place.date().in_month();
        let end = Place::end_of(month).0;
        let sql = "SELECT count(*) FROM entries WHERE place > ?1 AND place < ?2 AND life = 0 \
                   AND (?3 IS NULL OR journal = ?3)";
        let skip = self.conn.query_row(sql, params![place.0, end, journal], |row| row.get(0))?;
        Ok(Some(Located { month, skip }))
    }

    /// The live entries of a day, oldest first.
    pub fn day(&self, date: Date) -> rusqlite::Result<Vec<Row>> {
        let range = Place::day(date);
        let sql = format!(
            "SELECT {ROW} FROM entries WHERE place >= ?1 AND place < ?2 AND life = 0 ORDER BY place"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([range.start, range.end], row)?.collect::<Result<_, _>>()?;
        self.with_tags(rows)
    }

    /// The first entries, at most `each`, of the same day in each earlier year, newest year first.
    pub fn on_this_day(&self, date: Date, limit: u32, each: u32) -> rusqlite::Result<Vec<Row>> {
        let sql = "SELECT min(place) FROM entries WHERE life = 0";
        let first: Option<i64> = self.conn.query_row(sql, [], |row| row.get(0))?;
        let Some(first) = first.map(|place| Place(place).date().year()) else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "SELECT {ROW} FROM entries WHERE place >= ?1 AND place < ?2 AND life = 0 \
             ORDER BY place LIMIT ?3"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = Vec::new();
        for year in (first..date.year()).rev() {
            let Some(day) = Date::new(year, date.month(), date.day()) else { continue };
            let range = Place::day(day);
            for found in statement.query_map(params![range.start, range.end, each], row)? {
                rows.push(found?);
            }
            if rows.len() >= limit as usize {
                rows.truncate(limit as usize);
                break;
            }
        }
        drop(statement);
        self.with_tags(rows)
    }

    /// What was written on each day of a year.
    pub fn calendar(
        &self,
        year: i32,
        journal: Option<JournalId>,
    ) -> rusqlite::Result<Vec<DayCount>> {
        let sql = "SELECT date, sum(entries), sum(words) FROM days \
                   WHERE date >= ?1 AND date <= ?2 AND (?3 IS NULL OR journal = ?3) GROUP BY date";
        let mut statement = self.conn.prepare_cached(sql)?;
        let (from, to) = (format!("{year:04}-01-01"), format!("{year:04}-12-31"));
        let read = |row: &rusqlite::Row<'_>| {
            let date = parsed(&row.get::<_, String>(0)?, 0)?;
            Ok(DayCount { date, entries: row.get(1)?, words: row.get(2)? })
        };
        statement.query_map(params![from, to, journal.map(|id| id.0)], read)?.collect()
    }

    /// One entry, whole; `None` for a tombstone too.
    pub fn entry(&self, id: EntryId) -> rusqlite::Result<Option<Entry>> {
        let sql = "SELECT journal, date, time, zone, instant, body, words, starred, life, \
                   modified_at, (SELECT count(*) FROM revisions WHERE entry = ?1), \
                   EXISTS (SELECT 1 FROM revisions WHERE entry = ?1 AND lost), \
                   mood, location, latitude, longitude \
                   FROM entries WHERE id = ?1 AND life <> 2";
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Entry {
                id,
                journal: JournalId(row.get(0)?),
                moment: moment(row, 1)?,
                body: row.get(5)?,
                words: row.get(6)?,
                starred: row.get(7)?,
                trashed: Life::of_code(row.get(8)?) == Life::Trashed,
                mood: mood(row, 12)?,
                location: location(row, 13)?,
                tags: Vec::new(),
                text_tags: Vec::new(),
                revisions: row.get(10)?,
                lost: row.get(11)?,
                modified_at: stamp(row, 9)?,
            })
        };
        let mut statement = self.conn.prepare_cached(sql)?;
        let Some(mut entry) = statement.query_row([id.0], read).optional()? else {
            return Ok(None);
        };
        entry.tags = self.tags_by_hand(id)?;
        let sql = "SELECT name FROM text_tags WHERE entry = ?1";
        let mut statement = self.conn.prepare_cached(sql)?;
        entry.text_tags =
            statement.query_map([id.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(Some(entry))
    }

    /// The kept versions of an entry, newest first.
    pub fn revisions(&self, id: EntryId) -> rusqlite::Result<Vec<Revision>> {
        let sql = "SELECT modified_at, body, lost, marks FROM revisions WHERE entry = ?1 \
                   ORDER BY modified_at DESC";
        let mut statement = self.conn.prepare_cached(sql)?;
        let read = |row: &rusqlite::Row<'_>| {
            let marks = row.get::<_, Option<Vec<u8>>>(3)?.unwrap_or_default();
            let Added { mood, location } = Added::of_marks(&marks);
            let (stamp, body, lost) = (stamp(row, 0)?, row.get(1)?, row.get(2)?);
            Ok(Revision { stamp, body, mood, location, lost })
        };
        statement.query_map([id.0], read)?.collect()
    }

    /// The versions that these entries have now.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn versions_of(&self, ids: &[EntryId]) -> rusqlite::Result<Vec<(EntryId, Stamp)>> {
        let sql = "SELECT modified_at FROM entries WHERE id = ?1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut versions = Vec::with_capacity(ids.len());
        for id in ids {
            versions.push((*id, statement.query_row([id.0], |row| stamp(row, 0))?));
        }
        Ok(versions)
    }

    /// The journals with how many live entries each has, by name.
    pub fn journals(&self) -> rusqlite::Result<Vec<Journal>> {
        let sql = "SELECT coalesce(sum(entries), 0) FROM days WHERE journal = ?1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut journals = Vec::new();
        for JournalRow { id, name, colour, .. } in self::journals(&self.conn)? {
            let entries = statement.query_row([id.0], |row| row.get(0))?;
            journals.push(Journal { id, name, colour, entries });
        }
        journals.sort_by_key(|journal| journal.name.to_lowercase());
        Ok(journals)
    }

    /// Every tag of a live entry with how many have it, by name.
    pub fn tags(&self) -> rusqlite::Result<Vec<Tag>> {
        let sql = "SELECT max(name), count(DISTINCT entry) FROM \
                   (SELECT entry, tag, name FROM entry_tags WHERE deleted = 0 \
                    UNION ALL SELECT entry, tag, name FROM text_tags) AS tagged \
                   JOIN entries ON entries.id = tagged.entry WHERE life = 0 \
                   GROUP BY tag ORDER BY tag";
        let mut statement = self.conn.prepare_cached(sql)?;
        let read = |row: &rusqlite::Row<'_>| Ok(Tag { name: row.get(0)?, entries: row.get(1)? });
        statement.query_map([], read)?.collect()
    }

    /// The trash, last thrown first.
    pub fn trash(&self) -> rusqlite::Result<Vec<Row>> {
        let sql = format!(
            "SELECT {ROW} FROM entries WHERE life = 1 ORDER BY modified_at DESC LIMIT 1000"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        self.with_tags(statement.query_map([], row)?.collect::<Result<_, _>>()?)
    }

    /// Live entries, entries in the trash, journals, and the bytes of the database.
    pub fn counts(&self) -> rusqlite::Result<(u32, u32, u32, u64)> {
        let one = |sql: &str| self.conn.query_row(sql, [], |row| row.get::<_, u32>(0));
        let pages: u64 =
            self.conn.pragma_query_value(None, "page_count", |row| row.get::<_, i64>(0))? as u64;
        let size: u64 =
            self.conn.pragma_query_value(None, "page_size", |row| row.get::<_, i64>(0))? as u64;
        Ok((
            one("SELECT coalesce(sum(entries), 0) FROM days")?,
            one("SELECT count(*) FROM entries WHERE life = 1")?,
            one("SELECT count(*) FROM journals WHERE deleted = 0")?,
            pages * size,
        ))
    }

    /// Fills in the tags of rows.
    pub(super) fn with_tags(&self, mut rows: Vec<Row>) -> rusqlite::Result<Vec<Row>> {
        let sql = "SELECT name FROM text_tags WHERE entry = ?1";
        let mut in_text = self.conn.prepare_cached(sql)?;
        for row in &mut rows {
            row.tags = self.tags_by_hand(row.id)?;
            for name in in_text.query_map([row.id.0], |row| row.get::<_, String>(0))? {
                let name = name?;
                if !row.tags.iter().any(|tag| text::tag_key(tag) == text::tag_key(&name)) {
                    row.tags.push(name);
                }
            }
        }
        Ok(rows)
    }

    pub(super) fn tags_by_hand(&self, id: EntryId) -> rusqlite::Result<Vec<String>> {
        let sql = "SELECT name FROM entry_tags WHERE entry = ?1 AND deleted = 0";
        let mut statement = self.conn.prepare_cached(sql)?;
        statement.query_map([id.0], |row| row.get(0))?.collect()
    }
}

/// The journals that are not deleted, by id.
pub(super) fn journals(conn: &Connection) -> rusqlite::Result<Vec<JournalRow>> {
    let sql = "SELECT id, name, colour FROM journals WHERE deleted = 0";
    let mut statement = conn.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(JournalRow {
            id: JournalId(row.get(0)?),
            name: row.get(1)?,
            colour: Colour::named(&row.get::<_, String>(2)?),
            deleted: false,
        })
    };
    statement.query_map([], read)?.collect()
}

/// Reads the columns of [`ROW`]; tags are filled in by the caller.
pub(super) fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        place: Place(row.get(0)?),
        id: EntryId(row.get(1)?),
        date: parsed(&row.get::<_, String>(2)?, 2)?,
        time: time(row, 3)?,
        excerpt: text::excerpt(&row.get::<_, String>(4)?, EXCERPT_CHARS),
        words: row.get(5)?,
        starred: row.get(6)?,
        journal: JournalId(row.get(7)?),
        mood: mood(row, 8)?,
        location: location(row, 9)?.map(|location| location.name()).unwrap_or_default(),
        tags: Vec::new(),
    })
}

pub(super) fn mood(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Option<Mood>> {
    Ok(row.get::<_, Option<i64>>(at)?.and_then(Mood::of_code))
}

/// Reads label, latitude and longitude from three columns beginning at `at`.
pub(super) fn location(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Option<Location>> {
    let label: Option<String> = row.get(at)?;
    let point = match (row.get(at + 1)?, row.get(at + 2)?) {
        (Some(latitude), Some(longitude)) => Point::new(latitude, longitude),
        _ => None,
    };
    Ok(Location::new(&label.unwrap_or_default(), point))
}

/// Reads date, time, zone and instant from four columns beginning at `at`.
pub(super) fn moment(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Moment> {
    Ok(Moment {
        date: parsed(&row.get::<_, String>(at)?, at)?,
        time: time(row, at + 1)?,
        zone: Zone(row.get(at + 2)?),
        instant: Instant(row.get(at + 3)?),
    })
}

pub(super) fn time(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Option<Time>> {
    row.get::<_, Option<String>>(at)?.map(|text| parsed(&text, at)).transpose()
}

/// Reads a stamp from a column.
pub(super) fn stamp(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Stamp> {
    parsed(&row.get::<_, String>(at)?, at)
}

/// A stamp, where there may be none.
pub(super) fn stamp_or_none(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Option<Stamp>> {
    row.get::<_, Option<String>>(at)?.map(|text| parsed(&text, at)).transpose()
}

pub(super) fn date_or_none(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Option<Date>> {
    row.get::<_, Option<String>>(at)?.map(|text| parsed(&text, at)).transpose()
}

pub(super) fn date(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Date> {
    parsed(&row.get::<_, String>(at)?, at)
}

/// A text that the store itself wrote; if it does not read back, the file is damaged.
fn parsed<T: FromStr>(text: &str, column: usize) -> rusqlite::Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|error: T::Err| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}
