//! What belongs to a vault: its devices, and the entries that wait to be sent.

use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::parts::button::Button;
use crate::ui::parts::dialog::{Confirm, Dialog, FormFoot};
use crate::ui::parts::field::TextField;
use crate::ui::route::Route;
use crate::ui::state::use_state;
use crate::ui::view::*;
use thoughtstream_core::message::{
    self, Answer, Device, NAME_CHARS_MAX, Query, SyncCommand, SyncPhase, SyncStatus,
};

/// How many waiting entries are named.
const NAMED: u32 = 20;

/// The devices, this one among them.
#[component]
pub fn Devices() -> View {
    let state = use_state();
    // The list comes with a sync. (Read and not only tracked: a memo that nobody reads sleeps.)
    let synced = memo(move || {
        let news = |it: &SyncStatus| (it.phase == SyncPhase::Synced, it.listed);
        state.sync.with(|status| status.as_ref().map(news))
    });
    // Counts what was asked for here, which changes the list too.
    let asked = RwSignal::new(0_u32);
    let query = move || {
        synced.get();
        asked.get();
        Some(Query::Devices)
    };
    let dispatch = use_dispatch();
    let devices = dispatch.watch(query, |answer| match answer {
        Answer::Devices(devices) => Some(devices),
        _ => None,
    });
    let (chosen, asking) = (RwSignal::new(None::<Device>), RwSignal::new(false));
    let (new_name, naming) = (RwSignal::new(String::new()), RwSignal::new(false));
    let row = move |device: Device| {
        let name = name_of(&device);
        let about = about(&device);
        let said = view! { <span>{name.as_str()} " " <small>{about}</small></span> };
        if device.going {
            return view! { <li>{said}</li> };
        }
        let choose = |device: &Device, asking: RwSignal<bool>| {
            let device = device.clone();
            move |()| {
                new_name.set(device.name.clone());
                chosen.set(Some(device.clone()));
                asking.set(true);
            }
        };
        let out = (!device.this).then(|| {
            let label = ["Put out ", &name].concat();
            view! { <Button label on_press=choose(&device, asking) /> }
        });
        let label = ["Rename ", &name].concat();
        view! {
            <li>
                {said}
                <span class="sync__actions">
                    <Button label on_press=choose(&device, naming) /> {out}
                </span>
            </li>
        }
    };
    let name = move || chosen.with(|device| device.as_ref().map(name_of).unwrap_or_default());
    let put_out = move |()| {
        if let Some(Device { id, .. }) = chosen.get_untracked() {
            dispatch.sync_or_say(SyncCommand::PutOut { device: id });
            asked.update(|asked| *asked += 1);
        }
    };
    let rename = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        naming.set(false);
        if let Some(Device { id: device, .. }) = chosen.get_untracked() {
            let name = new_name.get_untracked();
            dispatch.sync_or_say(SyncCommand::Rename { device, name });
        }
    };
    view! {
        <section>
            <h2>"Devices of the vault"</h2>
            <ul class="sync__list sync__devices">
                {move || devices.get().unwrap_or_default().into_iter().map(row).collect_view()}
            </ul>
            <Confirm
                open=asking
                title=Signal::derive(move || ["Put out ", &name(), "?"].concat())
                text=PUTTING_OUT
                action="Put out"
                on_confirm=put_out
            />
            <Dialog open=naming title=Signal::derive(move || ["Rename ", &name()].concat())>
                <form class="sync__enter" on:submit=rename>
                    <TextField label="New name" value=new_name max_chars=NAME_CHARS_MAX />
                    <FormFoot open=naming action="Rename" />
                </form>
            </Dialog>
        </section>
    }
}

/// What putting a device out does, and what it does not.
const PUTTING_OUT: &str = "It gets nothing more of what you write from now on: the other devices \
    take a new key. What it has already, it keeps, and whoever has it can read that. With the \
    recovery words it can come in again.";

/// What there is to say of a device besides its name.
fn about(device: &Device) -> String {
    let browser = Some(device.browser.clone()).filter(|browser| *browser != device.name);
    let linked = device.linked_at.map(|at| ["linked ", &format::when(at)].concat());
    let wrote = device.wrote_at.map(|at| ["last wrote ", &format::when(at)].concat());
    let this = device.this.then(|| "this device".to_owned());
    let going = device.going.then(|| "is being put out".to_owned());
    let said = [this, browser.filter(|browser| !browser.is_empty()), linked, wrote, going];
    said.into_iter().flatten().collect::<Vec<_>>().join(" · ")
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
