//! Single keys: to be changed one by one, or switched off altogether.

use crate::ui::actions::{ALL, Described};
use crate::ui::preferences::{Preferences, SingleKeys, use_preferences};
use crate::ui::screens::settings::preference;
use crate::ui::view::*;
use leptos::ev;

/// Which key does what.
#[component]
pub fn Keys() -> View {
    let preferences = use_preferences();
    let rows = move || ALL.iter().map(|it| row(it, preferences)).collect_view();
    view! {
        <p class="settings__hint">
            "They work while nothing is typed; Ctrl K works always, and ? shows all keys."
        </p>
        {preference("Single keys", preferences.single_keys)}
        <Show when=move || preferences.single_keys.get() == SingleKeys::On>
            <details class="settings__more">
                <summary>"Change keys"</summary>
                <ul class="settings__keys">{rows}</ul>
            </details>
        </Show>
    }
}

fn row(described: &'static Described, preferences: Preferences) -> View {
    let action = described.action;
    let typed = move |event: ev::Event| {
        // Whatever is typed last counts, so that a key can be changed without deleting it first.
        let value = event_target_value(&event);
        let last = value.trim().chars().last().map(String::from).unwrap_or_default();
        preferences.set_key(action, &last);
    };
    view! {
        <li>
            <label class="settings__key">
                <span>{described.label}</span>
                <input
                    class="field__input"
                    type="text"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    placeholder="none"
                    prop:value=move || preferences.key_of(action)
                    on:input=typed
                />
            </label>
        </li>
    }
}
