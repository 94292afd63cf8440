//! Bytes between threads of a tab, and between tabs.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

/// A channel that reaches the workers of all other tabs.
pub struct Tabs {
    channel: BroadcastChannel,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl Tabs {
    /// Joins the channel; `None` where the browser has none.
    #[must_use]
    pub fn join(name: &str, on_bytes: impl Fn(Vec<u8>) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let listener = Closure::new(move |event: MessageEvent| {
            if let Some(bytes) = bytes(&event) {
                on_bytes(bytes);
            }
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Some(Self { channel, _listener: listener })
    }

    /// Sends to all other tabs.
    pub fn send(&self, bytes: &[u8]) {
        // It fails only for a channel that is closed, and this one is open while it exists.
        let _ = self.channel.post_message(&Uint8Array::from(bytes));
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

/// The bytes of a message; `None` for one that is not ours.
#[must_use]
pub fn bytes(event: &MessageEvent) -> Option<Vec<u8>> {
    event.data().dyn_into::<Uint8Array>().ok().map(|array| array.to_vec())
}
