//! What the workers of different tabs say to each other, and the post they say it by.

use crate::bridge::FromWorker;
use crate::platform::channel::Tabs;
use js_sys::{Array, Uint8Array};
use serde::{Deserialize, Serialize};
use thoughtstream_core::id::TabId;
use thoughtstream_core::message::codec::{self, Packed};
use thoughtstream_core::message::{Condition, Request};
use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

/// Names the lock and the channel.
pub const NAME: &str = "thoughtstream-journal";

/// Between tabs.
#[derive(Debug, Serialize, Deserialize)]
pub enum BetweenTabs {
    /// A tab that has just been opened wants to know the owner.
    WhoOwns,
    /// Said by an owner when it becomes one, and to whoever asks.
    Owner { epoch: u64 },
    /// For the owner of this epoch, nobody else.
    Request { epoch: u64, request: Packed<Request> },
    /// For the screen of the tab that asked.
    Answer { to: TabId, said: Packed<FromWorker> },
    /// For every screen; their workers note the condition, if it is about that.
    Event { said: Packed<FromWorker>, condition: Option<Condition> },
}

/// Sends to the screen of this tab and to the workers of the others.
pub struct Post {
    scope: DedicatedWorkerGlobalScope,
    tabs: Option<Tabs>,
}

impl Post {
    /// A post in this worker, which hands what other tabs say to `hear`.
    #[must_use]
    pub fn open(hear: impl Fn(BetweenTabs) + 'static) -> Self {
        let tabs = Tabs::join(NAME, move |bytes| {
            // A tab of another version of the app is not understood, and reloads soon.
            if let Ok(message) = codec::decode(&bytes) {
                hear(message);
            }
        });
        Self { scope: js_sys::global().unchecked_into(), tabs }
    }

    /// Says something to the screen of this tab.
    pub fn screen(&self, message: &FromWorker) {
        if let Ok(message) = Packed::of(message) {
            self.pass_on(&message);
        }
    }

    /// Passes on to the screen of this tab what may come from another one.
    pub fn pass_on(&self, message: &Packed<FromWorker>) {
        let bytes = Uint8Array::from(message.bytes());
        let buffer = Array::of1(&bytes.buffer());
        // It can fail only for lack of memory; the request then stays unanswered, not lost.
        let _ = self.scope.post_message_with_transfer(&bytes, &buffer);
    }

    /// Says something to all other tabs.
    pub fn others(&self, message: &BetweenTabs) {
        if let (Some(tabs), Ok(bytes)) = (&self.tabs, codec::encode(message)) {
            tabs.send(&bytes);
        }
    }
}
