//! Requests and replies as values, and what a reply comes to.

use crate::wire::{Body, Code, Refusal};

/// What the loop is asked to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: Method,
    pub url: String,
    /// Behind `Authorization: Bearer`.
    pub token: Option<String>,
    pub body: Vec<u8>,
}

/// The methods that the protocol uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    Answer {
        status: u16,
        body: Vec<u8>,
        /// Seconds, of the header `Retry-After`.
        retry_after: Option<u32>,
    },
    /// No connection, or one that broke before the answer was whole.
    Unreachable,
    /// The rules of the page forbid to talk to that origin.
    Blocked,
}

/// What a reply comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T> {
    Done(T),
    /// Not now: try again after so many seconds, or after a pause of one's own.
    Later(Option<u32>),
    Refused(Refusal),
    /// It was not a sequencer that answered: something on the way did, or it is none at all.
    Unreachable,
    Blocked,
}

impl Reply {
    /// Reads the reply as the body that is expected.
    #[must_use]
    pub fn read<T: Body>(&self) -> Outcome<T> {
        let (status, body, retry_after) = match self {
            Self::Answer { status, body, retry_after } => (status, body, retry_after),
            Self::Unreachable => return Outcome::Unreachable,
            Self::Blocked => return Outcome::Blocked,
        };
        if *status == 200 {
            return T::decode(body).map_or(Outcome::Unreachable, Outcome::Done);
        }
        match Refusal::decode(body) {
            Ok(refusal) => match refusal.code {
                Code::TooMany | Code::Busy | Code::TooSlow | Code::Fault => {
                    Outcome::Later(*retry_after)
                }
                _ => Outcome::Refused(refusal),
            },
            Err(_) if matches!(status, 429 | 502 | 503 | 504) => Outcome::Later(*retry_after),
            Err(_) => Outcome::Unreachable,
        }
    }
}
