//! The side of the device that has the vault. Each step is a type of its own, so that none can be
//! left out or done twice: the hello is only given for a promise, the check code is typed once.

use super::code::Typed;
use super::{ASK, Ask, ExchangeError, FORMAT, GRANT, Keys, SCANNED, Said, TYPED};
use super::{commitment, opened, public_of, with_picture};
use crate::id::RendezvousId;
use crate::seal::Chance;
use crate::seal::keys::Secret;
use x25519_dalek::StaticSecret;

/// A device of the vault that was given a code.
pub struct Taking {
    id: RendezvousId,
    secret: Secret,
    own: Secret,
    /// Set if the code was scanned: the key that the new device must have.
    public: Option<[u8; 32]>,
}

impl Taking {
    /// From what was typed or scanned.
    ///
    /// # Errors
    /// If it is no code.
    pub fn begin(code: &str, chance: &mut dyn Chance) -> Result<Self, ExchangeError> {
        let (typed, more) = Typed::read(code)?;
        let (id, code) = typed.stretch();
        let own = Secret::random(chance);
        Ok(match more {
            None => Self { id, secret: code, own, public: None },
            Some(more) => {
                let secret = with_picture(&code, &more.secret);
                Self { id, secret, own, public: Some(more.public) }
            }
        })
    }

    /// Where the two devices meet.
    #[must_use]
    pub fn id(&self) -> RendezvousId {
        self.id
    }

    /// Takes message 0 and gives message 1. In this order: whoever stands between the two devices
    /// has to promise a key before it sees this device's.
    ///
    /// # Errors
    /// If the promise is none.
    pub fn answer(self, promise: &[u8]) -> Result<(Waiting, Vec<u8>), ExchangeError> {
        let mut reader = opened(promise)?;
        let promised = reader.array()?;
        reader.end()?;
        let hello = [&[FORMAT, self.way()][..], &public_of(&self.own)].concat();
        Ok((Waiting { taking: self, promised }, hello))
    }

    fn way(&self) -> u8 {
        if self.public.is_some() { SCANNED } else { TYPED }
    }
}

/// A device of the vault that has said hello, and waits to hear what is asked for.
pub struct Waiting {
    taking: Taking,
    promised: [u8; 32],
}

impl Waiting {
    /// Takes message 2.
    ///
    /// # Errors
    /// If the new device does not keep what it promised, or does not know the code.
    pub fn judge(self, reveal: &[u8]) -> Result<Taken, ExchangeError> {
        let Self { taking, promised } = self;
        let mut reader = opened(reveal)?;
        let (new, nonce) = (reader.array()?, reader.array()?);
        if commitment(&new, &nonce) != promised {
            return Err(ExchangeError::Promise);
        }
        if taking.public.is_some_and(|public| public != new) {
            return Err(ExchangeError::OtherKey);
        }
        let taker = public_of(&taking.own);
        let said = Said { id: taking.id, way: taking.way(), taker, new, nonce };
        let own = StaticSecret::from(*taking.own.bytes());
        let keys = Keys::agree(&own, &new, &taking.secret, &said)?;
        let ask = Ask::from_bytes(&keys.open(ASK, reader.rest())?)?;
        Ok(Taken { keys, ask })
    }
}

/// A device of the vault that knows what is asked for. The check code is still to be typed.
pub struct Taken {
    keys: Keys,
    pub ask: Ask,
}

impl Taken {
    /// The person typed this as the check code: the one attempt there is.
    ///
    /// # Errors
    /// If it is not what the new device shows.
    pub fn check(self, typed: &str) -> Result<Granting, ExchangeError> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let right = self.keys.check_code() == digits;
        if right { Ok(Granting { keys: self.keys }) } else { Err(ExchangeError::CheckCode) }
    }
}

/// A device of the vault that may give what was asked for.
pub struct Granting {
    keys: Keys,
}

impl Granting {
    /// Message 3. Seal one grant only.
    #[must_use]
    pub fn grant(&self, grant: Vec<u8>) -> Vec<u8> {
        let mut out = vec![FORMAT];
        self.keys.seal(GRANT, &mut out, grant);
        out
    }
}
