//! The strip below an entry's text: its photos and files, and the way to add some.

use crate::ui::attachments::adding::add;
use crate::ui::attachments::picture::Picture;
use crate::ui::attachments::viewer::Viewer;
use crate::ui::attachments::{address, caption, key};
use crate::ui::format;
use crate::ui::parts::icon::Icon;
use crate::ui::preferences::use_preferences;
use crate::ui::screens::entry::open::Open;
use crate::ui::screens::transfer::files;
use crate::ui::view::*;
use leptos::ev;
use thoughtstream_core::message::Attachment;
use web_sys::Blob;

/// The photos and files of an entry; while it is read, without those that stand in its text.
#[component]
pub fn Strip(open: Open) -> View {
    let place = use_preferences().photo_place;
    let take = Callback::new(move |files: Vec<Blob>| add(open, files, place.get_untracked()));
    let chosen = RwSignal::new(None);
    let writable = memo(move || {
        open.writer.with(Option::is_some)
            && !open.entry.with(|entry| entry.as_ref().is_some_and(|entry| entry.trashed))
    });
    listen(writable, take);
    let shown = move || {
        let text = if open.editing.get() { String::new() } else { open.text() };
        let mut shown = open.attachments.get();
        shown.retain(|attachment| !text.contains(&address(attachment.id)));
        shown
    };
    let status = move || match open.adding.get() {
        0 => String::new(),
        count => ["Attaching ", &format::count(count as u32, "file", "files"), "\u{2026}"].concat(),
    };
    let tile = move |attachment: Attachment| view! { <Tile attachment chosen /> };
    view! {
        <section class="strip" aria-label="Photos and files">
            <div class="strip__tiles">{keyed(shown, key, tile)}</div>
            <div class="strip__add">
                <Show when=move || writable.get()>
                    <Choose label="Add photos or files" class="" camera=false on_choose=take />
                    <Choose label="Take a photo" class="strip__camera" camera=true on_choose=take />
                </Show>
                <p role="status">{status}</p>
            </div>
            <Viewer open chosen />
        </section>
    }
}

/// Files that are pasted or dropped anywhere on the page of an entry.
fn listen(writable: Memo<bool>, take: Callback<Vec<Blob>>) {
    let pasted = window_event_listener(ev::paste, move |event| {
        let data = event.clipboard_data();
        let files = files::listed(data.as_ref().and_then(web_sys::DataTransfer::files));
        // Office programs bring a picture of the text along; whoever pastes there wants the text.
        let text = data.and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
        if writable.get_untracked() && !files.is_empty() && text.is_empty() {
            event.prevent_default();
            take.run(files);
        }
    });
    let over = window_event_listener(ev::dragover, move |event| {
        if files::brings_files(&event) {
            event.prevent_default();
        }
    });
    let dropped = window_event_listener(ev::drop, move |event| {
        if files::brings_files(&event) {
            event.prevent_default();
            if writable.get_untracked() {
                take.run(files::dropped(&event));
            }
        }
    });
    on_cleanup(move || {
        pasted.remove();
        over.remove();
        dropped.remove();
    });
}

/// A button that lets the person choose files, or take a photo.
#[component]
fn Choose(
    label: &'static str,
    class: &'static str,
    camera: bool,
    on_choose: Callback<Vec<Blob>>,
) -> View {
    let node = NodeRef::<web_sys::HtmlInputElement>::new();
    let choose = move |_| {
        if let Some(input) = node.get_untracked() {
            on_choose.run(files::chosen(&input));
        }
    };
    view! {
        <label class=["button button--quiet transfer__choose ", class].concat()>
            <input
                class="visually-hidden"
                type="file"
                multiple=!camera
                accept=camera.then_some("image/*")
                capture=camera.then_some("environment")
                node_ref=node
                on:change=choose
            />
            <Icon icon=if camera { Icon::Camera } else { Icon::Photo } />
            <span>{label}</span>
        </label>
    }
}

#[component]
fn Tile(attachment: Attachment, chosen: RwSignal<Option<Attachment>>) -> View {
    let content = if attachment.is_picture() {
        view! { <Picture attachment=attachment.clone() whole=false /> }
    } else {
        let size = format::bytes(attachment.bytes);
        view! {
            <span class="strip__file">
                <Icon icon=Icon::File />
                <span>{caption(&attachment)}</span>
                <small>{size}</small>
            </span>
        }
    };
    view! {
        <button
            type="button"
            class="strip__tile"
            on:click=move |_| chosen.set(Some(attachment.clone()))
        >
            {content}
        </button>
    }
}
