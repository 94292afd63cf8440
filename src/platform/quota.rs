//! How much room the browser gives, and whether it promised to keep what is there.

use js_sys::{Promise, Reflect};
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager};

/// What is used of what there is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub used: f64,
    pub quota: f64,
}

/// How much is used; `None` where the browser does not say.
pub async fn estimate() -> Option<Estimate> {
    let answer = JsFuture::from(manager()?.estimate().ok()?).await.ok()?;
    let estimate = StorageEstimate::from(answer);
    Some(Estimate { used: estimate.get_usage()?, quota: estimate.get_quota()? })
}

/// Whether the browser promised not to clear the journal when the disk fills up.
pub async fn persisted() -> Option<bool> {
    answer(manager()?.persisted().ok()?).await
}

/// Asks for that promise; some browsers ask the person.
pub async fn persist() -> Option<bool> {
    answer(manager()?.persist().ok()?).await
}

async fn answer(promise: Promise) -> Option<bool> {
    JsFuture::from(promise).await.ok()?.as_bool()
}

/// `None` on a page that did not come over HTTPS or from localhost.
fn manager() -> Option<StorageManager> {
    let storage = web_sys::window()?.navigator().storage();
    let value: &wasm_bindgen::JsValue = storage.as_ref();
    (!value.is_undefined() && Reflect::has(value, &"estimate".into()).ok()?).then_some(storage)
}
