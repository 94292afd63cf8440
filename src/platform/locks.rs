//! Web Locks: who among the tabs owns the database.

use futures_channel::oneshot;
use js_sys::{Function, Object, Promise, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = LockManager)]
    type LockManager;

    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, options: &Object, granted: &Function) -> Promise;
}

/// The wish for a lock, which can be given up.
#[derive(Clone)]
pub struct Election(Option<AbortController>);

impl Election {
    /// A wish that is not given up yet.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it is an event, not a value")]
    pub fn new() -> Self {
        Self(AbortController::new().ok())
    }

    /// Gives the wish up; a lock that was granted already is not affected.
    pub fn abort(&self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// A lock that is held until this is dropped.
pub struct Lock {
    release: Function,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // It only resolves a promise, which cannot fail.
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

/// Waits, for as long as it takes, until no other tab holds the lock; `None` if the wish was given
/// up, or where the browser has no locks, which is so on pages that did not come over HTTPS or from
/// localhost.
pub async fn acquire(name: &str, election: &Election) -> Option<Lock> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    if locks.is_undefined() {
        return None;
    }
    let (granted, lock) = oneshot::channel();
    let granted = Rc::new(RefCell::new(Some(granted)));
    let waiting = granted.clone();
    // The lock is held as long as the promise that this returns is pending.
    let hold = Closure::<dyn FnMut(JsValue) -> Promise>::new(move |_| {
        Promise::new(&mut |resolve, _| {
            if let Some(granted) = granted.borrow_mut().take() {
                // If nobody waits any more, dropping the lock lets it go at once.
                drop(granted.send(Lock { release: resolve }));
            }
        })
    });
    let request = locks.unchecked_into::<LockManager>();
    let options = Object::new();
    if let Some(controller) = &election.0 {
        Reflect::set(&options, &"signal".into(), &controller.signal()).ok()?;
    }
    let held = request.request(name, &options, hold.as_ref().unchecked_ref());
    spawn_local(async move {
        // Rejected when the wish was given up; then nobody will ever be granted the lock.
        if JsFuture::from(held).await.is_err() {
            drop(waiting.borrow_mut().take());
        }
    });
    lock.await.ok()
}
