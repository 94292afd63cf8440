//! Reading a code off a photo, where the browser can.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ImageBitmap};

const DETECTOR: &str = "BarcodeDetector";

/// Whether this browser can. (Chrome on Android and on the Mac can, others do not yet.)
#[must_use]
pub fn can_read() -> bool {
    detector().is_some()
}

fn detector() -> Option<Function> {
    Reflect::get(&js_sys::global(), &DETECTOR.into()).ok()?.dyn_into().ok()
}

/// The text of the first QR code on a photo; `None` if there is none to be read.
pub async fn read(photo: &Blob) -> Option<String> {
    let formats = Object::new();
    Reflect::set(&formats, &"formats".into(), &Array::of1(&"qr_code".into())).ok()?;
    let detector = Reflect::construct(&detector()?, &Array::of1(&formats)).ok()?;
    let bitmap = web_sys::window()?.create_image_bitmap_with_blob(photo).ok()?;
    let bitmap: ImageBitmap = JsFuture::from(bitmap).await.ok()?.dyn_into().ok()?;
    let detect: Function = Reflect::get(&detector, &"detect".into()).ok()?.dyn_into().ok()?;
    let found: Promise = detect.call1(&detector, &bitmap).ok()?.dyn_into().ok()?;
    let found: JsValue = JsFuture::from(found).await.ok()?;
    bitmap.close();
    let first = Array::from(&found).get(0);
    Reflect::get(&first, &"rawValue".into()).ok()?.as_string()
}
