//! Sealing bytes, and wrapping keys with keys.
//!
//! XChaCha20-Poly1305 does not bind its key: somebody who chooses both keys can make bytes that
//! open under two of them. A wrapped key therefore carries a commitment: HKDF over the wrapping
//! key, the nonce and the purpose gives the key that seals and 32 bytes that are compared first.

use super::SealError;
use super::keys::{Secret, derive};
use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use x25519_dalek::{PublicKey, StaticSecret};

/// Length of a wrapped key: nonce, commitment, key, tag.
pub(super) const WRAPPED: usize = 24 + 32 + 32 + 16;

/// Length of a key wrapped to a device: the public half of a key of its own, then the rest.
pub(super) const WRAPPED_TO: usize = 32 + WRAPPED;

/// Appends the sealed form of `plain`, which with its tag is 16 bytes longer.
pub(super) fn seal_into(
    out: &mut Vec<u8>,
    key: &Secret,
    nonce: &[u8; 24],
    context: &[u8],
    mut plain: Vec<u8>,
) {
    let cipher = XChaCha20Poly1305::new(key.bytes().into());
    let sealed = cipher.encrypt_in_place(nonce.into(), context, &mut plain);
    sealed.expect("BUG: a vector grows, and no row has 256 GB");
    out.extend_from_slice(&plain);
}

/// Opens what [`seal_into`] wrote; `what` names it in the error.
pub(super) fn open(
    what: &'static str,
    key: &Secret,
    nonce: &[u8; 24],
    context: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, SealError> {
    let mut plain = sealed.to_vec();
    let cipher = XChaCha20Poly1305::new(key.bytes().into());
    let opened = cipher.decrypt_in_place(nonce.into(), context, &mut plain);
    opened.map_err(|_| SealError::Refused(what))?;
    Ok(plain)
}

/// Wraps `secret` with `key` for one purpose and place.
pub(super) fn wrap(
    key: &Secret,
    purpose: &[&[u8]],
    nonce: &[u8; 24],
    secret: &Secret,
) -> [u8; WRAPPED] {
    let (sealing, commitment) = committed(key, purpose, nonce);
    let mut out = Vec::with_capacity(WRAPPED);
    out.extend_from_slice(nonce);
    out.extend_from_slice(&commitment);
    seal_into(&mut out, &sealing, nonce, &[], secret.bytes().to_vec());
    out.try_into().expect("BUG: nonce, commitment, key and tag are this long")
}

/// Undoes [`wrap`].
pub(super) fn unwrap(
    what: &'static str,
    key: &Secret,
    purpose: &[&[u8]],
    wrapped: &[u8; WRAPPED],
) -> Result<Secret, SealError> {
    let refused = SealError::Refused(what);
    let Some((nonce, rest)) = wrapped.split_first_chunk() else { return Err(refused) };
    let (sealing, commitment) = committed(key, purpose, nonce);
    let Some(sealed) = rest.strip_prefix(&commitment) else { return Err(refused) };
    let plain = zeroize::Zeroizing::new(open(what, &sealing, nonce, &[], sealed)?);
    plain.as_slice().try_into().map(Secret::new).map_err(|_| refused)
}

/// The key that seals a wrapped key, and what shows that it was this one.
fn committed(key: &Secret, purpose: &[&[u8]], nonce: &[u8; 24]) -> (Secret, [u8; 32]) {
    let sealing = [&[b"ts-wrap-v1".as_slice()], purpose].concat();
    let commitment = [&[b"ts-commitment-v1".as_slice()], purpose].concat();
    let sealing = Secret::new(derive(nonce, key.bytes(), &sealing));
    (sealing, derive(nonce, key.bytes(), &commitment))
}

/// Wraps `secret` so that only the device with this public key can unwrap it. `own` is random and
/// used once.
pub(super) fn wrap_to(
    device: &[u8; 32],
    own: &Secret,
    purpose: &[&[u8]],
    nonce: &[u8; 24],
    secret: &Secret,
) -> Result<[u8; WRAPPED_TO], SealError> {
    let own = StaticSecret::from(*own.bytes());
    let public = PublicKey::from(&own).to_bytes();
    let key = agreed(&own, device, &public, device)?;
    let mut out = [0; WRAPPED_TO];
    out[..32].copy_from_slice(&public);
    out[32..].copy_from_slice(&wrap(&key, purpose, nonce, secret));
    Ok(out)
}

/// Undoes [`wrap_to`] with the device's secret key.
pub(super) fn unwrap_to(
    what: &'static str,
    device: &StaticSecret,
    purpose: &[&[u8]],
    wrapped: &[u8; WRAPPED_TO],
) -> Result<Secret, SealError> {
    let refused = || SealError::Refused(what);
    let (public, rest) = wrapped.split_first_chunk::<32>().ok_or_else(refused)?;
    let key = agreed(device, public, public, &PublicKey::from(device).to_bytes())?;
    unwrap(what, &key, purpose, rest.try_into().map_err(|_| refused())?)
}

/// What both ends of an X25519 exchange know: the shared point and both public keys.
fn agreed(
    own: &StaticSecret,
    other: &[u8; 32],
    sender: &[u8; 32],
    receiver: &[u8; 32],
) -> Result<Secret, SealError> {
    let shared = own.diffie_hellman(&PublicKey::from(*other));
    // A point of small order gives the same for every secret: no key at all.
    if !shared.was_contributory() {
        return Err(SealError::Refused("device key"));
    }
    let label: [&[u8]; 3] = [b"ts-wrap-device-v1", sender, receiver];
    Ok(Secret::new(derive(&[], shared.as_bytes(), &label)))
}
