//! A photo or file on its way into the journal: read, freed of where it was taken, named by its
//! hash, and a small picture made of it. Decoding is the browser's.

use super::blob::BlobRanges;
use super::message::{Prepared, Side};
use js_sys::{Array, Uint8Array};
use std::io;
use thoughtstream_core::id::FileHash;
use thoughtstream_core::message::{Bytes, FILE_BYTES_MAX, PIECE_BYTES, THUMB_BYTES_MAX};
use thoughtstream_core::photo;
use thoughtstream_core::port::source::Ranges;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, DedicatedWorkerGlobalScope, File, ImageBitmap, ImageEncodeOptions,
    OffscreenCanvas, OffscreenCanvasRenderingContext2d,
};

/// The longer side of a small picture, in pixels: sharp in a gallery on any screen.
const THUMB_SIDE: f64 = 640.0;

/// A file that waits to be fetched in pieces.
pub(super) struct Ready {
    pub(super) prepared: Prepared,
    whole: Vec<u8>,
    thumb: Vec<u8>,
}

impl Ready {
    /// A piece of the file or of its small picture, and whether it is the last.
    pub(super) fn piece(&self, side: Side, number: u32) -> (Bytes, bool) {
        let bytes = match side {
            Side::Whole => &self.whole,
            Side::Thumb => &self.thumb,
        };
        piece(bytes, number)
    }
}

/// A piece of a file, and whether it is the last.
pub(super) fn piece(bytes: &[u8], number: u32) -> (Bytes, bool) {
    let start = (number as usize).saturating_mul(PIECE_BYTES).min(bytes.len());
    let end = (start + PIECE_BYTES).min(bytes.len());
    (Bytes(bytes[start..end].to_vec()), end == bytes.len())
}

/// Reads a file and makes it ready.
pub(super) async fn prepare(file: Blob, keep_place: bool) -> io::Result<Ready> {
    if file.size() as u64 > FILE_BYTES_MAX {
        return Err(io::Error::other("it is too large"));
    }
    let name = file.dyn_ref::<File>().map(File::name).unwrap_or_default();
    let media = file.type_();
    let ranges = BlobRanges(file.clone());
    let mut whole = ranges.read(0, ranges.len())?;
    let is_picture = media.starts_with("image/");
    if is_picture && !keep_place {
        photo::forget_place(&mut whole);
    }
    // A browser that cannot show it, or draw off the screen, goes without a small picture.
    let small = if is_picture { shrink(&whole, &media).await.ok() } else { None };
    let (thumb, width, height) = small.unwrap_or_default();
    let prepared = Prepared {
        hash: FileHash::of(&whole),
        thumb: (!thumb.is_empty()).then(|| FileHash::of(&thumb)),
        name,
        media,
        width,
        height,
    };
    Ok(Ready { prepared, whole, thumb })
}

/// A small picture of a photo, turned as it is seen, and the size of the photo itself. A photo
/// that is small already needs none.
async fn shrink(whole: &[u8], media: &str) -> Result<(Vec<u8>, u32, u32), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media);
    let parts = Array::of1(&Uint8Array::from(whole));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let decoded = scope.create_image_bitmap_with_blob(&blob)?;
    let bitmap: ImageBitmap = JsFuture::from(decoded).await?.dyn_into()?;
    let (width, height) = (bitmap.width(), bitmap.height());
    let scale = THUMB_SIDE / f64::from(width.max(height).max(1));
    if scale >= 1.0 && whole.len() as u64 <= THUMB_BYTES_MAX {
        return Ok((Vec::new(), width, height));
    }
    let scale = scale.min(1.0);
    let side = |length: u32| (f64::from(length) * scale).round().max(1.0);
    let canvas = OffscreenCanvas::new(side(width) as u32, side(height) as u32)?;
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: OffscreenCanvasRenderingContext2d = context.dyn_into()?;
    context.draw_image_with_image_bitmap_and_dw_and_dh(
        &bitmap,
        0.0,
        0.0,
        side(width),
        side(height),
    )?;
    bitmap.close();
    let options = ImageEncodeOptions::new();
    // What may be transparent stays so; WebP is a third smaller where a browser writes it.
    options.set_type(if media == "image/jpeg" { "image/jpeg" } else { "image/webp" });
    options.set_quality(0.8);
    let drawn = JsFuture::from(canvas.convert_to_blob_with_options(&options)?).await?;
    let thumb = BlobRanges(drawn.dyn_into()?);
    let thumb = thumb.read(0, thumb.len()).map_err(|error| error.to_string())?;
    let fits = thumb.len() as u64 <= THUMB_BYTES_MAX;
    Ok((if fits { thumb } else { Vec::new() }, width, height))
}
