//! Coming in: a device, or whoever knows the recovery words, signs a challenge and gets a token.

use super::codec::{Body, Field, Problem, Reader, WireError, fields};
use super::keys::{ChallengeBytes, Secret, Signature};
use crate::id::{DeviceId, RecoveryId, ServerId, VaultId};

/// Who wants to come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// A device of the vault's manifest; it signs with its auth key.
    Device { vault: VaultId, device: DeviceId },
    /// Whoever knows the recovery words; signs with the key that these give.
    Recovery { id: RecoveryId },
}

impl Who {
    /// Its bytes, as they stand in bodies and in what is signed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }
}

impl Field for Who {
    const LEAST: usize = 17;

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Device { vault, device } => {
                out.push(0);
                vault.write(out);
                device.write(out);
            }
            Self::Recovery { id } => {
                out.push(1);
                id.write(out);
            }
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        match reader.byte()? {
            0 => Ok(Self::Device { vault: Field::read(reader)?, device: Field::read(reader)? }),
            1 => Ok(Self::Recovery { id: Field::read(reader)? }),
            tag => Err(reader.wrong(Problem::Variant(tag))),
        }
    }
}

fields! {
    /// `POST /v1/challenge`. The answer is the same whether anyone of that name is known or not.
    body AskChallenge {
        who: Who,
    }
}

fields! {
    /// What to sign, once, before it expires.
    body Challenge {
        challenge: ChallengeBytes,
        /// Milliseconds since 1970 by the sequencer's clock.
        expires: u64,
    }
}

fields! {
    /// `POST /v1/token`.
    body AskToken {
        who: Who,
        challenge: ChallengeBytes,
        /// Over `signed`, with the device's auth key or the recovery key.
        signature: Signature,
    }
}

impl AskToken {
    /// The bytes that the signature is over.
    #[must_use]
    pub fn signed(server: &ServerId, challenge: &ChallengeBytes, who: &Who) -> Vec<u8> {
        login_text(&server.0, &challenge.0, &who.to_bytes())
    }
}

/// The text that a login signs; `who` is [`Who::to_bytes`]. The server's id is in it, so that no
/// other server can use it.
#[must_use]
pub fn login_text(server: &[u8; 16], challenge: &[u8; 32], who: &[u8]) -> Vec<u8> {
    [b"ts-auth-v1", &server[..], challenge, who].concat()
}

fields! {
    /// The way in: `Authorization: Bearer` and the token in lower-case hex.
    body Token {
        token: Secret,
        /// Milliseconds since 1970 by the sequencer's clock.
        expires: u64,
        /// The vault that the token opens: who comes with recovery words does not know it yet.
        vault: VaultId,
    }
}

fields! {
    /// `POST /v1/leave`: deletes the tokens of a device, one's own or another of the vault.
    body Leave {
        device: DeviceId,
    }
}

fields! {
    /// The answer where there is nothing to say but "done".
    body Done {}
}

impl Done {
    /// Its one byte.
    #[must_use]
    pub fn bytes() -> Vec<u8> {
        Self {}.encode()
    }
}
