//! Who waits for news of which vault, and whose token is whose: what a process keeps in memory.

use crate::log::VaultNumber;
use crate::session::Session;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use thoughtstream_core::wire::Hash;
use tokio::sync::watch;

/// Sessions to remember; beyond it all are forgotten and asked for again.
const SESSIONS: usize = 20_000;
/// How long a session is believed without asking the store, in milliseconds. A revocation is heard
/// at once; this bounds what happens if it is not.
const BELIEVED: u64 = 10_000;

/// What a live connection is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wake {
    pub head: u64,
    /// Grows when tokens or the manifest changed: whoever listens must see whether it still may.
    pub access: u64,
}

/// What a process keeps in memory of its vaults; bounded by its connections and by `SESSIONS`.
#[derive(Debug, Default)]
pub struct Hub {
    live: Mutex<HashMap<VaultNumber, watch::Sender<Wake>>>,
    sessions: Mutex<HashMap<Hash, (Session, u64)>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// Waits for news of a vault; `head` is what the store says after this was called.
    pub fn watch(&self, vault: VaultNumber) -> watch::Receiver<Wake> {
        let mut live = lock(&self.live);
        // Those that nobody waits for any more go when there are twice as many as are in use.
        if live.len().is_power_of_two() {
            live.retain(|_, sender| sender.receiver_count() > 0);
        }
        let sender =
            live.entry(vault).or_insert_with(|| watch::Sender::new(Wake { head: 0, access: 0 }));
        sender.subscribe()
    }

    /// Tells everyone who waits how far a log has got.
    pub fn nudge(&self, vault: VaultNumber, head: u64) {
        if let Some(sender) = lock(&self.live).get(&vault) {
            sender.send_if_modified(|wake| {
                let newer = head > wake.head;
                wake.head = wake.head.max(head);
                newer
            });
        }
    }

    /// The vaults that somebody waits for.
    pub fn watched(&self) -> Vec<VaultNumber> {
        lock(&self.live).keys().copied().collect()
    }

    /// Forgets what is known of a vault's tokens, and has its live connections look again.
    pub fn forget(&self, vault: VaultNumber) {
        lock(&self.sessions).retain(|_, (session, _)| session.vault != vault);
        if let Some(sender) = lock(&self.live).get(&vault) {
            sender.send_modify(|wake| wake.access += 1);
        }
    }

    /// A session that the store has told lately and that is still alive.
    pub(crate) fn session(&self, token: &Hash, now: u64) -> Option<Session> {
        let sessions = lock(&self.sessions);
        let (session, told) = sessions.get(token)?;
        let believed = now.saturating_sub(*told) < BELIEVED && session.is_alive(now);
        believed.then(|| session.clone())
    }

    /// Remembers what the store said.
    pub(crate) fn remember(&self, token: Hash, session: &Session, now: u64) {
        let mut sessions = lock(&self.sessions);
        if sessions.len() >= SESSIONS {
            sessions.clear();
        }
        sessions.insert(token, (session.clone(), now));
    }
}
