//! What the app has to say: banners that stand as long as they are true, and notices in passing.

use crate::ui::dispatch::{Notice, use_dispatch};
use crate::ui::parts::button::{Button, IconButton, Weight};
use crate::ui::parts::icon::Icon;
use crate::ui::preferences::use_preferences;
use crate::ui::route::Route;
use crate::ui::sample::SampleBanner;
use crate::ui::screens::sync::lists::name_of;
use crate::ui::state::use_state;
use crate::ui::view::*;
use crate::ui::{format, install, update};
use std::time::Duration;
use thoughtstream_core::message::{
    Condition, Device, MemoryReason, Recovered, SyncCommand, SyncStatus,
};

/// How long a notice stays: long enough to read it twice and reach its button.
const NOTICE_FOR: Duration = Duration::from_secs(8);

/// How much somebody has written who may want to keep the app at hand.
const ENTRIES_BEFORE_INSTALLING: u32 = 5;

/// The banners above a screen.
#[component]
pub fn Banners() -> View {
    let state = use_state();
    let update = update::watch();
    let unchecked = memo(move || {
        let unchecked = |status: &SyncStatus| status.words_unchecked && status.made;
        let unchecked = state.sync.with(|status| status.as_ref().is_some_and(unchecked));
        unchecked && !state.route.with(|route| route.same_screen(&Route::SYNC))
    });
    view! {
        {move || update.waits.get().then(|| view! { <UpdateBanner update /> })}
        {move || banner(state.condition.get())}
        <NewcomerBanner />
        <SampleBanner />
        <InstallBanner />
        <Show when=move || unchecked.get()>
            <section class="banner banner--quiet" aria-label="Recovery words">
                <p>"The recovery words of your vault are still to be written down."</p>
                <a class="link" href=Route::SYNC.href()>
                    "See them"
                </a>
            </section>
        </Show>
    }
}

fn banner(condition: Condition) -> View {
    let text = match condition {
        Condition::Opening | Condition::Kept { recovered: None } => return View::none(),
        Condition::Kept { recovered: Some(recovered) } => {
            return view! { <RecoveredBanner recovered /> };
        }
        Condition::Memory(reason) => ["Nothing you write here is kept: ", why(reason)].concat(),
        Condition::Busy => "The journal is held by another tab, or by a browser that is still \
                            closing it. It opens by itself as soon as it is free."
            .into(),
        Condition::Newer { found, known } => {
            let (found, known) = (found.to_string(), known.to_string());
            return reload_banner(
                [
                    "This journal was written by a newer version of ThoughtStream (format ",
                    &found,
                    "; this one knows ",
                    &known,
                    "). It was not touched. Reload to get the newer version.",
                ]
                .concat(),
            );
        }
        Condition::Failed(reason) => {
            return reload_banner(["The journal cannot be opened: ", &reason, "."].concat());
        }
    };
    view! {
        <section class="banner" aria-label="About this journal">
            <p>{text}</p>
        </section>
    }
}

fn why(reason: MemoryReason) -> &'static str {
    match reason {
        MemoryReason::Insecure => {
            "this page did not come over HTTPS, and browsers keep files only for pages that did. \
             Export what you want to keep."
        }
        MemoryReason::Unsupported => {
            "this browser has no place for it (the Origin Private File System). Export what you \
             want to keep, or use another browser."
        }
        MemoryReason::Private => {
            "this is a private window, and it forgets everything when it is closed. Export what \
             you want to keep."
        }
    }
}

fn reload_banner(text: String) -> View {
    let reload = |()| {
        // Refused only while the page is being left anyway.
        drop(window().location().reload());
    };
    view! {
        <section class="banner" aria-label="About this journal">
            <p>{text}</p>
            <Button label="Reload" on_press=reload />
        </section>
    }
}

#[component]
fn RecoveredBanner(recovered: Recovered) -> View {
    let shown = RwSignal::new(true);
    let text = [
        "The journal's file was damaged. ",
        &format::count(recovered.entries, "entry was", "entries were"),
        " saved out of it; the damaged file is kept as ",
        &recovered.aside,
        ".",
    ]
    .concat();
    view! {
        <Show when=move || shown.get()>
            <section class="banner" aria-label="About this journal">
                <p>{text.clone()}</p>
                <IconButton icon=Icon::Close label="Dismiss" on_press=move |()| shown.set(false) />
            </section>
        </Show>
    }
}

/// A device came to the vault that was let in elsewhere: whoever reads this may put it out at once.
#[component]
fn NewcomerBanner() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let newcomers = memo(move || {
        state.sync.with(|status| status.as_ref().map(|it| it.newcomers.clone()).unwrap_or_default())
    });
    let seen = move |()| dispatch.sync_or_say(SyncCommand::NewcomersSeen);
    let put_out = move |device: &Device| {
        let (id, label) = (device.id, ["Put out ", &name_of(device)].concat());
        let press = move |()| dispatch.sync_or_say(SyncCommand::PutOut { device: id });
        view! { <Button label on_press=press /> }
    };
    let banner = move |devices: Vec<Device>| {
        let names: Vec<String> = devices.iter().map(name_of).collect();
        view! {
            <section class="banner" aria-label="New device" role="alert">
                <p>
                    "New in your vault: " {names.join(", ")}
                    ". It reads all of your journal. If this was not you, put it out."
                </p>
                {devices.iter().map(put_out).collect_view()}
                <Button weight=Weight::Quiet label="It was me" on_press=seen />
            </section>
        }
    };
    view! { {move || Some(newcomers.get()).filter(|all| !all.is_empty()).map(banner)} }
}

/// Told once, to somebody who has written a little: after either answer it is never shown again.
#[component]
fn InstallBanner() -> View {
    let (state, dispatch, preferences) = (use_state(), use_dispatch(), use_preferences());
    let installed = install::is_installed();
    let written = memo(move || {
        let entries = state.journals.with(|all| all.iter().map(|it| it.entries).sum::<u32>());
        let kept = matches!(*state.condition.read(), Condition::Kept { .. });
        kept && entries >= ENTRIES_BEFORE_INSTALLING
    });
    let shown = move || !installed && written.get() && !preferences.told_to_install.get();
    let how = move |()| {
        preferences.tell_to_install();
        dispatch.navigate(Route::Settings);
    };
    view! {
        <Show when=shown>
            <section class="banner banner--quiet" aria-label="Installing">
                <p>"ThoughtStream can be installed, with a window and an icon of its own."</p>
                <Button label="See how" on_press=how />
                <Button
                    weight=Weight::Quiet
                    label="Not now"
                    on_press=move |()| preferences.tell_to_install()
                />
            </section>
        </Show>
    }
}

#[component]
fn UpdateBanner(update: update::Update) -> View {
    view! {
        <section class="banner banner--quiet" aria-label="Update">
            <p>"A new version is ready."</p>
            <Button label="Update now" on_press=move |()| update.run() />
        </section>
    }
}

/// What is said in passing, at the foot of the window.
#[component]
pub fn Notices() -> View {
    let dispatch = use_dispatch();
    let notice = dispatch.notice();
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        if let Some(Some(timer)) = timer {
            timer.clear();
        }
        let shown = notice.with(Option::is_some);
        let hide = move || drop(notice.try_set(None));
        shown.then(|| set_timeout_with_handle(hide, NOTICE_FOR).ok()).flatten()
    });
    let close = move |()| notice.set(None);
    let content = move |notice: Notice| {
        let undo = notice.undo.map(|label| {
            let press = move |()| {
                close(());
                dispatch.undo();
            };
            view! { <Button weight=Weight::Quiet label on_press=press /> }
        });
        view! {
            <div class="notice">
                <p>{notice.text}</p>
                {undo}
                <IconButton icon=Icon::Close label="Dismiss" on_press=close />
            </div>
        }
    };
    view! {
        <div class="notices" aria-live="polite">
            {move || notice.get().map(content)}
        </div>
    }
}
