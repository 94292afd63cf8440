//! A device's own keys: one logs it in, one receives the vault's root.

use super::Chance;
use super::keys::Secret;
use crate::wire::login_text;
use ed25519_dalek::{Signer, SigningKey};
use x25519_dalek::{PublicKey, StaticSecret};

/// The two secret keys of a device. The sequencer knows their public halves, by the manifest.
#[derive(Clone, Debug)]
pub struct DeviceKeys {
    auth: Secret,
    wrap: Secret,
}

impl DeviceKeys {
    #[must_use]
    pub fn create(chance: &mut dyn Chance) -> Self {
        Self { auth: Secret::random(chance), wrap: Secret::random(chance) }
    }

    /// The keys that [`Self::secrets`] gave.
    #[must_use]
    pub fn of(auth: Secret, wrap: Secret) -> Self {
        Self { auth, wrap }
    }

    /// The Ed25519 seed and the X25519 key, to be kept on this device and nowhere else.
    #[must_use]
    pub fn secrets(&self) -> (&Secret, &Secret) {
        (&self.auth, &self.wrap)
    }

    /// Public Ed25519 key by which the sequencer knows this device.
    #[must_use]
    pub fn auth_key(&self) -> [u8; 32] {
        SigningKey::from_bytes(self.auth.bytes()).verifying_key().to_bytes()
    }

    /// Public X25519 key to which the root is wrapped.
    #[must_use]
    pub fn wrap_key(&self) -> [u8; 32] {
        PublicKey::from(&self.wrap_secret()).to_bytes()
    }

    /// Answers the sequencer's challenge: Ed25519 over [`login_text`].
    #[must_use]
    pub fn sign_login(&self, server: &[u8; 16], challenge: &[u8; 32], who: &[u8]) -> [u8; 64] {
        SigningKey::from_bytes(self.auth.bytes())
            .sign(&login_text(server, challenge, who))
            .to_bytes()
    }

    pub(super) fn wrap_secret(&self) -> StaticSecret {
        StaticSecret::from(*self.wrap.bytes())
    }
}
