//! New versions of the app: `boot.js` finds and applies them, the reader says when.

use crate::ui::dispatch::{Dispatch, use_dispatch};
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// The update that may be waiting.
#[derive(Clone, Copy)]
pub struct Update {
    pub waits: ReadSignal<bool>,
    dispatch: Dispatch,
}

/// Watches for updates, and lets `boot.js` save what is being written before it reloads.
#[must_use]
pub fn watch() -> Update {
    let dispatch = use_dispatch();
    let (waits, set_waits) = signal(is_waiting());
    let heard = window_event_listener_untyped("thoughtstream:update", move |_| {
        set_waits.set(is_waiting());
    });
    on_cleanup(move || heard.remove());
    let flush = Closure::<dyn Fn() -> Promise>::new(move || future_to_promise(dispatch.flush()));
    // The page's own object, which takes any field.
    drop(Reflect::set(&boot(), &"flush".into(), flush.as_ref()));
    let held = StoredValue::new_local(flush);
    on_cleanup(move || held.dispose());
    Update { waits, dispatch }
}

impl Update {
    /// Saves what is being written and changes to the new version. If it cannot be saved, it
    /// stays on the screen and so does the old version.
    pub fn run(self) {
        spawn_local(async move {
            let updated = match ask_boot("update") {
                Ok(promise) => JsFuture::from(promise).await,
                Err(refused) => Err(refused),
            };
            if let Err(reason) = updated {
                let reason = reason.as_string().unwrap_or_else(|| "not everything is saved".into());
                self.dispatch.say(["Not updated yet: ", &reason].concat());
            }
        });
    }
}

/// Asks `boot.js` for one of the things that it does by itself.
///
/// # Errors
/// If it refuses, with its reason.
pub fn ask_boot(what: &str) -> Result<Promise, JsValue> {
    let boot = boot();
    let does: Function = Reflect::get(&boot, &what.into())?.dyn_into()?;
    does.call0(&boot)?.dyn_into()
}

fn is_waiting() -> bool {
    Reflect::get(&boot(), &"updateWaits".into()).is_ok_and(|waits| waits.is_truthy())
}

/// `globalThis.thoughtstream`, which `boot.js` made.
fn boot() -> JsValue {
    Reflect::get(&js_sys::global(), &"thoughtstream".into()).unwrap_or_default()
}
