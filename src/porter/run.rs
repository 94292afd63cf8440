//! The porter's loop: one message in, one message out.

use super::blob::BlobRanges;
use super::message::{FromPorter, ToPorter};
use super::parcel;
use super::photo::{self, Ready};
use crate::platform::zones::IntlZones;
use js_sys::{Array, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use thoughtstream_core::id::FileHash;
use thoughtstream_core::message::Departure;
use thoughtstream_core::port::export::{Export, Format};
use thoughtstream_core::port::import::{Defaults, Import};
use thoughtstream_core::port::source::Source;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobPropertyBag, DedicatedWorkerGlobalScope, File, MessageEvent};

/// Bytes that are written before they are handed to the browser, which may keep them on disk.
const PART_BYTES: usize = 4 * 1024 * 1024;

/// What the porter is doing.
enum Job {
    None,
    /// An import, and the photo or file in it that is being taken over.
    Import(Box<Import>, Vec<u8>),
    Export {
        export: Export,
        format: Format,
        waiting: Vec<u8>,
        parts: Array,
        file: Vec<u8>,
    },
    Attach(Box<Ready>),
}

/// Starts the loop; it ends with the worker.
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let job = Rc::new(RefCell::new(Job::None));
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        match parcel::unpack(&event) {
            Some((ToPorter::Prepare { keep_place }, files)) => {
                spawn_local(prepare(job.clone(), files, keep_place));
            }
            Some((message, files)) => {
                let (said, file) = job.borrow_mut().handle(message, files);
                post(&said, &file.into_iter().collect::<Vec<_>>());
            }
            None => {}
        }
    });
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget(); // it is needed as long as the worker lives
    post(&FromPorter::Listening, &[]);
}

/// Makes a photo ready, which takes the browser a moment, and says so.
async fn prepare(job: Rc<RefCell<Job>>, files: Vec<Blob>, keep_place: bool) {
    let Some(file) = files.into_iter().next() else { return };
    let said = match photo::prepare(file, keep_place).await {
        Ok(ready) => {
            let prepared = ready.prepared.clone();
            job.replace(Job::Attach(Box::new(ready)));
            FromPorter::Prepared(prepared)
        }
        Err(error) => FromPorter::Failed(error.to_string()),
    };
    post(&said, &[]);
}

fn post(message: &FromPorter, files: &[Blob]) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    if let Some(parcel) = parcel::pack(message, files) {
        // It fails only for what cannot be cloned, and bytes and blobs can.
        let _ = scope.post_message_with_transfer(&parcel.content, &parcel.handed_over);
    }
}

impl Job {
    fn handle(&mut self, message: ToPorter, files: Vec<Blob>) -> (FromPorter, Option<Blob>) {
        let said = match (message, &mut *self) {
            (ToPorter::Import(defaults), _) => {
                let mut import = begin_import(files, defaults);
                let said = next_batch(&mut import);
                *self = Self::Import(Box::new(import), Vec::new());
                said
            }
            (ToPorter::Next(fates), Self::Import(import, file)) => {
                import.settle(fates);
                match import.take_enclosed() {
                    Some(bytes) => {
                        *file = bytes;
                        FromPorter::Enclosed { hash: FileHash::of(file) }
                    }
                    None => next_batch(import),
                }
            }
            (ToPorter::Piece { number, .. }, Self::Import(_, file)) => {
                let (bytes, last) = photo::piece(file, number);
                FromPorter::Piece { bytes, last }
            }
            (ToPorter::Enclose { name, bytes, last }, Self::Export { export, file, .. }) => {
                file.extend(bytes.0);
                let whole = last.then(|| std::mem::take(file));
                match whole.map(|whole| export.add_file(&name, &whole)).transpose() {
                    Ok(_) => FromPorter::Written,
                    Err(error) => FromPorter::Failed(error.to_string()),
                }
            }
            (ToPorter::Finish(fates), Self::Import(import, _)) => {
                import.settle(fates);
                FromPorter::Report(import.report().clone())
            }
            (ToPorter::Export(format), _) => {
                let export = Export::new(format, Box::<IntlZones>::default());
                let (waiting, file) = (Vec::new(), Vec::new());
                *self = Self::Export { export, format, waiting, parts: Array::new(), file };
                FromPorter::Written
            }
            (ToPorter::Page(page), Self::Export { export, waiting, parts, .. }) => {
                write(export, &page, waiting, parts)
            }
            (ToPorter::Close, Self::Export { .. }) => return self.close(),
            (ToPorter::Piece { side, number }, Self::Attach(ready)) => {
                let (bytes, last) = ready.piece(side, number);
                FromPorter::Piece { bytes, last }
            }
            _ => FromPorter::Failed("what was asked for was not begun: try again".into()),
        };
        (said, None)
    }

    /// Ends the file and hands it out.
    fn close(&mut self) -> (FromPorter, Option<Blob>) {
        let Self::Export { export, format, mut waiting, parts, .. } =
            std::mem::replace(self, Self::None)
        else {
            return (FromPorter::Failed("no file is being written: try again".into()), None);
        };
        waiting.extend(export.finish());
        let file = keep(&mut waiting, &parts).and_then(|()| {
            let options = BlobPropertyBag::new();
            options.set_type(format.media_type());
            Blob::new_with_blob_sequence_and_options(&parts, &options).map_err(|_| no_room())
        });
        match file {
            Ok(file) => (FromPorter::File, Some(file)),
            Err(error) => (FromPorter::Failed(error.to_string()), None),
        }
    }
}

fn begin_import(files: Vec<Blob>, defaults: Defaults) -> Import {
    let files = files.into_iter().map(|blob| {
        let name = blob.dyn_ref::<File>().map(File::name).unwrap_or_default();
        (name, Source::new(BlobRanges(blob)))
    });
    Import::new(files.collect(), defaults, Box::<IntlZones>::default())
}

fn next_batch(import: &mut Import) -> FromPorter {
    match import.next_batch() {
        Some(arrivals) => FromPorter::Batch { arrivals, progress: import.progress() },
        None => FromPorter::AllRead,
    }
}

fn write(
    export: &mut Export,
    page: &[Departure],
    waiting: &mut Vec<u8>,
    parts: &Array,
) -> FromPorter {
    let written = export.add(page).and_then(|()| {
        waiting.extend(export.take());
        if waiting.len() >= PART_BYTES { keep(waiting, parts) } else { Ok(()) }
    });
    match written {
        Ok(()) => FromPorter::Written,
        Err(error) => FromPorter::Failed(error.to_string()),
    }
}

/// Hands written bytes to the browser.
fn keep(waiting: &mut Vec<u8>, parts: &Array) -> std::io::Result<()> {
    let bytes = Uint8Array::from(std::mem::take(waiting).as_slice());
    let part = Blob::new_with_u8_array_sequence(&Array::of1(&bytes)).map_err(|_| no_room())?;
    parts.push(&part);
    Ok(())
}

fn no_room() -> std::io::Error {
    std::io::Error::other("the browser has no room for the file: free some space and try again")
}
