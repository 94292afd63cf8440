//! One photo or file, large: what is to be seen on it, and what can be done with it.

use crate::ui::attachments::picture::{Picture, read};
use crate::ui::attachments::{address, caption};
use crate::ui::format;
use crate::ui::parts::button::{Button, Weight};
use crate::ui::parts::dialog::Dialog;
use crate::ui::screens::entry::open::Open;
use crate::ui::screens::transfer::files::Download;
use crate::ui::view::*;
use leptos::ev;
use leptos::task::spawn_local;
use thoughtstream_core::message::{Attachment, CAPTION_CHARS_MAX, Edit};

/// The dialog of the chosen attachment.
#[component]
pub fn Viewer(open: Open, chosen: RwSignal<Option<Attachment>>) -> View {
    let shown = RwSignal::new(false);
    effect(move || shown.set(chosen.with(Option::is_some)));
    effect(move || {
        if !shown.get() && chosen.with_untracked(Option::is_some) {
            chosen.set(None);
        }
    });
    // What is shown changes with the bytes that come, and not with a caption that is typed.
    let current = memo(move || {
        let id = chosen.get()?.id;
        open.attachments.get().into_iter().find(|attachment| attachment.id == id)
    });
    let title = Signal::derive(move || {
        chosen.with(|chosen| chosen.as_ref().map(caption)).unwrap_or_default()
    });
    view! {
        <Dialog open=shown title>
            {move || current.get().map(|attachment| view! { <Content open attachment shown /> })}
        </Dialog>
    }
}

#[component]
fn Content(open: Open, attachment: Attachment, shown: RwSignal<bool>) -> View {
    let dispatch = open.dispatch;
    let Attachment { id, hash, .. } = attachment;
    let name = attachment.name.clone();
    let picture = attachment
        .is_picture()
        .then(|| view! { <Picture attachment=attachment.clone() whole=true /> });
    let save = move |event: ev::Event| {
        let caption = event_target_value(&event);
        dispatch.edit_or_say(Edit::Caption { attachment: id, caption });
    };
    let into_text = {
        let alt = attachment.caption.replace(['[', ']'], "");
        move |()| {
            shown.set(false);
            let text = ["\n\n![", &alt, "](", &address(id), ")\n\n"].concat();
            open.insert(&text);
        }
    };
    let copy = {
        let (name, media) = (name.clone(), attachment.media.clone());
        move |()| {
            let (name, media) = (name.clone(), media.clone());
            spawn_local(async move {
                match read(dispatch, hash, &media).await {
                    Some(blob) => Download::named(&blob, name).iter().for_each(Download::save),
                    None => dispatch.say("It is not on this device yet."),
                }
            });
        }
    };
    let remove = move |()| {
        shown.set(false);
        dispatch.edit_with_undo(vec![Edit::Detach { attachment: id }], "Removed.");
    };
    let about = [&name, ", ", &format::bytes(attachment.bytes)].concat();
    let editing = open.editing.get_untracked() && attachment.is_picture();
    view! {
        <div class="viewer">
            {picture}
            <label class="field">
                <span class="field__label">"Caption"</span>
                <input
                    class="field__input"
                    autocomplete="off"
                    maxlength=CAPTION_CHARS_MAX.to_string()
                    prop:value=attachment.caption.clone()
                    on:change=save
                />
            </label>
            <p class="viewer__about">{about}</p>
            <div class="dialog__actions">
                <Button weight=Weight::Danger label="Remove" on_press=remove />
                {editing.then(|| view! { <Button label="Put into the text" on_press=into_text /> })}
                <Button label="Save a copy" on_press=copy />
                <Button
                    weight=Weight::Primary
                    label="Done"
                    on_press=move |()| shown.set(false)
                />
            </div>
        </div>
    }
}
