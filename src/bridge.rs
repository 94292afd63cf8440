//! Between the screen and the store: typed messages, and requests that outlive their owner.
//!
//! Each tab has a worker, but one worker of all tabs owns the database. A new owner is told to
//! every tab as an `epoch`, a random number; requests carry the epoch of the owner they are meant
//! for, and no other takes them. When the owner changes, every unanswered request is sent again,
//! in order, to the new one, whose database knows which of them were carried out.

pub mod guest;

use crate::platform::{channel, clock, random};
use futures_channel::oneshot;
use js_sys::{Array, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use thoughtstream_core::id::{RequestId, TabId};
use thoughtstream_core::message::codec::{self, Packed};
use thoughtstream_core::message::{Answer, Changed, Command, Condition, Event, Failure, Request};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{MessageEvent, Worker};

/// What the screen says to its worker.
#[derive(Debug, Serialize, Deserialize)]
pub enum ToWorker {
    /// The first message: who this tab is. Answered by [`FromWorker::Listening`].
    Hello {
        tab: TabId,
    },
    Request {
        epoch: u64,
        request: Packed<Request>,
    },
    /// The page goes away or falls asleep: let another tab own the database.
    Release,
    /// The page is back.
    Resume,
}

/// What a worker says to its screen.
#[derive(Debug, Serialize, Deserialize)]
pub enum FromWorker {
    /// The worker is there; what was said before it was may be lost.
    Listening,
    /// From now on this owner takes requests.
    Owner {
        epoch: u64,
    },
    Answer {
        to: RequestId,
        answer: Box<Result<Answer, Failure>>,
    },
    Event(Event),
}

/// The screen's end; clones share it.
#[derive(Clone)]
pub struct Bridge(Rc<Inner>);

struct Inner {
    worker: Option<Worker>,
    tab: TabId,
    state: RefCell<Talk>,
    on_event: Box<dyn Fn(Event)>,
    listener: RefCell<Option<Listener>>,
}

type Listener = Closure<dyn FnMut(MessageEvent)>;

#[derive(Default)]
struct Talk {
    epoch: Option<u64>,
    last_number: u64,
    unanswered: BTreeMap<u64, Unanswered>,
}

struct Unanswered {
    command: Command,
    answer: oneshot::Sender<Result<Answer, Failure>>,
}

impl Bridge {
    /// Connects to the worker that the boot script started.
    #[must_use]
    pub fn connect(on_event: impl Fn(Event) + 'static) -> Self {
        let bridge = Self(Rc::new(Inner {
            worker: started_worker(),
            tab: new_tab(),
            state: RefCell::default(),
            on_event: Box::new(on_event),
            listener: RefCell::default(),
        }));
        bridge.listen();
        bridge.post(&ToWorker::Hello { tab: bridge.0.tab });
        bridge
    }

    /// Asks, and waits for the answer for as long as it takes.
    ///
    /// # Errors
    /// With the engine's reason.
    pub async fn ask(&self, command: Command) -> Result<Answer, Failure> {
        let receiver = {
            let mut state = self.0.state.borrow_mut();
            state.last_number += 1;
            let number = state.last_number;
            let (answer, receiver) = oneshot::channel();
            state.unanswered.insert(number, Unanswered { command, answer });
            (receiver, number)
        };
        let (receiver, number) = receiver;
        self.send(number);
        let gone = || Failure::NotOpen("this tab has let go of it".into());
        receiver.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Lets another tab own the database; requests wait until [`Bridge::resume`].
    pub fn release(&self) {
        self.post(&ToWorker::Release);
        // Whoever owns it afterwards, also the same as before, is a new acquaintance: requests
        // that nobody took meanwhile are sent again.
        self.0.state.borrow_mut().epoch = None;
    }

    /// Takes part again after [`Bridge::release`]; what other tabs told meanwhile was not heard.
    pub fn resume(&self) {
        self.post(&ToWorker::Resume);
        (self.0.on_event)(Event::Changed(Changed::everything()));
    }

    fn listen(&self) {
        let Some(worker) = &self.0.worker else {
            (self.0.on_event)(Event::Condition(Condition::Failed(
                "the browser did not start the journal's worker: reload the page".into(),
            )));
            return;
        };
        let inner = Rc::downgrade(&self.0);
        let listener = Closure::new(move |event: MessageEvent| {
            let message = channel::bytes(&event).and_then(|bytes| codec::decode(&bytes).ok());
            if let (Some(inner), Some(message)) = (inner.upgrade(), message) {
                Self(inner).hear(message);
            }
        });
        worker.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        *self.0.listener.borrow_mut() = Some(listener);
    }

    fn hear(&self, message: FromWorker) {
        match message {
            FromWorker::Listening => self.post(&ToWorker::Hello { tab: self.0.tab }),
            FromWorker::Owner { epoch } => self.meet_owner(epoch),
            FromWorker::Answer { to, answer } => {
                let mut state = self.0.state.borrow_mut();
                let asked = state.unanswered.remove(&to.number).filter(|_| to.tab == self.0.tab);
                drop(state);
                if let Some(asked) = asked {
                    // Whoever asked may have gone away meanwhile.
                    let _ = asked.answer.send(*answer);
                }
            }
            FromWorker::Event(event) => (self.0.on_event)(event),
        }
    }

    fn meet_owner(&self, epoch: u64) {
        let mut state = self.0.state.borrow_mut();
        if state.epoch == Some(epoch) {
            return;
        }
        state.epoch = Some(epoch);
        let numbers: Vec<u64> = state.unanswered.keys().copied().collect();
        drop(state);
        for number in numbers {
            self.send(number);
        }
    }

    /// Sends an unanswered request to the owner, if there is one.
    fn send(&self, number: u64) {
        let state = self.0.state.borrow();
        let (Some(epoch), Some(asked)) = (state.epoch, state.unanswered.get(&number)) else {
            return;
        };
        let id = RequestId { tab: self.0.tab, number };
        let request = Request { id, command: asked.command.clone() };
        drop(state);
        if let Ok(request) = Packed::of(&request) {
            self.post(&ToWorker::Request { epoch, request });
        }
    }

    fn post(&self, message: &ToWorker) {
        let (Some(worker), Ok(bytes)) = (&self.0.worker, codec::encode(message)) else { return };
        let bytes = Uint8Array::from(bytes.as_slice());
        // The buffer is ours alone, so it can be handed over instead of copied.
        let _ = worker.post_message_with_transfer(&bytes, &Array::of1(&bytes.buffer()));
    }
}

/// A tab's id begins with the second in which it was opened: databases forget the oldest first.
fn new_tab() -> TabId {
    let chance = u64::from_le_bytes(random::bytes::<8>()) & 0xff_ffff;
    TabId(((clock::now().0.unsigned_abs() / 1000) << 24) | chance)
}

/// The worker that `boot.js` started before the screen was loaded.
fn started_worker() -> Option<Worker> {
    let ours = Reflect::get(&js_sys::global(), &"thoughtstream".into()).ok()?;
    Reflect::get(&ours, &"worker".into()).ok()?.dyn_into().ok()
}
