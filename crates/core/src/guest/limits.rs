//! When a visit ends by itself: nobody is there, the page is hidden, the time is up.

use super::visit::Visit;
use crate::date::Instant;
use crate::message::{GuestCommand, GuestEnding, GuestStanding};

/// Without a sign of anybody.
pub const IDLE_MS: i64 = 5 * 60_000;
/// How long before that the person is asked.
pub const WARNED_MS: i64 = 60_000;
/// With the page out of sight.
pub const HIDDEN_MS: i64 = 2 * 60_000;
/// How long before the end of the time it is said.
pub const LAST_MS: i64 = 2 * 60_000;

/// What ends a visit, as far as it is a matter of time.
#[derive(Debug)]
pub(super) struct Limits {
    ends: Instant,
    /// When somebody was last there.
    touched: Instant,
    hidden: Option<Instant>,
    /// The latest time that was told: a clock that is set back makes no visit longer.
    latest: Instant,
}

impl Limits {
    pub(super) fn new(now: Instant, ends: Instant) -> Self {
        Self { ends, touched: now, hidden: None, latest: now }
    }

    /// Takes note of what a command says about the person.
    pub(super) fn touch(&mut self, command: &GuestCommand, now: Instant) {
        self.latest = self.latest.max(now);
        match command {
            GuestCommand::Tick => {}
            GuestCommand::Seen(true) => self.hidden = None,
            GuestCommand::Seen(false) => self.hidden = self.hidden.or(Some(self.latest)),
            _ => self.touched = self.latest,
        }
    }

    /// Why the visit is over by now, if it is.
    pub(super) fn ending(&self, now: Instant) -> Option<GuestEnding> {
        let now = now.max(self.latest);
        if now >= self.ends {
            return Some(GuestEnding::TimeUp);
        }
        if self.hidden.is_some_and(|since| now.0 - since.0 >= HIDDEN_MS) {
            return Some(GuestEnding::Hidden);
        }
        (now.0 - self.touched.0 >= IDLE_MS).then_some(GuestEnding::Idle)
    }

    pub(super) fn standing(&self, visit: &Visit, now: Instant) -> GuestStanding {
        let now = now.max(self.latest);
        let idle = self.touched.0 + IDLE_MS - now.0;
        let over = self.ends.0 - now.0;
        GuestStanding {
            sent: visit.is_sent(),
            offline: visit.offline,
            finished: visit.finished,
            idle_in: seconds(idle, WARNED_MS),
            over_in: seconds(over, LAST_MS),
        }
    }
}

/// Whole seconds that are left, once they are few.
fn seconds(left: i64, few: i64) -> Option<u32> {
    (left <= few).then(|| u32::try_from((left + 999) / 1_000).unwrap_or(0))
}
