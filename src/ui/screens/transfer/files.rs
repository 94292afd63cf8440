//! Files from the person and for the person.

use crate::platform::clock;
use crate::platform::zones::IntlZones;
use leptos::prelude::*;
use thoughtstream_core::date::Moment;
use wasm_bindgen::JsCast;
use web_sys::{Blob, DragEvent, FileList, HtmlAnchorElement, HtmlInputElement, Url};

/// What was chosen in a file field, which is empty afterwards, so that the same file can be
/// chosen again.
pub fn chosen(input: &HtmlInputElement) -> Vec<Blob> {
    let files = listed(input.files());
    input.set_value("");
    files
}

/// What was dropped on the page.
pub fn dropped(event: &DragEvent) -> Vec<Blob> {
    listed(event.data_transfer().and_then(|data| data.files()))
}

/// Whether something that is dragged over the page brings files.
pub fn brings_files(event: &DragEvent) -> bool {
    let kinds = event.data_transfer().map(|data| data.types());
    kinds.is_some_and(|kinds| kinds.includes(&"Files".into(), 0))
}

/// The files of a list.
pub fn listed(list: Option<FileList>) -> Vec<Blob> {
    let Some(list) = list else { return Vec::new() };
    (0..list.length()).filter_map(|i| list.get(i)).map(Blob::from).collect()
}

/// A file that can be saved as long as its address is good.
#[derive(Debug, Clone, PartialEq)]
pub struct Download {
    pub name: String,
    pub address: String,
    pub bytes: u64,
}

impl Download {
    /// A download named after today; `None` if the browser gives it no address.
    pub fn of(blob: &Blob, extension: &str) -> Option<Self> {
        let today = Moment::at(clock::now(), clock::zone(), &IntlZones::default()).date;
        let name = ["thoughtstream-", &today.to_string(), ".", extension].concat();
        Self::named(blob, name)
    }

    /// A download of this name.
    pub fn named(blob: &Blob, name: String) -> Option<Self> {
        let address = Url::create_object_url_with_blob(blob).ok()?;
        Some(Self { name, address, bytes: blob.size() as u64 })
    }

    /// Saves it, as if its link had been clicked.
    pub fn save(&self) {
        let link = document().create_element("a").ok();
        if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
            link.set_href(&self.address);
            link.set_download(&self.name);
            link.click();
        }
    }

    /// Lets the file go; its address is good no more.
    pub fn forget(&self) {
        // It fails only for what is no address.
        drop(Url::revoke_object_url(&self.address));
    }
}
