//! A sample journal: to look around in before there is anything of one's own, and to be thrown
//! away again.

use crate::platform::{clock, file};
use crate::porter::message::Defaults;
use crate::porter::sample::{ENTRIES_MAX, JOURNAL};
use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::parts::button::{Button, Weight};
use crate::ui::route::{Route, SearchParams};
use crate::ui::screens::transfer::jobs::use_jobs;
use crate::ui::state::use_state;
use crate::ui::view::*;
use leptos::task::spawn_local;
use thoughtstream_core::id::JournalId;
use thoughtstream_core::message::{Answer, Edit, Query};

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
        let answer = dispatch.query(Query::Search(params.search(ENTRIES_MAX))).await;
        let Ok(Answer::Found(found)) = answer else { return };
        let trash = found.hits.iter().map(|hit| Edit::Trash { entry: hit.row.id });
        let journal = Edit::DeleteJournal { journal: JOURNAL, into: JournalId::FIRST };
        dispatch.edit_with_undo(trash.chain([journal]).collect(), "The sample is in the trash.");
        dispatch.navigate(Route::TODAY);
    });
}
