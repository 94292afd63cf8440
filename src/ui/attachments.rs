//! Photos and files of an entry: adding them, seeing them, what is done with one.

pub mod adding;
pub mod picture;
pub mod strip;
pub mod viewer;

use leptos::prelude::Signal;
use std::hash::Hash;
use thoughtstream_core::id::AttachmentId;
use thoughtstream_core::message::Attachment;

/// The attachments of the entry around, in context: the reading view finds its pictures here.
#[derive(Clone, Copy)]
pub struct Attachments(pub Signal<Vec<Attachment>>);

/// How a text names an attachment: by as much of its id as tells it from the others of its entry.
const SCHEME: &str = "attachment:";

/// The address by which a text shows an attachment.
#[must_use]
pub fn address(id: AttachmentId) -> String {
    let id = id.to_string();
    [SCHEME, &id[..8]].concat()
}

/// The part of an id in an address of a text, if it names an attachment.
#[must_use]
pub fn named(address: &str) -> Option<&str> {
    address.strip_prefix(SCHEME).filter(|id| id.len() >= 6)
}

/// By what one is told from another on the screen: a picture is made anew when its bytes come.
#[must_use]
pub fn key(attachment: &Attachment) -> impl Hash + use<> {
    let Attachment { id, here, thumb_here, .. } = *attachment;
    (id, here, thumb_here, attachment.caption.clone())
}

/// What is said instead of a picture, and under it.
#[must_use]
pub fn caption(attachment: &Attachment) -> String {
    let caption = &attachment.caption;
    if caption.is_empty() { attachment.name.clone() } else { caption.clone() }
}
