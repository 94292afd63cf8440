//! The key ring: every key of a vault, wrapped, in one piece that the sequencer keeps without
//! being able to read or change it.
//!
//! ```text
//! format 2 | generation varint | vault 16 | root wrapped by the recovery words 104
//! | devices varint, each: device 8, root wrapped to its X25519 key 136
//! | epochs varint, each: epoch varint, its key wrapped by the ring's key 104
//! | the words' X25519 key 32
//! | closed epochs varint, each: epoch varint, its key wrapped to the words' X25519 key 136,
//!   devices varint, each: device 8, the epoch's key wrapped to its X25519 key 136
//! | Ed25519 signature 64 over "ts-keyring-v1" and all of the above, by the manifest's key
//! ```
//!
//! Devices and epochs ascend. The signature says that the ring is one piece made by who has the
//! root; a device that gets a root from it must know beforehand under which key the vault signs.
//! The first epoch follows from the root; whenever devices are put out, a closed one begins
//! (`closed`). Format 1 has neither the words' key nor closed epochs; it is read, and becomes
//! format 2 when a device joins by the words.

use super::closed::{Closed, Opener, read_devices, read_epoch, write_devices};
use super::keys::{self, Secret, VaultKeys};
use super::wrap::{WRAPPED, WRAPPED_TO, unwrap, unwrap_to, wrap, wrap_to};
use super::{Chance, DeviceKeys, Epoch, Recovery, SealError};
use crate::id::{DeviceId, VaultId};
use crate::wire::{Reader, put_varint};
use ed25519_dalek::{Signature, Signer};

const FORMAT: u8 = 2;
/// Without closed epochs.
const FORMAT_1: u8 = 1;
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
    // All ascending.
    devices: Vec<(DeviceId, [u8; WRAPPED_TO])>,
    epochs: Vec<(Epoch, [u8; WRAPPED])>,
    closed: Vec<Closed>,
    /// The recovery words' public X25519 key; a ring of format 1 has none.
    inbox: Option<[u8; 32]>,
    signature: [u8; 64],
}

impl KeyRing {
    /// The first ring of a vault: the recovery words open it, and no device yet.
    #[must_use]
    pub fn create(keys: &VaultKeys, recovery: &Recovery, chance: &mut dyn Chance) -> Self {
        let (vault, ring_key) = (keys.vault(), keys.ring_key());
        let mut by_root = |epoch: Epoch, data: &Secret| {
            let number = epoch.0.to_be_bytes();
            let purpose = [EPOCH_BY_ROOT, &vault.0, &number];
            (epoch, wrap(&ring_key, &purpose, &nonce(chance), data))
        };
        let epochs = keys.epochs().iter().map(|one| by_root(one.epoch, &one.data)).collect();
        let purpose = [ROOT_BY_WORDS, &vault.0];
        let mut ring = Self {
            vault,
            generation: 0,
            recovery: wrap(&recovery.wrap_key(), &purpose, &nonce(chance), keys.root()),
            devices: Vec::new(),
            epochs,
            closed: Vec::new(),
            inbox: Some(recovery.inbox_key()),
            signature: [0; 64],
        };
        ring.sign(keys);
        ring
    }

    /// Lets other words open the ring, and the old ones no more; a ring of format 1 becomes one
    /// of format 2 by it.
    ///
    /// # Errors
    /// If `keys` are not all of this ring's.
    pub fn set_recovery(
        &mut self,
        keys: &VaultKeys,
        recovery: &Recovery,
        chance: &mut dyn Chance,
    ) -> Result<(), SealError> {
        let purpose = [ROOT_BY_WORDS, &self.vault.0];
        self.recovery = wrap(&recovery.wrap_key(), &purpose, &nonce(chance), keys.root());
        let inbox = recovery.inbox_key();
        for closed in &mut self.closed {
            closed.set_words(&keys.epoch_keys(closed.epoch)?.data, &inbox, chance)?;
        }
        self.inbox = Some(inbox);
        self.sign(keys);
        Ok(())
    }

    /// Lets a device open the ring; `wrap_key` is the public one of the manifest.
    ///
    /// # Errors
    /// If `wrap_key` is not a key, or `keys` are not all of this ring's.
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
        for closed in &mut self.closed {
            let data = &keys.epoch_keys(closed.epoch)?.data;
            closed.add_device(data, device, wrap_key, chance)?;
        }
        put(&mut self.devices, device, wrapped);
        self.sign(keys);
        Ok(())
    }

    /// Takes every device off the ring that is not among `staying`, each with its public X25519
    /// key, and takes in the epochs that `keys` have and the ring does not: only those devices
    /// and the words get their keys.
    ///
    /// # Errors
    /// If the ring does not know the words' key: then there is nothing to wrap to.
    pub fn renew(
        &mut self,
        keys: &VaultKeys,
        staying: &[(DeviceId, [u8; 32])],
        chance: &mut dyn Chance,
    ) -> Result<(), SealError> {
        let inbox = self.inbox.ok_or(SealError::NoInbox)?;
        let stays = |device| staying.iter().any(|(one, _)| *one == device);
        self.devices.retain(|(device, _)| stays(*device));
        self.closed.iter_mut().for_each(|closed| closed.keep_devices(stays));
        for one in keys.epochs().iter().filter(|one| !self.has(one.epoch)).collect::<Vec<_>>() {
            let mut closed = Closed::create(self.vault, one.epoch, &one.data, &inbox, chance)?;
            for (device, wrap_key) in staying {
                closed.add_device(&one.data, *device, wrap_key, chance)?;
            }
            let at = self.closed.partition_point(|earlier| earlier.epoch < one.epoch);
            self.closed.insert(at, closed);
        }
        self.sign(keys);
        Ok(())
    }

    fn has(&self, epoch: Epoch) -> bool {
        let mut open = self.epochs.iter().map(|(open, _)| *open);
        open.any(|open| open == epoch) || self.closed.iter().any(|closed| closed.epoch == epoch)
    }

    /// Whether [`Self::renew`] can be done: the ring knows the words' key.
    #[must_use]
    pub fn can_be_renewed(&self) -> bool {
        self.inbox.is_some()
    }

    /// Whether these words open the ring, as far as it says.
    #[must_use]
    pub fn is_of(&self, recovery: &Recovery) -> bool {
        self.inbox == Some(recovery.inbox_key())
    }

    /// Counts on, and signs.
    fn sign(&mut self, keys: &VaultKeys) {
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
        let mut out = vec![self.inbox.map_or(FORMAT_1, |_| FORMAT)];
        put_varint(&mut out, self.generation);
        out.extend_from_slice(&self.vault.0);
        out.extend_from_slice(&self.recovery);
        write_devices(&mut out, &self.devices);
        put_varint(&mut out, self.epochs.len() as u64);
        for (epoch, wrapped) in &self.epochs {
            put_varint(&mut out, u64::from(epoch.0));
            out.extend_from_slice(wrapped);
        }
        if let Some(inbox) = &self.inbox {
            out.extend_from_slice(inbox);
            put_varint(&mut out, self.closed.len() as u64);
            self.closed.iter().for_each(|closed| closed.write(&mut out));
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
        if ![FORMAT_1, FORMAT].contains(&found) {
            return Err(SealError::Newer { what: WHAT, found });
        }
        let (generation, vault) = (reader.varint()?, VaultId(reader.array()?));
        let recovery = reader.array()?;
        let devices = read_devices(&mut reader)?;
        let epochs = list(&mut reader, |reader| {
            let epoch = read_epoch(reader)?;
            Ok((epoch, reader.array()?))
        })?;
        let (mut inbox, mut closed) = (None, Vec::new());
        if found == FORMAT {
            inbox = Some(reader.array()?);
            closed = list(&mut reader, |reader| Closed::read(reader, vault))?;
        }
        let signature = reader.array()?;
        reader.end()?;
        let numbers = epochs.iter().map(|(epoch, _)| *epoch);
        if !numbers.chain(closed.iter().map(|one| one.epoch)).is_sorted_by(|a, b| a < b) {
            return Err(reader.damaged());
        }
        Ok(Self { vault, generation, recovery, devices, epochs, closed, inbox, signature })
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
        self.open(vault, &root, Opener::Words(recovery))
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
        let keys = self.open_by_root(vault, &root, device, keys)?;
        if keys.signing_key() == *signing_key { Ok(keys) } else { Err(SealError::Refused(WHAT)) }
    }

    /// Opens the ring with the root itself, as kept on a device, and that device's keys.
    ///
    /// # Errors
    /// As [`Self::open_by_device`].
    pub fn open_by_root(
        &self,
        vault: VaultId,
        root: &Secret,
        device: DeviceId,
        keys: &DeviceKeys,
    ) -> Result<VaultKeys, SealError> {
        self.open(vault, root, Opener::Device(device, keys))
    }

    fn open(
        &self,
        vault: VaultId,
        root: &Secret,
        opener: Opener<'_>,
    ) -> Result<VaultKeys, SealError> {
        let signature = Signature::from_bytes(&self.signature);
        let key = keys::signing(vault, root).verifying_key();
        let proof = key.verify_strict(&signed(&self.unsigned()), &signature);
        if self.vault != vault || proof.is_err() {
            return Err(SealError::Refused(WHAT));
        }
        let ring_key = keys::ring_key(vault, root);
        let mut opened = VaultKeys::none(vault, root.clone());
        for &(epoch, ref wrapped) in &self.epochs {
            let number = epoch.0.to_be_bytes();
            let purpose = [EPOCH_BY_ROOT, &vault.0, &number];
            opened.insert(epoch, unwrap("epoch key", &ring_key, &purpose, wrapped)?);
        }
        for closed in &self.closed {
            opened.insert(closed.epoch, closed.open(opener)?);
        }
        if opened.epochs().is_empty() { Err(SealError::Refused(WHAT)) } else { Ok(opened) }
    }
}

/// Reads what stands behind its number.
fn list<T>(
    reader: &mut Reader<'_>,
    mut one: impl FnMut(&mut Reader<'_>) -> Result<T, SealError>,
) -> Result<Vec<T>, SealError> {
    let mut found = Vec::new();
    for _ in 0..reader.varint()? {
        found.push(one(reader)?);
    }
    Ok(found)
}

/// Puts a value at its key's place.
pub(super) fn put<K: Ord, V>(list: &mut Vec<(K, V)>, key: K, value: V) {
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
