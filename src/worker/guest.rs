//! The loop of a borrowed machine: no files, no locks, no other tabs; only the brain of a guest,
//! what it is told, and its requests. It ends with the worker, and nothing stays of it.

use super::transport;
use crate::bridge::guest::Said;
use crate::platform::{channel, clock, random};
use js_sys::Uint8Array;
use std::cell::RefCell;
use std::rc::Rc;
use thoughtstream_core::date::Instant;
use thoughtstream_core::guest::{Guest, Input, Output};
use thoughtstream_core::message::GuestTold;
use thoughtstream_core::message::codec;
use thoughtstream_core::seal::Chance;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// What the boot script calls the worker of a borrowed machine.
const NAME: &str = "once";

/// The brain, and how far the page's clock is ahead of this thread's.
struct Machine {
    guest: Guest,
    ahead: i64,
}

type Shared = Rc<RefCell<Machine>>;

/// Random bytes of the browser.
struct Browser;

impl Chance for Browser {
    fn fill(&mut self, bytes: &mut [u8]) {
        for some in bytes.chunks_mut(32) {
            some.copy_from_slice(&random::bytes::<32>()[..some.len()]);
        }
    }
}

/// Whether this is the worker of a borrowed machine.
pub(super) fn is_here() -> bool {
    scope().name() == NAME
}

/// Starts the loop.
pub(super) fn start() {
    let guest = Guest::new(Box::new(Browser));
    let shared: Shared = Rc::new(RefCell::new(Machine { guest, ahead: 0 }));
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let said = channel::bytes(&event).and_then(|bytes| codec::decode::<Said>(&bytes).ok());
        if let Some((now, command)) = said {
            shared.borrow_mut().ahead = now.0 - clock::now().0;
            handle(&shared, Input::Command(command));
        }
    });
    scope().set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget(); // it is needed as long as the worker lives
    tell(&GuestTold::Ready);
}

fn handle(shared: &Shared, input: Input) {
    let outputs = {
        let machine = &mut *shared.borrow_mut();
        let now = Instant(clock::now().0 + machine.ahead);
        machine.guest.handle(input, now)
    };
    for output in outputs {
        match output {
            Output::Tell(told) => tell(&told),
            Output::Fetch { number, request } => {
                let shared = shared.clone();
                spawn_local(async move {
                    let reply = transport::fetch_to_the_end(&request).await;
                    handle(&shared, Input::Fetched { number, reply });
                });
            }
        }
    }
}

fn tell(told: &GuestTold) {
    if let Ok(bytes) = codec::encode(told) {
        // Refused only where nobody listens any more.
        let _ = scope().post_message(&Uint8Array::from(&bytes[..]));
    }
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
