//! The vault that this device is in: how it stands, what to do about it, and the way out.

use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::parts::button::Button;
use crate::ui::parts::dialog::Confirm;
use crate::ui::screens::sync::guests::Guests;
use crate::ui::screens::sync::letting_in::LettingIn;
use crate::ui::screens::sync::lists::{Devices, Waiting};
use crate::ui::screens::sync::recovery::Recovery;
use crate::ui::state::use_state;
use crate::ui::sync_mark::words;
use crate::ui::view::*;
use thoughtstream_core::message::{SyncCommand, SyncPhase, SyncStatus, SyncTrouble};

/// Everything about the vault.
#[component]
pub fn Vault() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let server = memo(move || of(state.sync.get(), |status| status.server));
    let unchecked = memo(move || of(state.sync.get(), |status| status.words_unchecked));
    let made = memo(move || of(state.sync.get(), |status| status.made));
    let stopped = memo(move || match state.sync.get()?.phase {
        SyncPhase::Stopped(trouble) => Some(trouble),
        _ => None,
    });
    let unheard =
        memo(move || of(state.sync.get(), |it| it.phase == SyncPhase::Entering { unheard: true }));
    let copied = memo(move || of(state.sync.get(), |status| status.copied));
    let on_its_way = memo(move || of(state.sync.get(), |it| it.phase == SyncPhase::Leaving));
    let waiting = memo(move || of(state.sync.get(), |status| status.waiting));
    let leaving = RwSignal::new(false);
    let leave = move |()| dispatch.sync_or_say(SyncCommand::Leave);
    let sync_now = move |()| dispatch.sync_or_say(SyncCommand::Now);
    let actions = move || {
        if on_its_way.get() {
            return view! { <Button label="Leave at once" on_press=leave /> };
        }
        if made.get() {
            return view! {
                <Button label="Sync now" on_press=sync_now />
                <Button label="Leave the vault" on_press=move |()| leaving.set(true) />
            };
        }
        view! { <Button label="Begin again" on_press=leave /> }
    };
    view! {
        <section>
            <div class="sync__alert" role="alert">
                {move || stopped.get().map(|trouble| view! { <Trouble trouble leaving /> })}
                {move || unheard.get().then(|| view! { <Unheard server /> })}
                {move || copied.get().then(|| view! { <Copied /> })}
            </div>
            <dl class="facts">
                {move || state.sync.get().map(|status| facts(&status))}
            </dl>
            <div class="sync__actions">{actions}</div>
        </section>
        <Show when=move || unchecked.get() && made.get()>
            <Recovery server />
        </Show>
        <Show when=move || made.get()>
            <Waiting />
            <Devices />
            <LettingIn />
            <Show when=move || !unchecked.get()>
                <NewWords />
            </Show>
            <Guests />
        </Show>
        <Confirm
            open=leaving
            title="Leave the vault?"
            text=Signal::derive(move || warning(unchecked.get(), waiting.get()))
            action="Leave"
            on_confirm=leave
        />
    }
}

/// Other recovery words, for who has lost the old ones or has shown them to somebody.
#[component]
fn NewWords() -> View {
    let dispatch = use_dispatch();
    let asking = RwSignal::new(false);
    let make = move |()| dispatch.sync_or_say(SyncCommand::NewWords);
    view! {
        <section>
            <h2>"Other recovery words"</h2>
            <p>
                "They were written down, and this device does not know them any more. If they are
                lost, or somebody else has seen them, make others."
            </p>
            <div class="sync__actions">
                <Button label="New recovery words" on_press=move |()| asking.set(true) />
            </div>
            <Confirm
                open=asking
                title="New recovery words?"
                text="The old words let nobody in any more. Have paper at hand: the new ones are \
                      shown until you have written them down."
                action="Make new words"
                on_confirm=make
            />
        </section>
    }
}

fn of<T: Default>(status: Option<SyncStatus>, what: fn(SyncStatus) -> T) -> T {
    status.map(what).unwrap_or_default()
}

fn facts(status: &SyncStatus) -> View {
    let server = (!status.server.is_empty()).then(|| {
        view! {
            <dt>"Server"</dt>
            <dd class="sync__server">{status.server.as_str()}</dd>
        }
    });
    let synced = status.synced_at.filter(|_| status.phase != SyncPhase::Synced).map(|synced| {
        view! {
            <dt>"Last time all was the same"</dt>
            <dd>{format::when(synced)}</dd>
        }
    });
    let later = (status.later > 0).then(|| {
        view! {
            <dt>"Kept for later"</dt>
            <dd>
                {format::count(status.later, "change", "changes")}
                " by a newer version of the app: shown as soon as this one is updated"
            </dd>
        }
    });
    let full = status.files_full.then(|| {
        view! {
            <dt>"Photos and files"</dt>
            <dd>"The server has no room for more: new ones stay on this device"</dd>
        }
    });
    view! {
        <dt>"State"</dt>
        <dd>{words(status)}</dd>
        {server}
        {synced}
        {later}
        {full}
    }
}

/// Why it stopped, with the way out.
#[component]
fn Trouble(trouble: SyncTrouble, leaving: RwSignal<bool>) -> View {
    let dispatch = use_dispatch();
    let way_out = match trouble {
        // Nothing was made: there is nothing to leave, and the way to begin again is below.
        SyncTrouble::NotInvited => View::none(),
        SyncTrouble::PutOut
        | SyncTrouble::NoKeys
        | SyncTrouble::UnknownWords
        | SyncTrouble::BadWords(_) => {
            view! { <Button label="Leave the vault" on_press=move |()| leaving.set(true) /> }
        }
        _ => {
            let again = move |()| dispatch.sync_or_say(SyncCommand::Now);
            view! { <Button label="Try again" on_press=again /> }
        }
    };
    view! {
        <div class="sync__trouble">
            <p>
                "Sync stopped: " {trouble.to_string()}
                ". Nothing is lost: all of it is on this device."
            </p>
            {way_out}
        </div>
    }
}

/// Two devices have one name.
#[component]
fn Copied() -> View {
    let dispatch = use_dispatch();
    let settled = move |()| dispatch.sync_or_say(SyncCommand::CopySettled);
    view! {
        <div class="sync__trouble">
            <p>
                "Somebody writes under the name of this device: its browser profile was copied, or
                put back from a backup. Nothing is lost by it, but nobody can tell the two apart,
                and putting out the one puts out both. If there are two, erase one of them in its
                settings and join again there by the recovery words: then it has a name of its own."
            </p>
            <Button label="There is only this one" on_press=settled />
        </div>
    }
}

/// Nobody answers where the vault is to be made or joined.
#[component]
fn Unheard(#[prop(into)] server: Signal<String>) -> View {
    let dispatch = use_dispatch();
    let again = move |()| dispatch.sync_or_say(SyncCommand::Now);
    // Not every browser tells a page that its rules forbade a request.
    let elsewhere = move || {
        let own = window().location().origin().unwrap_or_default();
        let other = server.with(|server| *server != own);
        other.then(|| {
            let rule = " may talk to another server only where its own allows it, by its setting \
                        connect-origin.";
            [" This page came from ", &own, ", and", rule].concat()
        })
    };
    view! {
        <div class="sync__trouble">
            <p>
                "No server of a vault answers at " {server}
                ". It is asked again by itself. See whether the address is right and this device
                is connected, or begin again with another address." {elsewhere}
            </p>
            <Button label="Try again" on_press=again />
        </div>
    }
}

fn warning(words_unchecked: bool, waiting: u32) -> String {
    let words = if words_unchecked {
        "The recovery words were not checked yet, and they go with it: without them nobody opens \
         this vault again."
    } else {
        "To come back you need the recovery words."
    };
    let waiting = match waiting {
        0 => String::new(),
        waiting => {
            let changes = format::count(waiting, "change that was", "changes that were");
            ["The others never get ", &changes, " not sent yet. "].concat()
        }
    };
    let what = "Your journal stays on this device, whole; it only stops to follow the others. ";
    [what, &waiting, words].concat()
}
