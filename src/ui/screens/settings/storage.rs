//! How much there is, how much room it takes, and what the browser promised.

use crate::platform::quota::{self, Estimate};
use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::install::{self, Browser};
use crate::ui::parts::button::Button;
use crate::ui::state::use_state;
use crate::ui::view::*;
use leptos::task::spawn_local;
use thoughtstream_core::message::{Answer, Condition, Query, Status};

/// The state of the journal's storage.
#[component]
pub fn Storage() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let query = move || {
        state.entries_version.track();
        state.journals_version.track();
        Some(Query::Status)
    };
    let status = dispatch.watch(query, |answer| match answer {
        Answer::Status(status) => Some(status),
        _ => None,
    });
    let (estimate, set_estimate) = signal(None::<Estimate>);
    let (persisted, set_persisted) = signal(None::<bool>);
    spawn_local(async move {
        set_estimate.try_set(quota::estimate().await);
        set_persisted.try_set(quota::persisted().await);
    });
    let ask = move |()| {
        spawn_local(async move {
            let promised = quota::persist().await;
            set_persisted.try_set(promised);
            if promised == Some(false) {
                dispatch.say(
                    "The browser did not promise it. Many do once the app is installed or in use.",
                );
            }
        });
    };
    let promise = move || match (persisted.get(), state.condition.get()) {
        (_, Condition::Memory(_)) => view! { <dd>"Nothing: it is in memory only"</dd> },
        (Some(true), _) => view! { <dd>"Not to clear it without asking you"</dd> },
        (Some(false), _) => view! {
            <dd>
                "Nothing yet: when the disk is full it may clear the journal "
                <Button label="Ask it to keep it" on_press=ask />
            </dd>
        },
        (None, _) => view! { <dd>"It does not say"</dd> },
    };
    // Safari's own rule, which its promise and an installed app are exempt from.
    let forgets = Browser::this().forgets() && !install::is_installed();
    let warned = move || forgets && persisted.get() == Some(false);
    view! {
        <Show when=warned>
            <p>
                "Safari deletes what a site keeps if you use Safari for seven days without opening \
                it. Add ThoughtStream to the home screen or the Dock, sync, or export."
            </p>
        </Show>
        <dl class="facts">
            {move || status.get().map(|status| counts(&status))}
            {move || estimate.get().map(room)} <dt>"What the browser promised"</dt> {promise}
        </dl>
    }
}

fn counts(status: &Status) -> View {
    let trashed = match status.trashed {
        0 => String::new(),
        trashed => [", and ", &format::number(trashed.into()), " thrown away"].concat(),
    };
    view! {
        <dt>"Entries"</dt>
        <dd>{format::number(status.entries.into())} {trashed}</dd>
        <dt>"Size"</dt>
        <dd>{format::bytes(status.bytes)}</dd>
    }
}

fn room(estimate: Estimate) -> View {
    // Bytes of a disk: far below where an `f64` or a `u64` ends.
    let bytes = |bytes: f64| format::bytes(bytes as u64);
    view! {
        <dt>"Room on this device"</dt>
        <dd>{bytes(estimate.used)} " used of " {bytes(estimate.quota)} " allowed"</dd>
    }
}
