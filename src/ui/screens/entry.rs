//! One entry: its day as a heading, its text to read or to write, and what is known about it.

pub mod open;
pub mod sheet;
pub mod bar;
pub mod facts;
pub mod details;
pub mod foot;
pub mod begin;
pub mod days;
pub mod mood;
pub mod location;
pub mod versions;
pub mod redate;

use crate::ui::screen::Screen;
use crate::ui::screens::entry::open::{Manner, Open};
use crate::ui::screens::entry::sheet::Sheet;
use crate::ui::screens::today::clock;
use crate::ui::view::*;
use thoughtstream_core::id::EntryId;

/// The entry with the id of the address.
#[component]
pub fn Entry(entry: EntryId) -> View {
    let open = Open::load(entry, Manner::ByAge);
    view! {
        <Screen>
            <div class="entry">
                <Sheet open blank_day=clock::today() />
            </div>
        </Screen>
    }
}
