//! The book: a month or a year of the journal as pages to print, or to keep as a PDF.

use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::format;
use crate::ui::heading::Heading;
use crate::ui::parts::button::{Button, Weight};
use crate::ui::parts::field::PillSelect;
use crate::ui::reading::Reading;
use crate::ui::route::Route;
use crate::ui::screen::Screen;
use crate::ui::screens::today::clock;
use crate::ui::state::use_state;
use crate::ui::view::*;
use leptos::task::spawn_local;
use thoughtstream_core::date::{Date, Month};
use thoughtstream_core::message::{Answer, Chosen, Departure, MonthCount, Query};

/// Entries that are asked for at a time.
const PAGE_ENTRIES: u32 = 100;

/// What the book is made of, as far as it has been read.
#[derive(Clone, Copy)]
struct Pages {
    entries: RwSignal<Vec<Departure>>,
    whole: RwSignal<bool>,
    /// Grows with every other choice; what was asked for before is dropped.
    round: StoredValue<u64>,
}

/// A year, or one of its months, on paper.
#[component]
pub fn Book() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let pages = Pages {
        entries: RwSignal::new(Vec::new()),
        whole: RwSignal::new(false),
        round: StoredValue::new(0),
    };
    let chosen = memo(move || match *state.route.read() {
        Route::Book { year, month } => (year.unwrap_or_else(|| clock::date().year()), month),
        _ => (clock::date().year(), None),
    });
    effect(move || pages.read(dispatch, chosen.get()));
    view! {
        <Screen>
            <div class="book">
                <header class="screen__header book__header">
                    <Heading text="Print" />
                    <Chooser chosen />
                    <Button
                        weight=Weight::Primary
                        label="Print\u{2026}"
                        disabled=Signal::derive(move || !pages.whole.get())
                        on_press=move |()| drop(window().print())
                    />
                </header>
                <p class="book__header screen__note" role="status">
                    {move || told(pages)}
                </p>
                {move || {
                    pages.whole.get().then(|| sheets(chosen.get(), &pages.entries.read()))
                }}
            </div>
        </Screen>
    }
}

impl Pages {
    fn read(self, dispatch: Dispatch, (year, month): (i32, Option<u8>)) {
        self.round.update_value(|round| *round += 1);
        let round = self.round.get_value();
        self.whole.set(false);
        self.entries.set(Vec::new());
        let Some((from, to)) = days(year, month) else { return };
        spawn_local(async move {
            let mut after = None;
            loop {
                let chosen = Chosen::Days { from, to };
                let page = Query::Chosen { chosen, after, limit: PAGE_ENTRIES };
                let answer = dispatch.query(page).await;
                if self.round.try_get_value() != Some(round) {
                    return;
                }
                match answer {
                    Ok(Answer::Departures(page)) => {
                        let Some(last) = page.last() else { break };
                        after = Some(last.place);
                        self.entries.update(|entries| entries.extend(page));
                    }
                    Ok(_) => return,
                    Err(failure) => return dispatch.say(failure.to_string()),
                }
            }
            self.whole.set(true);
        });
    }
}

fn days(year: i32, month: Option<u8>) -> Option<(Date, Date)> {
    let first = Month { year, month: month.unwrap_or(1) };
    let last = Month { year, month: month.unwrap_or(12) };
    let from = Date::new(first.year, first.month, 1)?;
    Some((from, Date::new(last.year, last.month, last.days())?))
}

fn told(pages: Pages) -> String {
    let count = pages.entries.with(|entries| u32::try_from(entries.len()).unwrap_or(u32::MAX));
    match (pages.whole.get(), count) {
        (false, _) => [&format::number(count.into()), " entries are read\u{2026}"].concat(),
        (true, 0) => "Nothing was written then.".into(),
        (true, count) => {
            let count = format::count(count, "entry", "entries");
            [&count, ". Choose \u{201c}Save as PDF\u{201d} in the dialog to keep it as a file."]
                .concat()
        }
    }
}

/// Years and months in which there is something.
#[component]
fn Chooser(chosen: Memo<(i32, Option<u8>)>) -> View {
    let dispatch = use_dispatch();
    let outline = dispatch.watch(
        || Some(Query::Outline { journal: None }),
        |answer| match answer {
            Answer::Outline(months) => Some(months),
            _ => None,
        },
    );
    let years = Signal::derive(move || {
        let months = outline.get().unwrap_or_default();
        let mut years: Vec<i32> = months.iter().map(|it| it.month.year).collect();
        years.push(chosen.get().0);
        years.sort_unstable_by(|a, b| b.cmp(a));
        years.dedup();
        years.iter().map(|year| (year.to_string(), year.to_string())).collect::<Vec<_>>()
    });
    let months =
        Signal::derive(move || months_of(chosen.get().0, &outline.get().unwrap_or_default()));
    let go = move |year: i32, month| {
        dispatch.replace(Route::Book { year: Some(year), month });
    };
    let choose_year = move |year: String| {
        if let Ok(year) = year.parse() {
            go(year, None);
        }
    };
    let year = Signal::derive(move || chosen.get().0.to_string());
    let month = Signal::derive(move || chosen.get().1.map(|it| it.to_string()).unwrap_or_default());
    view! {
        <PillSelect label="Year" options=years chosen=year on_choose=choose_year />
        <PillSelect
            label="Month"
            options=months
            chosen=month
            on_choose=move |month: String| go(chosen.get_untracked().0, month.parse().ok())
        />
    }
}

fn months_of(year: i32, outline: &[MonthCount]) -> Vec<(String, String)> {
    let mut months: Vec<Month> =
        outline.iter().map(|it| it.month).filter(|month| month.year == year).collect();
    months.sort_unstable();
    let named = months.iter().map(|it| (it.month.to_string(), format::month_name(*it)));
    std::iter::once((String::new(), "The whole year".to_owned())).chain(named).collect()
}

fn sheets((year, month): (i32, Option<u8>), entries: &[Departure]) -> View {
    let title = match month {
        Some(month) => format::month(Month { year, month }),
        None => year.to_string(),
    };
    let chapters = entries.chunk_by(|a, b| a.moment.date.in_month() == b.moment.date.in_month());
    let chapter = |entries: &[Departure]| {
        let name = entries.first().map(|first| format::month_name(first.moment.date.in_month()));
        let name = name.filter(|_| month.is_none());
        let before = std::iter::once(None).chain(entries.iter().map(Some));
        let all = entries.iter().zip(before);
        view! {
            <section class="book__chapter">
                {name.map(|name| view! { <h2 class="book__month">{name}</h2> })}
                {all.map(|(it, before)| entry(it, before)).collect_view()}
            </section>
        }
    };
    view! {
        <article class="book__pages">
            <p class="book__title">{title}</p>
            {chapters.map(chapter).collect_view()}
        </article>
    }
}

/// An entry, under its day if it is the first of it.
fn entry(entry: &Departure, before: Option<&Departure>) -> View {
    let date = entry.moment.date;
    let first = before.is_none_or(|before| before.moment.date != date);
    let time =
        entry.moment.time.map(|time| view! { <p class="book__time">{format::time(time)}</p> });
    view! {
        <section class="book__entry">
            {first.then(|| view! { <h3 class="book__day">{format::day(date)}</h3> })} {time}
            <Reading body=entry.body.clone() tags=Vec::new() on_tick=None />
        </section>
    }
}
