//! Keys that work everywhere, and the sheet that tells of all of them.

use crate::ui::actions::{ALL, Action, Actions, use_actions};
use crate::ui::dispatch::Dispatch;
use crate::ui::later::later;
use crate::ui::parts::button::Button;
use crate::ui::parts::dialog::Dialog;
use crate::ui::preferences::{Preferences, Theme, choose, use_preferences};
use crate::ui::route::{Route, SearchParams};
use crate::ui::view::*;
use leptos::ev;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// What the keys of certain places do, in the order in which one learns them.
const ELSEWHERE: [(&str, &str); 11] = [
    ("Ctrl K", "Go to an entry or a day, or do something"),
    ("Alt Shift N", "A new entry, also while typing"),
    ("Alt Shift , and .", "In an entry or a day: the written day before, and after"),
    ("Ctrl Enter", "In an entry: from writing to reading and back"),
    ("Ctrl Z", "Outside of texts: takes back the last change"),
    ("Ctrl B, Ctrl I", "Bold, italic"),
    ("Enter", "In a list: the next item"),
    ("Tab, Shift Tab", "In a list: further in, further out"),
    ("↑ ↓, Home, End", "In the timeline and in what was found: from one to another"),
    ("← → ↑ ↓", "In the calendar: from day to day"),
    ("Page up, page down", "In the calendar: from month to month, with Shift from year to year"),
];

/// Does what the app itself can do, and listens to the keys for as long as it is there.
pub fn listen(dispatch: Dispatch, actions: Actions, palette: RwSignal<bool>, help: RwSignal<bool>) {
    let preferences = use_preferences();
    let places = [
        (Action::NewEntry, Route::TODAY),
        (Action::Today, Route::TODAY),
        (Action::Timeline, Route::Timeline { journal: None }),
        (Action::Calendar, Route::Calendar { year: None }),
        (Action::Year, Route::Year { year: None }),
        (Action::OnThisDay, Route::OnThisDay { date: None }),
        (Action::Gallery, Route::Gallery),
        (Action::Templates, Route::Templates),
        (Action::Tags, Route::Tags),
        (Action::Journals, Route::Journals),
        (Action::Trash, Route::Trash),
        (Action::Book, Route::Book { year: None, month: None }),
        (Action::Settings, Route::Settings),
        (Action::Transfer, Route::Transfer),
        (Action::Sync, Route::SYNC),
    ];
    for (action, route) in places {
        actions.on(action, move || dispatch.navigate(route.clone()));
    }
    actions.on(Action::Search, move || search(dispatch));
    actions.on(Action::Undo, move || {
        if !dispatch.undo() {
            dispatch.say("There is nothing to take back.");
        }
    });
    actions.on(Action::Help, move || help.set(true));
    actions.on(Action::Theme, move || other_theme(preferences));
    let pressed = window_event_listener(ev::keydown, move |event| {
        press(&event, actions, preferences, palette);
    });
    on_cleanup(move || pressed.remove());
}

fn press(
    event: &ev::KeyboardEvent,
    actions: Actions,
    preferences: Preferences,
    palette: RwSignal<bool>,
) {
    let control = event.ctrl_key() || event.meta_key();
    if control && !event.shift_key() && event.code() == "KeyK" {
        event.prevent_default();
        palette.update(|open| *open = !*open);
    } else if event.alt_key() && event.shift_key() && event.code() == "KeyN" {
        event.prevent_default();
        actions.run(Action::NewEntry);
    } else if event.alt_key() && event.shift_key() && event.code() == "Comma" {
        event.prevent_default();
        actions.run(Action::Older);
    } else if event.alt_key() && event.shift_key() && event.code() == "Period" {
        event.prevent_default();
        actions.run(Action::Newer);
    } else if control && !event.shift_key() && event.key() == "z" && !is_taken(event) {
        event.prevent_default();
        actions.run(Action::Undo);
    } else if !control && !event.alt_key() && !event.default_prevented() && !is_taken(event) {
        let action = preferences.action_of(&event.key());
        if action.is_some_and(|action| actions.run(action)) {
            event.prevent_default();
        }
    }
}

/// Whether a key is somebody's who has the focus: a field's, a list's, a dialog's.
fn is_taken(event: &ev::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(target) = target else { return event.is_composing() };
    let typed_into = match target.dyn_ref::<HtmlInputElement>() {
        Some(input) => !matches!(input.type_().as_str(), "checkbox" | "radio" | "button"),
        None => matches!(target.tag_name().as_str(), "TEXTAREA" | "SELECT"),
    };
    typed_into || event.is_composing() || target.closest("dialog").is_ok_and(|it| it.is_some())
}

/// Puts the caret into the search box that is in sight; where there is none, opens the search.
fn search(dispatch: Dispatch) {
    let found = document().query_selector("input[type=search]").ok().flatten();
    let input = found.and_then(|element| element.dyn_into::<HtmlElement>().ok());
    match input.filter(|input| input.offset_parent().is_some()) {
        Some(input) => drop(input.focus()),
        None => dispatch.navigate(Route::Search(SearchParams::default())),
    }
}

/// From what is seen to its opposite, whatever made it so.
fn other_theme(preferences: Preferences) {
    let system = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    let is_dark = match preferences.theme.get_untracked() {
        Theme::System => system.is_some_and(|query| query.matches()),
        theme => theme == Theme::Dark,
    };
    choose(preferences.theme, if is_dark { Theme::Light } else { Theme::Dark });
}

/// The sheet of all keys, as long as `open` says so.
#[component]
pub fn Help(open: RwSignal<bool>) -> View {
    view! {
        <Dialog open title="Keys">
            {later(move |part| (part.keys)(open))}
        </Dialog>
    }
}

/// All keys.
#[component]
pub fn Keys(open: RwSignal<bool>) -> View {
    let actions = use_actions();
    let preferences = use_preferences();
    let settings = move |()| {
        open.set(false);
        actions.run(Action::Settings);
    };
    let single = move || {
        let with_key = ALL.iter().filter(|it| !preferences.key_of(it.action).is_empty());
        with_key.map(|it| line(preferences.key_of(it.action), it.label)).collect_view()
    };
    view! {
        <div class="keys">
            <dl class="keys__list">
                {ELSEWHERE.map(|(keys, what)| line(keys.into(), what)).collect_view()}
            </dl>
            <h3 class="keys__title">"While nothing is typed"</h3>
            <dl class="keys__list">{single}</dl>
        </div>
        <div class="dialog__actions">
            <Button label="Change keys" on_press=settings />
            <Button label="Close" on_press=move |()| open.set(false) />
        </div>
    }
}

fn line(keys: String, what: &'static str) -> View {
    view! {
        <div>
            <dt>
                <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
        </div>
    }
}
