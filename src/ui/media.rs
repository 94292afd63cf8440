//! Questions to the browser about the screen it shows us on.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Whether a media query holds, now and as the window changes.
#[must_use]
pub fn matches(query: &str) -> ReadSignal<bool> {
    let (matches, set_matches) = signal(false);
    let Ok(Some(list)) = window().match_media(query) else { return matches };
    set_matches.set(list.matches());
    let heard = Closure::<dyn Fn(web_sys::MediaQueryListEvent)>::new(
        move |event: web_sys::MediaQueryListEvent| {
            set_matches.try_set(event.matches());
        },
    );
    list.set_onchange(Some(heard.as_ref().unchecked_ref()));
    // The list lives as long as somebody listens to it, and so does the closure.
    let held = StoredValue::new_local((list, heard));
    on_cleanup(move || held.with_value(|(list, _)| list.set_onchange(None)));
    matches
}
