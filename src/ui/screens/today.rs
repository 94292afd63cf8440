//! Today: a blank page with the caret in it, what else was written this day, and what was
//! written on it in other years.

pub mod clock;
pub mod journal;
pub mod others;
pub mod once;

use crate::platform;
use crate::ui::dispatch::use_dispatch;
use crate::ui::route::Route;
use crate::ui::screen::Screen;
use crate::ui::screens::entry::open::{Manner, Open};
use crate::ui::screens::entry::sheet::Sheet;
use crate::ui::screens::today::once::JustThisOnce;
use crate::ui::screens::today::others::{AlsoThisDay, OnThisDay};
use crate::ui::state::{State, use_state};
use crate::ui::view::*;
use thoughtstream_core::date::Date;
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::NewEntry;

/// The page of today, or of `date`; `entry` is the one that was begun on it.
#[component]
pub fn Today(entry: Option<EntryId>, date: Option<Date>) -> View {
    let (state, today) = (use_state(), clock::today());
    let open = match entry {
        Some(entry) => Open::load(entry, Manner::ToWrite),
        None => blank(state, date, today),
    };
    let blank_day = Signal::derive(move || date.unwrap_or_else(|| today.get()));
    let day = memo(move || {
        open.entry
            .with(|entry| entry.as_ref().map(|entry| entry.moment.date))
            .unwrap_or_else(|| blank_day.get())
    });
    view! {
        <Screen>
            <div class="entry today">
                <Sheet open blank_day />
                <AlsoThisDay day except=open.id />
                <OnThisDay day />
                <JustThisOnce />
            </div>
        </Screen>
    }
}

/// A page that becomes an entry with its first key. Its address follows when the entry is in the
/// journal, so that a reload goes on where it was.
fn blank(state: State, date: Option<Date>, today: ReadSignal<Date>) -> Open {
    let dispatch = use_dispatch();
    let id = EntryId(platform::random::bytes());
    let new = move || NewEntry {
        journal: journal::last_used(state),
        zone: platform::clock::zone(),
        date,
    };
    let written = Callback::new(move |entry: EntryId| {
        let here = Route::Today { entry: None, date };
        if *state.route.read_untracked() == here {
            dispatch.replace(Route::Today { entry: Some(entry), date: None });
        }
    });
    let open = Open::blank(id, new(), written);
    // Until then it follows the calendar, and the writer who travels.
    effect(move || {
        today.track();
        if let Some(writer) = open.writer.get() {
            writer.renew(new());
        }
    });
    open
}
