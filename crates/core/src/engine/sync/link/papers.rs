//! What the two devices give each other inside the exchange.

use crate::id::{Chain, DeviceId, Incarnation, VaultId};
use crate::message::NAME_CHARS_MAX;
use crate::seal::Known;
use crate::seal::exchange::ExchangeError;
use crate::wire::{Cursor, Hash};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Names of devices that a grant tells, in bytes: all of it has to fit into its place.
const NAMES_MAX: usize = 1_500;

/// What a new device wants to be on the list as.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Request {
    device: [u8; 8],
    pub(super) auth: [u8; 32],
    pub(super) wrap: [u8; 32],
    pub(super) name: String,
}

/// What lets a new device in: where, by which key, and what it must find there.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    vault: [u8; 16],
    pub(super) signing: [u8; 32],
    version: u64,
    hash: [u8; 32],
    incarnation: [u8; 16],
    sequence: u64,
    chain: [u8; 16],
    pub(super) devices: Vec<String>,
}

impl Request {
    pub(super) fn new(device: DeviceId, auth: [u8; 32], wrap: [u8; 32], name: &str) -> Self {
        Self { device: device.0, auth, wrap, name: shown(name) }
    }

    pub(super) fn device(&self) -> DeviceId {
        DeviceId(self.device)
    }
}

impl Grant {
    pub(super) fn new(
        vault: VaultId,
        signing: [u8; 32],
        list: Known,
        log: Cursor,
        names: Vec<String>,
    ) -> Self {
        let mut room = NAMES_MAX;
        let fits = |name: &String| {
            let left = room.checked_sub(name.len());
            room = left.unwrap_or(0);
            left.is_some()
        };
        Self {
            vault: vault.0,
            signing,
            version: list.version,
            hash: list.hash.0,
            incarnation: log.incarnation.0,
            sequence: log.sequence,
            chain: log.chain.0,
            devices: names.into_iter().take_while(fits).collect(),
        }
    }

    pub(super) fn vault(&self) -> VaultId {
        VaultId(self.vault)
    }

    /// The list of devices that the other one has seen.
    pub(super) fn list(&self) -> Known {
        Known { version: self.version, hash: Hash(self.hash) }
    }

    /// How far the log had got.
    pub(super) fn log(&self) -> Cursor {
        let (incarnation, chain) = (Incarnation(self.incarnation), Chain(self.chain));
        Cursor { incarnation, sequence: self.sequence, chain }
    }
}

pub(super) fn written(paper: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(paper).unwrap_or_default()
}

pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ExchangeError> {
    postcard::from_bytes(bytes).map_err(|_| ExchangeError::Damaged)
}

/// A text of another device as it is shown: one short line, without characters that only turn or
/// hide others.
pub(super) fn shown(text: &str) -> String {
    let hides = |c: char| {
        let turns = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}');
        c.is_control() || turns || matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.chars().filter(|c| !hides(*c)).take(NAME_CHARS_MAX).collect()
}
