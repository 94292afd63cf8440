//! How to install the app in this browser.

use crate::platform::quota;
use crate::ui::install::{self, Browser};
use crate::ui::parts::button::{Button, Weight};
use crate::ui::view::*;
use leptos::task::spawn_local;

/// The browser's own question where there is one, else the steps.
#[component]
pub fn Install() -> View {
    if install::is_installed() {
        return view! { <p>"ThoughtStream is installed: this is its own window."</p> };
    }
    let offered = install::offered();
    let steps = Browser::this().steps().iter().map(|step| view! { <li>{*step}</li> });
    let steps = steps.collect_view();
    let press = move |()| {
        // A browser that refuses leaves everything as it is.
        drop(install::ask());
    };
    let heard = window_event_listener_untyped("appinstalled", |_| {
        // An app that stays is promised more easily that what it keeps stays as well.
        spawn_local(async {
            quota::persist().await;
        });
    });
    on_cleanup(move || heard.remove());
    view! {
        <p>"As an app it has a window and an icon of its own, and the browser clears it last."</p>
        <Show when=move || offered.get()>
            <p>
                <Button weight=Weight::Primary label="Install ThoughtStream" on_press=press />
            </p>
        </Show>
        <Show when=move || !offered.get()>
            <ol class="settings__steps">{steps.clone()}</ol>
        </Show>
    }
}
