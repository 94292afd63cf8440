//! The browser's history and the places in it: what makes back, forward and reload come back to
//! where the reader was.
//!
//! Each step of the history carries a number as its state. How far a screen was scrolled is kept
//! under that number in the session's storage, which (unlike `history.state`) can still be
//! written when the browser has already moved on to another step.

use crate::platform::number;
use crate::ui::route::Route;
use leptos::prelude::window;
use std::cell::Cell;
use wasm_bindgen::JsValue;

thread_local! {
    /// The step the screen shows, which a `popstate` leaves behind before we hear of it.
    static STEP: Cell<f64> = Cell::new(browser_step());
}

/// Where the address bar says the reader is.
#[must_use]
pub fn current() -> Route {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let query = location.search().unwrap_or_default();
    // What a server prints: behind the `#`, so that it is in no log of any server.
    let place = location.hash().unwrap_or_default();
    if let Some(invitation) = place.strip_prefix("#invitation=") {
        return Route::Sync { invitation: Some(invitation.into()) };
    }
    Route::parse(&path, &query)
}

/// Makes a new step.
pub fn push(href: &str) {
    let step = JsValue::from_f64(js_sys::Date::now());
    if let Ok(history) = window().history() {
        // A browser refuses only when a page floods it; then the screen changes all the same.
        drop(history.push_state_with_url(&step, "", Some(href)));
    }
    settle();
}

/// Changes the address of the current step.
pub fn replace(href: &str) {
    if let Ok(history) = window().history() {
        let step = history.state().unwrap_or(JsValue::NULL);
        drop(history.replace_state_with_url(&step, "", Some(href)));
    }
}

/// Takes over the step that the browser is at.
pub fn settle() {
    STEP.set(browser_step());
}

/// Remembers a place of the step on the screen, `name` saying in what.
pub fn keep_place(name: &str, place: f64) {
    if let Ok(Some(storage)) = window().session_storage() {
        // Where there is no room for it the place is lost, and nothing else.
        drop(storage.set_item(&key(name), &number::text(place)));
    }
}

/// The place that was remembered for the step on the screen.
#[must_use]
pub fn kept_place(name: &str) -> Option<f64> {
    let storage = window().session_storage().ok()??;
    number::parse(&storage.get_item(&key(name)).ok()??)
}

fn key(name: &str) -> String {
    ["place", &number::text(STEP.get()), name].join(".")
}

/// The number of the browser's step; 0 is the one the tab began with.
fn browser_step() -> f64 {
    let state = window().history().and_then(|history| history.state());
    state.ok().and_then(|state| state.as_f64()).unwrap_or(0.0)
}
