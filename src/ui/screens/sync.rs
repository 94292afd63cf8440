//! Syncing with other devices: making or joining a vault, how it stands with it, and leaving it.

pub mod asking;
pub mod enter;
pub mod device_name;
pub mod vault;
pub mod recovery;
pub mod letting_in;
pub mod lists;
pub mod guests;

use crate::ui::heading::Heading;
use crate::ui::screen::Screen;
use crate::ui::screens::sync::asking::{Asking, asks};
use crate::ui::screens::sync::enter::{Enter, Form};
use crate::ui::screens::sync::vault::Vault;
use crate::ui::state::use_state;
use crate::ui::sync_mark::is_entered;
use crate::ui::view::*;

/// The screen.
#[component]
pub fn Sync() -> View {
    let state = use_state();
    // Here, so that what was typed is still there when a server says no.
    let form = Form::new(state);
    let entered = memo(move || state.sync.with(|status| status.as_ref().map(is_entered)));
    let asking = memo(move || state.link.with(asks));
    let content = move || match entered.get() {
        None => View::none(),
        Some(false) if asking.get() => view! { <Asking /> },
        Some(false) => view! { <Enter form /> },
        Some(true) => view! { <Vault /> },
    };
    view! {
        <Screen>
            <header class="screen__header">
                <Heading text="Sync" />
            </header>
            <div class="settings">{content}</div>
        </Screen>
    }
}
