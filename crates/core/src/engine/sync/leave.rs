//! Who goes: this device, which leaves, or another one that is put out. The list of devices says
//! so first, and the sequencer ends the tokens of who is retired on it. Then whoever of the others
//! sees it takes the device off the key ring, and with that a new epoch begins.

use super::{Asked, Begun, NewRing};
use crate::clock::Clock;
use crate::date::Instant;
use crate::engine::{Engine, Output, failure};
use crate::id::DeviceId;
use crate::message::{Failure, SyncTrouble};
use crate::seal::{Chance, SealError};
use crate::session::{Entrance, Method, Outcome, Reply};
use crate::wire::{Body, Code, Done, PutKeyring, PutManifest, Refusal};
use std::collections::BTreeSet;

impl Engine {
    /// Has the server take this device off the list, and then forgets the vault and its keys. The
    /// journal stays; whoever joins again offers it all again.
    pub(super) fn leave_vault(&mut self) -> Begun {
        let session = &self.sync.session;
        let made = self.sync.vault.as_ref().is_some_and(|vault| vault.kept.made);
        let put_out = session.stopped == Some(SyncTrouble::PutOut);
        if made && !put_out && !session.leaving {
            self.sync.session.leave();
            self.sync.asked = None;
            return Ok(vec![Output::Unlisten]);
        }
        let listed = match &session.entrance {
            Some(entrance) => matches!(entrance, Entrance::PutKeyring { .. }),
            // Without its keys nobody can tell the server.
            None => session.leaving || self.sync.vault.is_none(),
        };
        self.forget_vault().map_err(|error| failure(&error))?;
        if listed {
            self.sync.session.stop(SyncTrouble::StillListed);
        }
        Ok(vec![Output::Unlisten])
    }

    /// Leaves without the server: it cannot be told now.
    pub(super) fn leave_unheard(&mut self) -> rusqlite::Result<Vec<Output>> {
        self.forget_vault()?;
        self.sync.session.stop(SyncTrouble::StillListed);
        Ok(vec![Output::Unlisten])
    }

    /// A device that was put out comes back under another name: if a copy of it has its own, which
    /// came in with new keys, the two would go on putting each other out.
    fn forget_vault(&mut self) -> rusqlite::Result<()> {
        let mut clock = self.clock.clone();
        let put_out = self.sync.session.stopped == Some(SyncTrouble::PutOut);
        if put_out && self.sync.chance.seed.is_some() {
            let mut name = [0; 8];
            self.sync.chance.fill(&mut name);
            clock = Clock::resume(DeviceId(name), clock.last());
        }
        let writer = self.store.write()?;
        writer.set_vault(None)?;
        writer.set_device(clock.device())?;
        writer.offer_nothing()?;
        writer.commit_with_clock(&clock)?;
        self.clock = clock;
        self.store.synced = false;
        self.sync.copied = false;
        self.sync.vault = None;
        self.sync.joining = None;
        self.forget_link();
        self.sync.session = self.sync.session.successor();
        self.forget_lane()
    }

    pub(super) fn put_out(&mut self, device: DeviceId) -> Begun {
        let invalid = |why: &str| Err(Failure::Invalid(why.into()));
        let Some(vault) = self.sync.vault.as_ref().filter(|vault| vault.kept.made) else {
            return invalid("this device is in no vault");
        };
        if device == self.clock.device() {
            return invalid("this is the device itself: leave the vault instead");
        }
        if !vault.can_put_out() {
            return invalid(&SealError::NoInbox.to_string());
        }
        let mut going = self.sync.session.going.clone();
        going.insert(device);
        self.keep_going(going).map_err(|error| failure(&error))?;
        self.sync.session.hurry();
        Ok(Vec::new())
    }

    /// The person has seen to it that only one device has this name.
    pub(super) fn settle_copy(&mut self) -> Begun {
        let settled = self.store.write().and_then(|writer| {
            writer.set_copied(false)?;
            writer.commit_with_clock(&self.clock)
        });
        settled.map_err(|error| failure(&error))?;
        self.sync.copied = false;
        Ok(Vec::new())
    }

    /// Remembers who is still to be put out.
    fn keep_going(&mut self, going: BTreeSet<DeviceId>) -> rusqlite::Result<()> {
        let writer = self.store.write()?;
        writer.set_going(&going)?;
        writer.commit_with_clock(&self.clock)?;
        self.sync.session.going = going;
        Ok(())
    }

    pub(super) fn ask_to_retire(&mut self) -> rusqlite::Result<Vec<Output>> {
        let Some(vault) = &self.sync.vault else { return Ok(Vec::new()) };
        let this = self.sync.session.leaving.then(|| self.clock.device());
        let devices = self.sync.session.going.iter().copied().chain(this).collect();
        let Some((expected, manifest)) = vault.retire(&devices) else {
            return self.manifest_is_known().map(|()| Vec::new());
        };
        let body = PutManifest { expected, manifest: manifest.clone() }.encode();
        Ok(self.ask(Asked::Listed(manifest), Method::Put, "/v1/manifest", body))
    }

    /// What follows from the list of devices that is in force.
    pub(super) fn manifest_is_known(&mut self) -> rusqlite::Result<()> {
        self.list_is_known()?;
        let Some(vault) = &self.sync.vault else { return Ok(()) };
        let session = &mut self.sync.session;
        if session.leaving && !vault.lets_in(self.clock.device()) {
            return self.forget_vault();
        }
        session.keyring_wanted |= vault.is_ring_due();
        let mut going = session.going.clone();
        going.retain(|device| vault.lets_in(*device));
        if going == session.going { Ok(()) } else { self.keep_going(going) }
    }

    pub(super) fn ask_for_new_ring(&mut self) -> rusqlite::Result<Vec<Output>> {
        let seeded = self.sync.chance.seed.is_some();
        let Some(vault) = self.sync.vault.as_ref().filter(|_| seeded) else {
            return Ok(Vec::new());
        };
        match vault.next_ring(&mut self.sync.chance) {
            Ok(new) => {
                let body = PutKeyring { keyring: new.ring.clone(), expected: new.expected };
                let asked = Asked::Ringed(Box::new(new));
                Ok(self.ask(asked, Method::Put, "/v1/keyring", body.encode()))
            }
            Err(error) => self.distrust(&error.to_string()),
        }
    }

    /// Whether the new key ring is in force: from now on rows are sealed with its newest key.
    pub(super) fn ringed(
        &mut self,
        new: NewRing,
        reply: &Reply,
        now: Instant,
    ) -> rusqlite::Result<()> {
        let outcome = reply.read::<Done>();
        match (&outcome, &mut self.sync.vault) {
            (Outcome::Done(_), Some(vault)) => {
                self.sync.session.succeeded(now);
                self.sync.session.ring_due = false;
                vault.take_new_ring(new);
                self.keep_vault()
            }
            (Outcome::Refused(Refusal { code: Code::Conflict, .. }), _) => {
                self.sync.session.ring_due = false;
                self.sync.session.keyring_wanted = true;
                Ok(())
            }
            _ => {
                self.not_done(&outcome, now);
                Ok(())
            }
        }
    }
}
