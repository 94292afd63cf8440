//! A borrowed machine: a page to write on that keeps nothing. It shares the looks of the app and
//! nothing else: no journal, no router, no preferences, no other tabs.

pub mod door;
pub mod over;
pub mod room;

use crate::bridge::guest::GuestBridge;
use crate::ui::later::{Later, later};
use crate::ui::once::door::Door;
use crate::ui::once::over::{Over, go_over};
use crate::ui::once::room::Room;
use crate::ui::view::*;
use leptos::ev;
use thoughtstream_core::date::Instant;
use thoughtstream_core::message::{GuestCommand, GuestStanding, GuestTold, Shown};

/// Where the page is.
const HERE: &str = "/once";

const SECOND_MS: i32 = 1_000;

/// What is known of the visit.
#[derive(Clone, Copy)]
pub struct Visit {
    bridge: StoredValue<GuestBridge, LocalStorage>,
    pub stage: RwSignal<Stage>,
    pub standing: RwSignal<Option<GuestStanding>>,
    /// Why the door stayed shut.
    pub refused: RwSignal<String>,
}

/// How far the visit is.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    Outside { entering: bool },
    Open { ends: Instant, shown: Vec<Shown> },
}

/// Whether this page is one for a borrowed machine.
#[must_use]
pub fn is_here() -> bool {
    path().strip_prefix(HERE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// Where the page will be: it is in the second file of the app.
#[component]
pub fn Entrance() -> View {
    provide_context(Later::absent());
    later(|part| (part.once)())
}

/// The page: the door, the room behind it, or what is left when it is over.
#[component]
pub fn Once() -> View {
    if path() == over::HERE {
        return view! { <Over /> };
    }
    let visit = Visit::new();
    visit.watch_over();
    let content = move || match visit.stage.get() {
        Stage::Outside { entering } => view! { <Door visit entering /> },
        Stage::Open { ends, shown } => view! { <Room visit ends shown /> },
    };
    view! { <main id="main" class="screens once">{content}</main> }
}

impl Visit {
    fn new() -> Self {
        let stage = RwSignal::new(Stage::Outside { entering: false });
        let (standing, refused) = (RwSignal::new(None), RwSignal::new(String::new()));
        let bridge = GuestBridge::connect(move |told| match told {
            GuestTold::Ready => {}
            GuestTold::Entering => stage.set(Stage::Outside { entering: true }),
            GuestTold::Refused(why) => {
                stage.set(Stage::Outside { entering: false });
                refused.set(why);
            }
            GuestTold::Open { ends, shown } => stage.set(Stage::Open { ends, shown }),
            GuestTold::Stands(now) => standing.set(Some(now)),
            GuestTold::Ended(why) => go_over(why),
        });
        Self { bridge: StoredValue::new_local(bridge), stage, standing, refused }
    }

    /// Tells the worker.
    pub fn say(self, command: GuestCommand) {
        self.bridge.with_value(|bridge| bridge.say(command));
    }

    /// Watches over the ends of the visit: time, silence, a page out of sight or put away.
    fn watch_over(self) {
        every_second(move || self.say(GuestCommand::Tick));
        let touch = move || self.say(GuestCommand::Touch);
        keep(window_event_listener(ev::keydown, move |_| touch()));
        keep(window_event_listener(ev::pointerdown, move |_| touch()));
        keep(window_event_listener(ev::visibilitychange, move |_| {
            self.say(GuestCommand::Seen(!document().hidden()));
        }));
        keep(window_event_listener(ev::pagehide, move |_| {
            self.say(GuestCommand::Gone);
            // Whoever comes back to this page finds nothing on it.
            if let Some(body) = document().body() {
                body.set_text_content(None);
            }
        }));
    }
}

fn keep(listener: WindowListenerHandle) {
    on_cleanup(move || listener.remove());
}

/// Calls this once a second for as long as the page is there.
fn every_second(call: impl Fn() + 'static) {
    let call = wasm_bindgen::closure::Closure::<dyn Fn()>::new(call);
    let function = wasm_bindgen::JsCast::unchecked_ref(call.as_ref());
    let begun =
        window().set_interval_with_callback_and_timeout_and_arguments_0(function, SECOND_MS);
    if begun.is_ok() {
        call.forget();
    }
}
