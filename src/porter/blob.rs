//! A file that the person chose, read where it lies.

use js_sys::Uint8Array;
use std::io;
use thoughtstream_core::port::source::Ranges;
use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync};

/// The bytes of a `Blob`, by range; only a worker may wait for them.
pub(super) struct BlobRanges(pub(super) Blob);

impl Ranges for BlobRanges {
    fn len(&self) -> u64 {
        self.0.size() as u64
    }

    fn read(&self, start: u64, end: u64) -> io::Result<Vec<u8>> {
        let read = || -> Result<Uint8Array, JsValue> {
            let slice = self.0.slice_with_f64_and_f64(start as f64, end as f64)?;
            Ok(Uint8Array::new(&FileReaderSync::new()?.read_as_array_buffer(&slice)?.into()))
        };
        let bytes = read().map_err(|_| {
            io::Error::other("the browser cannot read it any more: choose it again")
        })?;
        Ok(bytes.to_vec())
    }
}
