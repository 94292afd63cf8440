//! The manifest: which devices a vault has, signed, so that the sequencer can read the list but
//! not add to it.
//!
//! ```text
//! format 1 | version varint (1 is the first) | hash of the version before 32
//! | signing key 32 | devices varint, each: device 8, auth key 32, wrap key 32, role 1,
//! name varint + bytes
//! | Ed25519 signature 64 over "ts-manifest-v1" and all of the above
//! ```
//!
//! A version's hash is BLAKE3 over all its bytes; before the first there are zeros. Devices
//! ascend. A name is sealed.

use super::VaultKeys;
use super::bytes::{Reader, put_bytes, put_varint};
use super::{SealError, wrap};
use crate::id::DeviceId;
use ed25519_dalek::{Signature, Signer, VerifyingKey};

const FORMAT: u8 = 1;

/// One version of the list of devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    pub version: u64,
    /// Hash of the version before.
    pub previous: [u8; 32],
    /// Ascending by id.
    pub devices: Vec<Member>,
}

/// One device on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub device: DeviceId,
    /// Public Ed25519 key; logs it in.
    pub auth: [u8; 32],
    /// Public X25519 key; the root is wrapped to it.
    pub wrap: [u8; 32],
    pub role: Role,
    /// Its name, sealed by [`VaultKeys::seal_name`].
    pub note: Vec<u8>,
}

/// What a device may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Full,
    /// May push what it wrote itself.
    Guest,
    /// May not log in any more; what it wrote stays.
    Retired,
}

/// A version that a device has accepted: what it compares the next one with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub version: u64,
    pub hash: [u8; 32],
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
    pub fn first(device: Member) -> Self {
        Self { version: 1, previous: [0; 32], devices: vec![device] }
    }

    /// The list that follows this one, whose bytes have `hash`; to be changed and signed.
    #[must_use]
    pub fn next(&self, hash: [u8; 32]) -> Self {
        Self { version: self.version + 1, previous: hash, devices: self.devices.clone() }
    }

    /// Puts a device on the list, or what is new of it.
    pub fn put(&mut self, member: Member) {
        match self.devices.binary_search_by_key(&member.device, |one| one.device) {
            Ok(at) => self.devices[at] = member,
            Err(at) => self.devices.insert(at, member),
        }
    }

    /// The bytes, signed by the vault.
    #[must_use]
    pub fn sign(&self, keys: &VaultKeys) -> Vec<u8> {
        let signing = keys.signing();
        let mut out = vec![FORMAT];
        put_varint(&mut out, self.version);
        out.extend_from_slice(&self.previous);
        out.extend_from_slice(&signing.verifying_key().to_bytes());
        put_varint(&mut out, self.devices.len() as u64);
        for member in &self.devices {
            out.extend_from_slice(&member.device.0);
            out.extend_from_slice(&member.auth);
            out.extend_from_slice(&member.wrap);
            out.push(member.role.code());
            put_bytes(&mut out, &member.note);
        }
        let signature = signing.sign(&signed(&out)).to_bytes();
        out.extend_from_slice(&signature);
        out
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
    ) -> Result<(Self, Known), ManifestError> {
        let damaged = ManifestError::Damaged { at: bytes.len() };
        let (unsigned, signature) = bytes.split_last_chunk::<64>().ok_or(damaged)?;
        let (manifest, found_key) = read(unsigned).map_err(|error| match error {
            SealError::Damaged { at, .. } => ManifestError::Damaged { at },
            _ => ManifestError::Damaged { at: 0 },
        })?;
        if found_key != *signing_key {
            return Err(ManifestError::OtherKey);
        }
        let key = VerifyingKey::from_bytes(signing_key).map_err(|_| ManifestError::OtherKey)?;
        let proof = key.verify_strict(&signed(unsigned), &Signature::from_bytes(signature));
        proof.map_err(|_| ManifestError::Unsigned)?;
        let now = Known { version: manifest.version, hash: hash(bytes) };
        if let Some(known) = known {
            manifest.follows(known, now)?;
        }
        Ok((manifest, now))
    }

    fn follows(&self, known: Known, now: Known) -> Result<(), ManifestError> {
        let forked = match self.version {
            version if version < known.version => {
                return Err(ManifestError::Older { found: version, known: known.version });
            }
            version if version == known.version => now.hash != known.hash,
            version if version == known.version + 1 => self.previous != known.hash,
            _ => false,
        };
        if forked { Err(ManifestError::Forked { version: self.version }) } else { Ok(()) }
    }
}

impl Role {
    /// Its number in the manifest.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Full => 0,
            Self::Guest => 1,
            Self::Retired => 2,
        }
    }

    const fn of_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Full),
            1 => Some(Self::Guest),
            2 => Some(Self::Retired),
            _ => None,
        }
    }
}

/// The hash by which the next version names these bytes.
#[must_use]
pub fn hash(manifest: &[u8]) -> [u8; 32] {
    *blake3::hash(manifest).as_bytes()
}

fn signed(unsigned: &[u8]) -> Vec<u8> {
    [b"ts-manifest-v1", unsigned].concat()
}

fn read(unsigned: &[u8]) -> Result<(Manifest, [u8; 32]), SealError> {
    let mut reader = Reader::new(unsigned, "list of devices");
    if reader.byte()? != FORMAT {
        return Err(reader.damaged());
    }
    let (version, previous, key) = (reader.varint()?, reader.array()?, reader.array()?);
    let mut devices: Vec<Member> = Vec::new();
    for _ in 0..reader.varint()? {
        let device = DeviceId(reader.array()?);
        let (auth, wrap) = (reader.array()?, reader.array()?);
        let role = Role::of_code(reader.byte()?).ok_or_else(|| reader.damaged())?;
        let note = reader.bytes()?.to_vec();
        if devices.last().is_some_and(|last| last.device >= device) {
            return Err(reader.damaged());
        }
        devices.push(Member { device, auth, wrap, role, note });
    }
    reader.end()?;
    Ok((Manifest { version, previous, devices }, key))
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
