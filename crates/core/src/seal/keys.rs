//! Keys, and how one follows from another.
//!
//! - From the root, by HKDF-SHA-256 with the vault as salt and a label each: the key that signs
//!   manifest and key ring, the key that wraps the epoch keys, the row-id key, the key of device
//!   names.
//! - From an epoch's key, the same way with label and epoch: the key that seals rows, and the one
//!   that gives their nonces.
//! - From the recovery secret, without salt: recovery id, login key, the key that wraps the root,
//!   the key to which closed epochs are wrapped.
//!
//! The root and the epoch keys are random; the ring's key wraps those of open epochs.

use super::{Chance, Epoch, SealError};
use crate::id::{RowId, VaultId};
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroize;

/// 32 bytes that nobody may see: wiped when dropped, never printed.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Random bytes.
    pub(super) fn random(chance: &mut dyn Chance) -> Self {
        let mut bytes = [0; 32];
        chance.fill(&mut bytes);
        Self(bytes)
    }

    /// The bytes, for whoever stores them on this device.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// HKDF-SHA-256: what follows from a key under a label.
pub(super) fn derive<const N: usize>(salt: &[u8], key: &[u8; 32], label: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    let derived = Hkdf::<Sha256>::new(Some(salt), key).expand_multi_info(label, &mut out);
    derived.expect("BUG: HKDF gives up to 8,160 bytes");
    out
}

/// Everything that opens a vault: its root and the keys of its epochs.
#[derive(Clone)]
pub struct VaultKeys {
    pub(super) vault: VaultId,
    root: Secret,
    row_id: Secret,
    /// Never empty; in any order. (A map would bring its tree of code for a handful of keys.)
    epochs: Vec<EpochKeys>,
    newest: Epoch,
}

/// The keys of one epoch.
#[derive(Clone)]
pub(super) struct EpochKeys {
    pub(super) epoch: Epoch,
    pub(super) data: Secret,
    pub(super) row: Secret,
    pub(super) nonce: Secret,
}

impl VaultKeys {
    /// The keys of a new vault: a random root and a first epoch.
    #[must_use]
    pub fn create(vault: VaultId, chance: &mut dyn Chance) -> Self {
        let root = Secret::random(chance);
        let mut keys = Self::none(vault, root);
        keys.insert(Epoch::FIRST, Secret::random(chance));
        keys
    }

    /// What follows from a root alone; an epoch's key is still to be put in.
    pub(super) fn none(vault: VaultId, root: Secret) -> Self {
        let row_id = Secret::new(derive(&vault.0, root.bytes(), &[b"ts-row-id-v1"]));
        Self { vault, root, row_id, epochs: Vec::new(), newest: Epoch(0) }
    }

    pub(super) fn insert(&mut self, epoch: Epoch, data: Secret) {
        let number = epoch.0.to_be_bytes();
        let row = derive(&self.vault.0, data.bytes(), &[b"ts-row-v1", &number]);
        let nonce = derive(&self.vault.0, data.bytes(), &[b"ts-nonce-v1", &number]);
        let (row, nonce) = (Secret::new(row), Secret::new(nonce));
        self.epochs.push(EpochKeys { epoch, data, row, nonce });
        self.newest = self.newest.max(epoch);
    }

    /// Begins a new epoch; rows are sealed with its key from now on. The key ring has to be
    /// written anew before a row is. Its number is greater than the last by chance, so that two
    /// devices that begin one beside each other do not call two keys by one name.
    pub fn begin_epoch(&mut self, chance: &mut dyn Chance) {
        let mut step = [0; 2];
        chance.fill(&mut step);
        let step = 1 + u32::from(u16::from_be_bytes(step));
        self.insert(Epoch(self.newest.0.saturating_add(step)), Secret::random(chance));
    }

    /// Takes over the epochs that are here and not there; `true` if there are any.
    pub fn take_epochs(&mut self, earlier: &Self) -> bool {
        let before = self.epochs.len();
        for one in &earlier.epochs {
            if self.epoch_keys(one.epoch).is_err() {
                self.insert(one.epoch, one.data.clone());
            }
        }
        self.epochs.len() > before
    }

    /// The vault that these keys open.
    #[must_use]
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// The epoch whose key seals rows now.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.newest
    }

    /// The root, to be kept on this device; with the key ring it gives all other keys again.
    #[must_use]
    pub fn root(&self) -> &Secret {
        &self.root
    }

    /// The public key under which the vault's manifest is signed, the same for ever.
    #[must_use]
    pub fn signing_key(&self) -> [u8; 32] {
        self.signing().verifying_key().to_bytes()
    }

    /// The sequencer's name of a row: keyed BLAKE3 over the table's name, behind its length, and
    /// the primary key. It is the same on every device, and tells nothing to who has no key.
    #[must_use]
    pub fn row_id(&self, table: &str, primary_key: &[u8]) -> RowId {
        let mut hasher = blake3::Hasher::new_keyed(self.row_id.bytes());
        hasher.update(&(table.len() as u64).to_be_bytes());
        hasher.update(table.as_bytes()).update(primary_key);
        let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] =
            *hasher.finalize().as_bytes();
        RowId(id)
    }

    pub(super) fn epoch_keys(&self, epoch: Epoch) -> Result<&EpochKeys, SealError> {
        self.epochs.iter().find(|keys| keys.epoch == epoch).ok_or(SealError::NoEpoch(epoch))
    }

    pub(super) fn epochs(&self) -> &[EpochKeys] {
        &self.epochs
    }

    pub(super) fn signing(&self) -> SigningKey {
        signing(self.vault, &self.root)
    }

    pub(super) fn ring_key(&self) -> Secret {
        ring_key(self.vault, &self.root)
    }

    pub(super) fn name_key(&self) -> Secret {
        Secret::new(derive(&self.vault.0, self.root.bytes(), &[b"ts-device-name-v1"]))
    }
}

impl fmt::Debug for VaultKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VaultKeys({}, {:?})", self.vault, self.newest)
    }
}

/// The key that signs the manifest and the key ring of a vault with this root.
pub(super) fn signing(vault: VaultId, root: &Secret) -> SigningKey {
    let seed = Secret::new(derive(&vault.0, root.bytes(), &[b"ts-signing-v1"]));
    SigningKey::from_bytes(seed.bytes())
}

/// The key that wraps the epoch keys of a vault with this root.
pub(super) fn ring_key(vault: VaultId, root: &Secret) -> Secret {
    Secret::new(derive(&vault.0, root.bytes(), &[b"ts-ring-v1"]))
}
