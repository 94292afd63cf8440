//! Search: the question is put to one shelf after the other, newest year first, until the page
//! is full. What the filters say of an entry is looked up only for entries that match the words.

use super::{Store, read, shelves};
use crate::id::JournalId;
use crate::message::{Found, Hit, Order, Place, RANKED_MAX, Row, Search};
use crate::search::{self, Term};
use crate::text;
use rusqlite::params;
use std::collections::HashSet;
use std::ops::Range;

/// Most hits in one page.
const PAGE_MAX: u32 = 200;

impl Store {
    /// One page of hits.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn search(&self, search: &Search) -> rusqlite::Result<Found> {
        let terms = search::terms(&search.text);
        let filter = self.filter(search)?;
        let limit = search.limit.min(PAGE_MAX) as usize;
        let (places, more) = match (search::for_match(&terms), search.order) {
            (None, _) if !search.text.trim().is_empty() => (Vec::new(), None),
            (None, _) => self.newest_without_words(&filter, limit)?,
            (Some(question), Order::Newest) => self.newest(&question, &filter, limit)?,
            (Some(question), Order::Relevance) => (self.best(&question, &filter, limit)?, None),
        };
        let hits = places.into_iter().map(|place| self.hit(place, &terms));
        let hits = hits.collect::<Result<_, _>>()?;
        Ok(Found { hits, more, waiting: 0 })
    }

    /// How many hits there are in all.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn search_count(&self, search: &Search) -> rusqlite::Result<u32> {
        let terms = search::terms(&search.text);
        let filter = self.filter(&Search { before: None, ..search.clone() })?;
        let mut count = 0;
        match search::for_match(&terms) {
            None if !search.text.trim().is_empty() => {}
            None => self.scan(&filter, &mut |_| {
                count += 1;
                true
            })?,
            Some(question) => self.match_each(&question, &filter, &mut |_| {
                count += 1;
                true
            })?,
        }
        Ok(count)
    }

    fn newest(&self, question: &str, filter: &Filter, limit: usize) -> rusqlite::Result<Page> {
        let mut places = Vec::new();
        self.match_each(question, filter, &mut |place| {
            places.push(place);
            places.len() <= limit
        })?;
        Ok(page(places, limit))
    }

    fn newest_without_words(&self, filter: &Filter, limit: usize) -> rusqlite::Result<Page> {
        let mut places = Vec::new();
        self.scan(filter, &mut |place| {
            places.push(place);
            places.len() <= limit
        })?;
        Ok(page(places, limit))
    }

    /// The best of the newest hits, by BM25 within each year.
    fn best(&self, question: &str, filter: &Filter, limit: usize) -> rusqlite::Result<Vec<Place>> {
        let mut ranked: Vec<(f64, Place)> = Vec::new();
        for year in self.years_in(&filter.places)? {
            let shelf = shelves::name(year);
            let sql = format!(
                "SELECT rowid, bm25({shelf}) FROM {shelf} WHERE {shelf} MATCH ?1 \
                 AND rowid >= ?2 AND rowid < ?3 ORDER BY rowid DESC"
            );
            let mut statement = self.conn.prepare_cached(&sql)?;
            let range = &filter.places;
            let mut rows = statement.query(params![question, range.start, range.end])?;
            while let Some(row) = rows.next()? {
                let place = Place(row.get(0)?);
                if self.passes(place, filter)? {
                    ranked.push((row.get(1)?, place));
                }
                if ranked.len() == RANKED_MAX as usize {
                    break;
                }
            }
            if ranked.len() == RANKED_MAX as usize {
                break;
            }
        }
        // BM25 in SQLite is the more negative the better; of equals the newer comes first.
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        Ok(ranked.into_iter().take(limit).map(|(_, place)| place).collect())
    }

    /// Gives the places that match, newest first, until `take` has enough.
    fn match_each(
        &self,
        question: &str,
        filter: &Filter,
        take: &mut dyn FnMut(Place) -> bool,
    ) -> rusqlite::Result<()> {
        for year in self.years_in(&filter.places)? {
            let shelf = shelves::name(year);
            let sql = format!(
                "SELECT rowid FROM {shelf} WHERE {shelf} MATCH ?1 \
                 AND rowid >= ?2 AND rowid < ?3 ORDER BY rowid DESC"
            );
            let mut statement = self.conn.prepare_cached(&sql)?;
            let range = &filter.places;
            let mut rows = statement.query(params![question, range.start, range.end])?;
            while let Some(row) = rows.next()? {
                let place = Place(row.get(0)?);
                if self.passes(place, filter)? && !take(place) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Gives the places that pass the filter, newest first, until `take` has enough.
    fn scan(&self, filter: &Filter, take: &mut dyn FnMut(Place) -> bool) -> rusqlite::Result<()> {
        // Each filter has its own index; the most telling one leads.
        let sql = match (&filter.only, filter.journal) {
            (Some(_), _) => {
                let mut places: Vec<i64> = filter.only.iter().flatten().copied().collect();
                places.sort_unstable_by(|a, b| b.cmp(a));
                for place in places {
                    if self.passes(Place(place), filter)? && !take(Place(place)) {
                        return Ok(());
                    }
                }
                return Ok(());
            }
            (None, Some(_)) => {
                "SELECT place FROM entries WHERE journal = ?3 AND place >= ?1 AND place < ?2 \
                 AND life = 0 ORDER BY place DESC"
            }
            (None, None) => {
                "SELECT place FROM entries WHERE ?3 IS NULL AND place >= ?1 AND place < ?2 \
                 AND life = 0 ORDER BY place DESC"
            }
        };
        let mut statement = self.conn.prepare_cached(sql)?;
        let range = &filter.places;
        let values = params![range.start, range.end, filter.journal.map(|id| id.0)];
        let mut rows = statement.query(values)?;
        while let Some(row) = rows.next()? {
            if !take(Place(row.get(0)?)) {
                break;
            }
        }
        Ok(())
    }

    fn years_in(&self, places: &Range<i64>) -> rusqlite::Result<Vec<i32>> {
        let first = Place(places.start).date().year();
        let last = Place(places.end - 1).date().year();
        let mut years = self.shelf_years()?;
        years.retain(|year| (first..=last).contains(year));
        Ok(years)
    }

    /// What a search asks for besides words, looked up once.
    fn filter(&self, search: &Search) -> rusqlite::Result<Filter> {
        let start = search.from.map_or(0, |date| Place::first_on(date).0);
        let end = search.to.map_or(i64::MAX, |date| Place::day(date).end);
        let end = search.before.map_or(end, |before| before.0.min(end));
        let mut only: Option<HashSet<i64>> = None;
        let mut narrow = |places: HashSet<i64>| {
            only = Some(match only.take() {
                Some(before) => before.intersection(&places).copied().collect(),
                None => places,
            });
        };
        if let Some(tag) = &search.tag {
            let sql = "SELECT place FROM entries JOIN \
                       (SELECT entry FROM entry_tags WHERE tag = ?1 AND deleted = 0 \
                        UNION SELECT entry FROM text_tags WHERE tag = ?1) ON id = entry";
            let mut statement = self.conn.prepare_cached(sql)?;
            let key = text::tag_key(tag);
            narrow(statement.query_map([key], |row| row.get(0))?.collect::<Result<_, _>>()?);
        }
        if search.starred {
            let sql = "SELECT place FROM entries WHERE starred = 1";
            let mut statement = self.conn.prepare_cached(sql)?;
            narrow(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?);
        }
        if let Some(mood) = search.mood {
            let sql = "SELECT place FROM entries WHERE mood IS NOT NULL AND mood = ?1";
            let mut statement = self.conn.prepare_cached(sql)?;
            narrow(
                statement.query_map([mood.code()], |row| row.get(0))?.collect::<Result<_, _>>()?,
            );
        }
        let sql = "SELECT place FROM entries WHERE life <> 0";
        let mut statement = self.conn.prepare_cached(sql)?;
        let hidden = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(Filter { places: start..end.max(start), only, hidden, journal: search.journal })
    }

    fn passes(&self, place: Place, filter: &Filter) -> rusqlite::Result<bool> {
        let seen = filter.places.contains(&place.0)
            && !filter.hidden.contains(&place.0)
            && filter.only.as_ref().is_none_or(|only| only.contains(&place.0));
        let Some(journal) = filter.journal.filter(|_| seen) else { return Ok(seen) };
        let sql = "SELECT count(*) FROM entries WHERE journal = ?1 AND place = ?2";
        self.conn.prepare_cached(sql)?.query_row(params![journal.0, place.0], |row| row.get(0))
    }

    fn hit(&self, place: Place, terms: &[Term]) -> rusqlite::Result<Hit> {
        let sql = format!("SELECT {}, body FROM entries WHERE place = ?1", read::ROW);
        let mut statement = self.conn.prepare_cached(&sql)?;
        let (row, body): (Row, String) =
            statement.query_row([place.0], |row| Ok((read::row(row)?, row.get(12)?)))?;
        let snippet = search::snippet(&body, terms);
        let row = self.with_tags(vec![row])?.pop().expect("BUG: one row in, one row out");
        Ok(Hit { row, snippet })
    }
}

/// Places of one page, and where the next begins.
type Page = (Vec<Place>, Option<Place>);

/// Cuts a page that was read one entry too far, which tells that there is a next one.
fn page(mut places: Vec<Place>, limit: usize) -> Page {
    if places.len() <= limit {
        return (places, None);
    }
    places.truncate(limit);
    let more = places.last().copied();
    (places, more)
}

struct Filter {
    places: Range<i64>,
    /// The places that have the tag, the star and the mood asked for.
    only: Option<HashSet<i64>>,
    /// The places that are in the trash or deleted.
    hidden: HashSet<i64>,
    journal: Option<JournalId>,
}
