//! A day: all that was written on it, to read one after the other, and the written days beside it.

use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::heading::Heading;
use crate::ui::route::{Route, SearchParams};
use crate::ui::screen::Screen;
use crate::ui::screens::entry::days::Days;
use crate::ui::screens::entry::facts::facts_of;
use crate::ui::screens::entry::open::{Manner, Open};
use crate::ui::screens::entry::sheet::Text;
use crate::ui::state::use_state;
use crate::ui::view::*;
use thoughtstream_core::date::Date;
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::{Answer, Query};

/// More entries than this are listed elsewhere: each is read whole.
const SHOWN_MAX: usize = 40;

/// The entries of a day, oldest first.
#[component]
pub fn Day(date: Date) -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let query = move || {
        state.outline_version.track();
        Some(Query::Day { date })
    };
    let ids = dispatch.watch(query, |answer| match answer {
        Answer::Rows(rows) => Some(rows.iter().map(|row| row.id).collect::<Vec<_>>()),
        _ => None,
    });
    // An entry that is still there stays as it is; where the reader is must not move.
    let shown = memo(move || ids.with(|ids| ids.as_ref().map(Vec::len)));
    let all = move || ids.get().into_iter().flatten().take(SHOWN_MAX);
    let day = memo(move || date);
    let rest = move || shown.get().is_some_and(|count| count > SHOWN_MAX);
    view! {
        <Screen>
            <div class="entry day-page">
                <Days day />
                <article class="entry__sheet">
                    <header class="entry__header">
                        <Heading text=format::day(date) />
                        <p class="entry__facts">
                            <span>{date.year()}</span>
                        </p>
                    </header>
                    {keyed(all, |id: &EntryId| *id, |id| view! { <Written id /> })}
                    <Show when=rest>
                        <p>
                            <a class="link" href=Route::Search(SearchParams::day(date)).href()>
                                "All of this day"
                            </a>
                        </p>
                    </Show>
                    <Show when=move || shown.get() == Some(0)>
                        <p class="empty">
                            "Nothing was written on this day. "
                            <a
                                class="link"
                                href=Route::Today { entry: None, date: Some(date) }.href()
                            >
                                "Write for it now"
                            </a>
                        </p>
                    </Show>
                </article>
            </div>
        </Screen>
    }
}

/// One of its entries.
#[component]
fn Written(id: EntryId) -> View {
    let open = Open::load(id, Manner::ToRead);
    let name = memo(move || {
        let time = open.entry.with(|entry| entry.as_ref().and_then(|entry| entry.moment.time));
        time.map_or_else(|| "this entry".to_owned(), format::time)
    });
    view! {
        <section class="day-page__entry" aria-label=name>
            <p class="entry__facts">
                {move || open.entry.with(|entry| entry.as_ref().map(facts_of))}
                <a class="link" href=Route::Entry { entry: id }.href()>
                    "Open"
                    <span class="visually-hidden">" " {name}</span>
                </a>
            </p>
            <Text open />
        </section>
    }
}
