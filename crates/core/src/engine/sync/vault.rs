//! The vault as this device knows it: where it is, its keys, and the devices it has.

use crate::id::{DeviceId, VaultId};
use crate::message::Device;
use crate::seal::{
    Chance, DeviceKeys, KeyRing, ManifestError, Packer, Recovery, SealError, Secret, VaultKeys,
};
use crate::wire::{Body, Manifest, Member, PublicKey, Role};
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
}

impl Vault {
    /// A new vault with new keys and new recovery words; no sequencer knows of it yet.
    pub(super) fn create(
        server: String,
        invitation: Vec<u8>,
        device: DeviceId,
        name: &str,
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
        let manifest = Manifest::first(member(&keys, device, &own, name, chance), &keys);
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
        Ok(Self { kept, keys, device: own, packer: Packer::default() })
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
        let own = DeviceKeys::create(chance);
        ring.add_device(&keys, device, &own.wrap_key(), chance)?;
        let kept = Kept {
            server,
            vault: vault.0,
            auth: *own.secrets().0.bytes(),
            wrap: *own.secrets().1.bytes(),
            root: *keys.root().bytes(),
            keyring: ring.to_bytes(),
            manifest: Vec::new(),
            words: None,
            made: true,
            invitation: Vec::new(),
            recovery_id: words.id().0,
            recovery_key: words.auth_key(),
        };
        Ok(Self { kept, keys, device: own, packer: Packer::default() })
    }

    /// The vault as it was kept.
    pub(super) fn open(bytes: &[u8]) -> Option<Self> {
        let kept: Kept = postcard::from_bytes(bytes).ok()?;
        let ring = KeyRing::from_bytes(&kept.keyring).ok()?;
        let keys = ring.open_by_root(VaultId(kept.vault), &Secret::new(kept.root)).ok()?;
        let device = DeviceKeys::of(Secret::new(kept.auth), Secret::new(kept.wrap));
        Some(Self { kept, keys, device, packer: Packer::default() })
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
        name: &str,
        chance: &mut dyn Chance,
    ) -> Result<(u64, Vec<u8>), ManifestError> {
        let manifest = self.manifest()?;
        let this = member(&self.keys, device, &self.device, name, chance);
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
        let retired: Vec<Member> = retired.collect();
        let next = (!retired.is_empty()).then(|| manifest.next(retired, &self.keys));
        next.map(|next| (manifest.version, next.encode()))
    }

    /// Takes a key ring that came from the sequencer, for the epochs that are new in it.
    pub(super) fn take_keyring(&mut self, bytes: &[u8]) -> Result<(), SealError> {
        let ring = KeyRing::from_bytes(bytes)?;
        self.keys = ring.open_by_root(self.id(), &Secret::new(self.kept.root))?;
        bytes.clone_into(&mut self.kept.keyring);
        Ok(())
    }

    /// The devices that may come in.
    pub(super) fn devices(&self, this: DeviceId) -> Vec<Device> {
        let Ok(manifest) = self.manifest() else { return Vec::new() };
        let may = |member: &&Member| member.role != Role::Retired;
        let device = |member: &Member| Device {
            id: member.device,
            name: self.keys.open_name(member.device, &member.note).unwrap_or_default(),
            this: member.device == this,
        };
        manifest.devices.iter().filter(may).map(device).collect()
    }

    /// The list of devices that this one has accepted last.
    fn manifest(&self) -> Result<Manifest, ManifestError> {
        Manifest::check(&self.kept.manifest, &self.keys.signing_key(), None)
    }
}

fn member(
    keys: &VaultKeys,
    device: DeviceId,
    own: &DeviceKeys,
    name: &str,
    chance: &mut dyn Chance,
) -> Member {
    let mut nonce = [0; 24];
    chance.fill(&mut nonce);
    Member {
        device,
        auth: PublicKey(own.auth_key()),
        wrap: PublicKey(own.wrap_key()),
        role: Role::Full,
        note: keys.seal_name(device, name, nonce),
    }
}
