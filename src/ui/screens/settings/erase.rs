//! Erasing this device: nothing of the journal stays in this browser.

use crate::platform::timer;
use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::format;
use crate::ui::parts::button::{Button, Weight};
use crate::ui::parts::dialog::Confirm;
use crate::ui::state::{State, use_state};
use crate::ui::sync_mark::is_entered;
use crate::ui::update::ask_boot;
use crate::ui::view::*;
use leptos::task::spawn_local;
use thoughtstream_core::message::{Condition, SyncCommand, SyncPhase, SyncStatus};
use wasm_bindgen_futures::JsFuture;

/// How often to look whether the server has heard that this device leaves, and how many times.
const LOOK_MS: u32 = 100;
const LOOKS_MAX: u32 = 100;

/// The button, where there is something to erase, and the question before it.
#[component]
pub fn Erase() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let asking = RwSignal::new(false);
    let kept = memo(move || matches!(state.condition.get(), Condition::Kept { .. }));
    let entered = move || state.sync.get().filter(is_entered);
    let erase = move |()| {
        spawn_local(erase(state, dispatch));
    };
    view! {
        <Show when=move || kept.get()>
            <p>
                <Button
                    weight=Weight::Danger
                    label="Erase this device"
                    on_press=move |()| asking.set(true)
                />
            </p>
        </Show>
        <Confirm
            open=asking
            title="Erase this device?"
            text=Signal::derive(move || warning(entered().as_ref()))
            action="Erase"
            on_confirm=erase
        />
    }
}

async fn erase(state: State, dispatch: Dispatch) {
    let is = |what: fn(&SyncStatus) -> bool| {
        state.sync.try_get_untracked().flatten().is_some_and(|status| what(&status))
    };
    let erased = async {
        JsFuture::from(ask_boot("alone")?).await?;
        if is(is_entered) {
            drop(dispatch.sync(SyncCommand::Leave).await);
            // The keys are about to go: that the server does not hear of it is no reason to stay.
            let mut looks = 0;
            while is(|status| status.phase == SyncPhase::Leaving) && looks < LOOKS_MAX {
                timer::sleep(LOOK_MS).await;
                looks += 1;
            }
        }
        JsFuture::from(ask_boot("erase")?).await
    };
    if let Err(reason) = erased.await {
        let reason = reason.as_string().unwrap_or_else(|| "reload the page and try again".into());
        dispatch.say(["Not erased: ", &reason, "."].concat());
    }
}

/// What it does, and what would be lost by it.
fn warning(vault: Option<&SyncStatus>) -> String {
    let rest = match vault {
        None => "It is nowhere else, unless you exported it: there is no way back.".into(),
        Some(status) if status.words_unchecked => {
            "Its recovery words were not checked yet, and they go with it: without them nobody \
             opens the vault again."
                .into()
        }
        Some(status) if status.waiting > 0 => {
            let waiting = format::count(status.waiting, "change was", "changes were");
            ["The vault stays on its server and other devices, but ", &waiting, " not sent yet."]
                .concat()
        }
        Some(_) => "The vault stays on its server and on other devices. Without a network, put \
                    this device out on one of them afterwards."
            .into(),
    };
    let what = "The journal, its history, its keys, and the app itself go from this browser. ";
    [what, &rest].concat()
}
