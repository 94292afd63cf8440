//! How it stands with the sync, in a whisper: nothing as long as there is no vault.

use crate::ui::format;
use crate::ui::route::Route;
use crate::ui::state::use_state;
use crate::ui::view::*;
use std::time::Duration;
use thoughtstream_core::message::{SyncPhase, SyncStatus, SyncTrouble};
use wasm_bindgen::JsCast;

/// What is over sooner is not shown: while somebody types, every moment brings a save.
const MOMENT: Duration = Duration::from_millis(1_500);

/// The mark; it leads to where more is said.
#[component]
pub fn SyncMark() -> View {
    let state = use_state();
    let calm = calm(state.sync);
    let mark = memo(move || {
        let open = state.is_open();
        calm.with(|status| status.as_ref().filter(|status| open && is_entered(status)).map(mark))
    });
    let link = |(look, text): (&'static str, String)| {
        view! {
            <a class="sync-mark" data-sync=look href=Route::SYNC.href() title=text.clone()>
                <span class="label">{text}</span>
            </a>
        }
    };
    view! { {move || mark.get().map(link)} }
}

/// Says aloud what the mark shows, if the person has to know: that it does not go on by itself.
#[component]
pub fn SyncNews() -> View {
    let state = use_state();
    let stopped = memo(move || {
        let stopped = |status: &SyncStatus| match status.phase {
            SyncPhase::Stopped(_) => "Sync stopped: see Sync in the settings",
            _ if status.copied => "A copy of this device writes: see Sync in the settings",
            _ => "",
        };
        state
            .sync
            .with(|status| status.as_ref().filter(|status| is_entered(status)).map_or("", stopped))
    });
    // On the icon of an installed app, as nobody looks at a window that is closed.
    effect(move || badge(!stopped.with(|news| news.is_empty())));
    view! {
        <p class="visually-hidden" aria-live="polite">
            {stopped}
        </p>
    }
}

/// A dot on the app's icon, where the system has such a thing.
fn badge(on: bool) {
    let navigator = window().navigator();
    let name = if on { "setAppBadge" } else { "clearAppBadge" };
    let set = js_sys::Reflect::get(&navigator, &name.into());
    if let Ok(set) = set.and_then(JsCast::dyn_into::<js_sys::Function>) {
        // A promise that is refused only while the app is not installed.
        drop(set.call0(&navigator));
    }
}

/// Whether there is a vault, be it that this device is just being let in.
#[must_use]
pub fn is_entered(status: &SyncStatus) -> bool {
    match status.phase {
        SyncPhase::Off => false,
        // A vault that could not be joined has left nothing behind but its reason.
        SyncPhase::Stopped(SyncTrouble::NoKeys) => true,
        SyncPhase::Stopped(_) => !status.server.is_empty(),
        _ => true,
    }
}

/// What is said of it, in a few words.
#[must_use]
pub fn words(status: &SyncStatus) -> String {
    let text = text(status, &status.synced_at.map(format::when).unwrap_or_default());
    if status.copied { [&text, ", and a copy of this device writes"].concat() } else { text }
}

fn mark(status: &SyncStatus) -> (&'static str, String) {
    let look = match status.phase {
        _ if status.copied => "stopped",
        SyncPhase::Synced => "synced",
        SyncPhase::Stopped(_) => "stopped",
        SyncPhase::Offline | SyncPhase::Entering { unheard: true } => "offline",
        _ => "busy",
    };
    (look, words(status))
}

fn text(status: &SyncStatus, synced_at: &str) -> String {
    let waiting = match status.waiting {
        0 => String::new(),
        waiting => [&format::number(waiting.into()), " waiting"].concat(),
    };
    match status.phase {
        SyncPhase::Off => "Off".into(),
        SyncPhase::Entering { unheard: false } => "Asking the server".into(),
        SyncPhase::Entering { unheard: true } => "No server answers".into(),
        SyncPhase::Leaving => "Leaving the vault".into(),
        SyncPhase::Busy { done, total } if total > 0 => {
            ["Syncing ", &format::number(done), " of ", &format::number(total)].concat()
        }
        SyncPhase::Busy { .. } if waiting.is_empty() => "Syncing".into(),
        SyncPhase::Busy { .. } => waiting,
        SyncPhase::Synced => ["Synced ", synced_at].concat().trim_end().into(),
        SyncPhase::Offline if waiting.is_empty() => "Offline".into(),
        SyncPhase::Offline => ["Offline, ", &waiting].concat(),
        SyncPhase::Stopped(_) => "Sync stopped".into(),
    }
}

/// The status, but for work that is done within a moment.
fn calm(sync: ReadSignal<Option<SyncStatus>>) -> ReadSignal<Option<SyncStatus>> {
    let (shown, set_shown) = signal(sync.get_untracked());
    let busy = |status: &Option<SyncStatus>| {
        status.as_ref().is_some_and(|status| matches!(status.phase, SyncPhase::Busy { .. }))
    };
    let show = move || drop(set_shown.try_set(sync.try_get_untracked().flatten()));
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        let timer = timer.flatten();
        if sync.with(busy) && !shown.with_untracked(busy) {
            return timer.or_else(|| set_timeout_with_handle(show, MOMENT).ok());
        }
        if let Some(timer) = timer {
            timer.clear();
        }
        show();
        None
    });
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phase_has_its_words() {
        let cases = [
            (SyncPhase::Entering { unheard: false }, 0, "Asking the server"),
            (SyncPhase::Entering { unheard: true }, 0, "No server answers"),
            (SyncPhase::Leaving, 2, "Leaving the vault"),
            (SyncPhase::Busy { done: 40, total: 3_415 }, 3_415, "Syncing 40 of 3,415"),
            (SyncPhase::Busy { done: 0, total: 0 }, 3, "3 waiting"),
            (SyncPhase::Busy { done: 0, total: 0 }, 0, "Syncing"),
            (SyncPhase::Synced, 0, "Synced 14:03"),
            (SyncPhase::Offline, 0, "Offline"),
            (SyncPhase::Offline, 1_200, "Offline, 1,200 waiting"),
            (SyncPhase::Stopped(SyncTrouble::Full), 3, "Sync stopped"),
        ];
        for (phase, waiting, expected) in cases {
            assert_eq!(text(&status(phase, waiting, "https://journal.example"), "14:03"), expected);
        }
        assert_eq!(text(&status(SyncPhase::Synced, 0, ""), ""), "Synced");
    }

    #[test]
    fn without_a_vault_there_is_no_mark() {
        let refused = SyncPhase::Stopped(SyncTrouble::UnknownWords);
        assert!(!is_entered(&status(SyncPhase::Off, 0, "")));
        assert!(!is_entered(&status(refused.clone(), 0, "")));
        assert!(is_entered(&status(refused, 0, "https://journal.example")));
        assert!(is_entered(&status(SyncPhase::Stopped(SyncTrouble::NoKeys), 0, "")));
        assert!(is_entered(&status(SyncPhase::Entering { unheard: false }, 0, "")));
    }

    fn status(phase: SyncPhase, waiting: u32, server: &str) -> SyncStatus {
        SyncStatus {
            files_full: false,
            newcomers: Vec::new(),
            listed: 0,
            phase,
            server: server.into(),
            made: true,
            waiting,
            synced_at: None,
            words_unchecked: false,
            copied: false,
            later: 0,
        }
    }
}
