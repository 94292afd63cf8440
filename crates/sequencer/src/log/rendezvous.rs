//! Where two devices meet, as both stores keep it: who may say what next. It is short-lived and
//! short, so a store reads it whole, lets it judge, and writes it whole.

use super::LogError;
use thoughtstream_core::id::RendezvousId;
use thoughtstream_core::wire::{
    Code, Hash, RENDEZVOUS_BYTES, RENDEZVOUS_MESSAGES, RENDEZVOUS_MILLIS, Secret,
};

/// Places that may be open at once: more than that many people are not linking a device now.
pub(crate) const PLACES: u64 = 10_000;

/// One thing that a device wants of a place.
#[derive(Debug, Clone)]
pub enum Wish {
    /// A new device opens it, with message 0.
    Await {
        message: Vec<u8>,
    },
    /// A device of a vault takes it.
    Meet,
    Say {
        number: u64,
        message: Vec<u8>,
    },
    Hear {
        number: u64,
    },
}

/// A wish, where, by whom and when.
#[derive(Debug, Clone)]
pub struct Turn {
    pub id: RendezvousId,
    /// The hash of the ticket.
    pub ticket: Hash,
    pub now: u64,
    pub wish: Wish,
}

impl Turn {
    pub(crate) fn new(id: RendezvousId, ticket: &Secret, now: u64, wish: Wish) -> Self {
        Self { id, ticket: Hash::of(&ticket.0), now, wish }
    }
}

/// What comes of a turn: a message, empty if there is none yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub message: Vec<u8>,
    pub expires: u64,
}

/// A place as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The hash of the new device's ticket, and of the one's that took the place.
    pub(crate) new: [u8; 32],
    pub(crate) taker: Option<[u8; 32]>,
    pub(crate) expires: u64,
    /// The messages, each behind two bytes of length.
    pub(crate) said: Vec<u8>,
}

/// What a turn makes of a place. `kept` is what is there, over or not, and `open` how many are.
///
/// # Errors
/// `NotFound` alike for what is unknown, over, somebody else's; `Exists`, `Conflict`,
/// `BatchTooLarge`; busy if there are too many places.
pub(crate) fn judge(
    turn: &Turn,
    kept: Option<Place>,
    open: u64,
) -> Result<(Option<Place>, Told), LogError> {
    let kept = kept.filter(|place| turn.now < place.expires);
    let not_found = || LogError::refused(Code::NotFound, 0);
    let ticket = turn.ticket.0;
    match (&turn.wish, kept) {
        (Wish::Await { message }, None) => {
            if open >= PLACES {
                return Err(LogError::Busy("many devices wait to be met".to_owned()));
            }
            let expires = turn.now.saturating_add(RENDEZVOUS_MILLIS);
            let mut place = Place { new: ticket, taker: None, expires, said: Vec::new() };
            place.say(0, message)?;
            Ok(place.told(Vec::new(), true))
        }
        (Wish::Await { message }, Some(place)) if place.new == ticket => {
            if place.message(0) == Some(message) {
                return Ok(place.told(Vec::new(), false));
            }
            Err(LogError::refused(Code::Conflict, 0))
        }
        (Wish::Await { .. }, Some(_)) => Err(LogError::refused(Code::Exists, 0)),
        (Wish::Meet, Some(place)) if place.taker.is_none_or(|taker| taker == ticket) => {
            let offered = place.message(0).unwrap_or_default().to_vec();
            let taken = place.taker.is_none();
            Ok(Place { taker: Some(ticket), ..place }.told(offered, taken))
        }
        (Wish::Say { number, message }, Some(mut place)) => {
            let side = place.side(ticket).ok_or_else(not_found)?;
            if number % 2 != side || *number == 0 {
                return Err(not_found());
            }
            let said = place.say(*number, message)?;
            Ok(place.told(Vec::new(), said))
        }
        (Wish::Hear { number }, Some(place)) => {
            place.side(ticket).ok_or_else(not_found)?;
            let message = place.message(*number).unwrap_or_default().to_vec();
            Ok(place.told(message, false))
        }
        (Wish::Meet | Wish::Say { .. } | Wish::Hear { .. }, _) => Err(not_found()),
    }
}

impl Place {
    /// Which messages a ticket may say: those of this remainder.
    fn side(&self, ticket: [u8; 32]) -> Option<u64> {
        match ticket {
            ticket if ticket == self.new => Some(0),
            ticket if Some(ticket) == self.taker => Some(1),
            _ => None,
        }
    }

    fn messages(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = &self.said[..];
        std::iter::from_fn(move || {
            let (length, after) = rest.split_first_chunk()?;
            let (message, after) = after.split_at_checked(u16::from_be_bytes(*length).into())?;
            rest = after;
            Some(message)
        })
    }

    fn message(&self, number: u64) -> Option<&[u8]> {
        self.messages().nth(usize::try_from(number).unwrap_or(usize::MAX))
    }

    /// Takes a message in; `false` if it is there already.
    fn say(&mut self, number: u64, message: &[u8]) -> Result<bool, LogError> {
        let there = self.messages().count() as u64;
        let conflict = LogError::refused(Code::Conflict, there);
        match self.message(number) {
            Some(said) if said == message => return Ok(false),
            None if number == there && number < RENDEZVOUS_MESSAGES => {}
            _ => return Err(conflict),
        }
        let bytes = self.messages().map(<[u8]>::len).sum::<usize>() + message.len();
        let length = u16::try_from(message.len()).ok().filter(|_| bytes <= RENDEZVOUS_BYTES);
        let Some(length) = length else {
            return Err(LogError::refused(Code::BatchTooLarge, RENDEZVOUS_BYTES as u64));
        };
        self.said.extend(length.to_be_bytes());
        self.said.extend_from_slice(message);
        Ok(true)
    }

    /// The place to be written, if it has changed, and the answer.
    fn told(self, message: Vec<u8>, changed: bool) -> (Option<Self>, Told) {
        let told = Told { message, expires: self.expires };
        (changed.then_some(self), told)
    }
}
