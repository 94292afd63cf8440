//! Challenges and tokens.
//!
//! A challenge is not stored: it carries its expiry and a keyed hash over it and over who asked.
//! So asking costs the sequencer no memory, any process can check what another gave out, and the
//! answer looks the same for those who are known and those who are not. Used ones are stored.

use crate::answer::No;
use crate::log::{Log, Login};
use crate::rules::is_signed;
use crate::session::{DEVICE_LIFETIME, Grant};
use crate::world::{World, random};
use subtle::ConstantTimeEq;
use thoughtstream_core::wire::{
    AskToken, Body, Challenge, ChallengeBytes, Hash, PublicKey, Secret, Token, Who,
};

/// How long a challenge may be answered, in milliseconds.
const CHALLENGE_LIFETIME: u64 = 60_000;

/// Nobody's key: what a signature is checked with if nobody of that name is known, so that the
/// answer takes as long. It is a point of the curve, or the check would end early.
const NOBODY: PublicKey = PublicKey([
    0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
    0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
]);

/// A challenge for whoever asks: expiry (8 bytes), chance (8), keyed hash (16).
pub(crate) fn challenge(world: &dyn World, secret: &[u8; 32], who: &Who) -> Challenge {
    let expires = world.now().saturating_add(CHALLENGE_LIFETIME);
    let mut challenge = [0; 32];
    challenge[..8].copy_from_slice(&expires.to_be_bytes());
    challenge[8..16].copy_from_slice(&random::<8>(world));
    let mark = mark(secret, &challenge, who);
    challenge[16..].copy_from_slice(&mark);
    Challenge { challenge: ChallengeBytes(challenge), expires }
}

fn mark(secret: &[u8; 32], challenge: &[u8; 32], who: &Who) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new_keyed(secret);
    let name = thoughtstream_core::wire::AskChallenge { who: *who }.encode();
    hasher.update(&challenge[..16]).update(&name);
    let mut mark = [0; 16];
    hasher.finalize_xof().fill(&mut mark);
    mark
}

/// Whether a challenge is one of ours, for this asker, and not too old; when it ends, if so.
fn is_ours(secret: &[u8; 32], challenge: &ChallengeBytes, who: &Who, now: u64) -> Option<u64> {
    let [a, b, c, d, e, f, g, h, ..] = challenge.0;
    let expires = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
    let right = mark(secret, &challenge.0, who).ct_eq(&challenge.0[16..]);
    (bool::from(right) && now < expires).then_some(expires)
}

/// Checks an answered challenge and gives a token for it.
///
/// # Errors
/// `Unauthorized`, without saying what is wrong; the store's.
pub(crate) async fn log_in(log: &dyn Log, world: &dyn World, ask: &AskToken) -> Result<Token, No> {
    let (identity, now) = (log.identity(), world.now());
    let login = log.login(ask.who).await?;
    let key = login.as_ref().map_or(NOBODY, |login| login.key);
    let signed = AskToken::signed(&identity.server, &ask.challenge, &ask.who);
    let right = is_signed(&key, &signed, &ask.signature);
    let ours = is_ours(&identity.secret, &ask.challenge, &ask.who, now);
    let (Some(login), Some(expires), true) = (login, ours, right) else {
        return Err(No::unauthorized());
    };
    if !log.spend(Hash::of(&ask.challenge.0), expires).await? {
        return Err(No::unauthorized());
    }
    grant(log, world, &login).await
}

async fn grant(log: &dyn Log, world: &dyn World, login: &Login) -> Result<Token, No> {
    let (token, now) = (Secret(random(world)), world.now());
    let expires = now.saturating_add(DEVICE_LIFETIME);
    let grant = Grant { vault: login.vault, device: login.device, expires, touched: now };
    log.grant(Hash::of(&token.0), grant).await?;
    Ok(Token { token, expires, vault: login.id })
}
