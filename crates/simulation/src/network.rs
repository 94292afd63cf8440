//! What the network makes of a request and of its answer.

use thoughtstream_core::session::Reply;
use thoughtstream_core::wire::{Body, Page};
use thoughtstream_disk::Chance;

/// How bad the network is: one in so many, and the longest way in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Network {
    pub loses: usize,
    pub truncates: usize,
    pub tampers: usize,
    pub doubles: usize,
    pub slowest: usize,
}

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Well,
    /// It never gets there.
    RequestLost,
    /// It is carried out, and nobody hears of it.
    ReplyLost,
    /// Given up by the device, it gets there after all, behind later ones.
    Late,
    /// It gets there twice; so does the answer.
    Double,
    Truncated,
    /// Somebody on the way leaves a change out.
    Tampered,
}

impl Network {
    /// One that does what it should.
    pub const GOOD: Self = Self {
        loses: usize::MAX,
        truncates: usize::MAX,
        tampers: usize::MAX,
        doubles: usize::MAX,
        slowest: 50,
    };

    /// Rolls the dice for a request.
    pub fn fate(&self, chance: &mut Chance) -> Fate {
        if self.loses == usize::MAX {
            return Fate::Well;
        }
        if chance.one_in(self.loses) {
            return [Fate::RequestLost, Fate::ReplyLost, Fate::Late][chance.below(3)];
        }
        if chance.one_in(self.truncates) {
            return Fate::Truncated;
        }
        if chance.one_in(self.doubles) {
            return Fate::Double;
        }
        if chance.one_in(self.tampers) { Fate::Tampered } else { Fate::Well }
    }

    /// How long one way takes.
    pub fn way(&self, chance: &mut Chance) -> i64 {
        1 + chance.below(self.slowest) as i64
    }
}

/// An answer that broke off.
#[must_use]
pub fn truncated(reply: Reply, chance: &mut Chance) -> Reply {
    match reply {
        Reply::Answer { status, mut body, retry_after } => {
            body.truncate(chance.below(body.len()));
            Reply::Answer { status, body, retry_after }
        }
        Reply::Unreachable | Reply::Blocked => reply,
    }
}

/// A page out of which a change was taken, so that nothing but the chain tells.
#[must_use]
pub fn tampered(reply: Reply, chance: &mut Chance) -> Reply {
    let Reply::Answer { status: 200, body, retry_after } = &reply else { return reply };
    let Ok(mut page) = Page::decode(body) else { return reply };
    if page.changes.is_empty() {
        return reply;
    }
    page.changes.remove(chance.below(page.changes.len()));
    page.head -= 1;
    Reply::Answer { status: 200, body: page.encode(), retry_after: *retry_after }
}
