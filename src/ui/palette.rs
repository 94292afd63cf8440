//! The palette: entries, days and actions by a few letters, from anywhere (Ctrl K).
//!
//! A combobox as the ARIA practices describe it: the focus stays in the field, and the arrows move
//! what is chosen in the list below.

pub mod dates;

use crate::ui::actions::{Action, Actions, is_meant, use_actions};
use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::format;
use crate::ui::later::later;
use crate::ui::parts::dialog::Dialog;
use crate::ui::preferences::{Preferences, use_preferences};
use crate::ui::route::{Route, SearchParams};
use crate::ui::screens::today::clock;
use crate::ui::view::*;
use leptos::ev;
use thoughtstream_core::date::Date;
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::{Answer, Hit, Query};

/// How many entries are shown; all of them are one line further down.
const ENTRIES: u32 = 7;

/// One line of the list.
#[derive(Debug, Clone, PartialEq)]
enum Choice {
    Read(Date),
    Write(Date),
    Do { action: Action, label: &'static str },
    Open { entry: EntryId, date: Date, text: String },
    SearchAll(String),
}

/// The palette, as long as `open` says so.
#[component]
pub fn Palette(open: RwSignal<bool>) -> View {
    view! {
        <Dialog open title="Go to or do" bare=true>
            {later(move |part| (part.palette)(open))}
        </Dialog>
    }
}

/// What is in the palette.
#[component]
pub fn Content(open: RwSignal<bool>) -> View {
    let (dispatch, actions) = (use_dispatch(), use_actions());
    let preferences = use_preferences();
    let text = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let hits = search(dispatch, text);
    let choices = memo(move || choices(&text.read(), &hits.read(), actions));
    let take = Callback::new(move |i: usize| {
        if let Some(choice) = choices.with_untracked(|all| all.get(i).cloned()) {
            open.set(false);
            carry_out(choice, dispatch, actions);
        }
    });
    let typed = move |event: ev::Event| {
        at.set(0);
        text.set(event_target_value(&event));
    };
    let press = move |event: ev::KeyboardEvent| {
        let count = choices.with_untracked(Vec::len).max(1);
        let last = at.get_untracked().min(count - 1);
        let next = match event.key().as_str() {
            _ if event.is_composing() => return,
            "ArrowDown" => (last + 1) % count,
            "ArrowUp" => (last + count - 1) % count,
            "Enter" => {
                // It must not reach the page that has the focus then.
                event.prevent_default();
                return take.run(last);
            }
            _ => return,
        };
        event.prevent_default();
        at.set(next);
        show(next);
    };
    let node = NodeRef::<web_sys::HtmlInputElement>::new();
    node.on_load(|input| drop(input.focus()));
    let active = move || choices.with(|all| (!all.is_empty()).then(|| id(at.get())));
    let rows = move || {
        let row = |(i, choice)| row(i, &choice, at, take, preferences);
        choices.get().into_iter().enumerate().map(row).collect_view()
    };
    view! {
        <div class="palette">
            <input
                class="palette__input"
                type="text"
                role="combobox"
                aria-label="Go to or do"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=active
                placeholder="An entry, a day, a command\u{2026}"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                node_ref=node
                on:input=typed
                on:keydown=press
            />
            <ul class="palette__list" id="palette-list" role="listbox" aria-label="Found">
                {rows}
            </ul>
            <p class="visually-hidden" role="status">
                {move || {
                    let count = u32::try_from(choices.with(Vec::len)).unwrap_or(u32::MAX);
                    format::count(count, "line", "lines")
                }}
            </p>
        </div>
    }
}

/// One letter is in every entry.
fn is_long_enough(text: &str) -> bool {
    text.trim().chars().nth(1).is_some()
}

/// The entries that have what is typed.
fn search(dispatch: Dispatch, text: RwSignal<String>) -> ReadSignal<Option<Vec<Hit>>> {
    let query = move || {
        let text = text.get();
        let params = SearchParams { text, ..SearchParams::default() };
        is_long_enough(&params.text).then(|| Query::Search(params.search(ENTRIES)))
    };
    dispatch.watch(query, |answer| match answer {
        Answer::Found(found) => Some(found.hits),
        _ => None,
    })
}

/// Days first, as nobody types one by chance; then what can be done, then entries.
fn choices(text: &str, hits: &Option<Vec<Hit>>, actions: Actions) -> Vec<Choice> {
    let mut choices = Vec::new();
    if let Some(date) = dates::parse(text, clock::date()) {
        choices.extend([Choice::Read(date), Choice::Write(date)]);
    }
    let meant = actions.offered().into_iter().filter(|it| is_meant(it, text));
    choices.extend(meant.map(|it| Choice::Do { action: it.action, label: it.label }));
    let entries = hits.iter().flatten().map(|hit| Choice::Open {
        entry: hit.row.id,
        date: hit.row.date,
        text: hit.row.excerpt.clone(),
    });
    if is_long_enough(text) {
        choices.extend(entries);
        choices.push(Choice::SearchAll(text.into()));
    }
    choices
}

fn carry_out(choice: Choice, dispatch: Dispatch, actions: Actions) {
    match choice {
        Choice::Read(date) => dispatch.navigate(Route::Search(SearchParams::day(date))),
        Choice::Write(date) => dispatch.navigate(Route::Today { entry: None, date: Some(date) }),
        Choice::Open { entry, .. } => dispatch.navigate(Route::Entry { entry }),
        Choice::SearchAll(text) => {
            let params = SearchParams { text, ..SearchParams::default() };
            dispatch.navigate(Route::Search(params));
        }
        Choice::Do { action, .. } => {
            // The palette closes first, so that the focus is back where it came from.
            request_animation_frame(move || {
                actions.run(action);
            });
        }
    }
}

fn row(
    i: usize,
    choice: &Choice,
    at: RwSignal<usize>,
    take: Callback<usize>,
    preferences: Preferences,
) -> View {
    let (kind, label, hint) = match choice {
        Choice::Read(date) => ("Read", format::short_date(*date), String::new()),
        Choice::Write(date) => ("Write for", format::short_date(*date), String::new()),
        Choice::Do { action, label } => ("", (*label).to_owned(), preferences.key_of(*action)),
        Choice::Open { date, text, .. } => ("", text.clone(), format::short_date(*date)),
        Choice::SearchAll(text) => ("Search for", text.clone(), String::new()),
    };
    let is_entry = matches!(choice, Choice::Open { .. });
    view! {
        <li
            id=id(i)
            class="palette__choice"
            data-entry=is_entry.then_some("")
            role="option"
            aria-selected=move || (at.get() == i).to_string()
            on:mousemove=move |_| {
                if at.get_untracked() != i {
                    at.set(i);
                }
            }
            on:click=move |_| take.run(i)
        >
            <small>{kind}</small>
            <span dir="auto">{label}</span>
            <kbd>{hint}</kbd>
        </li>
    }
}

fn id(i: usize) -> String {
    ["palette-", &i.to_string()].concat()
}

/// Keeps the chosen line in sight.
fn show(i: usize) {
    if let Some(row) = document().get_element_by_id(&id(i)) {
        let nearest = web_sys::ScrollIntoViewOptions::new();
        nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}
