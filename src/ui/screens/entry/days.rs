//! From one written day to the one before or after it.

use crate::ui::actions::{Action, use_actions};
use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::parts::icon::Icon;
use crate::ui::route::Route;
use crate::ui::state::use_state;
use crate::ui::view::*;
use thoughtstream_core::date::Date;
use thoughtstream_core::message::{Answer, Query};

/// The written days beside a day.
#[component]
pub fn Days(day: Memo<Date>) -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let query = move || {
        state.outline_version.track();
        Some(Query::Neighbours { date: day.get() })
    };
    let beside = dispatch.watch(query, |answer| match answer {
        Answer::Neighbours { before, after } => Some((before, after)),
        _ => None,
    });
    let before = memo(move || beside.get().and_then(|(before, _)| before));
    let after = memo(move || beside.get().and_then(|(_, after)| after));
    let go = move |to: Memo<Option<Date>>| match to.get_untracked() {
        Some(date) => dispatch.navigate(Route::Day { date }),
        None => dispatch.say("There is no written day beyond this one."),
    };
    let actions = use_actions();
    actions.on(Action::Older, move || go(before));
    actions.on(Action::Newer, move || go(after));
    view! {
        <nav class="days" aria-label="Written days">
            <span>{move || before.get().map(|date| link(date, false))}</span>
            <a class="days__years" href=move || Route::OnThisDay { date: Some(day.get()) }.href()>
                "Other years"
            </a>
            <span>{move || after.get().map(|date| link(date, true))}</span>
        </nav>
    }
}

fn link(date: Date, onward: bool) -> View {
    let words = if onward { "Next written day: " } else { "Previous written day: " };
    let words = view! { <span class="visually-hidden">{words}</span> };
    let date_words = format::short_date(date);
    let (before, after) = match onward {
        true => (None, Some(view! { <Icon icon=Icon::Next /> })),
        false => (Some(view! { <Icon icon=Icon::Back /> }), None),
    };
    view! {
        <a class="days__day" href=Route::Day { date }.href()>
            {before}
            {words}
            {date_words}
            {after}
        </a>
    }
}
