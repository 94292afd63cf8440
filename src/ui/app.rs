//! The root of the screen: the one place where the bridge, the state and the dispatch meet.

use crate::bridge::Bridge;
use crate::ui::actions::Actions;
use crate::ui::dispatch::Dispatch;
use crate::ui::focus::Focus;
use crate::ui::later::{Later, later};
use crate::ui::lifecycle;
use crate::ui::notices::{Banners, Notices};
use crate::ui::palette::Palette;
use crate::ui::preferences::Preferences;
use crate::ui::rail::{More, Rail, Tabs};
use crate::ui::route::Route;
use crate::ui::screens::entry::Entry;
use crate::ui::screens::missing::Missing;
use crate::ui::screens::timeline::Timeline;
use crate::ui::screens::timeline::river::River;
use crate::ui::screens::today::Today;
use crate::ui::screens::transfer::jobs::Jobs;
use crate::ui::shortcuts::{self, Help};
use crate::ui::state::{State, use_state};
use crate::ui::sync_mark::SyncNews;
use crate::ui::view::*;
use crate::ui::{handover, history, media};
use leptos::task::spawn_local;
use thoughtstream_core::message::{Answer, Event, Query};
use wasm_bindgen::JsCast;

/// The whole app.
#[component]
pub fn App() -> View {
    let state = State::new(history::current());
    let dispatch = Dispatch::new(state, Bridge::connect(move |event| state.apply(event)));
    provide_context(state);
    provide_context(dispatch);
    provide_context(Later::behind_the_journal());
    provide_context(Preferences::load());
    let jobs = Jobs::default();
    provide_context(jobs);
    let (actions, focus) = (Actions::default(), Focus::default());
    provide_context(actions);
    provide_context(focus);
    let (palette, help) = (RwSignal::new(false), RwSignal::new(false));
    lifecycle::listen(state, dispatch);
    shortcuts::listen(dispatch, actions, palette, help);
    handover::listen(state, dispatch, jobs);
    keep_journals(state, dispatch);
    ask_for_sync(state, dispatch);
    view! {
        <SkipLink />
        <div
            class="frame"
            data-screen=move || shape(&state.route.read())
            data-focus=move || focus.is_on().then_some("")
        >
            <Rail />
            <div class="frame__content">
                <Banners />
                <More />
                <Screens />
            </div>
            <Tabs />
        </div>
        <Notices />
        <SyncNews />
        <Palette open=palette />
        <Help open=help />
    }
}

/// Asks how it stands with the sync; from then on the engine tells what is new.
fn ask_for_sync(state: State, dispatch: Dispatch) {
    let asked = dispatch.query(Query::Sync);
    spawn_local(async move {
        if let Ok(Answer::Sync(status)) = asked.await {
            state.apply(Event::Sync(status));
        }
    });
}

/// Reads the journals now and whenever they change.
fn keep_journals(state: State, dispatch: Dispatch) {
    let query = move || {
        state.journals_version.track();
        Some(Query::Journals)
    };
    let journals = dispatch.watch(query, |answer| match answer {
        Answer::Journals(journals) => Some(journals),
        _ => None,
    });
    effect(move || {
        if let Some(journals) = journals.get() {
            state.set_journals(journals);
        }
    });
}

/// How a screen uses the room: the timeline as a list, a page beside the list, or all of it.
fn shape(route: &Route) -> &'static str {
    match route {
        Route::Timeline { .. } => "list",
        Route::Today { .. } | Route::Entry { .. } | Route::Day { .. } => "page",
        _ => "wide",
    }
}

/// The first thing that Tab reaches.
#[component]
fn SkipLink() -> View {
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        let heading = document().query_selector("main h1").ok().flatten();
        if let Some(heading) =
            heading.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        {
            drop(heading.focus());
        }
    };
    view! {
        <a class="skip-link" href="#main" on:click=skip>
            "Skip to content"
        </a>
    }
}

/// The river of entries and the screen that the route names.
#[component]
fn Screens() -> View {
    let state = use_state();
    let wide = media::matches("(width >= 56.25em)");
    let river = memo(move || match shape(&state.route.read()) {
        "list" => true,
        "page" => wide.get(),
        _ => false,
    });
    // A screen stays as it is while only its address changes. (A new visit of Today is a new
    // page to write on; the address that it gets while it is written on is not.)
    let visit = Memo::new_with_compare(
        move |_| (state.visit.get(), state.route.get()),
        |before, now| match (before, now) {
            (Some(before), Some(now)) => !same_visit(before, now),
            _ => true,
        },
    );
    view! {
        <main id="main" class="screens">
            {move || river.get().then(|| view! { <River /> })}
            {move || screen(&visit.read().1)}
        </main>
    }
}

fn same_visit(before: &(u64, Route), now: &(u64, Route)) -> bool {
    match (&before.1, &now.1) {
        (Route::Today { .. }, Route::Today { .. }) => before.0 == now.0,
        (Route::Entry { entry: before }, Route::Entry { entry: now }) => before == now,
        (Route::Day { .. } | Route::OnThisDay { .. }, now) => before.1 == *now,
        (before, now) => before.same_screen(now),
    }
}

fn screen(route: &Route) -> View {
    match *route {
        Route::Today { entry, date } => view! { <Today entry date /> },
        Route::Timeline { .. } => view! { <Timeline /> },
        Route::Entry { entry } => view! { <Entry entry /> },
        Route::Missing => view! { <Missing /> },
        _ => {
            let route = route.clone();
            later(move |part| (part.screen)(&route))
        }
    }
}
