//! A device of the vault that lets a new one in: its code, what it asks for, its check code.

use crate::platform::barcode;
use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::parts::dialog::Dialog;
use crate::ui::parts::field::TextField;
use crate::ui::state::use_state;
use crate::ui::view::*;
use leptos::ev;
use leptos::task::spawn_local;
use thoughtstream_core::message::{LinkCommand, LinkStatus, SyncCommand};

/// How many digits a check code has.
const DIGITS: usize = 6;

/// Asks for the code.
#[component]
pub fn LettingIn() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let (code, refused) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        take(dispatch, code.get_untracked(), refused);
    };
    effect(move || {
        if matches!(*state.link.read(), LinkStatus::LetIn { .. } | LinkStatus::Asked { .. }) {
            code.set(String::new());
        }
    });
    let trouble = move || {
        let failed = match state.link.get() {
            LinkStatus::Failed(trouble) => Some(trouble.to_string()),
            _ => None,
        };
        Some(refused.get()).filter(|refused| !refused.is_empty()).or(failed)
    };
    let news = move || match state.link.get() {
        LinkStatus::Looking => "Looking for the device".to_owned(),
        LinkStatus::LettingIn { name } => ["Letting in ", &name].concat(),
        LinkStatus::LetIn { name } => [&name, " was let in"].concat(),
        _ => String::new(),
    };
    view! {
        <section>
            <h2>"Link a device"</h2>
            <p>
                "On the new device, open Sync in its settings and choose “Link to a device”. It
                shows a code."
            </p>
            <form class="sync__enter" on:submit=submit>
                <TextField label="Code that the new device shows" value=code />
                <p class="field__error" role="alert">
                    {trouble}
                </p>
                <p class="sync__news" aria-live="polite">
                    {news}
                </p>
                <div class="sync__actions">
                    <button type="submit" class="button button--primary">
                        "Look it up"
                    </button>
                    {barcode::can_read().then(|| scan(dispatch, refused))}
                </div>
                {(!barcode::can_read())
                    .then(|| {
                        view! {
                            <p class="sync__hint">
                                "This browser cannot read pictures of codes, so type it. Both ways
                                are as safe."
                            </p>
                        }
                    })}
            </form>
        </section>
        <Request />
    }
}

fn take(dispatch: Dispatch, code: String, refused: RwSignal<String>) {
    refused.set(String::new());
    let begun = dispatch.sync(SyncCommand::Link(LinkCommand::Take { code }));
    spawn_local(async move {
        if let Err(failure) = begun.await {
            refused.try_set(failure.to_string());
        }
    });
}

/// A photo of the picture, taken now. (A stream from the camera would need the page to be allowed
/// to use it at any time.)
fn scan(dispatch: Dispatch, refused: RwSignal<String>) -> View {
    let chosen = move |event: ev::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let photo = input.files().and_then(|files| files.get(0));
        input.set_value("");
        let Some(photo) = photo else { return };
        spawn_local(async move {
            match barcode::read(&photo).await {
                Some(code) => take(dispatch, code, refused),
                None => drop(refused.try_set(NO_CODE.into())),
            }
        });
    };
    view! {
        <label class="button sync__scan">
            "Scan the picture"
            <input
                class="visually-hidden"
                type="file"
                accept="image/*"
                capture="environment"
                on:change=chosen
            />
        </label>
    }
}

const NO_CODE: &str = "there is no code to be read on this photo: take it again, nearer and \
    straight, or type the code";

/// What the new device asks for. Closing it declines.
#[component]
fn Request() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let open = RwSignal::new(false);
    let stop = move || dispatch.sync_or_say(SyncCommand::Link(LinkCommand::Stop));
    let is_asked = memo(move || matches!(state.link.get(), LinkStatus::Asked { .. }));
    effect(move || open.set(is_asked.get()));
    effect(move || {
        if !open.get() && is_asked.get_untracked() {
            stop();
        }
    });
    view! {
        <Dialog open title="Let this device in?">
            {asked()}
        </Dialog>
    }
}

/// Inside the dialog, which is made anew for each request.
fn asked() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let LinkStatus::Asked { name, browser, origin, .. } = state.link.get_untracked() else {
        return View::none();
    };
    let (check, wrong) = (RwSignal::new(String::new()), RwSignal::new(""));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let check = check.get_untracked();
        let digits: String = check.chars().filter(char::is_ascii_digit).collect();
        // There is one attempt: what cannot be right is not taken for it.
        if digits.len() != DIGITS {
            return wrong.set("the check code has six digits: see what the new device shows");
        }
        dispatch.sync_or_say(SyncCommand::Link(LinkCommand::LetIn { check: digits }));
    };
    let decline = move |_| dispatch.sync_or_say(SyncCommand::Link(LinkCommand::Stop));
    view! {
        <dl class="facts">
            <dt>"Name"</dt>
            <dd>{name}</dd>
            <dt>"Browser"</dt>
            <dd>{browser}</dd>
            <dt>"Address"</dt>
            <dd class="sync__server">{origin}</dd>
            <dt>"It asks"</dt>
            <dd>"to stay: it reads all of your journal and writes in it, until you put it out"</dd>
        </dl>
        <p class="dialog__text">
            "Go on only if the device is before you and you began this yourself. Whoever sent you a
            code wants to read your journal."
        </p>
        <form class="sync__enter" novalidate on:submit=submit>
            <TextField label="Check code that the new device shows" value=check />
            <p class="field__error" role="alert">
                {wrong}
            </p>
            <div class="dialog__actions">
                <button type="button" class="button" autofocus="" on:click=decline>
                    "Decline"
                </button>
                <button type="submit" class="button button--primary">
                    "Let it in"
                </button>
            </div>
        </form>
    }
}
