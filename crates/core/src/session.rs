//! The session with a sequencer, without a network in it: what to ask next, and what an answer
//! means for what comes after.
//!
//! One request is under way at a time. In order: make or join the vault, log in, learn which
//! devices there are, pull until nothing is new, push until nothing waits, pull what comes back;
//! then listen, and begin again when the sequencer nudges or something was written. Whatever
//! fails is tried again later, after a pause that doubles; what cannot be mended by waiting stops
//! the session until the person asks to go on.

mod backoff;
mod login;
mod reply;

pub use login::{Entrance, Login};
pub use reply::{Method, Outcome, Reply, Request};

use crate::date::Instant;
use crate::id::DeviceId;
use crate::message::SyncTrouble;
use crate::wire::Limits;
use backoff::Backoff;
use std::collections::BTreeSet;

/// How long after the last word of the sequencer it is asked again when it does not nudge.
const POLL_MS: u32 = 5 * 60_000;
/// How long a live stream may be silent; the sequencer says something every 20 seconds.
const SILENT_MS: i64 = 50_000;

/// What the session knows between two requests.
#[derive(Debug, Default)]
pub struct Session {
    /// The vault is still being made or joined.
    pub entrance: Option<Entrance>,
    pub login: Login,
    pub limits: Option<Limits>,
    /// The list of devices has been read since logging in.
    pub manifest_read: bool,
    /// How often it was read again for a device that is on the key ring alone.
    pub ring_looks: u8,
    /// The key ring is to be read: a row of an unknown epoch has come, or another list of devices.
    pub keyring_wanted: bool,
    /// The key ring was asked for because of the page that is asked for next.
    pub epoch_asked: bool,
    /// Another key ring has to be put in force.
    pub ring_due: bool,
    /// The sequencer knows the new recovery words.
    pub words_told: bool,
    /// The list of devices is to be changed.
    pub relist: bool,
    /// Devices that are to be put out.
    pub going: BTreeSet<DeviceId>,
    /// This device is leaving.
    pub leaving: bool,
    /// Nothing is under way, and a pull may bring something.
    pub pull_wanted: bool,
    pub live: Live,
    pub stopped: Option<SyncTrouble>,
    backoff: Backoff,
    /// The number of the request that is under way.
    under_way: Option<u64>,
    last_number: u64,
    pub unreachable: bool,
    /// What is being done, for the screen: rows in and out, of so many.
    pub progress: Option<(u64, u64)>,
    /// When the sequencer answered as it should, for the last time.
    pub polled_at: Option<Instant>,
    /// The pause that was asked for last, and how long all of them were since the sequencer was
    /// last heard, in milliseconds: a clock that stands still must not stop everything.
    wished: u32,
    slept: i64,
    /// The last login was refused: once may be a challenge that grew old on its way.
    pub refused: bool,
}

/// The stream by which the sequencer nudges.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    #[default]
    Closed,
    /// Under this number, heard last at that time.
    Open { number: u64, heard: Instant },
}

/// What the session wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Enter,
    AskLimits,
    AskChallenge,
    AskToken,
    ReadManifest,
    /// Put a list of devices in force that has a new one, or another name.
    Relist,
    /// Put a list of devices in force on which some are retired.
    Retire,
    ReadKeyring,
    RenewRing,
    Pull,
    Push,
    Listen,
    /// Ask again after so many milliseconds.
    Wait(u32),
    /// Nothing until something happens.
    Rest,
}

impl Session {
    /// A session with a vault that is made; it pulls first.
    #[must_use]
    pub fn new() -> Self {
        Self::default().with_vault()
    }

    /// The same, with a vault: what is there is wanted.
    #[must_use]
    pub fn with_vault(self) -> Self {
        Self { pull_wanted: true, ..self }
    }

    /// An empty session that does not take answers meant for this one.
    #[must_use]
    pub fn successor(&self) -> Self {
        Self { last_number: self.last_number, ..Self::default() }
    }

    /// What to do now; `waiting` is whether anything is to be sent.
    #[must_use]
    pub fn next(&self, now: Instant, waiting: bool) -> Step {
        if self.under_way.is_some() || self.stopped.is_some() {
            return Step::Rest;
        }
        if let Some(pause) = self.backoff.pause(now) {
            return Step::Wait(pause);
        }
        if self.limits.is_none() {
            return Step::AskLimits;
        }
        if self.entrance.is_some() {
            return Step::Enter;
        }
        if let Some(step) = self.login.next(now) {
            return step;
        }
        if !self.manifest_read {
            return Step::ReadManifest;
        }
        if self.relist && !self.leaving {
            return Step::Relist;
        }
        if self.leaving || !self.going.is_empty() {
            return Step::Retire;
        }
        if self.keyring_wanted {
            return Step::ReadKeyring;
        }
        if self.ring_due {
            return Step::RenewRing;
        }
        if self.pull_wanted {
            return Step::Pull;
        }
        if waiting {
            return Step::Push;
        }
        self.at_rest(now)
    }

    fn at_rest(&self, now: Instant) -> Step {
        match self.live {
            Live::Closed => Step::Listen,
            Live::Open { .. } => {
                let polled = self.polled_at.map_or(0, |at| self.since(at, now));
                let left = i64::from(POLL_MS).saturating_sub(polled);
                Step::Wait(u32::try_from(left.max(1_000)).unwrap_or(POLL_MS))
            }
        }
    }

    /// Milliseconds since `at`, by the clock or by the pauses that were slept.
    fn since(&self, at: Instant, now: Instant) -> i64 {
        apart(now, at).max(self.slept)
    }

    /// Notes the pause that is asked for.
    pub fn wish(&mut self, after_ms: u32) {
        self.wished = after_ms;
    }

    /// Takes a number for the next request.
    pub fn begin(&mut self) -> u64 {
        self.last_number += 1;
        self.under_way = Some(self.last_number);
        self.last_number
    }

    /// Takes a number for a request beside the session's own.
    pub fn begin_beside(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Whether the words are in step, as far as the sequencer has told: logged in, nothing under
    /// way, listening.
    #[must_use]
    pub fn is_in_step(&self) -> bool {
        let quiet = self.under_way.is_none() && self.stopped.is_none() && !self.pull_wanted;
        quiet && !self.unreachable && matches!(self.live, Live::Open { .. })
    }

    /// Takes a number for the live stream.
    pub fn begin_listening(&mut self, now: Instant) -> u64 {
        self.last_number += 1;
        self.live = Live::Open { number: self.last_number, heard: now };
        self.last_number
    }

    /// Whether the answer of this number is the one that is waited for; from now on none is.
    pub fn take(&mut self, number: u64) -> bool {
        self.under_way.take_if(|under_way| *under_way == number).is_some()
    }

    /// Whether a piece of this number is of the stream that is open.
    pub fn hears(&mut self, number: u64, now: Instant) -> bool {
        match &mut self.live {
            Live::Open { number: open, heard } if *open == number => {
                *heard = now;
                self.slept = 0;
                true
            }
            _ => false,
        }
    }

    /// The sequencer has answered as it should.
    pub fn succeeded(&mut self, now: Instant) {
        self.backoff = Backoff::default();
        self.unreachable = false;
        self.slept = 0;
        self.polled_at = Some(now);
    }

    /// The request came to nothing: it is made again after a pause of at least `least` seconds.
    /// `chance` spreads devices that failed together.
    pub fn failed(&mut self, now: Instant, least: Option<u32>, chance: u32) {
        self.backoff.fail(now, least, chance);
        self.progress = None;
    }

    /// Nobody answered.
    pub fn unreached(&mut self, now: Instant, chance: u32) {
        self.unreachable = true;
        self.live = Live::Closed;
        self.failed(now, None, chance);
    }

    /// The token is not good any more. The limits are asked for again as well: it may be another
    /// sequencer by now, with another name to sign, or the clock may have jumped.
    pub fn log_in_again(&mut self) {
        self.login = Login::default();
        self.limits = None;
        self.manifest_read = false;
        self.live = Live::Closed;
    }

    /// It does not go on until the person says so.
    pub fn stop(&mut self, trouble: SyncTrouble) {
        self.stopped = Some(trouble);
        self.live = Live::Closed;
        self.progress = None;
    }

    /// The person, or news from the network, asks to try at once. Who may come in is asked again,
    /// too.
    pub fn hurry(&mut self) {
        self.stopped = None;
        self.backoff = Backoff::default();
        self.look_for_news();
    }

    fn look_for_news(&mut self) {
        self.pull_wanted = true;
        self.manifest_read = false;
        self.keyring_wanted = true;
    }

    /// This device goes: whatever is under way does not matter any more.
    pub fn leave(&mut self) {
        self.under_way = None;
        self.live = Live::Closed;
        self.leaving = true;
        self.hurry();
    }

    /// Whether this device was about to leave and the sequencer cannot be told now.
    #[must_use]
    pub fn has_left_in_vain(&self, step: Step) -> bool {
        self.leaving && (self.stopped.is_some() || matches!(step, Step::Wait(_)))
    }

    /// A timer has run out: it may be time to ask again, or the stream may have died in silence.
    pub fn look_around(&mut self, now: Instant) {
        self.backoff.end_pause();
        self.slept = self.slept.saturating_add(i64::from(std::mem::take(&mut self.wished)));
        if let Live::Open { heard, .. } = self.live
            && self.since(heard, now) > SILENT_MS
        {
            self.live = Live::Closed;
            self.pull_wanted = true;
        }
        let due = |at: Instant| self.since(at, now) >= i64::from(POLL_MS);
        if self.polled_at.is_some_and(due) {
            self.look_for_news();
        }
    }
}

/// Milliseconds between two readings of a clock that may have been set back meanwhile: a wait that
/// ends by it must not last until the old time comes again.
fn apart(now: Instant, then: Instant) -> i64 {
    now.0.saturating_sub(then.0).saturating_abs()
}
