//! Pauses between attempts: twice as long each time, and never for all devices at once.

use crate::date::Instant;

const FIRST_MS: i64 = 1_000;
const LONGEST_MS: i64 = 5 * 60_000;

/// How often it failed in a row, and until when to wait.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
    until: Option<Instant>,
}

impl Backoff {
    /// Milliseconds that are still to wait, if any. A clock that was set back does not make it
    /// longer than the longest pause.
    pub(super) fn pause(&self, now: Instant) -> Option<u32> {
        let left = self.until?.0.saturating_sub(now.0).min(2 * LONGEST_MS);
        u32::try_from(left).ok().filter(|left| *left > 0)
    }

    /// The pause is over, whatever the clock says.
    pub(super) fn end_pause(&mut self) {
        self.until = None;
    }

    /// Notes a failure. The pause is between half and the whole of 1, 2, 4 … seconds, and at
    /// least what the sequencer asked for.
    pub(super) fn fail(&mut self, now: Instant, least_seconds: Option<u32>, chance: u32) {
        let whole = LONGEST_MS.min(FIRST_MS << self.failures.min(20));
        let part = whole / 2 * i64::from(chance % 1_024) / 1_024;
        let least = least_seconds.map_or(0, |seconds| i64::from(seconds) * 1_000);
        let pause = (whole / 2 + part).max(least.min(LONGEST_MS));
        self.failures = self.failures.saturating_add(1);
        self.until = Some(Instant(now.0.saturating_add(pause)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_end() {
        let mut backoff = Backoff::default();
        let now = Instant(1_000_000);
        assert_eq!(backoff.pause(now), None);
        let pauses = [0, 0, 0, 0].map(|chance| {
            backoff.fail(now, None, chance);
            backoff.pause(now)
        });
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000].map(Some));
        for _ in 0..40 {
            backoff.fail(now, None, 1_023);
        }
        assert!(backoff.pause(now).is_some_and(|pause| i64::from(pause) <= LONGEST_MS));
        assert_eq!(backoff.pause(Instant(now.0 + LONGEST_MS)), None);
    }

    #[test]
    fn the_sequencer_may_ask_for_more() {
        let mut backoff = Backoff::default();
        backoff.fail(Instant(0), Some(30), 7);
        assert_eq!(backoff.pause(Instant(0)), Some(30_000));
    }
}
