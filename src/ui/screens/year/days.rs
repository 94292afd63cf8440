//! The days of a year: a month a line, with as much ink as was written on each. It is a table
//! already; the other one lists the written days alone.

use super::chart::{counts, figure};
use super::months;
use crate::ui::format;
use crate::ui::screens::calendar::year::Year;
use crate::ui::view::*;
use thoughtstream_core::date::{Date, Month};
use thoughtstream_core::message::DayCount;

/// The heatmap, and the list of written days.
pub fn days(year: i32, days: &[DayCount]) -> View {
    let ink = Year::new(year, days);
    let days = days.to_vec();
    figure(
        "Written days",
        move || {
            let rows = months(year).map(|month| row(&ink, month));
            view! {
                <table class="heat" aria-label="Written days">
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            }
        },
        move || {
            let day = |day: &DayCount| (format::short_date(day.date), vec![day.entries, day.words]);
            counts("Written days", &["Day", "Entries", "Words"], days.iter().map(day))
        },
    )
}

fn row(year: &Year, month: Month) -> View {
    let name = format::month_name(month);
    let short: String = name.chars().take(3).collect();
    let cells = (1..=31).map(|day| match Date::new(month.year, month.month, day) {
        Some(date) => cell(year, date),
        None => view! { <td></td> },
    });
    view! {
        <tr>
            <th scope="row" abbr=name>
                {short}
            </th>
            {cells.collect_view()}
        </tr>
    }
}

fn cell(year: &Year, date: Date) -> View {
    let Some(day) = year.day(date) else {
        return view! { <td data-ink="0"></td> };
    };
    let words = format::count(day.words, "word", "words");
    let told = [&format::day_of_year(date), ": ", &words].concat();
    view! {
        <td data-ink=year.ink(day) title=told>
            <span class="visually-hidden">{date.day()} ": " {words}</span>
        </td>
    }
}
