//! Search: as you type, newest first or best first, narrowed by time, journal, tag and star.

pub mod filters;
pub mod hits;
pub mod results;

use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::heading::Heading;
use crate::ui::route::{Route, SearchParams};
use crate::ui::screen::Screen;
use crate::ui::state::use_state;
use crate::ui::view::*;
use filters::Filters;
use hits::Hits;
use leptos::ev;
use results::Results;

/// The search that the route describes.
#[component]
pub fn Search() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let params = Memo::new(move |before: Option<&SearchParams>| match &*state.route.read() {
        Route::Search(params) => params.clone(),
        _ => before.cloned().unwrap_or_default(),
    });
    let results = Results::new(dispatch, state, params);
    let change = Callback::new(move |params| dispatch.replace(Route::Search(params)));
    let node = NodeRef::<web_sys::HtmlElement>::new();
    view! {
        <Screen node>
            <Heading text="Search" hidden=true />
            <Ask params change results />
            <Filters params change />
            <Waiting />
            <Hits params results screen=node />
        </Screen>
    }
}

/// The box to ask in, with the number of answers at its end.
#[component]
fn Ask(params: Memo<SearchParams>, change: Callback<SearchParams>, results: Results) -> View {
    let node = NodeRef::<web_sys::HtmlInputElement>::new();
    let text = memo(move || params.with(|params| params.text.clone()));
    Effect::new(move |before: Option<()>| {
        let (Some(input), text) = (node.get(), text.get()) else { return };
        // Written only where it differs: writing would end a composition.
        if input.value() != text {
            input.set_value(&text);
        }
        if before.is_none() {
            drop(input.focus());
        }
    });
    let typed = move |event: ev::Event| {
        let text = event_target_value(&event);
        change.run(SearchParams { text, ..params.get_untracked() });
    };
    let count = move || {
        let count = results.count.get().filter(|_| !params.with(SearchParams::is_empty));
        count.map(|count| format::count(count, "entry", "entries"))
    };
    view! {
        <search class="ask">
            <input
                class="ask__input"
                type="search"
                aria-label="Search"
                placeholder="Search"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                node_ref=node
                on:input=typed
                on:keydown=move |event| hits::enter(&event)
            />
            <small class="ask__count" role="status">
                {count}
            </small>
        </search>
    }
}

/// Says that the search is not complete yet.
#[component]
fn Waiting() -> impl IntoView {
    let state = use_state();
    move || {
        let waiting = state.indexing.get();
        (waiting > 0).then(|| {
            let count = format::count(waiting, "entry is", "entries are");
            view! { <p class="waiting">{count} " still being indexed."</p> }
        })
    }
}
