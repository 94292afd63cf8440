//! A message on its way between two threads: its bytes, and the files that go with it.

use js_sys::{Array, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use thoughtstream_core::message::codec;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, MessageEvent};

/// What is posted, and what of it is handed over instead of copied.
pub(super) struct Parcel {
    pub(super) content: Array,
    pub(super) handed_over: Array,
}

/// Packs a message; `None` if it cannot be written, which no message of ours causes.
pub(super) fn pack(message: &impl Serialize, files: &[Blob]) -> Option<Parcel> {
    let bytes = Uint8Array::from(codec::encode(message).ok()?.as_slice());
    let content = Array::of1(&bytes);
    for file in files {
        content.push(file);
    }
    Some(Parcel { content, handed_over: Array::of1(&bytes.buffer()) })
}

/// Unpacks a message; `None` for one that is not ours.
pub(super) fn unpack<M: DeserializeOwned>(event: &MessageEvent) -> Option<(M, Vec<Blob>)> {
    let content: Array = event.data().dyn_into().ok()?;
    let bytes: Uint8Array = content.get(0).dyn_into().ok()?;
    let message = codec::decode(&bytes.to_vec()).ok()?;
    let files = content.iter().skip(1).filter_map(|file: JsValue| file.dyn_into().ok());
    Some((message, files.collect()))
}
