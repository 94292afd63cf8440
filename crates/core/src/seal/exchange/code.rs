//! The code that the new device shows: ten characters to type, or the same and more in a picture.
//!
//! ```text
//! typed    5 characters, "-", 5 characters: 50 random bits
//! scanned  "TS1:" | the 10 characters | base 32 of: secret 32, public X25519 key 32
//! ```
//!
//! Both are of Crockford's alphabet, which has no letter that looks like a digit; so a picture of
//! it is small, and whoever types may write o for 0 and l for 1.

use super::ExchangeError;
use crate::id::RendezvousId;
use crate::seal::keys::{Secret, derive};
use zeroize::Zeroize;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARACTERS: usize = 10;
const SCHEME: &str = "TS1:";
/// Hashes between the typed characters and what follows from them: whoever tries all 2^50 codes
/// pays so often for each, and has two minutes.
const STRETCH: usize = 1 << 14;

/// The ten characters, each a number below 32.
#[derive(Clone)]
pub(super) struct Typed([u8; CHARACTERS]);

/// What only a picture has room for.
#[derive(Clone)]
pub(super) struct More {
    pub(super) secret: Secret,
    pub(super) public: [u8; 32],
}

impl Drop for Typed {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl Typed {
    pub(super) fn new(random: [u8; CHARACTERS]) -> Self {
        Self(random.map(|byte| byte & 31))
    }

    /// Any case, with or without the hyphen; a picture's text as well.
    pub(super) fn read(text: &str) -> Result<(Self, Option<More>), ExchangeError> {
        let text = text.trim();
        let scanned = text.get(..SCHEME.len()).filter(|start| start.eq_ignore_ascii_case(SCHEME));
        let digits = digits(scanned.map_or(text, |_| &text[SCHEME.len()..]))?;
        match (digits.split_first_chunk(), scanned) {
            (Some((typed, [])), None) => Ok((Self(*typed), None)),
            (Some((typed, rest)), Some(_)) => {
                let bytes = from_base_32(rest).ok_or(ExchangeError::Picture)?;
                let (secret, public) = bytes.split_at(32);
                let secret = secret.try_into().map_err(|_| ExchangeError::Picture)?;
                let public = public.try_into().map_err(|_| ExchangeError::Picture)?;
                Ok((Self(*typed), Some(More { secret: Secret::new(secret), public })))
            }
            (_, Some(_)) => Err(ExchangeError::Picture),
            (_, None) => Err(ExchangeError::Length { found: digits.len() }),
        }
    }

    /// As a person reads it out.
    pub(super) fn text(&self) -> String {
        let (front, back) = self.0.split_at(CHARACTERS / 2);
        format!("{}-{}", text(front), text(back))
    }

    /// As a picture holds it.
    pub(super) fn picture(&self, more: &More) -> String {
        let bytes = [&more.secret.bytes()[..], &more.public].concat();
        format!("{SCHEME}{}{}", text(&self.0), text(&to_base_32(&bytes)))
    }

    /// What the sequencer calls the place where the two devices meet, and the secret that it is
    /// not told.
    pub(super) fn stretch(&self) -> (RendezvousId, Secret) {
        let mut key = [0; 32];
        key[..CHARACTERS].copy_from_slice(&self.0);
        for _ in 0..STRETCH {
            key = *blake3::keyed_hash(&key, b"ts-code-v1").as_bytes();
        }
        let key = Secret::new(key);
        let id = RendezvousId(derive(&[], key.bytes(), &[b"ts-rendezvous-v1"]));
        (id, Secret::new(derive(&[], key.bytes(), &[b"ts-code-secret-v1"])))
    }
}

fn text(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(ALPHABET[usize::from(digit & 31)])).collect()
}

fn digits(text: &str) -> Result<Vec<u8>, ExchangeError> {
    let written = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
    written.map(|c| digit(c).ok_or(ExchangeError::Character(c))).collect()
}

fn digit(character: char) -> Option<u8> {
    let character = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let found = ALPHABET.iter().position(|one| char::from(*one) == character)?;
    u8::try_from(found).ok()
}

/// Five bits a digit, the highest first; the last digit is filled up with zeroes.
fn to_base_32(bytes: &[u8]) -> Vec<u8> {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let digit = |from: usize| (from..from + 5).fold(0, |digit, at| digit << 1 | bit(at));
    (0..bytes.len() * 8).step_by(5).map(digit).collect()
}

fn from_base_32(digits: &[u8]) -> Option<[u8; 64]> {
    let mut bytes = [0; 64];
    for at in 0..digits.len() * 5 {
        let bit = digits[at / 5] >> (4 - at % 5) & 1;
        match bytes.get_mut(at / 8) {
            Some(byte) => *byte |= bit << (7 - at % 8),
            None if bit == 0 => {}
            None => return None,
        }
    }
    (digits.len() == (64 * 8_usize).div_ceil(5)).then_some(bytes)
}
