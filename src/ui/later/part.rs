//! What is in the second file, and how it is reached: by pointers to functions, which the first
//! file does not have until it has fetched the second.

use crate::ui::attachments::strip::Strip;
use crate::ui::dispatch::Dispatch;
use crate::ui::handover;
use crate::ui::once::Once;
use crate::ui::palette::Content;
use crate::ui::reading::{OnTick, Reading};
use crate::ui::route::Route;
use crate::ui::sample::OpenSample;
use crate::ui::screens::book::Book;
use crate::ui::screens::calendar::Calendar;
use crate::ui::screens::day::Day;
use crate::ui::screens::entry::details::Details;
use crate::ui::screens::entry::open::Open;
use crate::ui::screens::entry::versions::Versions;
use crate::ui::screens::gallery::Gallery;
use crate::ui::screens::journals::Journals;
use crate::ui::screens::on_this_day::OnThisDay;
use crate::ui::screens::search::Search;
use crate::ui::screens::settings::Settings;
use crate::ui::screens::sync::Sync;
use crate::ui::screens::tags::Tags;
use crate::ui::screens::templates::Templates;
use crate::ui::screens::timeline::selection::{Selection, SelectionBar};
use crate::ui::screens::transfer::Transfer;
use crate::ui::screens::transfer::jobs::Jobs;
use crate::ui::screens::trash::Trash;
use crate::ui::screens::year::Year;
use crate::ui::shortcuts::Keys;
use crate::ui::state::State;
use crate::ui::view::*;
use js_sys::{Array, Promise};

/// The views of the second file.
#[derive(Debug)]
pub struct Part {
    /// The screen of a route that the first file knows nothing of.
    pub screen: fn(&Route) -> View,
    /// The page of a borrowed machine.
    pub once: fn() -> View,
    /// A text as it is read.
    pub reading: fn(String, Vec<String>, OnTick) -> View,
    /// The photos and files of an entry.
    pub strip: fn(Open) -> View,
    /// The dialogs of an entry: its details, and its earlier versions.
    pub details: fn(Open, RwSignal<bool>, RwSignal<bool>) -> View,
    /// What can be done with chosen entries.
    pub selection: fn(Selection) -> View,
    /// The button that brings in a sample journal.
    pub sample: fn() -> View,
    /// Takes in what other apps hand over.
    pub take_in: fn(State, Dispatch, Jobs, String, Array) -> Promise,
    /// What is in the palette.
    pub palette: fn(RwSignal<bool>) -> View,
    /// All keys.
    pub keys: fn(RwSignal<bool>) -> View,
}

static PART: Part = Part {
    screen,
    once: || view! { <Once /> },
    reading: |body, tags, on_tick| view! { <Reading body tags on_tick /> },
    strip: |open| view! { <Strip open /> },
    details: |open, details, versions| {
        view! {
            <Details open shown=details versions />
            <Versions open shown=versions />
        }
    },
    selection: |selection| view! { <SelectionBar selection /> },
    sample: || view! { <OpenSample /> },
    take_in: handover::take_in,
    palette: |open| view! { <Content open /> },
    keys: |open| view! { <Keys open /> },
};

fn screen(route: &Route) -> View {
    match *route {
        Route::Day { date } => view! { <Day date /> },
        Route::Calendar { .. } => view! { <Calendar /> },
        Route::Search(_) => view! { <Search /> },
        Route::OnThisDay { date } => view! { <OnThisDay date /> },
        Route::Year { .. } => view! { <Year /> },
        Route::Gallery => view! { <Gallery /> },
        Route::Tags => view! { <Tags /> },
        Route::Journals => view! { <Journals /> },
        Route::Trash => view! { <Trash /> },
        Route::Book { .. } => view! { <Book /> },
        Route::Settings => view! { <Settings /> },
        Route::Templates => view! { <Templates /> },
        Route::Transfer => view! { <Transfer /> },
        Route::Sync { .. } => view! { <Sync /> },
        // The first file shows these itself. All are named, so that no screen is forgotten.
        Route::Today { .. } | Route::Timeline { .. } | Route::Entry { .. } | Route::Missing => {
            View::none()
        }
    }
}

/// The second file's views; an error if it cannot be fetched.
#[cfg(not(thoughtstream_split))]
pub(super) async fn fetch() -> Result<&'static Part, std::convert::Infallible> {
    Ok(&PART)
}

#[cfg(thoughtstream_split)]
pub(super) use split::fetch;

/// The macro imports a function of the second file, which is unsafe to call before it is there.
#[cfg(thoughtstream_split)]
#[allow(unsafe_code)]
mod split {
    use super::{PART, Part};
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    #[wasm_split(later, fallible)]
    pub(in crate::ui::later) fn fetch() -> Result<&'static Part, SplitLoaderError> {
        Ok(&PART)
    }
}
