//! The river: the search box and the list of all entries below it.

use super::row::DayRow;
use super::selection::Selection;
use super::source::Source;
use crate::ui::actions::{Action, use_actions};
use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::heading::Heading;
use crate::ui::later::later;
use crate::ui::parts::button::IconButton;
use crate::ui::parts::icon::Icon;
use crate::ui::parts::virtual_list::{List, VirtualList, Wanted};
use crate::ui::preferences::use_preferences;
use crate::ui::route::{Route, SearchParams};
use crate::ui::state::{State, use_state};
use crate::ui::view::*;
use crate::ui::{format, history};
use leptos::ev;
use leptos::task::spawn_local;
use thoughtstream_core::id::{EntryId, JournalId};
use wasm_bindgen::JsCast;

/// The name under which its place is kept.
const PLACE: &str = "river";

/// The list of entries, beside the page or alone.
#[component]
pub fn River() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let list = List::new();
    let source = Source::new(dispatch, list);
    let selection = Selection::new(source);
    // An entry is read in the journal it was chosen from.
    let journal = Memo::new(move |before: Option<&Option<JournalId>>| match *state.route.read() {
        Route::Timeline { journal } => journal,
        _ => before.copied().flatten(),
    });
    let current = memo(move || match *state.route.read() {
        Route::Entry { entry } => Some(entry),
        Route::Today { entry, .. } => entry,
        _ => None,
    });
    keep_rows(source, state, journal);
    keep_place(list, state, dispatch);
    show_current(source, list, current);
    let header = move |section| month_header(source, section);
    let row = move |index| view! { <DayRow source selection list index current /> };
    let is_empty =
        memo(move || source.months.with(|months| months.as_ref().is_some_and(|m| m.is_empty())));
    view! {
        <section class="river" aria-label="Entries">
            <Find />
            <RiverHeading journal />
            {move || match is_empty.get() {
                true => view! { <NoEntries journal /> },
                false => {
                    view! { <VirtualList list label="Entries by day" header row /> }
                }
            }}
            {later(move |part| (part.selection)(selection))}
        </section>
    }
}

/// Reads the rows now, and again when entries came or went or another journal is chosen.
fn keep_rows(source: Source, state: State, journal: Memo<Option<JournalId>>) {
    Effect::new(move |before: Option<()>| {
        state.outline_version.track();
        let kept = before.is_none().then(|| history::kept_place(PLACE)).flatten();
        source.read(journal.get(), kept.map(Wanted::Place));
    });
    state.on_changed(move |changed| {
        if !changed.outline {
            source.follow(changed);
        }
    });
}

/// Keeps the place of every step of the history, and returns to it.
fn keep_place(list: List, state: State, dispatch: Dispatch) {
    dispatch.on_flush(move || {
        history::keep_place(PLACE, list.place());
        Box::pin(async { Ok(()) })
    });
    Effect::new(move |before: Option<()>| {
        state.visit.track();
        if let (Some(()), Some(place)) = (before, history::kept_place(PLACE)) {
            list.go(Wanted::Place(place));
        }
    });
}

/// Brings the entry that is read or written into sight.
fn show_current(source: Source, list: List, current: Memo<Option<EntryId>>) {
    let is_read = memo(move || source.months.with(Option::is_some));
    effect(move || {
        let (true, Some(entry)) = (is_read.get(), current.get()) else { return };
        spawn_local(async move {
            if let Some(row) = source.locate(entry).await
                && current.try_get_untracked() == Some(Some(entry))
            {
                list.active.set(row);
                list.go(Wanted::Seen(row));
            }
        });
    });
}

fn month_header(source: Source, section: usize) -> View {
    let month = memo(move || source.months.with(|all| all.as_ref()?.get(section).copied()));
    let content = move || {
        month.get().map(|month| {
            view! {
                <b>{format::month(month.month)}</b>
                " "
                <span>{format::count(month.entries, "entry", "entries")}</span>
            }
        })
    };
    view! { <div class="river__month">{content}</div> }
}

/// A search box that leads to the search with what is typed.
#[component]
fn Find() -> View {
    let dispatch = use_dispatch();
    let typed = move |input: web_sys::HtmlInputElement| {
        let text = input.value();
        if !text.is_empty() {
            dispatch.navigate(Route::Search(SearchParams { text, ..SearchParams::default() }));
        }
    };
    let on_input = move |event: ev::Event| {
        // Leaving in the middle of a composition would lose what is being composed.
        let composing =
            event.dyn_ref::<web_sys::InputEvent>().is_some_and(web_sys::InputEvent::is_composing);
        if !composing {
            typed(event_target(&event));
        }
    };
    let preferences = use_preferences();
    let actions = use_actions();
    let select = move |()| {
        actions.run(Action::Select);
    };
    view! {
        <search class="find">
            <Icon icon=Icon::Search />
            <input
                type="search"
                aria-label="Search"
                placeholder="Search"
                autocomplete="off"
                on:input=on_input
                on:compositionend=move |event| typed(event_target(&event))
            />
            <kbd aria-hidden="true">{move || preferences.key_of(Action::Search)}</kbd>
            <IconButton icon=Icon::Select label="Select entries" on_press=select />
        </search>
    }
}

/// The heading of the timeline's screen: heard only, unless it names a journal. Beside a page it
/// is the page that has the heading.
#[component]
fn RiverHeading(journal: Memo<Option<JournalId>>) -> impl IntoView {
    let state = use_state();
    let is_screen = memo(move || matches!(*state.route.read(), Route::Timeline { .. }));
    let chosen = memo(move || {
        let id = journal.get()?;
        state.journals.with(|all| all.iter().find(|journal| journal.id == id).cloned())
    });
    let name = Signal::derive(move || chosen.get().map(|journal| journal.name).unwrap_or_default());
    move || match (chosen.with(Option::is_some), is_screen.get()) {
        (false, true) => view! { <Heading text="Timeline" hidden=true /> },
        (false, false) => View::none(),
        (true, is_screen) => {
            let heading = if is_screen {
                view! { <Heading text=name /> }
            } else {
                view! { <p class="heading">{name}</p> }
            };
            let colour = move || chosen.get().map(|journal| journal.colour.name());
            view! {
                <header class="river__journal">
                    <span class="dot" data-colour=colour></span>
                    {heading}
                    <a class="link" href=Route::Timeline { journal: None }.href()>
                        "All journals"
                    </a>
                </header>
            }
        }
    }
}

#[component]
fn NoEntries(journal: Memo<Option<JournalId>>) -> View {
    let nothing = move || match journal.get() {
        Some(_) => "This journal is empty. ",
        None => "Nothing is written yet. ",
    };
    view! {
        <p class="empty river__empty">
            {nothing}
            <a class="link" href=Route::TODAY.href()>
                "Begin writing"
            </a>
        </p>
        <Show when=move || journal.get().is_none()>
            <p class="river__sample">
                {later(|part| (part.sample)())}
            </p>
        </Show>
    }
}
