//! The vault as this device knows it: where it is, its keys, and the devices it has.

use super::link::Note;
use crate::id::{DeviceId, VaultId};
use crate::message::Device;
use crate::seal::{
    Chance, DeviceKeys, KeyRing, ManifestError, Packer, Recovery, SealError, Secret, VaultKeys,
};
use crate::wire::{Body, Hash, Manifest, Member, PublicKey, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is kept of the vault in the database. The keys lie there as they are: what protects them
/// is what protects the journal's text beside them.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) server: String,
    vault: [u8; 16],
    auth: [u8; 32],
    wrap: [u8; 32],
    root: [u8; 32],
    pub(super) keyring: Vec<u8>,
    pub(super) manifest: Vec<u8>,
    /// The recovery words, until they were written down.
    pub(super) words: Option<String>,
    /// Whether the sequencer has said that the vault is there.
    pub(super) made: bool,
    /// What making it needs, until then.
    pub(super) invitation: Vec<u8>,
    pub(super) recovery_id: [u8; 16],
    pub(super) recovery_key: [u8; 32],
}

/// An opened vault.
pub(super) struct Vault {
    pub(super) kept: Kept,
    pub(super) keys: VaultKeys,
    pub(super) device: DeviceKeys,
    pub(super) packer: Packer,
    /// Of the key ring that the sequencer has, where it was asked.
    ring_in_force: Option<Hash>,
    /// A device that this one lets in, with its public key: the key ring gets it, too.
    pub(super) coming: Option<(DeviceId, [u8; 32])>,
}

/// A key ring that is to be put in force, and what it replaces.
pub(super) struct NewRing {
    pub(super) keys: VaultKeys,
    pub(super) ring: Vec<u8>,
    pub(super) expected: Hash,
}

impl Vault {
    /// A new vault with new keys and new recovery words; no sequencer knows of it yet.
    pub(super) fn create(
        server: String,
        invitation: Vec<u8>,
        device: DeviceId,
        note: &Note,
        chance: &mut dyn Chance,
    ) -> Result<Self, SealError> {
        let mut random = [0; 16];
        chance.fill(&mut random);
        let keys = VaultKeys::create(VaultId(random), chance);
        let mut secret = [0; 32];
        chance.fill(&mut secret);
        let recovery = Recovery::new(secret);
        let own = DeviceKeys::create(chance);
        let mut ring = KeyRing::create(&keys, &recovery, chance);
        ring.add_device(&keys, device, &own.wrap_key(), chance)?;
        let manifest = Manifest::first(member(&keys, device, &own, note, chance), &keys);
        let kept = Kept {
            server,
            vault: random,
            auth: *own.secrets().0.bytes(),
            wrap: *own.secrets().1.bytes(),
            root: *keys.root().bytes(),
            keyring: ring.to_bytes(),
            manifest: manifest.encode(),
            words: Some(recovery.words()),
            made: false,
            invitation,
            recovery_id: recovery.id().0,
            recovery_key: recovery.auth_key(),
        };
        Ok(Self::of(kept, keys, own))
    }

    /// The vault that recovery words open, with this device on its key ring; the sequencer has to
    /// be given the ring and a manifest.
    pub(super) fn join(
        server: String,
        words: &Recovery,
        vault: VaultId,
        keyring: &[u8],
        device: DeviceId,
        chance: &mut dyn Chance,
    ) -> Result<Self, SealError> {
        let mut ring = KeyRing::from_bytes(keyring)?;
        let keys = ring.open_by_words(vault, words)?;
        if !ring.can_be_renewed() {
            ring.set_recovery(&keys, words, chance)?;
        }
        let own = DeviceKeys::create(chance);
        ring.add_device(&keys, device, &own.wrap_key(), chance)?;
        Ok(Self::entered(server, keys, own, ring.to_bytes()))
    }

    /// A vault that is there, which this device has come into. (The recovery words have to be told
    /// only to make one.)
    pub(super) fn entered(
        server: String,
        keys: VaultKeys,
        own: DeviceKeys,
        keyring: Vec<u8>,
    ) -> Self {
        let kept = Kept {
            server,
            vault: keys.vault().0,
            auth: *own.secrets().0.bytes(),
            wrap: *own.secrets().1.bytes(),
            root: *keys.root().bytes(),
            keyring,
            manifest: Vec::new(),
            words: None,
            made: true,
            invitation: Vec::new(),
            recovery_id: [0; 16],
            recovery_key: [0; 32],
        };
        Self::of(kept, keys, own)
    }

    /// The vault as it was kept on this device.
    pub(super) fn open(bytes: &[u8], this: DeviceId) -> Option<Self> {
        let kept: Kept = postcard::from_bytes(bytes).ok()?;
        let ring = KeyRing::from_bytes(&kept.keyring).ok()?;
        let device = DeviceKeys::of(Secret::new(kept.auth), Secret::new(kept.wrap));
        let root = Secret::new(kept.root);
        let keys = ring.open_by_root(VaultId(kept.vault), &root, this, &device).ok()?;
        Some(Self::of(kept, keys, device))
    }

    fn of(kept: Kept, keys: VaultKeys, device: DeviceKeys) -> Self {
        let (packer, ring_in_force, coming) = (Packer::default(), None, None);
        Self { kept, keys, device, packer, ring_in_force, coming }
    }

    /// What is to be kept.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(&self.kept).unwrap_or_default()
    }

    pub(super) fn id(&self) -> VaultId {
        VaultId(self.kept.vault)
    }

    /// Takes a manifest that came from the sequencer, if it follows on the one that is known.
    pub(super) fn take_manifest(&mut self, bytes: &[u8]) -> Result<(), ManifestError> {
        let known = self.manifest().ok().map(|manifest| manifest.known());
        Manifest::check(bytes, &self.keys.signing_key(), known)?;
        bytes.clone_into(&mut self.kept.manifest);
        Ok(())
    }

    /// The manifest that follows on this one, with this device in it.
    pub(super) fn enlist(
        &self,
        device: DeviceId,
        note: &Note,
        chance: &mut dyn Chance,
    ) -> Result<(u64, Vec<u8>), ManifestError> {
        let manifest = self.manifest()?;
        let this = member(&self.keys, device, &self.device, note, chance);
        Ok((manifest.version, manifest.next([this], &self.keys).encode()))
    }

    /// The manifest that follows on this one, with those of these devices as retired that are
    /// not on it, and the version it follows on; `None` if all are.
    pub(super) fn vouch(&self, devices: &BTreeSet<DeviceId>) -> Option<(u64, Vec<u8>)> {
        let manifest = self.manifest().ok()?;
        let none = PublicKey([0; 32]);
        let missing = devices.iter().filter(|device| manifest.member(**device).is_none());
        let retired = missing.map(|device| Member {
            device: *device,
            auth: none,
            wrap: none,
            role: Role::Retired,
            note: Vec::new(),
        });
        self.successor(&manifest, retired.collect())
    }

    /// The manifest that follows on this one, with these devices retired, and the version it
    /// follows on; `None` if none of them is let in anyway.
    pub(super) fn retire(&self, devices: &BTreeSet<DeviceId>) -> Option<(u64, Vec<u8>)> {
        let manifest = self.manifest().ok()?;
        let out = |member: &&Member| devices.contains(&member.device) && is_in(member);
        let retired = |member: &Member| Member { role: Role::Retired, ..member.clone() };
        self.successor(&manifest, manifest.devices.iter().filter(out).map(retired).collect())
    }

    /// The manifest with these members changed or added, and the version it follows on; `None` if
    /// there are none.
    fn successor(&self, manifest: &Manifest, changed: Vec<Member>) -> Option<(u64, Vec<u8>)> {
        let next = (!changed.is_empty()).then(|| manifest.next(changed, &self.keys));
        next.map(|next| (manifest.version, next.encode()))
    }

    /// Whether a device may come in, as far as is known here.
    pub(super) fn lets_in(&self, device: DeviceId) -> bool {
        self.manifest().is_ok_and(|manifest| manifest.member(device).is_some_and(is_in))
    }

    /// Whether the list has this device's name with other keys: a copy of it has joined anew.
    pub(super) fn is_replaced(&self, this: DeviceId) -> bool {
        let other = |member: &Member| member.wrap.0 != self.device.wrap_key();
        self.manifest().is_ok_and(|manifest| manifest.member(this).is_some_and(other))
    }

    /// Whether a key ring has devices of which the list that is known here says nothing.
    pub(super) fn has_strangers(&self, ring: &[u8]) -> bool {
        let (Ok(ring), Ok(list)) = (KeyRing::from_bytes(ring), self.manifest()) else {
            return false;
        };
        ring.devices().any(|device| list.member(device).is_none())
    }

    /// Takes a key ring that came from the sequencer, for the epochs that are new in it. Epochs
    /// that it lacks were lost with a server that was put back: they are put in again.
    pub(super) fn take_keyring(
        &mut self,
        bytes: &[u8],
        this: DeviceId,
        chance: &mut dyn Chance,
    ) -> Result<(), SealError> {
        let mut ring = KeyRing::from_bytes(bytes)?;
        let root = Secret::new(self.kept.root);
        let mut keys = ring.open_by_root(self.id(), &root, this, &self.device)?;
        if keys.take_epochs(&self.keys) {
            ring.renew(&keys, &self.staying(&ring), chance)?;
        }
        self.ring_in_force = Some(Hash::of(bytes));
        self.kept.keyring = ring.to_bytes();
        self.keys = keys;
        Ok(())
    }

    /// Whether devices can be put out: not in a vault of an earlier app.
    pub(super) fn can_put_out(&self) -> bool {
        self.ring().is_ok_and(|ring| ring.can_be_renewed())
    }

    /// Whether another key ring has to be put in force: the one there is still lets a device in
    /// that the manifest does not, or it lacks an epoch.
    pub(super) fn is_ring_due(&self) -> bool {
        let other = self.ring_in_force.is_some_and(|hash| hash != Hash::of(&self.kept.keyring));
        let wrong = |ring| {
            let lacks = self.lacks(&ring).is_some() || self.new_words(&ring).is_some();
            lacks || self.lets_too_many_in(&ring)
        };
        other || self.ring().is_ok_and(wrong)
    }

    fn lets_too_many_in(&self, ring: &KeyRing) -> bool {
        ring.can_be_renewed() && ring.devices().count() > self.staying(ring).len()
    }

    /// A device that was let in and is not on the ring yet.
    fn lacks(&self, ring: &KeyRing) -> Option<(DeviceId, [u8; 32])> {
        let (device, wrap) = self.coming.filter(|(device, _)| self.lets_in(*device))?;
        ring.devices().all(|one| one != device).then_some((device, wrap))
    }

    /// The devices of a ring that the manifest lets in, with their public keys.
    fn staying(&self, ring: &KeyRing) -> Vec<(DeviceId, [u8; 32])> {
        let there: Vec<DeviceId> = ring.devices().collect();
        let members = self.manifest().map(|manifest| manifest.devices).unwrap_or_default();
        let stays = |member: &&Member| is_in(member) && there.contains(&member.device);
        members.iter().filter(stays).map(|member| (member.device, member.wrap.0)).collect()
    }

    /// That key ring, with a new epoch if somebody is put out by it.
    pub(super) fn next_ring(&self, chance: &mut dyn Chance) -> Result<NewRing, SealError> {
        let (mut ring, mut keys) = (self.ring()?, self.keys.clone());
        let words = self.new_words(&ring);
        if let Some(words) = &words {
            ring.set_recovery(&keys, words, chance)?;
        }
        if words.is_some() || self.lets_too_many_in(&ring) {
            keys.begin_epoch(chance);
            ring.renew(&keys, &self.staying(&ring), chance)?;
        }
        if let Some((device, wrap)) = self.lacks(&ring) {
            ring.add_device(&keys, device, &wrap, chance)?;
        }
        let expected = self.ring_in_force.unwrap_or_else(|| Hash::of(&self.kept.keyring));
        Ok(NewRing { keys, ring: ring.to_bytes(), expected })
    }

    /// The key ring is in force now.
    pub(super) fn take_new_ring(&mut self, new: NewRing) {
        self.ring_in_force = Some(Hash::of(&new.ring));
        self.kept.keyring = new.ring;
        self.keys = new.keys;
    }

    pub(super) fn ring(&self) -> Result<KeyRing, SealError> {
        KeyRing::from_bytes(&self.kept.keyring)
    }

    /// The devices that may come in; `going` are those that are being put out.
    pub(super) fn devices(&self, this: DeviceId, going: &BTreeSet<DeviceId>) -> Vec<Device> {
        let device = |member: &Member| {
            let Note { name, browser, linked_at } = self.note(member);
            let (this, going) = (member.device == this, going.contains(&member.device));
            let (id, wrote_at) = (member.device, None);
            Device { id, name, browser, linked_at, wrote_at, this, going }
        };
        self.members().iter().map(device).collect()
    }

    /// The devices that may come in, as they stand on the list.
    pub(super) fn members(&self) -> Vec<Member> {
        let mut members = self.manifest().map(|manifest| manifest.devices).unwrap_or_default();
        members.retain(is_in);
        members
    }

    pub(super) fn ids(&self) -> Vec<DeviceId> {
        self.members().iter().map(|member| member.device).collect()
    }

    pub(super) fn member(&self, device: DeviceId) -> Option<Member> {
        self.members().into_iter().find(|member| member.device == device)
    }

    /// What is written beside a device on the list.
    pub(super) fn note(&self, member: &Member) -> Note {
        Note::read(&self.keys.open_name(member.device, &member.note).unwrap_or_default())
    }

    /// The list that follows on this one, with these lines changed or added.
    pub(super) fn relisted(&self, changed: Vec<Member>) -> Option<(u64, Vec<u8>)> {
        self.successor(&self.manifest().ok()?, changed)
    }

    /// The list of devices that this one has accepted last.
    pub(super) fn manifest(&self) -> Result<Manifest, ManifestError> {
        Manifest::check(&self.kept.manifest, &self.keys.signing_key(), None)
    }
}

fn is_in(member: &Member) -> bool {
    member.role != Role::Retired
}

fn member(
    keys: &VaultKeys,
    device: DeviceId,
    own: &DeviceKeys,
    note: &Note,
    chance: &mut dyn Chance,
) -> Member {
    let mut nonce = [0; 24];
    chance.fill(&mut nonce);
    Member {
        device,
        auth: PublicKey(own.auth_key()),
        wrap: PublicKey(own.wrap_key()),
        role: Role::Full,
        note: keys.seal_name(device, &note.text(), nonce),
    }
}
