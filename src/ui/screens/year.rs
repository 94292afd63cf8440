//! Your year: what was written in it, in numbers that can be seen and be read as tables.

pub mod chart;
pub mod days;
pub mod moods;

use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::heading::Heading;
use crate::ui::preferences::{self, use_preferences};
use crate::ui::route::{Route, SearchParams};
use crate::ui::screen::Screen;
use crate::ui::screens::calendar::Years;
use crate::ui::screens::today::clock;
use crate::ui::screens::year::chart::{Bar, chart};
use crate::ui::state::use_state;
use crate::ui::view::*;
use std::sync::Arc;
use thoughtstream_core::date::{Date, Month};
use thoughtstream_core::message::{Answer, Query, Statistics, Streak, Tag};

/// The year that the route names.
#[component]
pub fn Year() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let today = clock::today();
    let year = Memo::new(move |before: Option<&i32>| match *state.route.read() {
        Route::Year { year } => year.unwrap_or_else(|| today.get().year()),
        _ => before.copied().unwrap_or_default(),
    });
    let query = move || {
        state.entries_version.track();
        Some(Query::Statistics { year: year.get(), today: today.get() })
    };
    let statistics = dispatch.watch(query, |answer| match answer {
        Answer::Statistics(statistics) => Some(Arc::new(*statistics)),
        _ => None,
    });
    // The year is not tracked: its numbers come a moment later, and are drawn together with it.
    let numbers = memo(move || statistics.get().map(|all| (year.get_untracked(), all)));
    let sum = move || numbers.get().map(|(_, all)| sum(&all));
    let charts = move || numbers.get().map(|(year, all)| charts(year, &all));
    view! {
        <Screen>
            <header class="screen__header">
                <Heading text="Your year" hidden=true />
                <Years year to=|year| Route::Year { year: Some(year) } />
                <p class="screen__note">{sum}</p>
            </header>
            <div class="numbers">{charts}</div>
        </Screen>
    }
}

fn sum(all: &Statistics) -> String {
    let entries = all.days.iter().map(|day| day.entries).sum();
    let words: u64 = all.days.iter().map(|day| u64::from(day.words)).sum();
    let days = u32::try_from(all.days.len()).unwrap_or(u32::MAX);
    let (days, entries) =
        (format::count(days, "day", "days"), format::count(entries, "entry", "entries"));
    [&days, ", ", &entries, ", ", &format::number(words), " words"].concat()
}

fn charts(year: i32, all: &Statistics) -> View {
    if all.days.is_empty() {
        return view! {
            <p class="empty">
                {format!("Nothing was written in {year}. ")}
                <a class="link" href=Route::TODAY.href()>
                    "Write something now"
                </a>
            </p>
            <Streaks streak=all.streak />
        };
    }
    view! {
        <Streaks streak=all.streak />
        {days::days(year, &all.days)}
        {words_of_months(year, all)}
        {entries_of_weekdays(all)}
        {moods::moods(year, &all.moods)}
        {tags(year, &all.tags)}
    }
}

fn months(year: i32) -> impl Iterator<Item = Month> {
    (1..=12).map(move |month| Month { year, month })
}

fn words_of_months(year: i32, all: &Statistics) -> View {
    let bars = months(year).map(|month| {
        let of_month = all.days.iter().filter(|day| day.date.in_month() == month);
        let words = of_month.map(|day| day.words).sum();
        let name = format::month_name(month);
        Bar { short: name.chars().take(3).collect(), name, count: words, href: None }
    });
    chart("Words a month", ["Month", "Words"], bars.collect(), false)
}

fn entries_of_weekdays(all: &Statistics) -> View {
    let first = use_preferences().first_weekday.get_untracked().days_since_monday();
    let bars = (0..7).map(|day| (first + day) % 7).map(|weekday| {
        let of_day = all.days.iter().filter(|day| day.date.weekday() == weekday);
        let (_, name) = format::weekday_names(weekday);
        let short = name.chars().take(3).collect();
        Bar { short, name, count: of_day.map(|day| day.entries).sum(), href: None }
    });
    chart("Entries by weekday", ["Weekday", "Entries"], bars.collect(), false)
}

/// The tags used most; each leads to its entries of the year.
fn tags(year: i32, tags: &[Tag]) -> Option<View> {
    let (from, to) = (Date::new(year, 1, 1), Date::new(year, 12, 31));
    let bars = tags.iter().map(|tag| {
        let search = SearchParams { from, to, ..SearchParams::tagged(&tag.name) };
        let name = ["#", &tag.name].concat();
        let href = Some(Route::Search(search).href());
        Bar { short: name.clone(), name, count: tag.entries, href }
    });
    let bars: Vec<Bar> = bars.collect();
    (!bars.is_empty()).then(|| chart("Most used tags", ["Tag", "Entries"], bars, true))
}

/// Days in a row, for those who like to know. What is not going on now is not told of.
#[component]
fn Streaks(streak: Streak) -> View {
    let wanted = use_preferences().streaks;
    let Streak { current, longest, longest_until } = streak;
    let days = |count| format::count(count, "day", "days");
    let now = (current > 1).then(|| view! { <p>{days(current)} " in a row, up to now."</p> });
    let most = longest_until.filter(|_| longest > 1).map(|until| {
        view! { <p>"The longest: " {days(longest)} ", until " {format::full_date(until)} "."</p> }
    });
    let any = now.is_some() || most.is_some();
    let told = any.then(|| view! { <div class="numbers__streak">{now} {most}</div> });
    let told = StoredValue::new_local(told);
    view! { {move || (wanted.get() == preferences::Streaks::Shown).then(|| told.get_value())} }
}
