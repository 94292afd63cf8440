//! One month of the calendar.

use super::movement::Movement;
use super::year::Year;
use crate::ui::format;
use crate::ui::route::{Route, SearchParams};
use crate::ui::view::*;
use thoughtstream_core::date::{Date, Month};

/// A month as a table of weeks.
pub fn month(year: &Year, month: Month, movement: Movement, today: Date) -> View {
    let first_weekday = movement.first_weekday();
    let name = format::month_name(month);
    let letters = (0..7).map(|i| {
        let (letter, name) = format::weekday_names((first_weekday + i) % 7);
        view! {
            <th scope="col" abbr=name>
                {letter}
            </th>
        }
    });
    let first = month.first();
    let blanks = (first.weekday() + 7 - first_weekday) % 7;
    let weeks = (blanks + month.days()).div_ceil(7);
    let rows = (0..weeks).map(|week| {
        let cells = (0..7).map(|weekday| {
            let day = (week * 7 + weekday + 1).checked_sub(blanks);
            let date = day.and_then(|day| Date::new(month.year, month.month, day));
            match date {
                Some(date) => cell(year, date, movement, today),
                None => view! { <td></td> },
            }
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    view! {
        <section class="month" data-current=(today.in_month() == month).then_some("")>
            <h2>{name}</h2>
            <table role="grid" aria-label=format::month(month)>
                <thead>
                    <tr>{letters.collect_view()}</tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </section>
    }
}

/// A day: a link to what was written on it, or to a page to write on.
fn cell(year: &Year, date: Date, movement: Movement, today: Date) -> View {
    let written = year.day(date);
    let route = match written {
        None => Route::Today { entry: None, date: (date != today).then_some(date) },
        // The search lists what a day has; one entry alone is opened (see `open_day`).
        Some(_) => Route::Search(SearchParams::day(date)),
    };
    let label = match written {
        None => [&format::full_date(date), ", nothing written"].concat(),
        Some(day) => [
            &format::full_date(date),
            ", ",
            &format::count(day.entries, "entry", "entries"),
            ", ",
            &format::count(day.words, "word", "words"),
        ]
        .concat(),
    };
    view! {
        <td>
            <a
                class="month__day"
                href=route.href()
                tabindex=move || if movement.is_at(date) { "0" } else { "-1" }
                aria-label=label
                aria-current=(date == today).then_some("date")
                data-date=date.to_string()
                data-ink=written.map(|day| year.ink(day))
                on:focus=move |_| movement.arrive(date)
            >
                {date.day()}
            </a>
        </td>
    }
}
