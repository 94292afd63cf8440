//! The way around: the rail of wide windows and the tab bar of small ones.

use crate::ui::dispatch::use_dispatch;
use crate::ui::parts::icon::Icon;
use crate::ui::route::{Route, SearchParams};
use crate::ui::state::use_state;
use crate::ui::sync_mark::SyncMark;
use crate::ui::view::*;
use thoughtstream_core::message::{Condition, Journal};

/// The links, in their order; the first four are in the tab bar.
fn places() -> [(Icon, &'static str, Route); 10] {
    [
        (Icon::Today, "Today", Route::TODAY),
        (Icon::List, "Timeline", Route::Timeline { journal: None }),
        (Icon::Calendar, "Calendar", Route::Calendar { year: None }),
        (Icon::Search, "Search", Route::Search(SearchParams::default())),
        (Icon::Photo, "Gallery", Route::Gallery),
        (Icon::Chart, "Your year", Route::Year { year: None }),
        (Icon::Tag, "Tags", Route::Tags),
        (Icon::Book, "Journals", Route::Journals),
        (Icon::Trash, "Trash", Route::Trash),
        (Icon::Settings, "Settings", Route::Settings),
    ]
}

/// The rail: everything there is.
#[component]
pub fn Rail() -> View {
    let state = use_state();
    let link = |&(icon, label, ref route): &(Icon, &'static str, Route)| {
        view! { <PlaceLink icon label route=route.clone() /> }
    };
    let places = places();
    let journals = move || {
        let journals = state.journals.get();
        // One journal alone is the whole timeline.
        if journals.len() > 1 { journals } else { Vec::new() }
    };
    let key = |journal: &Journal| (journal.id, journal.name.clone(), journal.colour.name());
    view! {
        <div class="rail">
            <p class="rail__name">"ThoughtStream"</p>
            <NewEntry />
            <nav class="rail__places" aria-label="Main">
                <ul>{places[..7].iter().map(link).collect_view()}</ul>
                <ul class="rail__journals">
                    {link(&places[7])}
                    {keyed(journals, key, |journal| view! { <JournalLink journal /> })}
                </ul>
                <ul class="rail__rest">{places[8..].iter().map(link).collect_view()}</ul>
            </nav>
            <div class="rail__foot">
                <Kept />
                <SyncMark />
            </div>
        </div>
    }
}

/// The tab bar of small windows: the places of every day, and the pen in the middle.
#[component]
pub fn Tabs() -> View {
    let link = |(icon, label, route)| view! { <PlaceLink icon label route /> };
    let [today, timeline, calendar, search, ..] = places();
    view! {
        <nav class="tabs" aria-label="Main">
            <ul>
                {link(today)} {link(timeline)} <li class="tabs__pen">
                    <NewEntry />
                </li> {link(calendar)} {link(search)}
            </ul>
        </nav>
    }
}

/// The top bar of small windows: what the tab bar has no room for.
#[component]
pub fn More() -> View {
    let links = places().into_iter().skip(4);
    let links = links.map(|(icon, label, route)| view! { <PlaceLink icon label route /> });
    view! {
        <nav class="more" aria-label="More">
            <ul>{links.collect_view()}</ul>
            <SyncMark />
        </nav>
    }
}

#[component]
fn NewEntry() -> View {
    let dispatch = use_dispatch();
    view! {
        <button
            type="button"
            class="button button--primary new-entry"
            aria-label="New entry"
            on:click=move |_| dispatch.navigate(Route::TODAY)
        >
            <Icon icon=Icon::Pen />
            <span class="label">"New entry"</span>
        </button>
    }
}

#[component]
fn PlaceLink(icon: Icon, label: &'static str, route: Route) -> View {
    let state = use_state();
    let href = route.href();
    let current = move || current(&route, &state.route.read());
    view! {
        <li>
            <a class="place" href=href aria-current=current title=label>
                <Icon icon />
                <span class="label">{label}</span>
            </a>
        </li>
    }
}

/// Whether a link leads to where the reader is, or to the list that an entry was opened from.
fn current(link: &Route, here: &Route) -> Option<&'static str> {
    match (link, here) {
        (Route::Timeline { .. }, Route::Entry { .. }) => Some("true"),
        (Route::Timeline { .. }, Route::Timeline { journal: Some(_) }) => Some("true"),
        (
            Route::Settings,
            Route::Transfer | Route::Book { .. } | Route::Sync { .. } | Route::Templates,
        ) => Some("true"),
        (Route::Calendar { .. }, Route::Day { .. } | Route::OnThisDay { .. }) => Some("true"),
        (link, here) => link.same_screen(here).then_some("page"),
    }
}

#[component]
fn JournalLink(journal: Journal) -> View {
    let state = use_state();
    let route = Route::Timeline { journal: Some(journal.id) };
    let href = route.href();
    let current = move || (*state.route.read() == route).then_some("page");
    view! {
        <li>
            <a class="place" href=href aria-current=current>
                <span class="dot" data-colour=journal.colour.name()></span>
                <span class="label">{journal.name}</span>
            </a>
        </li>
    }
}

/// Says quietly, and truthfully, where the journal is.
#[component]
fn Kept() -> View {
    let state = use_state();
    let kept = move || match &*state.condition.read() {
        Condition::Opening => ("opening", ""),
        Condition::Kept { .. } => ("kept", "On this device"),
        Condition::Memory(_) => ("memory", "In memory only"),
        Condition::Busy => ("waiting", "Waiting for the journal"),
        Condition::Newer { .. } | Condition::Failed(_) => ("failed", "Not open"),
    };
    view! {
        <p class="rail__kept" data-kept=move || kept().0 title=move || kept().1>
            <span class="label">{move || kept().1}</span>
        </p>
    }
}
