//! The new device's side.

use super::code::{More, Typed};
use super::{ASK, Ask, ExchangeError, FORMAT, GRANT, Keys, SCANNED, Said, TYPED};
use super::{commitment, opened, public_of, with_picture};
use crate::id::RendezvousId;
use crate::seal::Chance;
use crate::seal::keys::Secret;
use x25519_dalek::StaticSecret;
use zeroize::Zeroizing;

/// A new device that shows a code and waits for somebody to take it.
#[derive(Clone)]
pub struct Asking {
    typed: Typed,
    secret: Secret,
    own: Secret,
    nonce: [u8; 32],
}

impl Asking {
    #[must_use]
    pub fn begin(chance: &mut dyn Chance) -> Self {
        let (mut typed, mut nonce) = ([0; 10], [0; 32]);
        chance.fill(&mut typed);
        chance.fill(&mut nonce);
        let (secret, own) = (Secret::random(chance), Secret::random(chance));
        Self { typed: Typed::new(typed), secret, own, nonce }
    }

    /// Where the two devices meet.
    #[must_use]
    pub fn id(&self) -> RendezvousId {
        self.typed.stretch().0
    }

    /// The code to type.
    #[must_use]
    pub fn code(&self) -> String {
        self.typed.text()
    }

    /// The text of the picture to scan. It is no link, so that no other app opens it.
    #[must_use]
    pub fn picture(&self) -> String {
        self.typed.picture(&More { secret: self.secret.clone(), public: self.public() })
    }

    /// Message 0.
    #[must_use]
    pub fn promise(&self) -> Vec<u8> {
        [&[FORMAT][..], &commitment(&self.public(), &self.nonce)].concat()
    }

    /// Takes message 1, and gives message 2 with what is asked for in it.
    ///
    /// # Errors
    /// If the hello is none, or its key no key.
    pub fn answer(&self, hello: &[u8], ask: &Ask) -> Result<(Asked, Vec<u8>), ExchangeError> {
        let mut reader = opened(hello)?;
        let (way, taker) = (reader.byte()?, reader.array()?);
        reader.end()?;
        let (id, code) = self.typed.stretch();
        let secret = match way {
            TYPED => code,
            SCANNED => with_picture(&code, &self.secret),
            _ => return Err(ExchangeError::Damaged),
        };
        let said = Said { id, way, taker, new: self.public(), nonce: self.nonce };
        let keys = Keys::agree(&StaticSecret::from(*self.own.bytes()), &taker, &secret, &said)?;
        let mut reveal = vec![FORMAT];
        reveal.extend_from_slice(&said.new);
        reveal.extend_from_slice(&said.nonce);
        keys.seal(ASK, &mut reveal, ask.to_bytes());
        Ok((Asked { keys }, reveal))
    }

    fn public(&self) -> [u8; 32] {
        public_of(&self.own)
    }
}

/// A new device that has told everything, and waits for the grant.
pub struct Asked {
    keys: Keys,
}

impl Asked {
    /// What the person types into the other device.
    #[must_use]
    pub fn check_code(&self) -> String {
        self.keys.check_code()
    }

    /// Takes message 3.
    ///
    /// # Errors
    /// If it is not from who was told, or was changed.
    pub fn open(&self, grant: &[u8]) -> Result<Zeroizing<Vec<u8>>, ExchangeError> {
        self.keys.open(GRANT, opened(grant)?.rest())
    }
}
