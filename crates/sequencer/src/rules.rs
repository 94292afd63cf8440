//! What is accepted: pure functions of a request, a session, the limits and the time. The server
//! and the simulation call the same.

use crate::session::{Session, Standing};
use ed25519_dalek::{Signature as Ed25519Signature, VerifyingKey};
use std::collections::HashSet;
use thoughtstream_core::id::VaultId;
use thoughtstream_core::wire::{
    Body, Code, Hash, Limits, Manifest, PublicKey, Push, PutPart, SealedChange, Signature,
    WireError,
};

/// How far a stamp may be ahead of the sequencer's clock.
pub const FUTURE_MILLIS: u64 = 5 * 60_000;

/// The longest sealed part of a file, and the most parts of one.
pub const PART_BYTES: u64 = 1 << 20;
pub const PARTS: u64 = 1_000;

/// A change that may be appended, with its hashes: made before the log is locked.
#[derive(Debug, Clone)]
pub struct Checked {
    pub change: SealedChange,
    /// BLAKE3 of the sealed bytes, for the chain.
    pub hash: [u8; 32],
    /// Names this very change of this very vault: what a change is found again by.
    pub digest: [u8; 16],
}

/// A request that is refused before any store is asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Refused {
    pub code: Code,
    pub detail: u64,
    pub text: String,
}

impl Refused {
    pub(crate) fn new(code: Code, detail: u64, text: impl Into<String>) -> Self {
        Self { code, detail, text: text.into() }
    }
}

impl From<WireError> for Refused {
    fn from(error: WireError) -> Self {
        let (code, detail) = match error.problem {
            thoughtstream_core::wire::Problem::Version(_) => {
                (Code::Version, u64::from(thoughtstream_core::wire::VERSION))
            }
            _ => (Code::Malformed, 0),
        };
        Self::new(code, detail, format!("the body cannot be read: {error}"))
    }
}

/// Checks every change of a push: number, size, device, time.
///
/// # Errors
/// Names the first change that is not acceptable, and why.
pub fn check_push(
    push: Push,
    session: &Session,
    limits: &Limits,
    now: u64,
) -> Result<Vec<Checked>, Refused> {
    if push.changes.len() as u64 > limits.batch_changes {
        let text = format!("more than {} changes in one push", limits.batch_changes);
        return Err(Refused::new(Code::BatchTooLarge, limits.batch_changes, text));
    }
    let mut checked = Vec::with_capacity(push.changes.len());
    for (index, change) in push.changes.into_iter().enumerate() {
        check_change(&change, index as u64, session, limits, now)?;
        checked.push(with_hashes(session.id, change));
    }
    Ok(checked)
}

fn check_change(
    change: &SealedChange,
    index: u64,
    session: &Session,
    limits: &Limits,
    now: u64,
) -> Result<(), Refused> {
    let device = change.stamp.device();
    let may = match session.standing {
        Standing::Full(own) => device == own || session.roster.contains(&device),
        Standing::Recovery => {
            let text = "a recovery token adds a device to the manifest; that one pushes";
            return Err(Refused::new(Code::Forbidden, 0, text));
        }
    };
    if !may {
        let text = format!("change {index} has a stamp of a device that may not push it here");
        return Err(Refused::new(Code::DeviceNotYours, index, text));
    }
    if change.sealed.len() as u64 > limits.row_bytes {
        let text = format!("change {index} is longer than {} bytes", limits.row_bytes);
        return Err(Refused::new(Code::RowTooLarge, index, text));
    }
    let stamped = u64::try_from(change.stamp.millis()).unwrap_or(0);
    if stamped > now.saturating_add(limits.future_millis) {
        let ahead = (stamped - now) / 1000;
        let text = format!("change {index} is stamped {ahead} seconds ahead of the sequencer");
        return Err(Refused::new(Code::StampInFuture, index, text));
    }
    Ok(())
}

/// Checks a part of a file: who brings it, its size, its place.
///
/// # Errors
/// Says what is not acceptable.
pub fn check_part(part: &PutPart, session: &Session) -> Result<(), Refused> {
    if session.standing == Standing::Recovery {
        let text = "a recovery token adds a device to the manifest; that one sends files";
        return Err(Refused::new(Code::Forbidden, 0, text));
    }
    if part.sealed.len() as u64 > PART_BYTES {
        let text = format!("the part is longer than {PART_BYTES} bytes");
        return Err(Refused::new(Code::RowTooLarge, 0, text));
    }
    if part.parts > PARTS || part.number >= part.parts {
        let text = format!("a file has at most {PARTS} parts, counted from 0");
        return Err(Refused::new(Code::Malformed, 0, text));
    }
    Ok(())
}

fn with_hashes(vault: VaultId, change: SealedChange) -> Checked {
    let hash = *blake3::hash(&change.sealed).as_bytes();
    let mut hasher = blake3::Hasher::new();
    hasher.update(&vault.0).update(&change.row.0).update(&change.stamp.to_bytes()).update(&hash);
    let mut digest = [0; 16];
    hasher.finalize_xof().fill(&mut digest);
    Checked { change, hash, digest }
}

/// Reads a manifest and checks what can be checked of it alone: signature, devices named once.
///
/// # Errors
/// Says what is wrong with it.
pub fn check_manifest(bytes: &[u8]) -> Result<Manifest, Refused> {
    let refused = |text: &str| Refused::new(Code::ManifestRefused, 0, text);
    let manifest = Manifest::decode(bytes)
        .map_err(|error| refused(&format!("the manifest cannot be read: {error}")))?;
    if !is_signed(&manifest.signing, &manifest.signed(), &manifest.signature) {
        return Err(refused("the manifest is not signed by the key that it names"));
    }
    let devices: HashSet<_> = manifest.devices.iter().map(|member| member.device).collect();
    if devices.len() != manifest.devices.len() {
        return Err(refused("the manifest names a device twice"));
    }
    Ok(manifest)
}

/// Checks that one manifest follows on another.
///
/// # Errors
/// Says how it does not.
pub fn check_successor(new: &Manifest, old: &Manifest, old_bytes: &[u8]) -> Result<(), Refused> {
    let refused = |text: &str| Err(Refused::new(Code::ManifestRefused, old.version, text));
    if new.signing != old.signing {
        return refused("the manifest has another signing key than the vault");
    }
    if old.version.checked_add(1) != Some(new.version) {
        return refused("the manifest's version does not follow on the one in force");
    }
    if new.previous != Hash::of(old_bytes) {
        return refused("the manifest does not name the hash of the one in force");
    }
    Ok(())
}

/// Whether an Ed25519 signature is right; strict, so that weak keys and second forms are refused.
#[must_use]
pub fn is_signed(key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
    VerifyingKey::from_bytes(&key.0).is_ok_and(|key| {
        key.verify_strict(message, &Ed25519Signature::from_bytes(&signature.0)).is_ok()
    })
}
