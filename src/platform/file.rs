//! Files of the app itself that are only read when they are wanted.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Response};

/// A file of this app by its address; `None` if there is neither a kept copy nor a network.
pub async fn of_this_app(address: &str) -> Option<Blob> {
    let asked = web_sys::window()?.fetch_with_str(address);
    let response = JsFuture::from(asked).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let blob = response.blob().ok().filter(|_| response.ok())?;
    JsFuture::from(blob).await.ok()?.dyn_into().ok()
}
