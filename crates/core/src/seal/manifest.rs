//! The manifest as a device makes and believes it: the list is [`wire::Manifest`], so that the
//! sequencer reads it too; only who has the root can sign one, so it cannot add to it.
//!
//! A device keeps the devices ascending, which the sequencer does not ask for, and refuses a list
//! in another order. A name is sealed.
//!
//! [`wire::Manifest`]: Manifest

use super::{SealError, VaultKeys, wrap};
use crate::id::DeviceId;
use crate::wire::{Body, Hash, Manifest, Member, PublicKey, Signature};
use ed25519_dalek::{Signature as Ed25519, Signer, VerifyingKey};

/// A version that a device has accepted: what it compares the next one with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub version: u64,
    pub hash: Hash,
}

/// Why a manifest is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    #[error("the list of devices cannot be read at byte {at}: it is damaged, or of a newer app")]
    Damaged { at: usize },
    #[error(
        "the list of devices is not signed by this vault: the server, or somebody on the way, \
         changed it. Nothing was taken over from it"
    )]
    Unsigned,
    #[error(
        "the list of devices is signed by another key than this vault's: it is another vault's, \
         or the server made it up. Nothing was taken over from it"
    )]
    OtherKey,
    #[error(
        "the server has version {found} of the list of devices, and this device has seen version \
         {known}: it was restored from an older copy. Send it the newer list"
    )]
    Older { found: u64, known: u64 },
    #[error(
        "version {version} of the list of devices does not follow from the one this device has \
         seen: two devices changed it at once, or the server shows each device another list. \
         Compare the lists on your devices"
    )]
    Forked { version: u64 },
}

impl Manifest {
    /// The first list of a vault, with its first device.
    #[must_use]
    pub fn first(device: Member, keys: &VaultKeys) -> Self {
        Self {
            version: 1,
            previous: Hash::NOTHING,
            signing: PublicKey(keys.signing_key()),
            devices: vec![device],
            signature: Signature([0; 64]),
        }
        .sign(keys)
    }

    /// The list that follows this one, with these devices on it, or what is new of them.
    #[must_use]
    pub fn next(&self, members: impl IntoIterator<Item = Member>, keys: &VaultKeys) -> Self {
        let previous = self.known().hash;
        let mut next = Self { version: self.version.saturating_add(1), previous, ..self.clone() };
        for member in members {
            match next.devices.binary_search_by_key(&member.device, |one| one.device) {
                Ok(at) => next.devices[at] = member,
                Err(at) => next.devices.insert(at, member),
            }
        }
        next.sign(keys)
    }

    fn sign(mut self, keys: &VaultKeys) -> Self {
        self.signature = Signature(keys.signing().sign(&self.signed()).to_bytes());
        self
    }

    /// What the list that follows this one is compared with.
    #[must_use]
    pub fn known(&self) -> Known {
        Known { version: self.version, hash: Hash::of(&self.encode()) }
    }

    /// Reads a manifest that came from the sequencer, and believes it only if it is signed by
    /// `signing_key` and follows what this device has `known` (`None` on one that joins).
    ///
    /// More than one version may have been missed: those between are not asked for, as the same
    /// key signed them all.
    ///
    /// # Errors
    /// If it is damaged, not signed by this key, older, or another one of the same number.
    pub fn check(
        bytes: &[u8],
        signing_key: &[u8; 32],
        known: Option<Known>,
    ) -> Result<Self, ManifestError> {
        let damaged = |at| ManifestError::Damaged { at };
        let manifest = Self::decode(bytes).map_err(|error| damaged(error.at))?;
        if !manifest.devices.is_sorted_by(|one, next| one.device < next.device) {
            return Err(damaged(bytes.len()));
        }
        if manifest.signing.0 != *signing_key {
            return Err(ManifestError::OtherKey);
        }
        let key = VerifyingKey::from_bytes(signing_key).map_err(|_| ManifestError::OtherKey)?;
        let signature = Ed25519::from_bytes(&manifest.signature.0);
        let proof = key.verify_strict(&manifest.signed(), &signature);
        proof.map_err(|_| ManifestError::Unsigned)?;
        if let Some(known) = known {
            manifest.follows(known)?;
        }
        Ok(manifest)
    }

    fn follows(&self, known: Known) -> Result<(), ManifestError> {
        let now = self.known();
        let forked = match self.version {
            version if version < known.version => {
                return Err(ManifestError::Older { found: version, known: known.version });
            }
            version if version == known.version => now.hash != known.hash,
            version if version - 1 == known.version => self.previous != known.hash,
            _ => false,
        };
        if forked { Err(ManifestError::Forked { version: self.version }) } else { Ok(()) }
    }
}

impl VaultKeys {
    /// Seals a device's name for the manifest: nonce 24, then the text.
    #[must_use]
    pub fn seal_name(&self, device: DeviceId, name: &str, nonce: [u8; 24]) -> Vec<u8> {
        let mut out = nonce.to_vec();
        let name = name.as_bytes().to_vec();
        wrap::seal_into(&mut out, &self.name_key(), &nonce, &device.0, name);
        out
    }

    /// Opens a device's name.
    ///
    /// # Errors
    /// If it was not sealed for this device of this vault.
    pub fn open_name(&self, device: DeviceId, sealed: &[u8]) -> Result<String, SealError> {
        let what = "name of a device";
        let (nonce, sealed) = sealed.split_first_chunk().ok_or(SealError::Refused(what))?;
        let name = wrap::open(what, &self.name_key(), nonce, &device.0, sealed)?;
        String::from_utf8(name).map_err(|_| SealError::Refused(what))
    }
}
