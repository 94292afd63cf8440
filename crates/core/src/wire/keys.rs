//! Keys, hashes, signatures and secrets, each a type of its own.

use super::codec::raw;
use std::fmt;

macro_rules! named_bytes {
    ($($(#[$doc:meta])* $name:ident $length:literal),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name(pub [u8; $length]);
    )* };
}

named_bytes! {
    /// A public key: Ed25519 to check signatures, X25519 to wrap keys.
    PublicKey 32,
    /// A BLAKE3 hash.
    Hash 32,
    /// An Ed25519 signature.
    Signature 64,
    /// What a sequencer gives to sign.
    ChallengeBytes 32,
    /// A bearer token. Printing it for debugging does not print it.
    Secret 32,
}

raw!(PublicKey 32, Hash 32, Signature 64, ChallengeBytes 32, Secret 32);

impl Hash {
    /// The hash of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Stands where there is nothing to hash: before the first manifest, the first keyring.
    pub const NOTHING: Self = Self([0; 32]);
}

impl Secret {
    /// The token as it stands in a header: 64 lower-case hex digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
    }

    /// Reads those 64 digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digit = |byte: &u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let digits: Vec<u8> = text.as_bytes().iter().map(digit).collect::<Option<_>>()?;
        let bytes: Vec<u8> = digits.chunks_exact(2).map(|two| two[0] << 4 | two[1]).collect();
        (digits.len() == 64).then_some(())?;
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

macro_rules! debug_by_start {
    ($($name:ident),*) => { $(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let [a, b, c, d, ..] = self.0;
                write!(f, concat!(stringify!($name), "({:02x}{:02x}{:02x}{:02x}…)"), a, b, c, d)
            }
        }
    )* };
}

debug_by_start!(PublicKey, Hash, Signature, ChallengeBytes);
