//! A year at a glance: every day, with as much ink as was written on it.

pub mod month;
pub mod year;
pub mod movement;

use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::format;
use crate::ui::heading::Heading;
use crate::ui::parts::icon::Icon;
use crate::ui::route::{Route, SearchParams};
use crate::ui::screen::Screen;
use crate::ui::screens::today::clock;
use crate::ui::state::use_state;
use crate::ui::view::*;
use leptos::ev;
use leptos::task::spawn_local;
use movement::Movement;
use std::sync::Arc;
use thoughtstream_core::date::{Date, Month};
use thoughtstream_core::message::{Answer, Query};
use wasm_bindgen::JsCast;
use year::Year;

/// The calendar of the year that the route names.
#[component]
pub fn Calendar() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let today = clock::today();
    let year = Memo::new(move |before: Option<&i32>| match *state.route.read() {
        Route::Calendar { year } => year.unwrap_or_else(|| today.get().year()),
        _ => before.copied().unwrap_or_default(),
    });
    let query = move || {
        state.entries_version.track();
        Some(Query::Calendar { year: year.get(), journal: None })
    };
    let days = dispatch.watch(query, |answer| match answer {
        Answer::Calendar(days) => Some(days),
        _ => None,
    });
    // The year is not tracked: its days come a moment later, and are drawn together with it.
    let written = memo(move || {
        let year = year.get_untracked();
        days.with(|days| days.as_ref().map(|days| Arc::new(Year::new(year, days))))
    });
    let movement = Movement::new(dispatch, year, today);
    let node = NodeRef::<web_sys::HtmlElement>::new();
    movement.follow(node, written);
    show_this_month(node, written);
    let sum = move || {
        let (days, words) = written.with(|written| written.as_ref().map(|year| year.sum()))?;
        Some([&format::count(days, "day", "days"), ", ", &format::number(words), " words"].concat())
    };
    let months = move || written.get().map(|year| months(&year, movement, today.get()));
    view! {
        <Screen node>
            <header class="screen__header">
                <Heading text="Calendar" hidden=true />
                <Years year to=|year| Route::Calendar { year: Some(year) } />
                <GoTo />
                <p class="screen__note">{sum}</p>
                <Legend />
            </header>
            <div
                class="calendar"
                on:keydown=move |event| movement.pressed(&event)
                on:click=move |event| open_day(dispatch, &event)
            >
                {months}
            </div>
        </Screen>
    }
}

fn months(year: &Year, movement: Movement, today: Date) -> View {
    let months = (1..=12).map(|month| Month { year: year.year, month });
    months.map(|month| month::month(year, month, movement, today)).collect_view()
}

/// Opens the entry of a day that has only one; others are listed by the link itself.
fn open_day(dispatch: Dispatch, event: &ev::MouseEvent) {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key();
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let day = target.and_then(|target| target.closest("[data-ink]").ok().flatten());
    let date = day.and_then(|day| day.get_attribute("data-date")?.parse::<Date>().ok());
    let (Some(date), false) = (date, modified) else { return };
    event.prevent_default();
    let asked = dispatch.query(Query::Day { date });
    spawn_local(async move {
        let route = match asked.await {
            Ok(Answer::Rows(rows)) if rows.len() == 1 => Route::Entry { entry: rows[0].id },
            _ => Route::Search(SearchParams::day(date)),
        };
        dispatch.navigate(route);
    });
}

/// On a phone, where twelve months are a long way, begins at the current one.
fn show_this_month(node: NodeRef<web_sys::HtmlElement>, written: Memo<Option<Arc<Year>>>) {
    Effect::new(move |shown: Option<bool>| {
        if shown == Some(true) || written.with(Option::is_none) {
            return shown == Some(true);
        }
        request_animation_frame(move || {
            let Some(Some(node)) = node.try_get_untracked() else { return };
            let month = node.query_selector(".month[data-current]").ok().flatten();
            if let Some(month) = month
                && node.scroll_top() == 0
                && month.get_bounding_client_rect().bottom()
                    > node.get_bounding_client_rect().bottom()
            {
                month.scroll_into_view();
            }
        });
        true
    });
}

/// The years before and after, and a jump to any.
#[component]
pub fn Years(year: Memo<i32>, to: fn(i32) -> Route) -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let today = clock::today();
    let query = move || {
        state.outline_version.track();
        Some(Query::Outline { journal: None })
    };
    let outline = dispatch.watch(query, |answer| match answer {
        Answer::Outline(months) => Some(months),
        _ => None,
    });
    let years = memo(move || {
        let (now, shown) = (today.get().year(), year.get());
        let written = outline.with(|months| {
            let months = months.as_ref()?;
            Some((months.last()?.month.year, months.first()?.month.year))
        });
        let (first, last) = written.unwrap_or((now, now));
        (first.min(now).min(shown), last.max(now).max(shown))
    });
    let options = move || {
        let (first, last) = years.get();
        let options = (first..=last).rev().map(|option| {
            view! {
                <option value=option selected=move || option == year.get()>
                    {option}
                </option>
            }
        });
        options.collect_view()
    };
    let jump = move |event| {
        if let Ok(year) = event_target_value(&event).parse() {
            dispatch.navigate(to(year));
        }
    };
    view! {
        <div class="years">
            <a
                class="button button--icon"
                aria-label="Previous year"
                href=move || to((year.get() - 1).max(1)).href()
            >
                <Icon icon=Icon::Back />
            </a>
            <select class="heading years__year" aria-label="Year" on:change=jump>
                {options}
            </select>
            <a
                class="button button--icon"
                aria-label="Next year"
                href=move || to((year.get() + 1).min(9999)).href()
            >
                <Icon icon=Icon::Next />
            </a>
        </div>
    }
}

/// A jump to any day.
#[component]
fn GoTo() -> View {
    let dispatch = use_dispatch();
    let typed = RwSignal::new(String::new());
    let go = move |event: ev::SubmitEvent| {
        event.prevent_default();
        match typed.get_untracked().parse() {
            Ok(date) => dispatch.navigate(Route::Day { date }),
            Err(_) => dispatch.say("Choose a day to go to."),
        }
    };
    view! {
        <form class="go-to" on:submit=go>
            <input
                class="field__input"
                type="date"
                aria-label="Go to a day"
                prop:value=typed
                on:input=move |event| typed.set(event_target_value(&event))
            />
            <button type="submit" class="button">
                "Go"
            </button>
        </form>
    }
}

/// What the shades mean.
#[component]
fn Legend() -> View {
    let shades = ["1", "2", "3", "4"].map(|ink| view! { <i class="legend__ink" data-ink=ink></i> });
    view! { <p class="legend">"less " {shades.collect_view()} " more"</p> }
}
