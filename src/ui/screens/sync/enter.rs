//! The ways into a vault: making one by invitation, being let in by a device of it, joining it by
//! its recovery words.

use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::parts::field::{Choices, TextField};
use crate::ui::route::Route;
use crate::ui::screens::sync::device_name::device_name;
use crate::ui::state::{State, use_state};
use crate::ui::view::*;
use leptos::ev;
use leptos::task::spawn_local;
use thoughtstream_core::message::{
    Condition, LinkCommand, LinkStatus, NAME_CHARS_MAX, SyncCommand, SyncPhase,
};

/// Which way in, as the choice counts them.
const CREATE: usize = 0;
const LINK: usize = 1;
const JOIN: usize = 2;

/// What was typed.
#[derive(Clone, Copy)]
pub struct Form {
    way: RwSignal<usize>,
    server: RwSignal<String>,
    device: RwSignal<String>,
    /// What the browser calls itself, whatever the device is called.
    browser: StoredValue<String>,
    invitation: RwSignal<String>,
    words: RwSignal<String>,
    refused: RwSignal<String>,
}

impl Form {
    /// An empty form, but for what the browser knows and what the address brings along.
    #[must_use]
    pub fn new(state: State) -> Self {
        let agent = window().navigator().user_agent().unwrap_or_default();
        let browser = device_name(&agent);
        let form = Self {
            way: RwSignal::new(CREATE),
            server: RwSignal::new(window().location().origin().unwrap_or_default()),
            device: RwSignal::new(browser.clone()),
            browser: StoredValue::new(browser),
            invitation: RwSignal::default(),
            words: RwSignal::default(),
            refused: RwSignal::default(),
        };
        effect(move || {
            if let Route::Sync { invitation: Some(invitation) } = &*state.route.read() {
                form.invitation.set(invitation.clone());
                form.way.set(CREATE);
            }
        });
        effect(move || {
            if state.sync.with(|status| status.as_ref().is_some_and(|status| status.made)) {
                form.words.set(String::new());
            }
        });
        form
    }

    /// An invitation is pasted as the link that the server printed, which names the server too.
    fn take_server_of_link(self) {
        if let Some(origin) = self.invitation.with_untracked(|link| origin(link)) {
            self.server.set(origin);
        }
    }

    fn command(self) -> Result<SyncCommand, &'static str> {
        let typed = self.server.get_untracked();
        let with_scheme = || origin(&["https://", typed.trim()].concat());
        let server = origin(&typed).or_else(with_scheme);
        let server = server.ok_or("this is no address of a server: see how it is spelled")?;
        let device = self.device.get_untracked().trim().to_owned();
        Ok(match self.way.get_untracked() {
            JOIN => SyncCommand::Join { server, words: self.words.get_untracked(), device },
            LINK => {
                let origin = window().location().origin().unwrap_or_default();
                let browser = self.browser.get_value();
                SyncCommand::Link(LinkCommand::Show { server, device, origin, browser })
            }
            _ => {
                let invitation = self.invitation.get_untracked();
                SyncCommand::Create { server, invitation, device }
            }
        })
    }

    fn submit(self, dispatch: Dispatch) {
        let command = match self.command() {
            Ok(command) => command,
            Err(reason) => return self.refused.set(reason.into()),
        };
        self.refused.set(String::new());
        let begun = dispatch.sync(command);
        spawn_local(async move {
            match begun.await {
                // The invitation is used up: the address need not know it any more.
                Ok(_) => dispatch.replace(Route::SYNC),
                Err(failure) => drop(self.refused.try_set(failure.to_string())),
            }
        });
    }
}

/// The origin of an address with a scheme, as `https://journal.example`.
fn origin(address: &str) -> Option<String> {
    let url = web_sys::Url::new(address.trim()).ok()?;
    matches!(&*url.protocol(), "https:" | "http:").then(|| url.origin())
}

/// Asks for what is needed.
#[component]
pub fn Enter(form: Form) -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        form.submit(dispatch);
    };
    let secret = move || match form.way.get() {
        JOIN => words(form),
        LINK => view! {
            <p class="sync__hint">
                "The next step shows a code. Have a device at hand that is in the vault."
            </p>
        },
        _ => invitation(form),
    };
    let action = move || match form.way.get() {
        JOIN => "Join the vault",
        LINK => "Show the code",
        _ => "Create the vault",
    };
    let in_memory = move || matches!(state.condition.get(), Condition::Memory(_));
    // What was found wrong here, or what a server said to what was sent before.
    let trouble = move || {
        let failed = match state.link.get() {
            LinkStatus::Failed(trouble) => Some(trouble.to_string()),
            _ => None,
        };
        let stopped = state.sync.with(|status| match &status.as_ref()?.phase {
            SyncPhase::Stopped(trouble) => Some(trouble.to_string()),
            _ => None,
        });
        Some(form.refused.get()).filter(|refused| !refused.is_empty()).or(failed).or(stopped)
    };
    view! {
        <section>
            <p>
                "Your journal is on this device alone, and it need not be anywhere else. To have it
                on other devices, too, let a server pass on what you write: one that you run, or
                somebody you trust. It cannot read any of it."
            </p>
            <Show when=in_memory>
                <p>
                    "This browser keeps the journal in memory only: what comes here from the vault
                    is gone with the last tab, and so is what was not sent by then."
                </p>
            </Show>
            <form class="sync__enter" novalidate on:submit=submit>
                <Choices
                    legend="How to begin"
                    labels=vec!["Create a vault", "Link to a device", "Join by recovery words"]
                    chosen=form.way
                    on_choose=move |way| form.way.set(way)
                />
                {secret}
                <TextField label="Server" value=form.server />
                <p class="sync__hint">
                    "As a rule the one that this page came from: with another one it may talk only
                    if the first allows it."
                </p>
                <TextField label="Name of this device" value=form.device max_chars=NAME_CHARS_MAX />
                <p class="field__error" role="alert">
                    {trouble}
                </p>
                <button type="submit" class="button button--primary">
                    {action}
                </button>
            </form>
        </section>
    }
}

fn invitation(form: Form) -> View {
    effect(move || {
        form.invitation.track();
        form.take_server_of_link();
    });
    view! {
        <TextField label="Invitation" value=form.invitation />
        <p class="sync__hint">
            "The link that the server printed when it was started, or the code at its end."
        </p>
    }
}

fn words(form: Form) -> View {
    view! {
        <WordsField words=form.words />
        <p class="sync__hint">
            "The 24 words of the vault, in their order, with spaces or on lines of their own."
        </p>
    }
}

/// A field for the recovery words, of which the browser remembers nothing.
#[component]
pub fn WordsField(words: RwSignal<String>) -> View {
    view! {
        <label class="field">
            <span class="field__label">"Recovery words"</span>
            <textarea
                class="field__input sync__typed"
                rows="4"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                prop:value=words
                on:input=move |event| words.set(event_target_value(&event))
            ></textarea>
        </label>
    }
}
