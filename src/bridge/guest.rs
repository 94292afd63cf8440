//! The same for a borrowed machine, where there is one tab, no journal, and nothing that outlives
//! either end.

use crate::platform::{channel, clock};
use js_sys::Uint8Array;
use std::cell::RefCell;
use std::rc::Rc;
use thoughtstream_core::date::Instant;
use thoughtstream_core::message::codec;
use thoughtstream_core::message::{GuestCommand, GuestTold};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{MessageEvent, Worker};

/// A command, and the time by the page's clock: visits end by that.
pub type Said = (Instant, GuestCommand);

/// The screen's end.
#[derive(Clone)]
pub struct GuestBridge(Rc<Inner>);

type Listener = Closure<dyn FnMut(MessageEvent)>;

struct Inner {
    worker: Option<Worker>,
    listener: RefCell<Option<Listener>>,
    /// What was said before the worker was there; `None` once it is.
    unheard: RefCell<Option<Vec<GuestCommand>>>,
}

impl GuestBridge {
    /// Connects to the worker that the boot script started.
    #[must_use]
    pub fn connect(on_told: impl Fn(GuestTold) + 'static) -> Self {
        let worker = super::started_worker();
        let unheard = RefCell::new(Some(Vec::new()));
        let bridge = Self(Rc::new(Inner { worker, listener: RefCell::default(), unheard }));
        let inner = Rc::downgrade(&bridge.0);
        let listener = Closure::new(move |event: MessageEvent| {
            let told = channel::bytes(&event).and_then(|bytes| codec::decode(&bytes).ok());
            let (Some(inner), Some(told)) = (inner.upgrade(), told) else { return };
            match &told {
                GuestTold::Ready => Self(inner).is_heard(),
                // With the worker goes every key that it had.
                GuestTold::Ended(_) => inner.worker.iter().for_each(Worker::terminate),
                _ => {}
            }
            on_told(told);
        });
        if let Some(worker) = &bridge.0.worker {
            worker.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        }
        *bridge.0.listener.borrow_mut() = Some(listener);
        bridge.post(GuestCommand::Hello);
        bridge
    }

    /// Tells the worker, as soon as it is there.
    pub fn say(&self, command: GuestCommand) {
        match &mut *self.0.unheard.borrow_mut() {
            Some(unheard) => unheard.push(command),
            None => self.post(command),
        }
    }

    fn is_heard(&self) {
        for command in self.0.unheard.take().unwrap_or_default() {
            self.post(command);
        }
    }

    fn post(&self, command: GuestCommand) {
        let said: Said = (clock::now(), command);
        if let (Some(worker), Ok(bytes)) = (&self.0.worker, codec::encode(&said)) {
            // Refused only by a worker that has ended, which has nothing more to be told.
            let _ = worker.post_message(&Uint8Array::from(&bytes[..]));
        }
    }
}
