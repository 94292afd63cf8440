//! A vault as a whole: what it is made of, and what the sequencer allows.

use super::codec::fields;
use super::keys::{Hash, PublicKey};
use crate::id::{Incarnation, RecoveryId, ServerId, VaultId};

fields! {
    /// The answer to `GET /v1/limits`, which needs no token.
    body Limits {
        server: ServerId,
        /// Milliseconds since 1970 by the sequencer's clock.
        now: u64,
        /// The longest `sealed` of one change, in bytes.
        row_bytes: u64,
        /// Changes in one push.
        batch_changes: u64,
        /// Bytes of one push's whole body.
        batch_bytes: u64,
        /// Bytes of a page's changes; one change alone may exceed it.
        page_bytes: u64,
        /// Bytes of sealed changes in a vault.
        quota_bytes: u64,
        /// How far a stamp may be ahead of the sequencer's clock, in milliseconds.
        future_millis: u64,
    }
}

fields! {
    /// The key that the recovery words give.
    part Recovery {
        id: RecoveryId,
        /// Ed25519: signs challenges.
        key: PublicKey,
    }
}

fields! {
    /// `POST /v1/vaults`: uses an invitation up.
    body CreateVault {
        /// What stands behind the invitation link's `#`, as bytes.
        invitation: Vec<u8>,
        vault: VaultId,
        /// An encoded `Manifest`, of any version: a vault may be made again after a wipe.
        manifest: Vec<u8>,
        recovery: Recovery,
        /// Opaque to the sequencer.
        keyring: Vec<u8>,
    }
}

fields! {
    /// The answer to a `CreateVault`.
    body Created {
        incarnation: Incarnation,
    }
}

fields! {
    /// `PUT /v1/manifest`.
    body PutManifest {
        /// The version it replaces.
        expected: u64,
        /// An encoded `Manifest`.
        manifest: Vec<u8>,
    }
}

fields! {
    /// The answer to `GET /v1/manifest`.
    body ManifestIs {
        manifest: Vec<u8>,
    }
}

fields! {
    /// `PUT /v1/keyring`.
    body PutKeyring {
        keyring: Vec<u8>,
        /// The hash of the keyring it replaces.
        expected: Hash,
    }
}

fields! {
    /// The answer to `GET /v1/keyring`.
    body KeyringIs {
        keyring: Vec<u8>,
    }
}

fields! {
    /// `PUT /v1/recovery`: new words.
    body PutRecovery {
        recovery: Recovery,
    }
}

fields! {
    /// `DELETE /v1/vault`: must name the vault of the token, so that nobody does it by mistake.
    body DeleteVault {
        vault: VaultId,
    }
}
