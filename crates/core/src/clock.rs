//! The Hybrid Logical Clock: `Stamp`, the value in every `modified_at`, and `Clock`, which makes
//! them.
//!
//! A stamp is text of fixed width whose order of bytes is the order of time:
//! `2026-04-24T16:00:00.000Z-0001-9f3c2a7be01d4c55` = UTC with three millisecond digits, a counter
//! of four hex digits, the device. SQLite compares it with BINARY, PostgreSQL with `COLLATE "C"`,
//! and Rust field by field; the three orders are the same.
//!
//! After Kulkarni et al., "Logical Physical Clocks" (2014), with one difference: when the counter
//! of a millisecond is used up, the millisecond moves on by one instead of refusing the write.

use crate::date::{Instant, MILLIS_A_DAY};
use crate::id::DeviceId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The last millisecond that has four digits for its year: 9999-12-31T23:59:59.999Z.
pub const MILLIS_MAX: i64 = 253_402_300_799_999;

/// One moment of one device's Hybrid Logical Clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    // The order of the fields is the order of stamps.
    millis: i64,
    counter: u16,
    device: DeviceId,
}

/// A text that is not a stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a stamp: 2026-04-24T16:00:00.000Z-0001-9f3c2a7be01d4c55 shows the form")]
pub struct StampError;

impl Stamp {
    /// Length of a stamp's text in bytes.
    pub const LEN: usize = 46;

    /// Builds a stamp from its parts; `None` if `millis` (UTC, since 1970) is outside 1970-9999.
    #[must_use]
    pub fn new(millis: i64, counter: u16, device: DeviceId) -> Option<Self> {
        (0..=MILLIS_MAX).contains(&millis).then_some(Self { millis, counter, device })
    }

    /// The stamp in 16 bytes, whose order is the order of stamps as well: milliseconds (6 bytes,
    /// the greatest first), counter (2), device (8).
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&(self.millis << 16).to_be_bytes());
        bytes[6..8].copy_from_slice(&self.counter.to_be_bytes());
        bytes[8..].copy_from_slice(&self.device.0);
        bytes
    }

    /// The stamp of those 16 bytes; `None` if its time is after the year 9999.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
        let [a, b, c, d, e, f, high, low, device @ ..] = bytes;
        let millis = i64::from_be_bytes([0, 0, a, b, c, d, e, f]);
        Self::new(millis, u16::from_be_bytes([high, low]), DeviceId(device))
    }

    /// Milliseconds since 1970, UTC.
    #[must_use]
    pub fn millis(&self) -> i64 {
        self.millis
    }

    /// Distinguishes stamps of one device within one millisecond.
    #[must_use]
    pub fn counter(&self) -> u16 {
        self.counter
    }

    /// The device that made this stamp.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        self.device
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, millis) = Instant(self.millis).utc_parts();
        let (s, ms) = (millis / 1000, millis % 1000);
        let (hours, minutes, seconds) = (s / 3600, s / 60 % 60, s % 60);
        write!(f, "{date}T{hours:02}:{minutes:02}:{seconds:02}.{ms:03}Z")?;
        write!(f, "-{:04x}-{}", self.counter, self.device)
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stamp({self})")
    }
}

impl FromStr for Stamp {
    type Err = StampError;

    fn from_str(text: &str) -> Result<Self, StampError> {
        read_stamp(text).filter(|stamp| stamp.to_string() == text).ok_or(StampError)
    }
}

/// Reads the parts by position; the caller prints the result again and compares, which refuses
/// every second spelling (signs, upper case, a 24th hour) in one stroke.
fn read_stamp(text: &str) -> Option<Stamp> {
    if text.len() != Stamp::LEN || !text.is_ascii() {
        return None;
    }
    let number = |from: usize, to: usize| text[from..to].parse::<i64>().ok();
    let date = text[..10].parse::<crate::date::Date>().ok()?;
    let time = number(11, 13)? * 3_600_000 + number(14, 16)? * 60_000;
    let millis = time + number(17, 19)? * 1000 + number(20, 23)?;
    let counter = u16::from_str_radix(&text[25..29], 16).ok()?;
    let device = text[30..].parse().ok()?;
    Stamp::new(date.days_since_1970() * MILLIS_A_DAY + millis, counter, device)
}

/// Makes the stamps of one device: each greater than every stamp it has made or seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    device: DeviceId,
    last: Stamp,
}

impl Clock {
    /// A clock that has seen nothing yet.
    #[must_use]
    pub fn new(device: DeviceId) -> Self {
        Self { device, last: Stamp { millis: 0, counter: 0, device } }
    }

    /// The clock as it was saved with its last row.
    #[must_use]
    pub fn resume(device: DeviceId, last: Stamp) -> Self {
        Self { device, last }
    }

    /// The greatest stamp made or seen so far: what has to be saved.
    #[must_use]
    pub fn last(&self) -> Stamp {
        self.last
    }

    /// The device whose stamps this clock makes.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// Stamps a local edit. Never refuses: a system clock that stands still or runs backwards
    /// only makes the counter run. (At the very end of the year 9999 the clock stands still.)
    pub fn stamp(&mut self, now: Instant) -> Stamp {
        let now = now.0.clamp(0, MILLIS_MAX);
        let (millis, counter) = if now > self.last.millis {
            (now, 0)
        } else if let Some(counter) = self.last.counter.checked_add(1) {
            (self.last.millis, counter)
        } else if self.last.millis < MILLIS_MAX {
            (self.last.millis + 1, 0)
        } else {
            (MILLIS_MAX, u16::MAX)
        };
        self.last = Stamp { millis, counter, device: self.device };
        self.last
    }

    /// Takes note of another device's stamp, winner or loser: the next local one is greater.
    pub fn observe(&mut self, remote: Stamp) {
        self.last = self.last.max(remote);
    }
}
