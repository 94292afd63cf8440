//! Coming in: the way to a token, and to a vault that is not on this device yet.

use super::Step;
use crate::date::Instant;
use crate::id::VaultId;
use crate::wire::{Challenge, Token};

/// Tokens are renewed when they have this long to live.
const MARGIN_MS: i64 = 60_000;

/// How far the login has come.
#[derive(Debug, Default)]
pub enum Login {
    #[default]
    Out,
    Challenged(Challenge),
    In {
        token: String,
        /// By this device's clock: the sequencer's may differ.
        until: Instant,
    },
}

impl Login {
    /// The next step to a token; `None` if there is one.
    #[must_use]
    pub(super) fn next(&self, now: Instant) -> Option<Step> {
        match self {
            Self::Out => Some(Step::AskChallenge),
            Self::Challenged(_) => Some(Step::AskToken),
            Self::In { until, .. } if now.0 >= until.0 - MARGIN_MS => Some(Step::AskChallenge),
            Self::In { .. } => None,
        }
    }

    /// Whether there is a token that this device's clock calls too old.
    #[must_use]
    pub fn is_over(&self, now: Instant) -> bool {
        matches!(self, Self::In { .. }) && self.next(now).is_some()
    }

    /// Takes the token; `offset` is how far the sequencer's clock is ahead of this one.
    pub fn take(&mut self, token: &Token, offset: i64) {
        let expires = i64::try_from(token.expires).unwrap_or(i64::MAX);
        let until = Instant(expires.saturating_sub(offset));
        *self = Self::In { token: token.token.to_hex(), until };
    }

    /// The token, if there is one.
    #[must_use]
    pub fn token(&self) -> Option<String> {
        match self {
            Self::In { token, .. } => Some(token.clone()),
            _ => None,
        }
    }
}

/// How far the making or joining of a vault has come.
#[derive(Debug, Clone)]
pub enum Entrance {
    /// The vault is kept here; the sequencer has to make it.
    Create,
    /// With recovery words: who knows them has to prove it.
    Prove { words: String },
    /// The challenge has to be signed.
    Sign { words: String, challenge: Challenge },
    /// They open this vault; its key ring is asked for.
    Open { words: String, token: String, vault: VaultId },
    /// The list of devices is asked for, so that this one can be put on it.
    Enlist { token: String },
    /// The list with this device on it is to be put in force.
    PutManifest { token: String, expected: u64, manifest: Vec<u8> },
    /// The key ring that this device can open is to be put in force.
    PutKeyring { token: String },
}
