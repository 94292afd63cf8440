//! Settings: how it looks on this device, and how it is kept.

pub mod storage;
pub mod erase;

use crate::ui::heading::Heading;
use crate::ui::parts::field::Choices;
use crate::ui::preferences::{Choice, choose, use_preferences};
use crate::ui::route::Route;
use crate::ui::screen::Screen;
use crate::ui::state::use_state;
use crate::ui::sync_mark::{is_entered, words};
use crate::ui::view::*;
use erase::Erase;
use storage::Storage;

/// What the keys do, in the order in which one learns them.
const SHORTCUTS: [(&str, &str); 9] = [
    ("Ctrl K", "Search"),
    ("Alt Shift N", "A new entry"),
    ("Alt Shift , and .", "The written day before, and after"),
    ("Ctrl B, Ctrl I", "Bold, italic"),
    ("Enter", "In a list: the next item"),
    ("Tab, Shift Tab", "In a list: further in, further out"),
    ("↑ ↓, Home, End", "In the timeline and in what was found: from one to another"),
    ("← → ↑ ↓", "In the calendar: from day to day"),
    ("Page up, page down", "In the calendar: from month to month, with Shift from year to year"),
];

/// The settings.
#[component]
pub fn Settings() -> View {
    let preferences = use_preferences();
    let state = use_state();
    let sync = move || {
        let entered = state.sync.get().filter(is_entered);
        entered.map_or_else(|| "This journal is on this device alone.".into(), |it| words(&it))
    };
    let keys = SHORTCUTS.map(|(keys, what)| {
        view! {
            <dt>
                <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
        }
    });
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
                    <p class="settings__links">
                        <a class="link" href=Route::Transfer.href()>
                            "Import and export"
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
                    <h2>"Keys"</h2>
                    <dl class="settings__keys">{keys.collect_view()}</dl>
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
fn preference<T: Choice>(legend: &'static str, signal: RwSignal<T>) -> View {
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
