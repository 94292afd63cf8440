//! Settings: how it looks on this device, and how it is kept.

pub mod storage;
pub mod erase;
pub mod keys;
pub mod reminder;
pub mod install;

use crate::ui::heading::Heading;
use crate::ui::parts::field::Choices;
use crate::ui::preferences::{Choice, choose, use_preferences};
use crate::ui::route::Route;
use crate::ui::screen::Screen;
use crate::ui::state::use_state;
use crate::ui::sync_mark::{is_entered, words};
use crate::ui::view::*;
use erase::Erase;
use install::Install;
use keys::Keys;
use reminder::Reminder;
use storage::Storage;

/// The settings.
#[component]
pub fn Settings() -> View {
    let preferences = use_preferences();
    let state = use_state();
    let sync = move || {
        let entered = state.sync.get().filter(is_entered);
        entered.map_or_else(|| "This journal is on this device alone.".into(), |it| words(&it))
    };
    view! {
        <Screen>
            <header class="screen__header">
                <Heading text="Settings" />
            </header>
            <div class="settings">
                <section>
                    <h2>"Look"</h2>
                    {preference("Theme", preferences.theme)}
                    {preference("Text size", preferences.text_size)}
                    {preference("Text width", preferences.text_width)}
                    {preference("A week begins on", preferences.first_weekday)}
                    {preference("The line that is written", preferences.typewriter)}
                </section>
                <section>
                    <h2>"Writing"</h2>
                    {preference("Questions on an empty page", preferences.prompts)}
                    {preference("Days in a row", preferences.streaks)}
                    {preference("Where I am, when I ask for it", preferences.exactness)}
                    <p class="settings__links">
                        <a class="link" href=Route::Templates.href()>
                            "Templates"
                        </a>
                    </p>
                </section>
                <section>
                    <h2>"Your journal"</h2>
                    <Storage />
                    {preference("Where a photo was taken", preferences.photo_place)}
                    <p class="settings__links">
                        <a class="link" href=Route::Transfer.href()>
                            "Import and export"
                        </a>
                        <a class="link" href=Route::Book { year: None, month: None }.href()>
                            "Print a month or a year"
                        </a>
                        <a class="link" href=Route::Journals.href()>
                            "Names and colours of journals"
                        </a>
                    </p>
                    <Erase />
                </section>
                <section>
                    <h2>"Sync"</h2>
                    <p>{sync}</p>
                    <p class="settings__links">
                        <a class="link" href=Route::SYNC.href()>
                            "Sync with other devices"
                        </a>
                    </p>
                </section>
                <section>
                    <h2>"Install"</h2>
                    <Install />
                </section>
                <section>
                    <h2>"Reminder"</h2>
                    <Reminder />
                </section>
                <section>
                    <h2>"Keys"</h2>
                    <Keys />
                </section>
                <section>
                    <h2>"About"</h2>
                    <p>"ThoughtStream " {version()}</p>
                </section>
            </div>
        </Screen>
    }
}

/// The answers to one question, and which of them holds.
pub fn preference<T: Choice>(legend: &'static str, signal: RwSignal<T>) -> View {
    let labels = T::ALL.iter().map(|answer| answer.label()).collect();
    let chosen = Signal::derive(move || {
        let answer = signal.get();
        T::ALL.iter().position(|each| *each == answer).unwrap_or_default()
    });
    let on_choose = move |i: usize| choose(signal, T::ALL[i]);
    view! { <Choices legend labels chosen on_choose /> }
}

/// The version that the build wrote into the page.
fn version() -> String {
    let meta = document().query_selector("meta[name=version]").ok().flatten();
    let version = meta.and_then(|meta| meta.get_attribute("content"));
    version.unwrap_or_else(|| env!("CARGO_PKG_VERSION").into())
}
