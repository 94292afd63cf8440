//! A sample journal: to look around in before there is anything of one's own, and to be thrown
//! away again.

use crate::platform::{clock, file};
use crate::porter::message::Defaults;
use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::parts::button::{Button, Weight};
use crate::ui::route::{Route, SearchParams};
use crate::ui::screens::transfer::jobs::use_jobs;
use crate::ui::state::use_state;
use crate::ui::view::*;
use leptos::task::spawn_local;
use thoughtstream_core::id::JournalId;
use thoughtstream_core::message::{Answer, Edit, Query};

/// The journal that the entries of the file come into: its id follows from its name.
const JOURNAL: JournalId = JournalId([
    0xb3, 0xf1, 0x79, 0x8f, 0x23, 0x14, 0x68, 0x6b, 0xeb, 0x35, 0xeb, 0x60, 0x2a, 0x7f, 0x0e, 0x9f,
]);

/// More entries than are in it.
const ENTRIES: u32 = 200;

/// The button that brings it in.
#[component]
pub fn OpenSample() -> View {
    let (dispatch, jobs) = (use_dispatch(), use_jobs());
    let press = move |()| {
        spawn_local(async move {
            let Some(sample) = file::of_this_app("/sample.jsonl").await else {
                return dispatch
                    .say("The sample journal cannot be read: try again with a network.");
            };
            let defaults = Defaults { zone: clock::zone(), journal: None };
            if let Err(reason) = jobs.import_all(dispatch, vec![sample], defaults).await {
                dispatch.say(reason);
            }
        });
    };
    view! { <Button weight=Weight::Quiet label="Open a sample journal" on_press=press /> }
}

/// Says that it is one, as long as it is there, and throws it away.
#[component]
pub fn SampleBanner() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let is_there = memo(move || {
        state.journals.with(|all| all.iter().any(|it| it.id == JOURNAL && it.entries > 0))
    });
    view! {
        <Show when=move || is_there.get()>
            <section class="banner banner--quiet" aria-label="Sample journal">
                <p>"A sample journal is here to look around in."</p>
                <Button label="Throw it away" on_press=move |()| throw_away(dispatch) />
            </section>
        </Show>
    }
}

/// Into the trash, as somebody may have written in it; and that can be taken back.
fn throw_away(dispatch: Dispatch) {
    spawn_local(async move {
        let params = SearchParams { journal: Some(JOURNAL), ..SearchParams::default() };
        let answer = dispatch.query(Query::Search(params.search(ENTRIES))).await;
        let Ok(Answer::Found(found)) = answer else { return };
        let trash = found.hits.iter().map(|hit| Edit::Trash { entry: hit.row.id });
        let journal = Edit::DeleteJournal { journal: JOURNAL, into: JournalId::FIRST };
        dispatch.edit_with_undo(trash.chain([journal]).collect(), "The sample is in the trash.");
        dispatch.navigate(Route::TODAY);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use thoughtstream_core::date::{Instant, Zone, Zones};
    use thoughtstream_core::port::import::Import;
    use thoughtstream_core::port::source::Source;

    struct Utc;

    impl Zones for Utc {
        fn offset_seconds(&self, _: &Zone, _: Instant) -> Option<i32> {
            Some(0)
        }
    }

    #[test]
    fn the_file_makes_the_journal_that_the_banner_looks_for() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/public/sample.jsonl");
        let bytes = fs::read(path).expect("the sample is there");
        let files = vec![("sample.jsonl".to_owned(), Source::new(bytes))];
        let defaults = Defaults { zone: Zone("UTC".into()), journal: None };
        let mut import = Import::new(files, defaults, Box::new(Utc));
        let mut count = 0;
        while let Some(batch) = import.next_batch() {
            for arrival in &batch {
                let journal = arrival.journal.as_ref().expect("a journal");
                assert_eq!((journal.0, journal.1.as_str()), (JOURNAL, "Sample journal"));
            }
            count += u32::try_from(batch.len()).expect("a few");
            let fates = batch.iter().map(|_| thoughtstream_core::message::Fate::Added);
            import.settle(fates.collect());
        }
        assert_eq!(import.report().refused, 0);
        assert!((5..ENTRIES).contains(&count));
    }
}
