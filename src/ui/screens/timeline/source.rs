//! Where the river's rows come from: the outline, and pages of rows as they are scrolled to.

use super::pages::{PAGE_ROWS, Pages};
use crate::ui::dispatch::Dispatch;
use crate::ui::parts::virtual_list::geometry::Geometry;
use crate::ui::parts::virtual_list::{List, Wanted};
use crate::ui::view::effect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use thoughtstream_core::id::{EntryId, JournalId};
use thoughtstream_core::message::{Answer, Changed, Failure, Located, MonthCount, Query, Row};

/// The rows of the timeline, or of one journal's part of it.
#[derive(Clone, Copy)]
pub struct Source {
    dispatch: Dispatch,
    list: List,
    /// `None` until the engine has answered for the first time.
    pub months: RwSignal<Option<Arc<Vec<MonthCount>>>>,
    journal: StoredValue<Option<JournalId>>,
    pages: StoredValue<Pages>,
    /// Grows when rows came in.
    version: RwSignal<u64>,
    /// Grows when rows moved; answers from before are dropped.
    round: StoredValue<u64>,
}

impl Source {
    /// A source that fills `list`; it reads nothing before [`Source::read`].
    #[must_use]
    pub fn new(dispatch: Dispatch, list: List) -> Self {
        let source = Self {
            dispatch,
            list,
            months: RwSignal::new(None),
            journal: StoredValue::new(None),
            pages: StoredValue::new(Pages::default()),
            version: RwSignal::new(0),
            round: StoredValue::new(0),
        };
        effect(move || source.load(list.window.get()));
        source
    }

    /// A row, when it is here.
    #[must_use]
    pub fn row(self, row: u32) -> Option<Arc<Row>> {
        self.version.track();
        self.pages.with_value(|pages| pages.row(row))
    }

    /// Reads everything anew: what is in sight stays where it is, unless a place is wanted.
    pub fn read(self, journal: Option<JournalId>, wanted: Option<Wanted>) {
        self.round.update_value(|round| *round += 1);
        let round = self.round.get_value();
        let same = self.journal.get_value() == journal;
        self.journal.set_value(journal);
        spawn_local(async move {
            let outline = self.ask(Query::Outline { journal }).await;
            let Ok(Answer::Outline(months)) = outline else { return };
            let wanted = match wanted {
                _ if !self.is_current(round) => return,
                None if same => self.stay(journal, &months).await,
                None => Some(Wanted::Place(0.0)),
                wanted => wanted,
            };
            if !self.is_current(round) {
                return;
            }
            let pages = self.pages_in_sight(journal, &months, wanted).await;
            if self.is_current(round) {
                self.show(months, pages, wanted);
            }
        });
    }

    /// Everything at once, so that no row is ever seen in the place of another.
    fn show(self, months: Vec<MonthCount>, pages: Pages, wanted: Option<Wanted>) {
        let counts = months.iter().map(|month| month.entries).collect();
        self.pages.set_value(pages);
        self.months.set(Some(Arc::new(months)));
        self.version.update(|version| *version += 1);
        self.list.set(counts, wanted);
        self.load(self.list.window.get_untracked());
    }

    /// Where the first row in sight will be.
    async fn stay(self, journal: Option<JournalId>, months: &[MonthCount]) -> Option<Wanted> {
        let (row, below) = self.list.anchor()?;
        let entry = self.pages.with_value(|pages| pages.row(row))?.id;
        let Ok(Answer::Located(Some(located))) = self.ask(Query::Locate { journal, entry }).await
        else {
            return None;
        };
        Some(Wanted::Row { row: row_of(months, located), below })
    }

    /// The pages that will be seen first.
    async fn pages_in_sight(
        self,
        journal: Option<JournalId>,
        months: &[MonthCount],
        wanted: Option<Wanted>,
    ) -> Pages {
        let counts: Vec<u32> = months.iter().map(|month| month.entries).collect();
        let before = self.list.geometry.get_untracked();
        let geometry = Geometry::new(&counts, before.row_height(), before.header_height());
        let window = self.list.window_for(&geometry, wanted);
        let mut pages = Pages::default();
        for number in pages.ask(window) {
            let Some(query) = page_query(journal, months, number) else { continue };
            match self.ask(query).await {
                Ok(Answer::Rows(rows)) => pages.insert(number, rows),
                _ => pages.forget(number),
            }
        }
        pages
    }

    /// Asks for the pages of these rows that are not here.
    fn load(self, rows: std::ops::Range<u32>) {
        let missing = self.pages.try_update_value(|pages| pages.ask(rows)).unwrap_or_default();
        for number in missing {
            self.load_page(number);
        }
    }

    fn load_page(self, number: u32) {
        let (round, journal) = (self.round.get_value(), self.journal.get_value());
        let Some(months) = self.months.get_untracked() else { return };
        let Some(query) = page_query(journal, &months, number) else { return };
        let asked = self.ask(query);
        spawn_local(async move {
            let answer = asked.await;
            if !self.is_current(round) {
                return;
            }
            self.pages.update_value(|pages| match answer {
                Ok(Answer::Rows(rows)) => pages.insert(number, rows),
                _ => pages.forget(number),
            });
            self.version.update(|version| *version += 1);
        });
    }

    /// Reads the pages again that show a changed entry. (What moves rows is a matter of
    /// [`Source::read`].)
    pub fn follow(self, changed: &Changed) {
        let touched = |id: EntryId| {
            changed.entries_all || changed.entries.iter().any(|(entry, _)| *entry == id)
        };
        for number in self.pages.with_value(|pages| pages.with_any(touched)) {
            self.load_page(number);
        }
    }

    /// The row of an entry, if it is in the timeline.
    pub async fn locate(self, entry: EntryId) -> Option<u32> {
        let journal = self.journal.get_value();
        let answer = self.ask(Query::Locate { journal, entry }).await;
        let Ok(Answer::Located(Some(located))) = answer else { return None };
        Some(row_of(&self.months.try_get_untracked()??, located))
    }

    /// The entries of these rows, at most `limit` of them.
    pub async fn ids(self, rows: std::ops::Range<u32>, limit: usize) -> Vec<EntryId> {
        let round = self.round.get_value();
        let journal = self.journal.get_value();
        let mut ids = Vec::new();
        let Some(Some(months)) = self.months.try_get_untracked() else { return ids };
        let all = months.iter().map(|month| month.entries).sum();
        let mut page = rows.start / PAGE_ROWS;
        while page * PAGE_ROWS < rows.end.min(all) && ids.len() < limit {
            let Some(query) = page_query(journal, &months, page) else { break };
            let Ok(Answer::Rows(found)) = self.ask(query).await else { break };
            if !self.is_current(round) {
                break;
            }
            let wanted = (page * PAGE_ROWS..).zip(found).filter(|(at, _)| rows.contains(at));
            ids.extend(wanted.map(|(_, row)| row.id));
            page += 1;
        }
        ids.truncate(limit);
        ids
    }

    fn ask(self, query: Query) -> impl Future<Output = Result<Answer, Failure>> + 'static {
        self.dispatch.query(query)
    }

    /// Whether no later round has begun, and the river is still there.
    fn is_current(self, round: u64) -> bool {
        self.round.try_get_value() == Some(round)
    }
}

/// The query for a page. It is asked by the month it begins in, so that skipping is short.
fn page_query(journal: Option<JournalId>, months: &[MonthCount], page: u32) -> Option<Query> {
    let mut skip = page * PAGE_ROWS;
    for month in months {
        if skip < month.entries {
            return Some(Query::Rows { journal, month: month.month, skip, limit: PAGE_ROWS });
        }
        skip -= month.entries;
    }
    None
}

/// Counts the rows before a place.
fn row_of(months: &[MonthCount], located: Located) -> u32 {
    let newer = months.iter().take_while(|month| month.month > located.month);
    newer.map(|month| month.entries).sum::<u32>() + located.skip
}

#[cfg(test)]
mod tests {
    use super::*;
    use thoughtstream_core::date::Month;

    fn months() -> Vec<MonthCount> {
        let month = |month, entries| MonthCount { month: Month { year: 2022, month }, entries };
        vec![month(9, 30), month(7, 31), month(6, 12)]
    }

    #[test]
    fn a_page_is_asked_for_by_the_month_it_begins_in() {
        let asked = [0, 1, 2].map(|page| page_query(None, &months(), page));
        let expected = [(9, 0), (7, 20)].map(|(month, skip)| {
            let month = Month { year: 2022, month };
            Some(Query::Rows { journal: None, month, skip, limit: PAGE_ROWS })
        });
        assert_eq!(asked[..2], expected);
        assert_eq!(asked[2], None);
    }

    #[test]
    fn a_row_is_found_by_month_and_skip() {
        let row =
            |month, skip| row_of(&months(), Located { month: Month { year: 2022, month }, skip });
        assert_eq!([row(9, 4), row(7, 0), row(6, 11)], [4, 30, 72]);
    }
}
