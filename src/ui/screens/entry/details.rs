//! What is known of an entry besides its text, to look at and to change.

use crate::platform::zones::{self, IntlZones};
use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::parts::button::{Button, IconButton, Weight};
use crate::ui::parts::dialog::Dialog;
use crate::ui::parts::icon::Icon;
use crate::ui::screens::entry::location::Locations;
use crate::ui::screens::entry::mood::Moods;
use crate::ui::screens::entry::open::Open;
use crate::ui::screens::entry::redate::redate;
use crate::ui::screens::today::journal;
use crate::ui::state::use_state;
use crate::ui::view::*;
use leptos::ev;
use thoughtstream_core::message::{Answer, Edit, Entry, NAME_CHARS_MAX, Query};

/// The dialog of details; `versions` opens the one of earlier versions.
#[component]
pub fn Details(open: Open, shown: RwSignal<bool>, versions: RwSignal<bool>) -> View {
    let entry = move || open.entry.get();
    view! {
        <Dialog open=shown title="Details">
            {move || open.entry.get_untracked().map(|entry| view! { <When open entry /> })}
            <Moods open />
            <Locations open />
            <Where open />
            <Tags open />
            <p class="entry__words">
                {move || entry().map(|entry| format::count(entry.words, "word", "words"))}
            </p>
            <Ends open shown versions />
        </Dialog>
    }
}

/// Day, time and zone, changed together.
#[component]
fn When(open: Open, entry: Entry) -> View {
    let moment = entry.moment;
    let date = RwSignal::new(moment.date.to_string());
    let time = RwSignal::new(moment.time.map(|time| time.to_string()).unwrap_or_default());
    let zone = RwSignal::new(moment.zone.0);
    let wrong = RwSignal::new(String::new());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = [date.get_untracked(), time.get_untracked(), zone.get_untracked()];
        match redate(open.id, typed.each_ref().map(String::as_str), &IntlZones::default()) {
            Ok(edit) => {
                wrong.set(String::new());
                open.dispatch.edit_with_undo(vec![edit], "Moved in time.");
            }
            Err(reason) => wrong.set(reason),
        }
    };
    let zones = zones::names().into_iter().map(|name| view! { <option value=name></option> });
    view! {
        <form class="entry__when" novalidate on:submit=submit>
            {input("Date", "date", "", date)} {input("Time", "time", "", time)}
            {input("Time zone", "text", "zones", zone)}
            <datalist id="zones">
                {zones.collect_view()}
            </datalist>
            <button type="submit" class="button">
                "Apply"
            </button>
            <p class="field__error" role="alert">
                {wrong}
            </p>
        </form>
    }
}

fn input(label: &'static str, kind: &str, list: &str, value: RwSignal<String>) -> View {
    view! {
        <label class="field">
            <span class="field__label">{label}</span>
            <input
                class="field__input"
                type=kind.to_owned()
                autocomplete="off"
                list=(!list.is_empty()).then(|| list.to_owned())
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
        </label>
    }
}

/// The journal it is in.
#[component]
fn Where(open: Open) -> View {
    let state = use_state();
    let here = move || open.entry.with(|entry| entry.as_ref().map(|entry| entry.journal));
    let choose = move |event: ev::Event| {
        if let Ok(journal) = event_target_value(&event).parse() {
            journal::remember(journal);
            let edit = Edit::Move { entry: open.id, journal };
            open.dispatch.edit_with_undo(vec![edit], "Moved to another journal.");
        }
    };
    let options = move || {
        let journals = state.journals.get().into_iter().map(move |journal| {
            let selected = here() == Some(journal.id);
            view! {
                <option value=journal.id.to_string() selected=selected>
                    {journal.name}
                </option>
            }
        });
        journals.collect_view()
    };
    view! {
        <label class="field">
            <span class="field__label">"Journal"</span>
            <select class="select" on:change=choose>
                {options}
            </select>
        </label>
    }
}

/// The tags that were given by hand. Those in the text come and go with the text.
#[component]
fn Tags(open: Open) -> View {
    let name = RwSignal::new(String::new());
    let given = move || open.entry.with(|it| it.as_ref().map(|it| it.tags.clone()));
    let tag = move |name: String, on| {
        let done = if on { "Tagged." } else { "Tag removed." };
        open.dispatch.edit_with_undo(vec![Edit::Tag { entry: open.id, name, on }], done);
    };
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(typed) = typed_tag(&name.read_untracked()) {
            tag(typed, true);
            name.set(String::new());
        }
    };
    let chip = move |given: String| {
        let (label, removed) = (["Remove ", &given].concat(), given.clone());
        view! {
            <li class="entry__chip">
                <span>{given}</span>
                <IconButton icon=Icon::Close label on_press=move |()| tag(removed.clone(), false) />
            </li>
        }
    };
    view! {
        <form class="entry__tags" on:submit=add>
            <ul class="entry__chips" aria-label="Given by hand">
                {move || given().unwrap_or_default().into_iter().map(chip).collect_view()}
            </ul>
            <label class="field">
                <span class="field__label">"Add a tag"</span>
                <input
                    class="field__input"
                    type="text"
                    list="tags"
                    autocomplete="off"
                    autocapitalize="none"
                    maxlength=NAME_CHARS_MAX.to_string()
                    prop:value=name
                    on:input=move |event| name.set(event_target_value(&event))
                />
            </label>
            <KnownTags />
            <button type="submit" class="button">
                "Add"
            </button>
        </form>
    }
}

/// The tag that was typed, with its sign or without; `None` if that is all.
#[must_use]
pub fn typed_tag(typed: &str) -> Option<String> {
    let name = typed.trim().trim_start_matches('#').trim_start();
    (!name.is_empty()).then(|| name.to_owned())
}

#[component]
fn KnownTags() -> View {
    let known = use_dispatch().watch(
        || Some(Query::Tags),
        |answer| match answer {
            Answer::Tags(tags) => Some(tags),
            _ => None,
        },
    );
    let options = move || {
        let known = known.get().unwrap_or_default().into_iter();
        known.map(|tag| view! { <option value=tag.name></option> }).collect_view()
    };
    view! { <datalist id="tags">{options}</datalist> }
}

/// What leads away from here.
#[component]
fn Ends(open: Open, shown: RwSignal<bool>, versions: RwSignal<bool>) -> View {
    let state = use_state();
    let has_versions =
        move || open.entry.with(|entry| entry.as_ref().is_some_and(|it| it.revisions > 0));
    let lost = move || open.entry.with(|entry| entry.as_ref().is_some_and(|it| it.lost));
    let trashed = move || open.entry.with(|entry| entry.as_ref().is_some_and(|it| it.trashed));
    let show_versions = move |()| {
        shown.set(false);
        versions.set(true);
    };
    let trash = move |()| {
        shown.set(false);
        open.trash(&state.route.get_untracked());
    };
    view! {
        <Show when=lost>
            <p class="entry__words">"Both changed this: see the earlier versions."</p>
        </Show>
        <div class="dialog__actions">
            <Show when=has_versions>
                <Button label="Earlier versions" on_press=show_versions />
            </Show>
            <Show when=move || !trashed()>
                <Button weight=Weight::Danger label="Move to trash" on_press=trash />
            </Show>
            <Button label="Close" on_press=move |()| shown.set(false) />
        </div>
    }
}
