//! Below an empty page: a template to begin with, and a question for whoever wants one.

use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::format;
use crate::ui::parts::button::{Button, Weight};
use crate::ui::parts::dialog::Dialog;
use crate::ui::placeholders::{self, Values};
use crate::ui::preferences::{Prompts, use_preferences};
use crate::ui::route::Route;
use crate::ui::screens::entry::foot::Length;
use crate::ui::screens::entry::open::Open;
use crate::ui::screens::templates::watch_templates;
use crate::ui::screens::today::{clock, journal};
use crate::ui::state::{State, use_state};
use crate::ui::view::*;
use thoughtstream_core::date::Date;
use thoughtstream_core::message::{Answer, Query, Template};

/// Where it is kept on which day no question is wanted.
const NOT_NOW: &str = "thoughtstream.prompt";

/// The ways to begin; they go with the first word.
#[component]
pub fn Begin(open: Open, length: RwSignal<Length>) -> View {
    let choosing = RwSignal::new(false);
    let prompts = use_preferences().prompts;
    let declined = RwSignal::new(is_declined());
    let asking = move || prompts.get() == Prompts::Shown && !declined.get();
    let empty = move || open.editing.get() && length.read().blank;
    view! {
        <Show when=empty>
            <div class="begin">
                <Show when=asking>
                    <Prompt open declined />
                </Show>
                <Button
                    weight=Weight::Quiet
                    label="Begin with a template"
                    on_press=move |()| choosing.set(true)
                />
            </div>
        </Show>
        <Dialog open=choosing title="Begin with a template">
            <Templates open choosing />
        </Dialog>
    }
}

/// The templates by name.
#[component]
fn Templates(open: Open, choosing: RwSignal<bool>) -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let templates = watch_templates(state, dispatch);
    let item = move |template: Template| {
        let name = template.name.clone();
        let choose = move |_| {
            choosing.set(false);
            insert(open, &placeholders::fill(&template.body, &values(open, state)));
        };
        view! {
            <li>
                <button type="button" class="begin__template" on:click=choose>
                    {name}
                </button>
            </li>
        }
    };
    let items = move || templates.get().map(|all| all.into_iter().map(item).collect_view());
    let none = move || templates.with(|all| all.as_ref().is_some_and(Vec::is_empty));
    view! {
        <ul class="begin__templates">{items}</ul>
        <Show when=none>
            <p class="dialog__text">"There are no templates."</p>
        </Show>
        <div class="dialog__actions">
            <a class="link" href=Route::Templates.href()>
                "Make and change templates"
            </a>
            <Button label="Close" on_press=move |()| choosing.set(false) />
        </div>
    }
}

/// What stands for the placeholders on this page.
fn values(open: Open, state: State) -> Values {
    let now = clock::moment();
    let entry = open.entry.with_untracked(|it| it.as_ref().map(|it| (it.moment.date, it.journal)));
    let day = match *state.route.read_untracked() {
        Route::Today { date: Some(date), .. } => date,
        _ => now.date,
    };
    let (date, of) = entry.unwrap_or_else(|| (day, journal::last_used(state)));
    let name = state.journals.with_untracked(|all| {
        all.iter().find(|journal| journal.id == of).map(|journal| journal.name.clone())
    });
    Values {
        date: format::full_date(date),
        time: now.time.map(format::time).unwrap_or_default(),
        weekday: format::weekday_names(date.weekday()).1,
        journal: name.unwrap_or_default(),
    }
}

fn insert(open: Open, (text, caret): &(String, usize)) {
    let (text, caret) = (text.clone(), *caret);
    // Behind the dialog, which gives the focus back to what opened it.
    request_animation_frame(move || {
        if let Some(writer) = open.writer.try_get_untracked().flatten() {
            writer.insert(&text, caret);
        }
    });
}

/// One question, another one, or none until tomorrow.
#[component]
fn Prompt(open: Open, declined: RwSignal<bool>) -> View {
    let dispatch: Dispatch = use_dispatch();
    // A day begins with a question of its own, and not with the one beside yesterday's.
    let first = clock::date().days_since_1970().unsigned_abs().wrapping_mul(23);
    let number = RwSignal::new(u32::try_from(first % 60).unwrap_or_default());
    let query = move || Some(Query::Prompt { number: number.get() });
    let prompt = dispatch.watch(query, |answer| match answer {
        Answer::Prompt(prompt) => Some(prompt),
        _ => None,
    });
    let text = move || prompt.get().unwrap_or_default();
    let take = move |()| {
        let quoted = ["> ", &prompt.get_untracked().unwrap_or_default(), "\n\n"].concat();
        let caret = quoted.len();
        insert(open, &(quoted, caret));
    };
    let decline = move |()| {
        declined.set(true);
        if let Ok(Some(storage)) = window().local_storage() {
            // A full storage asks again.
            drop(storage.set_item(NOT_NOW, &clock::date().to_string()));
        }
    };
    view! {
        <div class="begin__prompt" role="group" aria-label="A question to begin with">
            <p aria-live="polite">{text}</p>
            <Button weight=Weight::Quiet label="Write about it" on_press=take />
            <Button
                weight=Weight::Quiet
                label="Another"
                on_press=move |()| number.update(|number| *number += 1)
            />
            <Button weight=Weight::Quiet label="Not now" on_press=decline />
        </div>
    }
}

/// Whether no question is wanted today.
fn is_declined() -> bool {
    let storage = window().local_storage().ok().flatten();
    let day = storage.and_then(|storage| storage.get_item(NOT_NOW).ok().flatten());
    day.and_then(|day| day.parse::<Date>().ok()) == Some(clock::date())
}
