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
    let name = |row: &Row| match row.time {
        Some(time) => format::time(time),
        None => "All day".into(),
    };
    list("Also this day", None, others, name)
}

/// The same day of other years.
#[component]
pub fn OnThisDay(day: Memo<Date>) -> View {
    let rows = watch(move || Query::OnThisDay { date: day.get(), limit: YEARS, each: 1 });
    let all = Signal::derive(move || Route::OnThisDay { date: Some(day.get()) }.href());
    let rows = move || rows.get().unwrap_or_default();
    list("On this day", Some(all), rows, |row| row.date.year().to_string())
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

/// Short entries, each under the one word that tells it from the others, and the way to `all` of
/// them; none, no list.
fn list(
    title: &'static str,
    all: Option<Signal<String>>,
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
                {all
                    .map(|all| {
                        view! {
                            <a class="link" href=all>
                                "All years"
                            </a>
                        }
                    })}
            </section>
        </Show>
    }
}
