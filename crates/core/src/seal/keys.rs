//! Keys, and how one follows from another.
//!
//! - From the root, by HKDF-SHA-256 with the vault as salt and a label each: the key that signs
//!   manifest and key ring, the key that wraps the epoch keys, the row-id key, the key of device
//!   names.
//! - From an epoch's key, the same way with label and epoch: the key that seals rows.
//! - From the recovery secret, without salt: recovery id, login key, the key that wraps the root.
//!
//! The root and the epoch keys are random; the ring's key wraps the epoch keys.

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
}

impl VaultKeys {
    /// The keys of a new vault: a random root and a first epoch.
    #[must_use]
    pub fn create(vault: VaultId, chance: &mut dyn Chance) -> Self {
        let root = Secret::random(chance);
        Self::of(vault, root, Epoch::FIRST, Secret::random(chance))
    }

    /// The keys that follow from a root and one epoch's key.
    pub(super) fn of(vault: VaultId, root: Secret, epoch: Epoch, data: Secret) -> Self {
        let row_id = Secret::new(derive(&vault.0, root.bytes(), &[b"ts-row-id-v1"]));
        let mut keys = Self { vault, root, row_id, epochs: Vec::new(), newest: epoch };
        keys.insert(epoch, data);
        keys
    }

    pub(super) fn insert(&mut self, epoch: Epoch, data: Secret) {
        let number = epoch.0.to_be_bytes();
        let row = derive(&self.vault.0, data.bytes(), &[b"ts-row-v1", &number]);
        self.epochs.push(EpochKeys { epoch, data, row: Secret::new(row) });
        self.newest = self.newest.max(epoch);
    }

    /// Begins a new epoch; rows are sealed with its key from now on. The key ring has to be
    /// written anew before a row is.
    pub fn begin_epoch(&mut self, chance: &mut dyn Chance) -> Epoch {
        let epoch = Epoch(self.newest.0.saturating_add(1));
        self.insert(epoch, Secret::random(chance));
        epoch
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

    pub(super) fn nonce_key(&self) -> Secret {
        Secret::new(derive(&self.vault.0, self.root.bytes(), &[b"ts-nonce-v1"]))
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
