//! A person with a vault: its keys, its manifests, its devices. All keys come from a number.

use ed25519_dalek::{Signer, SigningKey};
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::id::{DeviceId, RecoveryId, RowId, VaultId};
use thoughtstream_core::wire::{
    Body, CreateVault, Hash, Manifest, Member, PublicKey, Recovery, Role, SealedChange, Signature,
};

/// A person, their vault, and the manifest as they last signed it.
#[derive(Debug, Clone)]
pub struct Person {
    pub vault: VaultId,
    pub manifest: Manifest,
    number: u64,
}

/// The device of that number.
#[must_use]
pub fn device(number: u64) -> DeviceId {
    DeviceId(number.to_be_bytes())
}

/// Random-looking bytes from a number, as if they were sealed.
#[must_use]
pub fn sealed(number: u64, length: usize) -> Vec<u8> {
    // A multiplication and a shift each: not chance, but nothing that compresses.
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state = state.wrapping_mul(0xd120_2ef8_f7b5_9c8d).wrapping_add(0x2545_f491_4f6c_dd1d);
        (state >> 40) as u8
    };
    (0..length).map(|_| next()).collect()
}

/// Changes of as many rows, from one device, numbered from `from` on; `now` in milliseconds.
#[must_use]
pub fn changes(
    device: DeviceId,
    now: u64,
    from: u64,
    count: u64,
    length: usize,
) -> Vec<SealedChange> {
    let change = |number: u64| {
        let mut row = [0; 16];
        row[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        row[8..].copy_from_slice(&device.0);
        let stamp = Stamp::new(now as i64, number as u16, device)?;
        Some(SealedChange { row: RowId(row), stamp, sealed: sealed(number, length) })
    };
    (from..from + count).filter_map(change).collect()
}

impl Person {
    /// A person whose vault has these devices, all of them full.
    #[must_use]
    pub fn new(number: u64, devices: &[DeviceId]) -> Self {
        let mut vault = [0x7a; 16];
        vault[..8].copy_from_slice(&number.to_be_bytes());
        let manifest = Manifest {
            version: 0,
            previous: Hash::NOTHING,
            signing: PublicKey([0; 32]),
            devices: Vec::new(),
            signature: Signature([0; 64]),
        };
        let mut person = Self { vault: VaultId(vault), manifest, number };
        let members = devices.iter().map(|device| person.member(*device, Role::Full)).collect();
        person.sign(members);
        // The first one follows on nothing.
        person.manifest.previous = Hash::NOTHING;
        person.seal();
        person
    }

    /// An entry of the manifest.
    #[must_use]
    pub fn member(&self, device: DeviceId, role: Role) -> Member {
        let auth = public(&self.key(b'd', &device.0));
        Member { device, auth, wrap: PublicKey([3; 32]), role, note: b"a name, sealed".to_vec() }
    }

    /// Signs the next manifest, with these devices.
    pub fn sign(&mut self, devices: Vec<Member>) {
        self.manifest = Manifest {
            version: self.manifest.version + 1,
            previous: Hash::of(&self.manifest.encode()),
            signing: public(&self.key(b's', &[])),
            devices,
            signature: Signature([0; 64]),
        };
        self.seal();
    }

    fn seal(&mut self) {
        let signature = self.key(b's', &[]).sign(&self.manifest.signed());
        self.manifest.signature = Signature(signature.to_bytes());
    }

    /// The request that makes the vault.
    #[must_use]
    pub fn create(&self, invitation: Vec<u8>) -> CreateVault {
        CreateVault {
            invitation,
            vault: self.vault,
            manifest: self.manifest.encode(),
            recovery: self.recovery(),
            keyring: b"a keyring, sealed".to_vec(),
        }
    }

    /// The recovery key, and its name.
    #[must_use]
    pub fn recovery(&self) -> Recovery {
        Recovery { id: self.recovery_id(), key: public(&self.key(b'r', &[])) }
    }

    pub(crate) fn recovery_id(&self) -> RecoveryId {
        RecoveryId(self.vault.0)
    }

    /// Signs what a device has to sign to come in.
    #[must_use]
    pub fn sign_as(&self, device: DeviceId, message: &[u8]) -> Signature {
        Signature(self.key(b'd', &device.0).sign(message).to_bytes())
    }

    pub(crate) fn sign_as_recovery(&self, message: &[u8]) -> Signature {
        Signature(self.key(b'r', &[]).sign(message).to_bytes())
    }

    fn key(&self, kind: u8, name: &[u8]) -> SigningKey {
        let label = [&[kind], &self.number.to_be_bytes()[..], name].concat();
        SigningKey::from_bytes(&Hash::of(&label).0)
    }
}

fn public(key: &SigningKey) -> PublicKey {
    PublicKey(key.verifying_key().to_bytes())
}
