//! The journal that a new entry goes to: the one that was last chosen on this device.

use crate::ui::state::State;
use leptos::prelude::*;
use thoughtstream_core::id::JournalId;

const KEY: &str = "thoughtstream.journal";

/// The journal chosen last, if it is still there; the first one otherwise.
#[must_use]
pub fn last_used(state: State) -> JournalId {
    let chosen = || window().local_storage().ok()??.get_item(KEY).ok()??.parse().ok();
    let is_there = |id: &JournalId| {
        // Before the journals are known, the choice is trusted; the draft turns back if it must.
        state.journals.with_untracked(|all| all.is_empty() || all.iter().any(|it| it.id == *id))
    };
    chosen().filter(is_there).unwrap_or(JournalId::FIRST)
}

/// New entries go to this journal from now on.
pub fn remember(journal: JournalId) {
    if let Ok(Some(storage)) = window().local_storage() {
        // A full storage forgets the choice, which is only a convenience.
        drop(storage.set_item(KEY, &journal.to_string()));
    }
}
