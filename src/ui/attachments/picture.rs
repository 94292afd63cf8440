//! A picture out of the journal: its bytes are asked for, and shown by an address of this page.

use crate::ui::attachments::caption;
use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::view::*;
use js_sys::{Array, Uint8Array};
use leptos::task::spawn_local;
use thoughtstream_core::id::FileHash;
use thoughtstream_core::message::{Answer, Attachment, FileCommand, Query};
use web_sys::{Blob, BlobPropertyBag, Url};

/// A photo, small or whole; where its bytes are not here, what is known of it. Whoever shows it
/// makes it again when they come.
#[component]
pub fn Picture(attachment: Attachment, whole: bool) -> View {
    let dispatch = use_dispatch();
    let (hash, here) = match attachment.thumb.filter(|_| !whole) {
        Some(thumb) => (thumb, attachment.thumb_here),
        None => (attachment.hash, attachment.here),
    };
    let address = RwSignal::new(None::<String>);
    on_cleanup(move || {
        if let Some(Some(address)) = address.try_get_untracked() {
            drop(Url::revoke_object_url(&address));
        }
    });
    let media = attachment.media.clone();
    spawn_local(async move {
        if !here {
            dispatch.file(FileCommand::Want { hash });
        } else if let Some(blob) = read(dispatch, hash, &media).await
            && let Ok(made) = Url::create_object_url_with_blob(&blob)
            && let Some(Some(made)) = address.try_set(Some(made))
        {
            drop(Url::revoke_object_url(&made));
        }
    });
    let alt = caption(&attachment);
    let (width, height) = (attachment.width, attachment.height);
    let size = move |length: u32| (length > 0).then(|| length.to_string());
    let content = move || match address.get() {
        Some(address) => view! {
            <img
                class="picture"
                src=address
                alt=alt.clone()
                width=size(width)
                height=size(height)
                decoding="async"
            />
        },
        None => view! {
            <span class="picture picture--waiting" role="img" aria-label=alt.clone()>
                {(!here).then_some("On its way to this device")}
            </span>
        },
    };
    content.into_view()
}

/// A file as the browser takes it, if all of it is here.
pub(super) async fn read(dispatch: Dispatch, hash: FileHash, media: &str) -> Option<Blob> {
    let Ok(Answer::File(state)) = dispatch.query(Query::File { hash }).await else { return None };
    let parts = Array::new();
    for number in 0..state.pieces {
        match dispatch.query(Query::Piece { hash, number }).await {
            Ok(Answer::Piece(Some(bytes))) => parts.push(&Uint8Array::from(&bytes.0[..])),
            _ => return None,
        };
    }
    let options = BlobPropertyBag::new();
    options.set_type(media);
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok();
    blob.filter(|_| state.whole)
}
