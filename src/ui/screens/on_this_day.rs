//! On this day: what was written on it in the years before.

use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::heading::Heading;
use crate::ui::parts::icon::Icon;
use crate::ui::route::Route;
use crate::ui::screen::Screen;
use crate::ui::screens::today::clock;
use crate::ui::state::use_state;
use crate::ui::view::*;
use thoughtstream_core::date::Date;
use thoughtstream_core::message::{Answer, Query, Row};

/// Entries of one year at most, and of all years.
const OF_A_YEAR: u32 = 20;
const IN_ALL: u32 = 400;

/// The years before `date`, the newest first; without one, before today.
#[component]
pub fn OnThisDay(date: Option<Date>) -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let today = clock::today();
    let day = memo(move || date.unwrap_or_else(|| today.get()));
    let query = move || {
        state.outline_version.track();
        Some(Query::OnThisDay { date: day.get(), limit: IN_ALL, each: OF_A_YEAR })
    };
    let rows = dispatch.watch(query, |answer| match answer {
        Answer::Rows(rows) => Some(rows),
        _ => None,
    });
    let years = move || rows.get().map(|rows| by_year(rows).into_iter().map(year).collect_view());
    let none = move || rows.with(|rows| rows.as_ref().is_some_and(Vec::is_empty));
    view! {
        <Screen>
            <header class="screen__header">
                <Heading text="On this day" />
                <p class="screen__note">{move || format::day_of_year(day.get())}</p>
                {move || beside(day.get())}
            </header>
            <ol class="years-past">{years}</ol>
            <Show when=none>
                <p class="empty">
                    {move || {
                        [
                            "In the years before ",
                            &day.get().year().to_string(),
                            ", nothing was written on this day.",
                        ]
                            .concat()
                    }}
                </p>
            </Show>
        </Screen>
    }
}

/// Rows of the same year together.
fn by_year(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let mut years: Vec<Vec<Row>> = Vec::new();
    for row in rows {
        match years.last_mut() {
            Some(year) if year[0].date == row.date => year.push(row),
            _ => years.push(vec![row]),
        }
    }
    years
}

fn year(rows: Vec<Row>) -> View {
    let date = rows.first().map(|row| row.date);
    let entries = rows.into_iter().map(|row| {
        let (time, date) = (row.time.map(format::time), format::full_date(row.date));
        view! {
            <li>
                <a class="years-past__entry" href=Route::Entry { entry: row.id }.href()>
                    <small>
                        <span class="visually-hidden">{date} " "</span>
                        {time}
                    </small>
                    <span dir="auto">{row.excerpt}</span>
                </a>
            </li>
        }
    });
    view! {
        <li class="years-past__year">
            <h2>{date.map(Date::year)}</h2>
            <ul>{entries.collect_view()}</ul>
        </li>
    }
}

/// The days before and after, of the same year.
fn beside(day: Date) -> View {
    let to = |days| Route::OnThisDay { date: Some(day.plus_days(days)) }.href();
    view! {
        <div class="years">
            <a class="button button--icon" aria-label="The day before" href=to(-1)>
                <Icon icon=Icon::Back />
            </a>
            <a class="button button--icon" aria-label="The day after" href=to(1)>
                <Icon icon=Icon::Next />
            </a>
        </div>
    }
}
