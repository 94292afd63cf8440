//! Where a new device meets one of a vault: four short messages, each way in turn.

use super::codec::fields;
use super::keys::Secret;
use crate::id::RendezvousId;

/// How long two devices may take to meet and to part, in milliseconds.
pub const RENDEZVOUS_MILLIS: u64 = 120_000;
/// Bytes of all messages together.
pub const RENDEZVOUS_BYTES: usize = 4_096;
/// Messages: the new device's have even numbers, the other one's odd ones.
pub const RENDEZVOUS_MESSAGES: u64 = 4;

fields! {
    /// `POST /v1/rendezvous`: a new device waits here to be met.
    body Await {
        id: RendezvousId,
        /// Random, chosen by the device: whoever has it speaks for it here.
        ticket: Secret,
        /// Message 0.
        message: Vec<u8>,
    }
}

fields! {
    /// The answer to an `Await`.
    body Awaited {
        /// Milliseconds since 1970 by the sequencer's clock.
        expires: u64,
    }
}

fields! {
    /// `POST /v1/rendezvous/meet`: one device, once.
    body Meet {
        id: RendezvousId,
        ticket: Secret,
    }
}

fields! {
    /// The answer to a `Meet`.
    body Met {
        expires: u64,
        /// Message 0.
        message: Vec<u8>,
    }
}

fields! {
    /// `POST /v1/rendezvous/say`: the next message. The same one again changes nothing.
    body Say {
        id: RendezvousId,
        ticket: Secret,
        number: u64,
        message: Vec<u8>,
    }
}

fields! {
    /// `POST /v1/rendezvous/hear`
    body Hear {
        id: RendezvousId,
        ticket: Secret,
        number: u64,
    }
}

fields! {
    /// The answer to a `Hear`: empty while there is no message of that number.
    body Heard {
        message: Vec<u8>,
    }
}
