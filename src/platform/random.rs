//! Chance, for ids.

use js_sys::{Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// Random bytes from the browser's cryptographic source.
///
/// # Panics
/// If there is none, which no browser that runs wasm is without: ids would not be unique then.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let array = Uint8Array::new_with_length(N as u32);
    fill(&array).expect("BUG: every browser with wasm has crypto.getRandomValues");
    let mut bytes = [0; N];
    array.copy_to(&mut bytes);
    bytes
}

/// The source has the same name on a page and in a worker, but no common type.
fn fill(array: &Uint8Array) -> Result<(), JsValue> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into())?;
    let fill: Function = Reflect::get(&crypto, &"getRandomValues".into())?.dyn_into()?;
    fill.call1(&crypto, array)?;
    Ok(())
}
