//! A counter and a field to type in.

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Puts the page on the screen as soon as the module runs.
#[wasm_bindgen(start)]
pub fn start() {
    mount_to_body(page);
}

fn page() -> impl IntoView {
    let (count, set_count) = signal(0);
    view! {
        <button on:click=move |_| set_count.update(|count| *count += 1)>{count}</button>
        <textarea></textarea>
    }
}
