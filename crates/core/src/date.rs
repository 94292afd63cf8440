//! Days, times and zones: when an entry was written, as its writer's calendar and clock said it.
//!
//! An entry keeps three things (`Moment`): the local date, which never changes by travelling; the
//! IANA zone it was written in; and the instant in UTC. The rules of the zones themselves are not
//! in this crate: the browser has them, and hands them in as [`Zones`].

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Milliseconds in a day of 24 hours.
pub const MILLIS_A_DAY: i64 = 86_400_000;

/// Julian day of 1970-01-01.
const JULIAN_1970: i64 = 2_440_588;

/// Milliseconds since 1970-01-01T00:00Z; negative before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant(pub i64);

impl Instant {
    /// The date in UTC and the milliseconds since its midnight; dates outside the years 1-9999
    /// are moved to the nearest day inside.
    #[must_use]
    pub fn utc_parts(self) -> (Date, i64) {
        (Date::from_days(self.0.div_euclid(MILLIS_A_DAY)), self.0.rem_euclid(MILLIS_A_DAY))
    }
}

/// A text that is not a date that exists, between the years 1 and 9999.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a date that exists: write it as 2026-04-24")]
pub struct DateError(pub String);

/// A day of the calendar (proleptic Gregorian, years 1 to 9999), in no particular zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

impl Date {
    /// The day with these numbers, if there is one.
    #[must_use]
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = time::Month::try_from(month).ok()?;
        let date = time::Date::from_calendar_date(year, month, day).ok()?;
        (1..=9999).contains(&year).then_some(Self(date))
    }

    /// The day `days` after 1970-01-01 (before it, if negative), kept within the years 1-9999.
    #[must_use]
    pub fn from_days(days: i64) -> Self {
        let first = time::Date::from_ordinal_date(1, 1).expect("BUG: 0001-01-01 exists");
        let last = time::Date::from_ordinal_date(9999, 365).expect("BUG: 9999-12-31 exists");
        let julian = days
            .saturating_add(JULIAN_1970)
            .clamp(first.to_julian_day().into(), last.to_julian_day().into());
        let julian = i32::try_from(julian).expect("BUG: clamped to the years 1-9999");
        Self(time::Date::from_julian_day(julian).expect("BUG: clamped to the years 1-9999"))
    }

    /// Days since 1970-01-01; negative before.
    #[must_use]
    pub fn days_since_1970(self) -> i64 {
        i64::from(self.0.to_julian_day()) - JULIAN_1970
    }

    #[must_use]
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.0.month().into()
    }

    /// 1 to 31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.0.day()
    }

    /// Days since Monday: 0 to 6.
    #[must_use]
    pub fn weekday(self) -> u8 {
        self.0.weekday().number_days_from_monday()
    }

    /// The month this day is in.
    #[must_use]
    pub fn in_month(self) -> Month {
        Month { year: self.year(), month: self.month() }
    }

    /// The day `days` later (earlier, if negative).
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self::from_days(self.days_since_1970().saturating_add(days))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Date({self})")
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        read_date(text).ok_or_else(|| DateError(text.chars().take(40).collect()))
    }
}

fn read_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, byte)| match i {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shape {
        return None;
    }
    Date::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.days_since_1970().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self::from_days)
    }
}

/// A month of a year; orders by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month {
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
}

impl Month {
    /// Its first day.
    #[must_use]
    pub fn first(self) -> Date {
        Date::new(self.year, self.month, 1).unwrap_or_else(|| Date::from_days(i64::MIN))
    }

    /// The month after this one.
    #[must_use]
    pub fn next(self) -> Self {
        match self.month {
            12 => Self { year: self.year + 1, month: 1 },
            month => Self { year: self.year, month: month + 1 },
        }
    }

    /// The month before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        match self.month {
            1 => Self { year: self.year - 1, month: 12 },
            month => Self { year: self.year, month: month - 1 },
        }
    }

    /// How many days it has.
    #[must_use]
    pub fn days(self) -> u8 {
        let days = time::Month::try_from(self.month).map(|month| month.length(self.year));
        days.unwrap_or(31)
    }
}

/// A text that is not a time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a time of day: write it as 16:05, 16:05:30 or 16:05:30.250")]
pub struct TimeError(pub String);

/// A time of day on the writer's clock: milliseconds since midnight, less than 24 hours.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Time(u32);

impl Time {
    /// The time this many milliseconds after midnight, if the day is that long.
    #[must_use]
    pub fn from_millis(millis: i64) -> Option<Self> {
        let millis = u32::try_from(millis).ok()?;
        (i64::from(millis) < MILLIS_A_DAY).then_some(Self(millis))
    }

    /// Milliseconds since midnight.
    #[must_use]
    pub fn millis(self) -> i64 {
        i64::from(self.0)
    }

    /// Hour (0-23) and minute.
    #[must_use]
    pub fn hour_minute(self) -> (u8, u8) {
        let minutes = self.0 / 60_000;
        // Both are below 60, so nothing is cut off.
        ((minutes / 60) as u8, (minutes % 60) as u8)
    }
}

impl fmt::Display for Time {
    /// The shortest of `16:05`, `16:05:30` and `16:05:30.250` that loses nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute) = self.hour_minute();
        write!(f, "{hour:02}:{minute:02}")?;
        match (self.0 / 1000 % 60, self.0 % 1000) {
            (0, 0) => Ok(()),
            (seconds, 0) => write!(f, ":{seconds:02}"),
            (seconds, millis) => write!(f, ":{seconds:02}.{millis:03}"),
        }
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Time({self})")
    }
}

impl FromStr for Time {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        read_time(text).ok_or_else(|| TimeError(text.chars().take(40).collect()))
    }
}

fn read_time(text: &str) -> Option<Time> {
    let bytes = text.as_bytes();
    let shape = matches!(bytes.len(), 5 | 8 | 10..=12)
        && bytes.iter().enumerate().all(|(i, byte)| match i {
            2 | 5 => *byte == b':',
            8 => *byte == b'.',
            _ => byte.is_ascii_digit(),
        });
    if !shape {
        return None;
    }
    let number = |from: usize, to: usize| text[from..to].parse::<i64>().ok();
    let (hour, minute) = (number(0, 2)?, number(3, 5)?);
    let seconds = if bytes.len() >= 8 { number(6, 8)? } else { 0 };
    let fraction = if bytes.len() > 8 { format!("{:0<3}", &text[9..]).parse().ok()? } else { 0 };
    let valid = hour < 24 && minute < 60 && seconds < 60;
    let millis = hour * 3_600_000 + minute * 60_000 + seconds * 1000 + fraction;
    valid.then(|| Time::from_millis(millis)).flatten()
}

/// The IANA name of a zone, `Europe/London`; `UTC` where nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Zone(pub String);

impl Zone {
    /// The zone of last resort.
    #[must_use]
    pub fn utc() -> Self {
        Self("UTC".into())
    }
}

/// What the world's zones say: the browser's `Intl` in the app, a table in native tests.
pub trait Zones {
    /// Seconds to add to UTC to get what the clocks of `zone` show at `instant`; `None` for a
    /// zone that is not known.
    fn offset_seconds(&self, zone: &Zone, instant: Instant) -> Option<i32>;
}

/// When an entry was written: what the calendar and the clock on its writer's wall said, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    pub date: Date,
    /// `None` for an entry that belongs to a day as a whole.
    pub time: Option<Time>,
    pub zone: Zone,
    pub instant: Instant,
}

impl Moment {
    /// The moment `instant` as seen in `zone`; an unknown zone is read as UTC.
    #[must_use]
    pub fn at(instant: Instant, zone: Zone, zones: &dyn Zones) -> Self {
        let (offset, zone) = match zones.offset_seconds(&zone, instant) {
            Some(offset) => (offset, zone),
            None => (0, Zone::utc()),
        };
        let (date, millis) = Instant(instant.0 + i64::from(offset) * 1000).utc_parts();
        Self { date, time: Time::from_millis(millis), zone, instant }
    }

    /// The moment at which the clocks of `zone` show `date` and `time` (noon stands in for none).
    ///
    /// A time that happened twice (clocks set back) is the first of the two; a time that never
    /// happened (clocks set forward) is as long after midnight as it says, as calendars do.
    /// `None` for a zone that is not known.
    #[must_use]
    pub fn on(date: Date, time: Option<Time>, zone: Zone, zones: &dyn Zones) -> Option<Self> {
        let millis = time.map_or(MILLIS_A_DAY / 2, Time::millis);
        let wall = date.days_since_1970() * MILLIS_A_DAY + millis;
        let offset =
            |instant| Some(i64::from(zones.offset_seconds(&zone, Instant(instant))?) * 1000);
        let before = offset(wall - MILLIS_A_DAY)?;
        let after = offset(wall + MILLIS_A_DAY)?;
        let fits = |shift: i64| offset(wall - shift) == Some(shift);
        let shift = if !fits(before) && fits(after) { after } else { before };
        Some(Self { date, time, instant: Instant(wall - shift), zone })
    }
}
