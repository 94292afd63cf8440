//! Waiting.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;

/// Waits for some milliseconds, on a page or in a worker.
pub async fn sleep(ms: u32) {
    let promise = Promise::new(&mut |resolve, _| set_timeout(&resolve, ms));
    // A timer's promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// A call that is put off; another wish replaces it, dropping it takes it back.
pub struct Alarm {
    ring: Closure<dyn FnMut()>,
    handle: Option<f64>,
}

impl Alarm {
    /// An alarm that calls `ring` when its time comes.
    #[must_use]
    pub fn new(ring: impl FnMut() + 'static) -> Self {
        Self { ring: Closure::new(ring), handle: None }
    }

    /// Rings once, `ms` milliseconds from now, and at no time that was set before.
    pub fn set(&mut self, ms: u32) {
        self.clear();
        let handle = call("setTimeout", self.ring.as_ref().unchecked_ref::<Function>(), ms);
        self.handle = handle;
    }

    /// Does not ring.
    pub fn clear(&mut self) {
        if let Some(handle) = self.handle.take() {
            call("clearTimeout", &handle.into(), 0);
        }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.clear();
    }
}

fn set_timeout(resolve: &Function, ms: u32) {
    call("setTimeout", resolve, ms);
}

/// Timers have the same names on a page and in a worker, but no common type.
fn call(name: &str, what: &wasm_bindgen::JsValue, ms: u32) -> Option<f64> {
    let global = js_sys::global();
    let function: Function = Reflect::get(&global, &name.into()).ok()?.dyn_into().ok()?;
    function.call2(&global, what, &ms.into()).ok()?.as_f64()
}
