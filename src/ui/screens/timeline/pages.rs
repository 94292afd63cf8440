//! The rows that were read lately, in pages; the least used ones are let go.

use std::ops::Range;
use std::sync::Arc;
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::Row;

/// Rows in a page: more than any screen shows, few enough to be read in a millisecond.
pub const PAGE_ROWS: u32 = 50;

/// Pages that are kept: a thousand rows, whatever the length of the timeline.
const PAGES_MAX: usize = 20;

/// Pages of rows, by their number from the top.
#[derive(Debug, Default)]
pub struct Pages {
    pages: Vec<Page>,
    /// Pages that were asked for and are not here yet.
    awaited: Vec<u32>,
}

#[derive(Debug)]
struct Page {
    number: u32,
    rows: Vec<Arc<Row>>,
}

impl Pages {
    /// The page of a row.
    #[must_use]
    pub fn of(row: u32) -> u32 {
        row / PAGE_ROWS
    }

    /// The row, if its page is here.
    #[must_use]
    pub fn row(&self, row: u32) -> Option<Arc<Row>> {
        let page = self.pages.iter().find(|page| page.number == Self::of(row))?;
        page.rows.get((row % PAGE_ROWS) as usize).cloned()
    }

    /// Pages that have some of `rows` and have to be asked for; from now on they are awaited.
    pub fn ask(&mut self, rows: Range<u32>) -> Vec<u32> {
        if rows.is_empty() {
            return Vec::new();
        }
        let wanted = Self::of(rows.start)..=Self::of(rows.end - 1);
        // The pages that are seen become the last to go.
        self.pages.sort_by_key(|page| wanted.contains(&page.number));
        let here = |number: &u32| {
            self.awaited.contains(number) || self.pages.iter().any(|page| page.number == *number)
        };
        let missing: Vec<u32> = wanted.filter(|number| !here(number)).collect();
        self.awaited.extend(&missing);
        missing
    }

    /// Takes in a page.
    pub fn insert(&mut self, number: u32, rows: Vec<Row>) {
        self.awaited.retain(|awaited| *awaited != number);
        self.pages.retain(|page| page.number != number);
        let rows = rows.into_iter().map(Arc::new).collect();
        self.pages.push(Page { number, rows });
        if self.pages.len() > PAGES_MAX {
            self.pages.remove(0);
        }
    }

    /// Gives up waiting for a page, so that it can be asked for again.
    pub fn forget(&mut self, number: u32) {
        self.awaited.retain(|awaited| *awaited != number);
    }

    /// Pages that have one of these entries.
    #[must_use]
    pub fn with_any(&self, is_meant: impl Fn(EntryId) -> bool) -> Vec<u32> {
        let with = self.pages.iter().filter(|page| page.rows.iter().any(|row| is_meant(row.id)));
        with.map(|page| page.number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use thoughtstream_core::date::Date;
    use thoughtstream_core::id::JournalId;
    use thoughtstream_core::message::Place;

    fn row(number: u8) -> Row {
        Row {
            id: EntryId([number; 16]),
            place: Place(0),
            date: Date::from_days(0),
            time: None,
            excerpt: String::new(),
            words: 0,
            starred: false,
            mood: None,
            location: String::new(),
            journal: JournalId::FIRST,
            tags: Vec::new(),
        }
    }

    #[test]
    fn a_page_is_asked_for_once() {
        let mut pages = Pages::default();
        assert_eq!(pages.ask(40..60), [0, 1]);
        assert!(pages.ask(40..60).is_empty());
        pages.insert(0, vec![row(1), row(2)]);
        assert_eq!(pages.row(1).map(|row| row.id), Some(EntryId([2; 16])));
        assert_eq!(pages.row(2), None);
        pages.forget(1);
        assert_eq!(pages.ask(0..51), [1]);
        assert!(pages.ask(0..0).is_empty());
    }

    #[test]
    fn the_page_seen_longest_ago_goes_first() {
        let mut pages = Pages::default();
        for number in 0..20 {
            pages.insert(number, vec![row(number as u8)]);
        }
        assert!(pages.ask(0..10).is_empty());
        pages.insert(20, vec![row(20)]);
        assert!(pages.row(0).is_some());
        assert!(pages.row(PAGE_ROWS).is_none());
    }

    #[test]
    fn pages_of_changed_entries_are_found() {
        let mut pages = Pages::default();
        pages.insert(3, vec![row(7), row(8)]);
        pages.insert(4, vec![row(9)]);
        assert_eq!(pages.with_any(|id| id == EntryId([8; 16])), [3]);
        assert!(pages.with_any(|id| id == EntryId([1; 16])).is_empty());
    }
}
