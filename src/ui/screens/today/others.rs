//! Below the page: other entries of its day, and of that day in other years.

use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::route::Route;
use crate::ui::state::use_state;
use crate::ui::view::*;
use thoughtstream_core::date::Date;
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::{Answer, Query, Row};

/// How many other years are shown.
const YEARS: u32 = 3;

/// The other entries of a day.
#[component]
pub fn AlsoThisDay(day: Memo<Date>, except: EntryId) -> View {
    let rows = watch(move || Query::Day { date: day.get() });
    let others = move || {
        let mut others = rows.get().unwrap_or_default();
        others.retain(|row| row.id != except);
        others
    };
    list("Also this day", others, |row| match row.time {
        Some(time) => format::time(time),
        None => "All day".into(),
    })
}

/// The same day of other years.
#[component]
pub fn OnThisDay(day: Memo<Date>) -> View {
    let rows = watch(move || Query::OnThisDay { date: day.get(), limit: YEARS });
    list("On this day", move || rows.get().unwrap_or_default(), |row| row.date.year().to_string())
}

fn watch(query: impl Fn() -> Query + 'static) -> ReadSignal<Option<Vec<Row>>> {
    let state = use_state();
    let query = move || {
        state.outline_version.track();
        Some(query())
    };
    use_dispatch().watch(query, |answer| match answer {
        Answer::Rows(rows) => Some(rows),
        _ => None,
    })
}

/// Short entries, each under the one word that tells it from the others; none, no list.
fn list(
    title: &'static str,
    rows: impl Fn() -> Vec<Row> + Send + Sync + 'static,
    name: fn(&Row) -> String,
) -> View {
    let rows = memo(rows);
    let item = move |row: Row| {
        view! {
            <li class="today__other">
                <a class="today__name" href=Route::Entry { entry: row.id }.href()>
                    {name(&row)}
                </a>
                <p dir="auto">{row.excerpt}</p>
            </li>
        }
    };
    view! {
        <Show when=move || rows.with(|rows| !rows.is_empty())>
            <section class="today__others">
                <h2>{title}</h2>
                <ul>{move || rows.get().into_iter().map(item).collect_view()}</ul>
            </section>
        </Show>
    }
}
