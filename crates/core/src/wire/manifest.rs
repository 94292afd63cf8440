//! The manifest: which devices a vault has, signed by the vault's own key. The sequencer reads it
//! to know who may log in, and cannot add a device to it.

use super::codec::{Body, Field, Listed, Problem, Reader, WireError, fields};
use super::keys::{Hash, PublicKey, Signature};
use crate::id::DeviceId;

/// What a device may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Full,
    /// Nothing any more. It stays in the list because changes of it stay in the log.
    Retired,
}

impl Field for Role {
    const LEAST: usize = 1;

    fn write(&self, out: &mut Vec<u8>) {
        out.push(match self {
            Self::Full => 0,
            Self::Retired => 2,
        });
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        match reader.byte()? {
            0 => Ok(Self::Full),
            2 => Ok(Self::Retired),
            tag => Err(reader.wrong(Problem::Variant(tag))),
        }
    }
}

fields! {
    /// One device of a vault.
    part Member {
        device: DeviceId,
        /// Ed25519: signs challenges.
        auth: PublicKey,
        /// X25519: data keys are wrapped for it.
        wrap: PublicKey,
        role: Role,
        /// Its name, sealed: opaque to the sequencer.
        note: Vec<u8>,
    }
}

impl Listed for Member {}

fields! {
    /// The list of a vault's devices, and what it follows on.
    body Manifest {
        /// 1, 2, 3 … each one more than the one it replaces.
        version: u64,
        /// The hash of the whole manifest it replaces; 32 zeroes in the first.
        previous: Hash,
        /// The vault's signing key: the same in every manifest of the vault.
        signing: PublicKey,
        devices: Vec<Member>,
        /// By the signing key, over `signed`.
        signature: Signature,
    }
}

impl Manifest {
    /// The bytes that the signature is over: a prefix and everything before the signature.
    #[must_use]
    pub fn signed(&self) -> Vec<u8> {
        let mut out = b"ts-manifest-v1".to_vec();
        let bytes = self.encode();
        out.extend_from_slice(&bytes[..bytes.len().saturating_sub(Signature::LEAST)]);
        out
    }

    /// The device of that name, if the vault has it.
    #[must_use]
    pub fn member(&self, device: DeviceId) -> Option<&Member> {
        self.devices.iter().find(|member| member.device == device)
    }
}
