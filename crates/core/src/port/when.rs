//! When an entry was written, as other apps write it: a day, a day with a time, or an instant.

use crate::date::{Date, DateError, Instant, MILLIS_A_DAY, Moment, Time, TimeError, Zone, Zones};

/// What a date in a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// What the calendar and the clock showed, wherever that was.
    Wall { date: Date, time: Option<Time> },
    /// An instant and what the clocks showed then.
    Offset { date: Date, time: Time, seconds: i32 },
    /// An instant in UTC (`…Z`), which says nothing about the writer's clock.
    Utc(Instant),
}

/// Why a date or a time could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WhenError {
    #[error(transparent)]
    Date(#[from] DateError),
    #[error(transparent)]
    Time(#[from] TimeError),
}

/// Reads `2022-09-02`, `2022-09-02 20:50:30`, `2022-09-02T20:50:30.5Z` and `…+10:00`.
pub(crate) fn read(text: &str) -> Result<When, WhenError> {
    let text = text.trim();
    let (day, clock) = match text.split_at_checked(10) {
        Some((day, rest)) => (day, rest.strip_prefix(['T', 't', ' ']).unwrap_or(rest)),
        None => (text, ""),
    };
    let Ok(date) = day.parse::<Date>() else {
        return Err(DateError(text.chars().take(40).collect()).into());
    };
    if clock.is_empty() {
        return Ok(When::Wall { date, time: None });
    }
    let bad = || TimeError(clock.chars().take(40).collect());
    let (clock, seconds) = split_offset(clock.trim()).ok_or_else(bad)?;
    let time = read_time(clock)?;
    let wall = date.days_since_1970() * MILLIS_A_DAY + time.millis();
    Ok(match seconds {
        None => When::Wall { date, time: Some(time) },
        Some(Offset::Utc) => When::Utc(Instant(wall)),
        Some(Offset::Seconds(seconds)) => When::Offset { date, time, seconds },
    })
}

/// Reads a time of day; digits after the millisecond are dropped, a leading zero may be missing.
pub(crate) fn read_time(text: &str) -> Result<Time, TimeError> {
    let text = text.trim();
    let padded = if text.find(':') == Some(1) { format!("0{text}") } else { text.into() };
    let digits_end = padded.bytes().all(|byte| byte.is_ascii_digit() || b":.".contains(&byte));
    let cut = if digits_end { padded.get(..12).unwrap_or(&padded) } else { &padded };
    cut.parse().map_err(|_| TimeError(text.chars().take(40).collect()))
}

enum Offset {
    Utc,
    Seconds(i32),
}

/// Separates the offset from a clock's time; `None` if there is one that makes no sense.
fn split_offset(clock: &str) -> Option<(&str, Option<Offset>)> {
    if let Some(clock) = clock.strip_suffix(['Z', 'z']) {
        return Some((clock, Some(Offset::Utc)));
    }
    let Some(at) = clock.rfind(['+', '-', '\u{2212}']) else {
        return Some((clock, None));
    };
    let (time, offset) = clock.split_at(at);
    let sign = if offset.starts_with('+') { 1 } else { -1 };
    let digits: String = offset.chars().skip(1).filter(|c| *c != ':').collect();
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i32 = format!("{digits:0<4}").parse().ok()?;
    let (hours, minutes) = (number / 100, number % 100);
    let valid = hours < 24 && minutes < 60;
    valid.then_some((time, Some(Offset::Seconds(sign * (hours * 3600 + minutes * 60)))))
}

/// A moment as an arrival holds it: the instant is there only if the file knew it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) date: Date,
    pub(crate) time: Option<Time>,
    pub(crate) zone: Zone,
    pub(crate) instant: Option<Instant>,
}

/// Settles date, time, zone and instant; `zone` is the one the file names, `default` stands in.
pub(crate) fn resolve(
    when: When,
    zone: Option<Zone>,
    default: &Zone,
    zones: &dyn Zones,
) -> Resolved {
    match when {
        When::Wall { date, time } => {
            Resolved { date, time, zone: zone.unwrap_or_else(|| default.clone()), instant: None }
        }
        When::Utc(instant) => at(instant, zone.unwrap_or_else(|| default.clone()), zones),
        When::Offset { date, time, seconds } => {
            let wall = date.days_since_1970() * MILLIS_A_DAY + time.millis();
            let instant = Instant(wall - i64::from(seconds) * 1000);
            let zone = zone.unwrap_or_else(|| zone_of(seconds, instant, default, zones));
            at(instant, zone, zones)
        }
    }
}

fn at(instant: Instant, zone: Zone, zones: &dyn Zones) -> Resolved {
    let Moment { date, time, zone, instant } = Moment::at(instant, zone, zones);
    Resolved { date, time, zone, instant: Some(instant) }
}

/// The zone for an offset without a name: the default if its clocks showed the same, else one of
/// the zones named after offsets, so that the entry stays on the day its writer gave it.
fn zone_of(seconds: i32, instant: Instant, default: &Zone, zones: &dyn Zones) -> Zone {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    // `Etc/GMT-10` is ten hours ahead: POSIX counts westwards.
    let west = if seconds < 0 { '+' } else { '-' };
    let named = [
        default.clone(),
        Zone(format!("Etc/GMT{west}{hours}")),
        Zone(format!("{sign}{hours:02}:{minutes:02}")),
    ];
    let fits = |zone: &Zone| zones.offset_seconds(zone, instant) == Some(seconds);
    named.into_iter().find(fits).unwrap_or_else(|| default.clone())
}
