//! New recovery words in the place of the old ones. The sequencer is told first, so that the old
//! words let nobody in from then on; then the key ring is closed to them, with a new epoch for what
//! is written later. What the old words have opened already stays open to whoever opened it.

use super::{Asked, Begun, Vault};
use crate::date::Instant;
use crate::engine::{Engine, Output, failure};
use crate::message::Failure;
use crate::seal::{Chance, KeyRing, Recovery};
use crate::session::{Method, Outcome, Reply};
use crate::wire::{self, Body, Done, PublicKey, PutRecovery};

impl Vault {
    /// Words that are known here and do not open the key ring yet.
    pub(super) fn new_words(&self, ring: &KeyRing) -> Option<Recovery> {
        let words = Recovery::from_words(self.kept.words.as_ref()?).ok()?;
        (!ring.is_of(&words)).then_some(words)
    }
}

impl Engine {
    /// Makes them, and keeps them here until they were written down.
    pub(super) fn make_new_words(&mut self) -> Begun {
        let seeded = self.sync.chance.seed.is_some();
        let vault = self.sync.vault.as_mut().filter(|vault| seeded && vault.kept.made);
        let Some(vault) = vault else {
            let why = "this device is in no vault, or has no random numbers to make words of";
            return Err(Failure::Invalid(why.into()));
        };
        let mut secret = [0; 32];
        self.sync.chance.fill(&mut secret);
        vault.kept.words = Some(Recovery::new(secret).words());
        self.keep_vault().map_err(|error| failure(&error))?;
        self.sync.session.words_told = false;
        self.sync.session.hurry();
        Ok(Vec::new())
    }

    /// Tells the sequencer of new words, if there are any that it does not know.
    pub(super) fn ask_to_reword(&mut self) -> Option<Vec<Output>> {
        let vault = self.sync.vault.as_ref().filter(|_| !self.sync.session.words_told)?;
        let words = vault.new_words(&vault.ring().ok()?)?;
        let recovery = wire::Recovery { id: words.id(), key: PublicKey(words.auth_key()) };
        let body = PutRecovery { recovery }.encode();
        Some(self.ask(Asked::Reworded, Method::Put, "/v1/recovery", body))
    }

    pub(super) fn reworded(&mut self, reply: &Reply, now: Instant) {
        let outcome = reply.read::<Done>();
        self.sync.session.words_told = matches!(outcome, Outcome::Done(_));
        match outcome {
            Outcome::Done(_) => self.sync.session.succeeded(now),
            other => self.not_done(&other, now),
        }
    }
}
