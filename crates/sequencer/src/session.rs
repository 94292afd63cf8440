//! Who is asking: what a token stands for.

use crate::log::VaultNumber;
use std::sync::Arc;
use thoughtstream_core::id::{DeviceId, VaultId};
use thoughtstream_core::wire::{Body, Manifest, Role};

/// A device's token lasts so long, in milliseconds.
pub const DEVICE_LIFETIME: u64 = 24 * 3_600_000;
/// A use is noted only if the last note is so old: a write for each request would be too many.
pub const TOUCH_EVERY: u64 = 60_000;

/// What is kept of a token besides its hash.
#[derive(Debug, Clone, Copy)]
pub struct Grant {
    pub vault: VaultNumber,
    /// `None` for whoever came with the recovery words.
    pub device: Option<DeviceId>,
    pub expires: u64,
    /// When it was last used, give or take `TOUCH_EVERY`.
    pub touched: u64,
}

/// What the holder of a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Everything.
    Full(DeviceId),
    /// Everything but push.
    Recovery,
}

/// A token's vault and standing, with the manifest as it was when the store was asked.
#[derive(Debug, Clone)]
pub struct Session {
    pub vault: VaultNumber,
    pub id: VaultId,
    pub standing: Standing,
    /// Every device of the manifest, retired ones included: whose changes may be pushed.
    pub roster: Arc<[DeviceId]>,
    pub expires: u64,
    pub touched: u64,
}

impl Session {
    /// The session that a kept grant gives now; `None` if it has ended, if the manifest does not
    /// have the device any more, or has retired it.
    #[must_use]
    pub fn of(grant: Grant, id: VaultId, manifest: &[u8], now: u64) -> Option<Self> {
        let manifest = Manifest::decode(manifest).ok()?;
        let standing = match grant.device {
            None => Standing::Recovery,
            Some(device) => match manifest.member(device)?.role {
                Role::Full => Standing::Full(device),
                Role::Retired => return None,
            },
        };
        let roster = manifest.devices.iter().map(|member| member.device).collect();
        let Grant { vault, expires, touched, .. } = grant;
        let session = Self { vault, id, standing, roster, expires, touched };
        session.is_alive(now).then_some(session)
    }

    /// Whether it has not expired.
    #[must_use]
    pub fn is_alive(&self, now: u64) -> bool {
        now < self.expires
    }
}
