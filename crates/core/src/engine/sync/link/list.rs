//! What becomes of the list of devices: one is put on it, one is given another name, and those that
//! came without this device's doing are told to the person.

use super::host::Newcomer;
use crate::date::Instant;
use crate::engine::sync::{Asked, Begun, Vault};
use crate::engine::{Engine, Output, failure};
use crate::id::{DeviceId, VaultId};
use crate::message::Failure;
use crate::seal::{Chance, DeviceKeys, KeyRing, Known, ManifestError, SealError};
use crate::session::Method;
use crate::wire::{Body, Cursor, Manifest, Member, PutManifest, Role};
use std::collections::BTreeSet;

/// A change of the list that this device wants.
pub(in crate::engine) enum ListChange {
    Admit(Newcomer, Instant),
    Name { device: DeviceId, name: String },
}

/// What stands sealed beside a device on the list, a line each: its name; then, in vaults of this
/// app's version on, its browser and when it was let in.
pub(in crate::engine::sync) struct Note {
    pub(in crate::engine::sync) name: String,
    pub(in crate::engine::sync) browser: String,
    pub(in crate::engine::sync) linked_at: Option<Instant>,
}

impl Note {
    pub(in crate::engine::sync) fn read(text: &str) -> Self {
        let mut lines = text.split('\n').map(str::to_owned);
        let mut line = || lines.next().unwrap_or_default();
        let (name, browser, linked_at) = (line(), line(), line());
        Self { name, browser, linked_at: linked_at.parse().ok().map(Instant) }
    }

    fn text(&self) -> String {
        let linked_at = self.linked_at.map(|at| at.0.to_string()).unwrap_or_default();
        [&self.name, "\n", &self.browser, "\n", &linked_at].concat()
    }
}

impl ListChange {
    /// The line of the list with the change; `None` if it is made already, or cannot be any more.
    fn apply(&self, vault: &Vault, chance: &mut dyn Chance) -> Option<Member> {
        let mut nonce = [0; 24];
        chance.fill(&mut nonce);
        match self {
            Self::Admit(newcomer, now) => {
                let Newcomer { device, auth, wrap, .. } = *newcomer;
                let is_there = vault.lets_in(device)
                    && vault.member(device).is_some_and(|member| member.auth == auth);
                let (name, browser) = (newcomer.name.clone(), newcomer.browser.clone());
                let note = Note { name, browser, linked_at: Some(*now) };
                let note = vault.keys.seal_name(device, &note.text(), nonce);
                (!is_there).then_some(Member { device, auth, wrap, role: Role::Full, note })
            }
            Self::Name { device, name } => {
                let member = vault.member(*device).filter(|_| vault.lets_in(*device))?;
                let known = vault.note(&member);
                let note = Note { name: name.clone(), ..vault.note(&member) };
                let note = vault.keys.seal_name(*device, &note.text(), nonce);
                (known.name != *name).then_some(Member { note, ..member })
            }
        }
    }
}

impl Vault {
    /// The vault of which another device has told where it is and by which key it signs.
    pub(super) fn linked(
        server: String,
        (vault, signing): (VaultId, &[u8; 32]),
        keyring: &[u8],
        this: DeviceId,
        own: DeviceKeys,
    ) -> Result<Self, SealError> {
        let ring = KeyRing::from_bytes(keyring)?;
        let keys = ring.open_by_device(vault, signing, this, &own)?;
        Ok(Self::entered(server, keys, own, keyring.to_vec()))
    }

    /// Takes the first list, which must follow on what the other device has seen.
    pub(super) fn begin_list(&mut self, list: &[u8], known: Known) -> Result<(), ManifestError> {
        Manifest::check(list, &self.keys.signing_key(), Some(known))?;
        list.clone_into(&mut self.kept.manifest);
        Ok(())
    }

    /// Whether a device is on the list and can open the key ring, both as they are in force.
    pub(super) fn has_let_in(&self, device: DeviceId) -> bool {
        let on_ring = self.ring().is_ok_and(|ring| ring.devices().any(|one| one == device));
        self.lets_in(device) && on_ring && !self.is_ring_due()
    }

    /// What the list that is known here is compared with.
    pub(super) fn list(&self) -> Option<Known> {
        self.manifest().ok().map(|manifest| manifest.known())
    }

    /// What the devices are called that may come in.
    pub(super) fn names(&self, but: Option<DeviceId>) -> Vec<String> {
        let members = self.members();
        let named = members.iter().filter(|member| Some(member.device) != but);
        named.map(|member| self.note(member).name).collect()
    }
}

impl Engine {
    pub(in crate::engine::sync) fn rename(&mut self, device: DeviceId, name: &str) -> Begun {
        let name = super::papers::shown(name.trim());
        let known = self.sync.vault.as_ref().is_some_and(|vault| vault.lets_in(device));
        if !known || name.is_empty() {
            let why = "there is no such device in the vault, or the name is empty";
            return Err(Failure::Invalid(why.into()));
        }
        self.change_list(ListChange::Name { device, name });
        Ok(Vec::new())
    }

    /// The person has looked at the devices that came.
    pub(in crate::engine::sync) fn newcomers_seen(&mut self) -> Begun {
        self.keep_newcomers(BTreeSet::new()).map_err(|error| failure(&error))?;
        Ok(Vec::new())
    }

    pub(super) fn change_list(&mut self, change: ListChange) {
        if let (ListChange::Admit(newcomer, _), Some(vault)) = (&change, &mut self.sync.vault) {
            vault.coming = Some((newcomer.device, newcomer.wrap.0));
        }
        self.sync.list_changes.push(change);
        self.sync.session.relist = true;
        self.sync.session.manifest_read = false;
    }

    /// Puts a list in force with the changes that are wanted.
    pub(in crate::engine::sync) fn ask_to_relist(&mut self) -> rusqlite::Result<Vec<Output>> {
        let Some(vault) = &self.sync.vault else { return Ok(Vec::new()) };
        let chance = &mut self.sync.chance;
        let changes = self.sync.list_changes.iter();
        let changed = changes.filter_map(|change| change.apply(vault, chance)).collect();
        let Some((expected, manifest)) = vault.relisted(changed) else {
            self.list_is_known()?;
            return Ok(vec![Output::SyncAt { after_ms: 0 }]);
        };
        let body = PutManifest { expected, manifest: manifest.clone() }.encode();
        Ok(self.ask(Asked::Listed(manifest), Method::Put, "/v1/manifest", body))
    }

    /// What of the changes is done by the list that is in force.
    pub(in crate::engine::sync) fn list_is_known(&mut self) -> rusqlite::Result<()> {
        let Some(vault) = &self.sync.vault else { return Ok(()) };
        let chance = &mut self.sync.chance;
        self.sync.list_changes.retain(|change| change.apply(vault, chance).is_some());
        self.sync.session.relist = !self.sync.list_changes.is_empty();
        Ok(())
    }

    /// Remembers which devices are new on a list, but for the ones that this device let in.
    pub(in crate::engine::sync) fn note_newcomers(
        &mut self,
        before: &[DeviceId],
    ) -> rusqlite::Result<()> {
        let Some(vault) = self.sync.vault.as_ref().filter(|_| !before.is_empty()) else {
            return Ok(());
        };
        let own = [Some(self.clock.device()), vault.coming.map(|(device, _)| device)];
        let known = |device: &DeviceId| before.contains(device) || own.contains(&Some(*device));
        let mut newcomers = self.sync.newcomers.clone();
        newcomers.extend(vault.ids().into_iter().filter(|device| !known(device)));
        newcomers.retain(|device| vault.lets_in(*device));
        if newcomers == self.sync.newcomers { Ok(()) } else { self.keep_newcomers(newcomers) }
    }

    fn keep_newcomers(&mut self, newcomers: BTreeSet<DeviceId>) -> rusqlite::Result<()> {
        let writer = self.store.write()?;
        writer.set_newcomers(&newcomers)?;
        writer.commit_with_clock(&self.clock)?;
        self.sync.newcomers = newcomers;
        Ok(())
    }

    /// From now on this is the vault; its log must lead to where the other device has read it.
    pub(super) fn take_linked(&mut self, vault: Vault, log: &Cursor) -> rusqlite::Result<()> {
        self.take_vault_with(vault, Some(log))?;
        self.sync.session = self.sync.session.successor().with_vault();
        Ok(())
    }
}
