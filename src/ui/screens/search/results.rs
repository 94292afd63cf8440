//! What a search has found so far.

use crate::platform::timer;
use crate::ui::dispatch::Dispatch;
use crate::ui::route::SearchParams;
use crate::ui::state::State;
use crate::ui::view::memo;
use leptos::prelude::*;
use leptos::task::spawn_local;
use thoughtstream_core::message::{Answer, Found, Hit, Place, Query};

/// Hits that are asked for first: more than a screen shows.
const FIRST: u32 = 20;

/// Hits that are asked for when the end of those comes in sight.
const MORE: u32 = 40;

/// How long nothing may be typed before the hits are counted.
const COUNT_AFTER_MS: u32 = 120;

/// The hits, and what is known about the rest of them.
#[derive(Clone, Copy)]
pub struct Results {
    dispatch: Dispatch,
    params: Memo<SearchParams>,
    /// `None` until something was asked and answered.
    pub hits: RwSignal<Option<Vec<Hit>>>,
    /// How many entries were found in all.
    pub count: RwSignal<Option<u32>>,
    more: StoredValue<Option<Place>>,
    /// Grows with every new search; answers to older ones are dropped.
    pub round: StoredValue<u64>,
    loading: StoredValue<bool>,
}

impl Results {
    /// Searches now, and again when the search or the journal changes.
    #[must_use]
    pub fn new(dispatch: Dispatch, state: State, params: Memo<SearchParams>) -> Self {
        let results = Self {
            dispatch,
            params,
            hits: RwSignal::new(None),
            count: RwSignal::new(None),
            more: StoredValue::new(None),
            round: StoredValue::new(0),
            loading: StoredValue::new(false),
        };
        let indexed = memo(move || state.indexing.get() == 0);
        Effect::new(move |before: Option<SearchParams>| {
            state.entries_version.track();
            // Read, not only tracked: a memo that nobody reads follows nothing.
            let _ = indexed.get();
            let params = params.get();
            // As many as are shown, if only the journal changed under the same search.
            let shown = results.hits.with_untracked(|hits| hits.as_ref().map_or(0, Vec::len));
            let shown = if before.as_ref() == Some(&params) { shown } else { 0 };
            results.search(&params, u32::try_from(shown).unwrap_or(FIRST).max(FIRST));
            params
        });
        results
    }

    fn search(self, params: &SearchParams, limit: u32) {
        self.round.update_value(|round| *round += 1);
        let round = self.round.get_value();
        self.loading.set_value(false);
        if params.is_empty() {
            self.hits.set(None);
            self.count.set(None);
            return;
        }
        let search = params.search(limit);
        let found = self.dispatch.query(Query::Search(search.clone()));
        spawn_local(async move {
            match found.await {
                _ if !self.is_current(round) => return,
                Ok(Answer::Found(found)) => self.show(found),
                Err(failure) => self.dispatch.say(failure.to_string()),
                Ok(_) => return,
            }
            // Counting reads every hit, so it waits for a pause in the typing.
            timer::sleep(COUNT_AFTER_MS).await;
            if !self.is_current(round) {
                return;
            }
            let count = self.dispatch.query(Query::SearchCount(search)).await;
            if let (true, Ok(Answer::Count(count))) = (self.is_current(round), count) {
                self.count.set(Some(count));
            }
        });
    }

    fn show(self, found: Found) {
        self.more.set_value(found.more);
        self.hits.set(Some(found.hits));
    }

    /// Adds the next hits, if there are any.
    pub fn load_more(self) {
        let Some(before) = self.more.get_value().filter(|_| !self.loading.get_value()) else {
            return;
        };
        self.loading.set_value(true);
        let round = self.round.get_value();
        let mut search = self.params.get_untracked().search(MORE);
        search.before = Some(before);
        let found = self.dispatch.query(Query::Search(search));
        spawn_local(async move {
            let found = found.await;
            if !self.is_current(round) {
                return;
            }
            self.loading.set_value(false);
            if let Ok(Answer::Found(found)) = found {
                self.more.set_value(found.more);
                self.hits.update(|hits| hits.get_or_insert_default().extend(found.hits));
            }
        });
    }

    fn is_current(self, round: u64) -> bool {
        self.round.try_get_value() == Some(round)
    }
}
