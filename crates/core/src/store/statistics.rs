//! Counting: a year's days, moods and tags, and days in a row. Nothing here reads a text: what is
//! counted stands in the days, in indexes, and before the texts in the rows.

use super::{Store, read};
use crate::date::Date;
use crate::message::{Mood, Place, Statistics, Streak, Tag};
use rusqlite::params;
use std::ops::Range;

/// How many tags are told.
const TAGS: u32 = 12;

impl Store {
    /// A year in numbers.
    ///
    /// # Errors
    /// If the database cannot be read; so for all of this file.
    pub fn statistics(&self, year: i32, today: Date) -> rusqlite::Result<Statistics> {
        let places = places(year);
        Ok(Statistics {
            days: self.calendar(year, None)?,
            moods: self.moods(&places)?,
            tags: self.most_used_tags(&places)?,
            streak: self.streak(today)?,
        })
    }

    /// The written days next to a day, before and after it.
    pub fn neighbours(&self, date: Date) -> rusqlite::Result<(Option<Date>, Option<Date>)> {
        let day = |sql: &str| {
            let mut statement = self.conn.prepare_cached(sql)?;
            statement.query_row([date.to_string()], |row| read::date_or_none(row, 0))
        };
        Ok((
            day("SELECT max(date) FROM days WHERE date < ?1")?,
            day("SELECT min(date) FROM days WHERE date > ?1")?,
        ))
    }

    fn moods(&self, places: &Range<i64>) -> rusqlite::Result<[[u32; 5]; 12]> {
        let sql = "SELECT place FROM entries WHERE mood IS NOT NULL AND mood = ?1 \
                   AND place >= ?2 AND place < ?3 \
                   AND place NOT IN (SELECT place FROM entries WHERE life <> 0)";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut counts = [[0; 5]; 12];
        for (at, mood) in Mood::ALL.into_iter().enumerate() {
            let mut rows = statement.query(params![mood.code(), places.start, places.end])?;
            while let Some(row) = rows.next()? {
                let month = Place(row.get(0)?).date().month();
                counts[usize::from(month - 1)][at] += 1;
            }
        }
        Ok(counts)
    }

    fn most_used_tags(&self, places: &Range<i64>) -> rusqlite::Result<Vec<Tag>> {
        // From the entries to their tags, as a year has fewer entries than a journal has tags; and
        // a life stands behind the text, so the few that are not live are looked up apart.
        let sql = "WITH year AS MATERIALIZED (SELECT id FROM entries \
                     WHERE place >= ?1 AND place < ?2 \
                     AND place NOT IN (SELECT place FROM entries WHERE life <> 0)) \
                   SELECT max(name), count(DISTINCT entry) AS entries FROM (\
                     SELECT entry, tag, name FROM year CROSS JOIN entry_tags ON entry = id \
                     WHERE deleted = 0 \
                     UNION ALL \
                     SELECT entry, tag, name FROM year CROSS JOIN text_tags ON entry = id) \
                   GROUP BY tag ORDER BY entries DESC, tag LIMIT ?3";
        let mut statement = self.conn.prepare_cached(sql)?;
        let read = |row: &rusqlite::Row<'_>| Ok(Tag { name: row.get(0)?, entries: row.get(1)? });
        statement.query_map(params![places.start, places.end, TAGS], read)?.collect()
    }

    fn streak(&self, today: Date) -> rusqlite::Result<Streak> {
        let mut statement =
            self.conn.prepare_cached("SELECT DISTINCT date FROM days ORDER BY date")?;
        let mut rows = statement.query([])?;
        let (mut streak, mut run, mut before) = (Streak::default(), 0, None::<Date>);
        while let Some(row) = rows.next()? {
            let day = read::date(row, 0)?;
            run = if before.is_some_and(|before| before.plus_days(1) == day) { run + 1 } else { 1 };
            before = Some(day);
            if run >= streak.longest {
                (streak.longest, streak.longest_until) = (run, Some(day));
            }
            // What was written for days to come counts when they have come.
            if day == today || day.plus_days(1) == today {
                streak.current = run;
            }
        }
        Ok(streak)
    }
}

fn places(year: i32) -> Range<i64> {
    let day = |month, day| Date::new(year, month, day).map(Place::day).unwrap_or_default();
    day(1, 1).start..day(12, 31).end
}
