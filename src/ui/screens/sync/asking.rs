//! A new device that asks to be let in: the code, the check code, and whose vault it is.

use crate::ui::dispatch::use_dispatch;
use crate::ui::parts::button::{Button, Weight};
use crate::ui::parts::picture_code::PictureCode;
use crate::ui::state::use_state;
use crate::ui::view::*;
use thoughtstream_core::message::{LinkCommand, LinkStatus, SyncCommand};

/// Whether this device asks: then nothing else is to be done here.
#[must_use]
pub fn asks(status: &LinkStatus) -> bool {
    use LinkStatus::{Checking, Entering, Offered, Opening, Showing};
    matches!(status, Opening | Showing { .. } | Checking { .. } | Offered { .. } | Entering)
}

/// What is to be done next.
#[component]
pub fn Asking() -> View {
    let state = use_state();
    let stage = move || match state.link.get() {
        LinkStatus::Opening => waiting("Asking the server for a place to meet"),
        LinkStatus::Showing { code, picture, .. } => showing(&code, picture),
        LinkStatus::Checking { check, .. } => checking(&check),
        LinkStatus::Offered { devices } => offered(&devices),
        LinkStatus::Entering => waiting("Fetching the keys"),
        _ => View::none(),
    };
    view! { <section class="sync__link">{stage}</section> }
}

fn link(label: &'static str, weight: Weight, command: LinkCommand) -> View {
    let dispatch = use_dispatch();
    let press = move |()| dispatch.sync_or_say(SyncCommand::Link(command.clone()));
    view! { <Button label weight on_press=press /> }
}

/// The heading of a stage takes the focus: what had it is gone.
#[component]
pub fn Stage(text: &'static str) -> View {
    let node = NodeRef::<web_sys::HtmlElement>::new();
    effect(move || {
        if let Some(heading) = node.get() {
            drop(heading.focus());
        }
    });
    view! {
        <h2 tabindex="-1" node_ref=node>
            {text}
        </h2>
    }
}

fn waiting(what: &'static str) -> View {
    view! {
        <Stage text=what />
        <p>"This takes a moment, and goes on by itself when the server answers."</p>
        <div class="sync__actions">{link("Stop", Weight::Plain, LinkCommand::Stop)}</div>
    }
}

fn showing(code: &str, picture: String) -> View {
    view! {
        <Stage text="Show this to a device of the vault" />
        <p>
            "There, open Sync in the settings and type this code, or scan the picture. It is good
            for two minutes and for one device."
        </p>
        <p class="sync__code">
            <span aria-hidden="true">{code}</span>
            <span class="visually-hidden">{spelled(code)}</span>
        </p>
        <PictureCode text=picture label="The code as a picture, for the camera of that device" />
        <div class="sync__actions">{link("Stop", Weight::Plain, LinkCommand::Stop)}</div>
    }
}

fn checking(check: &str) -> View {
    let (front, back) = check.split_at_checked(3).unwrap_or((check, ""));
    view! {
        <Stage text="Type this check code into the other device" />
        <p class="sync__code">
            <span aria-hidden="true">{[front, " ", back].concat()}</span>
            <span class="visually-hidden">{spelled(check)}</span>
        </p>
        <p>"It shows that the two devices talk to each other, and to nobody in between."</p>
        <div class="sync__actions">{link("Stop", Weight::Plain, LinkCommand::Stop)}</div>
    }
}

fn offered(devices: &[String]) -> View {
    let device = |name: &String| view! { <li>{name.as_str()}</li> };
    view! {
        <Stage text="Is this your vault?" />
        <p>"You were let into the vault of these devices:"</p>
        <ul class="sync__list">{devices.iter().map(device).collect_view()}</ul>
        <p>
            "If you do not know them, somebody else has answered. What you have written on this
            device goes to that vault as soon as you join it."
        </p>
        <div class="sync__actions">
            {link("Not mine", Weight::Plain, LinkCommand::Stop)}
            {link("Join this vault", Weight::Primary, LinkCommand::Enter)}
        </div>
    }
}

/// One character after the other, for whoever listens.
fn spelled(code: &str) -> String {
    let characters = code.chars().map(|c| if c == '-' { ",".to_owned() } else { c.to_string() });
    characters.collect::<Vec<_>>().join(" ")
}
