//! Copying, and saying whether it worked.

use crate::ui::dispatch::Dispatch;
use crate::ui::view::window;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

/// Puts a text into the clipboard.
pub fn copy(dispatch: Dispatch, text: &str) {
    let written = window().navigator().clipboard().write_text(text);
    spawn_local(async move {
        match JsFuture::from(written).await {
            Ok(_) => dispatch.say("Copied."),
            Err(_) => dispatch.say("The browser does not let this page copy: select and copy it."),
        }
    });
}
