//! The way to the page for a borrowed machine, on the first screen of a browser that has nothing
//! of anybody yet.

use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::parts::button::{Button, Weight};
use crate::ui::state::{State, use_state};
use crate::ui::update::ask_boot;
use crate::ui::view::*;
use leptos::task::spawn_local;
use thoughtstream_core::message::{Answer, Condition, Query, SyncPhase};
use wasm_bindgen_futures::JsFuture;

/// The button, where nothing was written and nothing is synced.
#[component]
pub fn JustThisOnce() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let query = move || {
        state.entries_version.track();
        state.is_open().then_some(Query::Status)
    };
    let empty = dispatch.watch(query, |answer| match answer {
        Answer::Status(status) => Some(status.entries + status.trashed == 0),
        _ => None,
    });
    let offered = memo(move || empty.get() == Some(true) && is_alone(state));
    let go = move |()| spawn_local(leave_nothing(state, dispatch));
    view! {
        <Show when=move || offered.get()>
            <div class="today__once">
                <p class="begin">
                    "Is this machine not yours?"
                    <Button weight=Weight::Quiet label="Just this once" on_press=go />
                </p>
            </div>
        </Show>
    }
}

fn is_alone(state: State) -> bool {
    state.sync.with(|sync| sync.as_ref().is_some_and(|sync| sync.phase == SyncPhase::Off))
}

/// Takes away what this first visit has left, if it is certain that nothing is in it, and goes.
async fn leave_nothing(state: State, dispatch: Dispatch) {
    let saved = dispatch.flush().await.is_ok();
    let status = dispatch.query(Query::Status).await;
    let is_empty = |answer: &Answer| match answer {
        Answer::Status(status) => {
            let kept = matches!(status.condition, Condition::Kept { .. });
            kept && status.entries + status.trashed == 0
        }
        _ => false,
    };
    let nothing = saved && status.as_ref().is_ok_and(is_empty) && untrack(|| is_alone(state));
    let taken = async { JsFuture::from(ask_boot("once")?).await };
    if !nothing || taken.await.is_err() {
        // Whatever is here belongs to somebody: that page leaves it alone.
        drop(window().location().assign("/once"));
    }
}
