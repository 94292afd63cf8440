//! The recovery words: 256 random bits as 24 words a person can write down (BIP-39, English).
//!
//! Each word is eleven bits; the last eight bits are the first byte of the secret's SHA-256, so
//! that a wrong word is noticed at once. The secret is not the vault's root: it unwraps it, so the
//! root can change while the words on paper stay.
//!
//! The list is carried front-coded (`words.txt`): a digit says how many letters a word shares with
//! the one before it. That is a third less than the plain list in a wasm file packed with brotli.

use super::keys::{Secret, derive};
use crate::id::RecoveryId;
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use x25519_dalek::{PublicKey, StaticSecret};

/// How many words there are to write down.
pub const WORDS: usize = 24;

const LIST: &str = include_str!("words.txt");
const BITS_A_WORD: usize = 11;

/// Words that are not recovery words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    #[error("there are {WORDS} recovery words, and these are {found}: see which are missing")]
    Count { found: usize },
    #[error("word {number}, “{word}”, is not one of the recovery words: see how it is spelled")]
    Unknown { number: usize, word: String },
    #[error(
        "each of these is a recovery word, but together they are not right: one was mistaken for \
         another, or their order is different"
    )]
    Check,
}

/// The secret that the recovery words stand for.
#[derive(Clone, Debug)]
pub struct Recovery(Secret);

impl Recovery {
    /// From 32 random bytes.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Self(Secret::new(random))
    }

    /// From words as a person typed them: any case, any space between them.
    ///
    /// # Errors
    /// If they are not 24, one is not on the list, or the check fails.
    pub fn from_words(text: &str) -> Result<Self, WordsError> {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let mut bits = [0_u8; 33];
        for (at, word) in words.iter().enumerate().take(WORDS) {
            let Some(index) = index_of(word) else {
                let word = word.chars().take(40).collect();
                return Err(WordsError::Unknown { number: at + 1, word });
            };
            put_bits(&mut bits, at * BITS_A_WORD, index);
        }
        if words.len() != WORDS {
            return Err(WordsError::Count { found: words.len() });
        }
        let [secret @ .., check] = bits;
        if check != check_of(&secret) {
            return Err(WordsError::Check);
        }
        Ok(Self::new(secret))
    }

    /// The words, one space between them.
    #[must_use]
    pub fn words(&self) -> String {
        let mut bits = [0; 33];
        bits[..32].copy_from_slice(self.0.bytes());
        bits[32] = check_of(self.0.bytes());
        let mut wanted = [(0, 0); WORDS];
        for (at, place) in wanted.iter_mut().enumerate() {
            *place = (get_bits(&bits, at * BITS_A_WORD), at);
        }
        let mut words = vec![String::new(); WORDS];
        each_word(|index, word| {
            for (_, at) in wanted.iter().filter(|(wanted, _)| *wanted == index) {
                words[*at].push_str(word);
            }
            false
        });
        let mut out = words.remove(0);
        words.iter().for_each(|word| write!(out, " {word}").expect("BUG: a string takes all"));
        out
    }

    /// The name under which the sequencer knows these words.
    #[must_use]
    pub fn id(&self) -> RecoveryId {
        RecoveryId(derive(&[], self.0.bytes(), &[b"ts-recovery-id-v1"]))
    }

    /// The public key by which the sequencer knows who has the words.
    #[must_use]
    pub fn auth_key(&self) -> [u8; 32] {
        self.auth().verifying_key().to_bytes()
    }

    /// Answers a challenge of the sequencer; see [`super::DeviceKeys::sign_login`].
    #[must_use]
    pub fn sign_login(&self, server: &[u8; 16], challenge: &[u8; 32], who: &[u8]) -> [u8; 64] {
        self.auth().sign(&crate::wire::login_text(server, challenge, who)).to_bytes()
    }

    /// The key that unwraps the root.
    pub(super) fn wrap_key(&self) -> Secret {
        Secret::new(derive(&[], self.0.bytes(), &[b"ts-recovery-wrap-v1"]))
    }

    /// Public X25519 key to which the keys of closed epochs are wrapped.
    pub(super) fn inbox_key(&self) -> [u8; 32] {
        PublicKey::from(&self.inbox()).to_bytes()
    }

    pub(super) fn inbox(&self) -> StaticSecret {
        let secret = Secret::new(derive(&[], self.0.bytes(), &[b"ts-recovery-inbox-v1"]));
        StaticSecret::from(*secret.bytes())
    }

    fn auth(&self) -> SigningKey {
        let seed = Secret::new(derive(&[], self.0.bytes(), &[b"ts-recovery-auth-v1"]));
        SigningKey::from_bytes(seed.bytes())
    }
}

fn check_of(secret: &[u8; 32]) -> u8 {
    Sha256::digest(secret)[0]
}

fn put_bits(bits: &mut [u8; 33], from: usize, value: usize) {
    for bit in 0..BITS_A_WORD {
        let set = (value >> (BITS_A_WORD - 1 - bit) & 1) as u8;
        bits[(from + bit) / 8] |= set << (7 - (from + bit) % 8);
    }
}

fn get_bits(bits: &[u8; 33], from: usize) -> usize {
    let bit = |at: usize| usize::from(bits[at / 8] >> (7 - at % 8) & 1);
    (from..from + BITS_A_WORD).fold(0, |value, at| value << 1 | bit(at))
}

fn index_of(wanted: &str) -> Option<usize> {
    let mut found = None;
    each_word(|index, word| {
        if word == wanted {
            found = Some(index);
        }
        found.is_some()
    });
    found
}

/// Calls `each` with the words in order until it says that it has seen enough.
fn each_word(mut each: impl FnMut(usize, &str) -> bool) {
    let (mut word, mut index) = (String::new(), 0);
    let mut rest = LIST;
    while let Some(shared) = rest.chars().next().and_then(|digit| digit.to_digit(10)) {
        rest = &rest[1..];
        let end = rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len());
        word.truncate(shared as usize);
        word.push_str(&rest[..end]);
        if each(index, &word) {
            return;
        }
        index += 1;
        rest = rest[end..].trim_start();
    }
}
