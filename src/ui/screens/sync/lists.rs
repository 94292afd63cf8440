//! What belongs to a vault: its devices, and the entries that wait to be sent.

use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::route::Route;
use crate::ui::state::use_state;
use crate::ui::view::*;
use thoughtstream_core::message::{self, Answer, Device, Query, SyncPhase};

/// How many waiting entries are named.
const NAMED: u32 = 20;

/// The devices, this one among them.
#[component]
pub fn Devices() -> View {
    let state = use_state();
    // The list comes with a sync. (Read and not only tracked: a memo that nobody reads sleeps.)
    let synced = memo(move || {
        state.sync.with(|status| status.as_ref().is_some_and(|it| it.phase == SyncPhase::Synced))
    });
    let query = move || {
        synced.get();
        Some(Query::Devices)
    };
    let devices = use_dispatch().watch(query, |answer| match answer {
        Answer::Devices(devices) => Some(devices),
        _ => None,
    });
    let row = |device: Device| {
        let this = device.this.then(|| view! { <small>" this device"</small> });
        view! { <li>{name_of(&device)} {this}</li> }
    };
    view! {
        <section>
            <h2>"Devices of the vault"</h2>
            <ul class="sync__list">
                {move || devices.get().unwrap_or_default().into_iter().map(row).collect_view()}
            </ul>
        </section>
    }
}

/// What a device is called; the name of one may be sealed by what this app cannot open.
#[must_use]
pub fn name_of(device: &Device) -> String {
    if device.name.is_empty() { "A device without name".into() } else { device.name.clone() }
}

/// The entries that wait, last edited first; nothing where none does.
#[component]
pub fn Waiting() -> View {
    let state = use_state();
    let count = memo(move || state.sync.with(|it| it.as_ref().map_or(0, |it| it.waiting)));
    let query = move || (count.get() > 0).then_some(Query::Waiting { limit: NAMED });
    let waiting = use_dispatch().watch(query, |answer| match answer {
        Answer::Waiting(waiting) => Some(waiting),
        _ => None,
    });
    let row = |waiting: message::Waiting| {
        view! {
            <li>
                <a href=Route::Entry { entry: waiting.entry }.href()>
                    <small>{format::short_date(waiting.date)}</small>
                    <span>{waiting.excerpt}</span>
                </a>
            </li>
        }
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <section>
                <h2>"Waiting to be sent"</h2>
                <ul class="sync__list sync__waiting">
                    {move || waiting.get().unwrap_or_default().into_iter().map(row).collect_view()}
                </ul>
            </section>
        </Show>
    }
}
