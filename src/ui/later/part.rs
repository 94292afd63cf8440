//! What is in the second file, and how it is reached: by pointers to functions, which the first
//! file does not have until it has fetched the second.

use crate::ui::palette::Content;
use crate::ui::route::Route;
use crate::ui::screens::book::Book;
use crate::ui::screens::gallery::Gallery;
use crate::ui::screens::journals::Journals;
use crate::ui::screens::on_this_day::OnThisDay;
use crate::ui::screens::settings::Settings;
use crate::ui::screens::sync::Sync;
use crate::ui::screens::tags::Tags;
use crate::ui::screens::templates::Templates;
use crate::ui::screens::transfer::Transfer;
use crate::ui::screens::trash::Trash;
use crate::ui::screens::year::Year;
use crate::ui::shortcuts::Keys;
use crate::ui::view::*;

/// The views of the second file.
#[derive(Debug)]
pub struct Part {
    /// The screen of a route that the first file knows nothing of.
    pub screen: fn(&Route) -> View,
    /// What is in the palette.
    pub palette: fn(RwSignal<bool>) -> View,
    /// All keys.
    pub keys: fn(RwSignal<bool>) -> View,
}

static PART: Part = Part {
    screen,
    palette: |open| view! { <Content open /> },
    keys: |open| view! { <Keys open /> },
};

fn screen(route: &Route) -> View {
    match *route {
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
        _ => View::none(),
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
