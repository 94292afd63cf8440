//! The timeline: every entry by day, newest first. On wide windows it runs as the river beside
//! the page that is read or written.

pub mod river;
pub mod row;
pub mod source;
pub mod pages;
pub mod selection;

use crate::ui::route::Route;
use crate::ui::view::*;

/// The page beside the river while no entry is chosen.
#[component]
pub fn Timeline() -> View {
    view! {
        <div class="unchosen">
            <p class="empty">
                "Choose a day to read it, or "
                <a class="link" href=Route::TODAY.href()>
                    "begin writing"
                </a> "."
            </p>
        </div>
    }
}
