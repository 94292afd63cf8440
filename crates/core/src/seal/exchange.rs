//! The exchange between a new device and one that has a vault, through a sequencer that may do
//! with it what it likes. Decision 19 says why it is safe.
//!
//! ```text
//! new device                                       device of the vault
//! shows the code (`code`)                     ──▶  is given it: typed or scanned
//! 0 promise  1 | commitment 32                ──▶  has it before it says anything itself
//!                                             ◀──  1 hello   1 | way 1 | public key 32
//! 2 reveal   1 | public key 32 | nonce 32     ──▶  refuses what does not fit the promise,
//!            | proof 32 | sealed ask               shows what is asked for
//! shows the check code                        ──▶  is given it, once
//!                                             ◀──  3 grant   1 | proof 32 | sealed grant
//! ```
//!
//! Everything after the hello is under keys that follow from the X25519 exchange, the code and all
//! that was said before. A `proof` is a commitment to such a key, as the cipher has none. A key
//! seals one message, so nonces are zeroes. What is asked for and granted are bytes to this module.

mod asking;
mod code;
mod taking;

pub use asking::{Asked, Asking};
pub use taking::{Granting, Taken, Taking, Waiting};

use super::keys::{Secret, derive};
use super::{SealError, wrap};
use crate::id::RendezvousId;
use crate::wire::{Hash, Reader, put_bytes};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

const FORMAT: u8 = 1;
const DIGITS: usize = 6;

/// What the device of the vault says instead of message 3 if the person does not let the new one
/// in. Nothing proves it: whoever can say it could as well say nothing.
pub const DECLINED: &[u8] = &[0];

/// Why an exchange was not gone on with. Nothing was given away by it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    #[error("the code has ten characters, and these are {found}: see which are missing")]
    Length { found: usize },
    #[error("“{0}” is in no code: see what the new device shows")]
    Character(char),
    #[error("this picture is no code of ThoughtStream: scan the one that the new device shows")]
    Picture,
    #[error(
        "the two devices do not understand each other: their apps are of different versions, or \
         what they said was changed on the way. Update both, then begin again"
    )]
    Damaged,
    #[error(
        "the new device's key is not the one that it promised: somebody between the two devices \
         exchanged it. Nothing was given away"
    )]
    Promise,
    #[error(
        "the new device's key is not the one in the picture: somebody between the two devices \
         exchanged it. Nothing was given away"
    )]
    OtherKey,
    #[error(
        "what came was not made with this code: it was changed on the way, or another device \
         answered. Nothing was given away"
    )]
    Proof,
    #[error(
        "this is not the check code of the device that you are about to let in: it was mistyped, \
         or somebody is between the two devices. Nothing was given away; begin again"
    )]
    CheckCode,
}

impl From<crate::wire::WireError> for ExchangeError {
    fn from(_: crate::wire::WireError) -> Self {
        Self::Damaged
    }
}

/// What a new device wants to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A device of the vault, to stay.
    Device,
    /// A borrowed machine, for a while.
    Guest,
}

/// What a new device asks for, in its own words: it may claim any origin and browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub purpose: Purpose,
    /// The address of the app there.
    pub origin: String,
    pub browser: String,
    /// What the purpose needs besides: public keys, a name.
    pub request: Vec<u8>,
}

impl Ask {
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![match self.purpose {
            Purpose::Device => 0,
            Purpose::Guest => 1,
        }];
        put_bytes(&mut out, self.origin.as_bytes());
        put_bytes(&mut out, self.browser.as_bytes());
        put_bytes(&mut out, &self.request);
        out
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, ExchangeError> {
        let mut reader = Reader::new(bytes, "what is asked for");
        let purpose = match reader.byte()? {
            0 => Purpose::Device,
            1 => Purpose::Guest,
            _ => return Err(ExchangeError::Damaged),
        };
        let mut text = || {
            let bytes = reader.bytes().map(<[u8]>::to_vec).ok();
            bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or(ExchangeError::Damaged)
        };
        let (origin, browser) = (text()?, text()?);
        let request = reader.bytes()?.to_vec();
        reader.end()?;
        Ok(Self { purpose, origin, browser, request })
    }
}

const TYPED: u8 = 0;
const SCANNED: u8 = 1;
const ASK: &[u8] = b"ask";
const GRANT: &[u8] = b"grant";
const WHAT: &str = "exchange";

fn opened(message: &[u8]) -> Result<Reader<'_>, ExchangeError> {
    let mut reader = Reader::new(message, WHAT);
    if reader.byte()? == FORMAT { Ok(reader) } else { Err(ExchangeError::Damaged) }
}

fn public_of(own: &Secret) -> [u8; 32] {
    PublicKey::from(&StaticSecret::from(*own.bytes())).to_bytes()
}

fn commitment(public: &[u8; 32], nonce: &[u8; 32]) -> [u8; 32] {
    Hash::of(&[b"ts-promise-v1", &public[..], nonce].concat()).0
}

fn with_picture(code: &Secret, picture: &Secret) -> Secret {
    Secret::new(derive(code.bytes(), picture.bytes(), &[b"ts-picture-v1"]))
}

/// What was said in the open.
struct Said {
    id: RendezvousId,
    way: u8,
    /// The key of the device that has the vault.
    taker: [u8; 32],
    /// The key of the new device.
    new: [u8; 32],
    nonce: [u8; 32],
}

/// What both devices know and nobody else.
struct Keys(Secret);

impl Keys {
    fn agree(
        own: &StaticSecret,
        other: &[u8; 32],
        secret: &Secret,
        said: &Said,
    ) -> Result<Self, ExchangeError> {
        let shared = own.diffie_hellman(&PublicKey::from(*other));
        // A point of small order gives the same for every secret: no key at all.
        if !shared.was_contributory() {
            return Err(ExchangeError::Damaged);
        }
        let way = [said.way];
        let label: [&[u8]; 6] =
            [b"ts-exchange-v1", &said.id.0, &way, &said.taker, &said.new, &said.nonce];
        Ok(Self(Secret::new(derive(shared.as_bytes(), secret.bytes(), &label))))
    }

    fn check_code(&self) -> String {
        let number: [u8; 8] = derive(&[], self.0.bytes(), &[b"ts-check-code-v1"]);
        format!("{:0DIGITS$}", u64::from_be_bytes(number) % 10_u64.pow(DIGITS as u32))
    }

    fn message(&self, which: &[u8]) -> (Secret, [u8; 32]) {
        let key = derive(&[], self.0.bytes(), &[b"ts-message-v1", which]);
        (Secret::new(key), derive(&[], self.0.bytes(), &[b"ts-proof-v1", which]))
    }

    fn seal(&self, which: &[u8], out: &mut Vec<u8>, plain: Vec<u8>) {
        let (key, proof) = self.message(which);
        out.extend_from_slice(&proof);
        wrap::seal_into(out, &key, &[0; 24], &[], plain);
    }

    fn open(&self, which: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, ExchangeError> {
        let (key, proof) = self.message(which);
        let sealed = sealed.strip_prefix(&proof).ok_or(ExchangeError::Proof)?;
        let plain = wrap::open(WHAT, &key, &[0; 24], &[], sealed);
        plain.map(Zeroizing::new).map_err(|_: SealError| ExchangeError::Proof)
    }
}
