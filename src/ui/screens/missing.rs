//! The page of an address that leads nowhere.

use crate::ui::heading::Heading;
use crate::ui::route::Route;
use crate::ui::screen::Screen;
use crate::ui::view::*;

/// Says that there is nothing here, and where there is something.
#[component]
pub fn Missing() -> View {
    view! {
        <Screen>
            <Heading text="Nothing here" />
            <p class="empty">
                "This address leads to no page of your journal. "
                <a class="link" href=Route::TODAY.href()>
                    "Begin writing"
                </a>
            </p>
        </Screen>
    }
}
