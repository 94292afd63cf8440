//! The key ring: every key of a vault, wrapped, in one piece that the sequencer keeps without
//! being able to read or change it.
//!
//! ```text
//! format 1 | generation varint | vault 16 | root wrapped by the recovery words 104
//! | devices varint, each: device 8, root wrapped to its X25519 key 136
//! | epochs varint, each: epoch varint, its key wrapped by the ring's key 104
//! | Ed25519 signature 64 over "ts-keyring-v1" and all of the above, by the manifest's key
//! ```
//!
//! Devices and epochs ascend. The signature says that the ring is one piece made by who has the
//! root; a device that gets a root from it must know beforehand under which key the vault signs.

use super::keys::{self, Secret, VaultKeys};
use super::wrap::{WRAPPED, WRAPPED_TO, unwrap, unwrap_to, wrap, wrap_to};
use super::{Chance, DeviceKeys, Epoch, Recovery, SealError};
use crate::id::{DeviceId, VaultId};
use crate::wire::{Reader, put_varint};
use ed25519_dalek::{Signature, Signer};

const FORMAT: u8 = 1;
const WHAT: &str = "key ring";
const ROOT_BY_WORDS: &[u8] = b"root by recovery words";
const ROOT_TO_DEVICE: &[u8] = b"root to device";
const EPOCH_BY_ROOT: &[u8] = b"epoch by root";

/// Who may open a vault.
#[derive(Clone, Debug)]
pub struct KeyRing {
    vault: VaultId,
    generation: u64,
    recovery: [u8; WRAPPED],
    // Both ascending.
    devices: Vec<(DeviceId, [u8; WRAPPED_TO])>,
    epochs: Vec<(Epoch, [u8; WRAPPED])>,
    signature: [u8; 64],
}

impl KeyRing {
    /// The first ring of a vault: the recovery words open it, and no device yet.
    #[must_use]
    pub fn create(keys: &VaultKeys, recovery: &Recovery, chance: &mut dyn Chance) -> Self {
        let mut ring = Self {
            vault: keys.vault(),
            generation: 0,
            recovery: [0; WRAPPED],
            devices: Vec::new(),
            epochs: Vec::new(),
            signature: [0; 64],
        };
        ring.set_recovery(keys, recovery, chance);
        ring
    }

    /// Lets other words open the ring, and the old ones no more.
    pub fn set_recovery(&mut self, keys: &VaultKeys, recovery: &Recovery, chance: &mut dyn Chance) {
        let purpose = [ROOT_BY_WORDS, &self.vault.0];
        self.recovery = wrap(&recovery.wrap_key(), &purpose, &nonce(chance), keys.root());
        self.sign(keys, chance);
    }

    /// Lets a device open the ring; `wrap_key` is the public one of the manifest.
    ///
    /// # Errors
    /// If `wrap_key` is not a key.
    pub fn add_device(
        &mut self,
        keys: &VaultKeys,
        device: DeviceId,
        wrap_key: &[u8; 32],
        chance: &mut dyn Chance,
    ) -> Result<(), SealError> {
        let purpose = [ROOT_TO_DEVICE, &self.vault.0, &device.0];
        let own = Secret::random(chance);
        let wrapped = wrap_to(wrap_key, &own, &purpose, &nonce(chance), keys.root())?;
        put(&mut self.devices, device, wrapped);
        self.sign(keys, chance);
        Ok(())
    }

    /// Takes a device off the ring. What it has read it may still know: begin a new epoch.
    pub fn remove_device(&mut self, keys: &VaultKeys, device: DeviceId, chance: &mut dyn Chance) {
        self.devices.retain(|(one, _)| *one != device);
        self.sign(keys, chance);
    }

    /// Takes in the epochs that `keys` has and the ring does not, counts on, and signs.
    pub fn sign(&mut self, keys: &VaultKeys, chance: &mut dyn Chance) {
        let ring_key = keys.ring_key();
        for one in keys.epochs() {
            if self.epochs.iter().all(|(known, _)| *known != one.epoch) {
                let number = one.epoch.0.to_be_bytes();
                let purpose = [EPOCH_BY_ROOT, &self.vault.0, &number];
                let wrapped = wrap(&ring_key, &purpose, &nonce(chance), &one.data);
                put(&mut self.epochs, one.epoch, wrapped);
            }
        }
        self.generation += 1;
        self.signature = keys.signing().sign(&signed(&self.unsigned())).to_bytes();
    }

    /// Counts the versions of the ring, so that an older one is noticed.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The devices that can open the ring.
    pub fn devices(&self) -> impl Iterator<Item = DeviceId> {
        self.devices.iter().map(|(device, _)| *device)
    }

    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.unsigned();
        out.extend_from_slice(&self.signature);
        out
    }

    fn unsigned(&self) -> Vec<u8> {
        let mut out = vec![FORMAT];
        put_varint(&mut out, self.generation);
        out.extend_from_slice(&self.vault.0);
        out.extend_from_slice(&self.recovery);
        put_varint(&mut out, self.devices.len() as u64);
        for (device, wrapped) in &self.devices {
            out.extend_from_slice(&device.0);
            out.extend_from_slice(wrapped);
        }
        put_varint(&mut out, self.epochs.len() as u64);
        for (epoch, wrapped) in &self.epochs {
            put_varint(&mut out, u64::from(epoch.0));
            out.extend_from_slice(wrapped);
        }
        out
    }

    /// Reads a ring. Nothing of it may be believed before it is opened.
    ///
    /// # Errors
    /// If the bytes are not a key ring, or one of a newer app.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let mut reader = Reader::new(bytes, WHAT);
        let found = reader.byte()?;
        if found != FORMAT {
            return Err(SealError::Newer { what: WHAT, found });
        }
        let (generation, vault) = (reader.varint()?, VaultId(reader.array()?));
        let recovery = reader.array()?;
        let mut devices: Vec<(DeviceId, _)> = Vec::new();
        for _ in 0..reader.varint()? {
            let device = DeviceId(reader.array()?);
            if devices.last().is_some_and(|(last, _)| *last >= device) {
                return Err(reader.damaged());
            }
            devices.push((device, reader.array()?));
        }
        let mut epochs: Vec<(Epoch, _)> = Vec::new();
        for _ in 0..reader.varint()? {
            let epoch = u32::try_from(reader.varint()?).map_err(|_| reader.damaged())?;
            if epochs.last().is_some_and(|(last, _)| *last >= Epoch(epoch)) {
                return Err(reader.damaged());
            }
            epochs.push((Epoch(epoch), reader.array()?));
        }
        let signature = reader.array()?;
        reader.end()?;
        Ok(Self { vault, generation, recovery, devices, epochs, signature })
    }

    /// Opens the ring of a vault with the recovery words. Only who has them could have wrapped
    /// this root, so they are proof enough of the signing key.
    ///
    /// # Errors
    /// If the words are not this vault's, or anything in the ring was changed.
    pub fn open_by_words(
        &self,
        vault: VaultId,
        recovery: &Recovery,
    ) -> Result<VaultKeys, SealError> {
        let purpose = [ROOT_BY_WORDS, &vault.0];
        let root = unwrap("root", &recovery.wrap_key(), &purpose, &self.recovery)?;
        self.open_by_root(vault, &root)
    }

    /// Opens the ring with a device's keys. `signing_key` is the one that this device knows to
    /// be the vault's: without it the sequencer could hand out a ring of its own.
    ///
    /// # Errors
    /// If the device is not on the ring, the ring is not of this vault, or anything in it was
    /// changed.
    pub fn open_by_device(
        &self,
        vault: VaultId,
        signing_key: &[u8; 32],
        device: DeviceId,
        keys: &DeviceKeys,
    ) -> Result<VaultKeys, SealError> {
        let wrapped = self.devices.iter().find(|(one, _)| *one == device);
        let (_, wrapped) = wrapped.ok_or(SealError::NotOnRing(device))?;
        let purpose = [ROOT_TO_DEVICE, &vault.0, &device.0];
        let root = unwrap_to("root", &keys.wrap_secret(), &purpose, wrapped)?;
        let keys = self.open_by_root(vault, &root)?;
        if keys.signing_key() == *signing_key { Ok(keys) } else { Err(SealError::Refused(WHAT)) }
    }

    /// Opens the ring with the root itself, as kept on a device.
    ///
    /// # Errors
    /// As [`Self::open_by_words`].
    pub fn open_by_root(&self, vault: VaultId, root: &Secret) -> Result<VaultKeys, SealError> {
        let signature = Signature::from_bytes(&self.signature);
        let key = keys::signing(vault, root).verifying_key();
        let proof = key.verify_strict(&signed(&self.unsigned()), &signature);
        if self.vault != vault || proof.is_err() {
            return Err(SealError::Refused(WHAT));
        }
        let ring_key = keys::ring_key(vault, root);
        let mut opened: Option<VaultKeys> = None;
        for &(epoch, ref wrapped) in &self.epochs {
            let number = epoch.0.to_be_bytes();
            let purpose = [EPOCH_BY_ROOT, &vault.0, &number];
            let data = unwrap("epoch key", &ring_key, &purpose, wrapped)?;
            match &mut opened {
                Some(keys) => keys.insert(epoch, data),
                None => opened = Some(VaultKeys::of(vault, root.clone(), epoch, data)),
            }
        }
        opened.ok_or(SealError::Refused(WHAT))
    }
}

/// Puts a value at its key's place.
fn put<K: Ord, V>(list: &mut Vec<(K, V)>, key: K, value: V) {
    match list.binary_search_by(|(one, _)| one.cmp(&key)) {
        Ok(at) => list[at].1 = value,
        Err(at) => list.insert(at, (key, value)),
    }
}

fn signed(ring: &[u8]) -> Vec<u8> {
    [b"ts-keyring-v1", ring].concat()
}

fn nonce(chance: &mut dyn Chance) -> [u8; 24] {
    let mut nonce = [0; 24];
    chance.fill(&mut nonce);
    nonce
}
