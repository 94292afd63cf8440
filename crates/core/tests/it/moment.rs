//! Days, times and zones: what exists, what is read, and what the world's clocks did.

use crate::support::{SYDNEY, World, date, time, zone};
use proptest::prelude::*;
use thoughtstream_core::date::{Date, Instant, Moment, Month, Time};
use thoughtstream_core::message::Place;

const ZONES: [&str; 9] = [
    SYDNEY,
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Europe/London",
    "Africa/Casablanca",
    "Asia/Manila",
    "UTC",
];

proptest! {
    #[test]
    fn a_date_reads_as_it_is_written(days in -719_162_i64..=2_932_896) {
        let date = Date::from_days(days);
        prop_assert_eq!(date.days_since_1970(), days);
        prop_assert_eq!(date.to_string().parse::<Date>(), Ok(date));
        prop_assert_eq!(Place::first_on(date).date(), date);
        prop_assert!(Place::day(date).end <= Place::end_of(date.in_month()).0);
    }

    #[test]
    fn a_time_reads_as_it_is_written(millis in 0_i64..86_400_000, round in 0..3_usize) {
        let millis = [millis, millis / 1000 * 1000, millis / 60_000 * 60_000][round];
        let time = Time::from_millis(millis).unwrap();
        prop_assert_eq!(time.to_string().parse::<Time>(), Ok(time));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,14}", digits in "[-:.0-9é]{4,13}") {
        for text in [&text, &digits] {
            if let Ok(date) = text.parse::<Date>() {
                prop_assert_eq!(&date.to_string(), text);
            }
            if let Ok(time) = text.parse::<Time>() {
                prop_assert!(time.millis() < 86_400_000);
            }
        }
    }

    /// A moment's wall clock leads back to its instant, but for the hour that happens twice.
    #[test]
    fn a_moment_comes_back(
        instant in -62_000_000_000_000_i64..253_000_000_000_000,
        zone in proptest::sample::select(&ZONES[..]),
    ) {
        let seen = Moment::at(Instant(instant), crate::support::zone(zone), &World);
        let back = Moment::on(seen.date, seen.time, seen.zone.clone(), &World).unwrap();
        prop_assert_eq!((back.date, back.time), (seen.date, seen.time));
        let again = Moment::at(back.instant, back.zone.clone(), &World);
        prop_assert_eq!((again.date, again.time), (seen.date, seen.time), "the same wall clock");
        prop_assert!(back.instant <= seen.instant, "the first of two");
        prop_assert!(seen.instant.0 - back.instant.0 <= 3 * 3_600_000);
    }
}

#[test]
fn months_follow_each_other() {
    let mut month = date("0001-01-01").in_month();
    while month.year < 9999 || month.month < 12 {
        let (end, next) = (Place::end_of(month), month.next());
        assert_eq!(end, Place::first_on(next.first()), "{month:?}");
        assert_eq!(next.previous(), month);
        month = next;
    }
    assert!(Place::day(date("9999-12-31")).end <= Place::end_of(month).0);
    assert_eq!(Month { year: 2024, month: 2 }.days(), 29);
}

#[test]
fn days_that_do_not_exist() {
    let bad = [
        "2026-02-29",
        "2026-02-30",
        "2026-04-31",
        "2026-13-01",
        "2026-00-10",
        "2026-01-00",
        "0000-01-01",
        "1900-02-29",
        "26-04-24",
        "2026-4-24",
        "2026/04/24",
        "10000-01-01",
        "-001-01-01",
        "+026-01-01",
        "2026-04-24 ",
        "",
        "２０２６-04-24",
    ];
    for text in bad {
        let error = text.parse::<Date>().expect_err(text);
        assert!(error.to_string().contains("2026-04-24"), "it says how to write a date: {error}");
    }
    for text in ["24:00", "12:60", "12:00:60", "1:00", "12:0", "12:00:00.", "12.00", "12:00:00:0"] {
        assert!(text.parse::<Time>().is_err(), "“{text}” was read");
    }
    assert_eq!(time("16:05:30.25").to_string(), "16:05:30.250");
    assert_eq!(time("16:05:00.000").to_string(), "16:05");
}

/// What a wall clock said, and when that was in UTC.
#[test]
fn clocks_of_the_world() {
    let cases = [
        // An ordinary evening, just before midnight.
        (SYDNEY, "2026-04-24", "23:50", "2026-04-24T13:50:00Z"),
        // Spring forward: half past two never was, and is read as half past three.
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:30:00Z"),
        // Fall back: half past one was twice, and is read as the first.
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00Z"),
        // Lord Howe's summer is half an hour.
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45:00Z"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45:00Z"),
        // Apia slept from 29 to 31 December.
        ("Pacific/Apia", "2011-12-29", "23:59", "2011-12-30T09:59:00Z"),
        ("Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T22:00:00Z"),
        ("Pacific/Apia", "2011-12-31", "00:00", "2011-12-30T10:00:00Z"),
        ("Asia/Kathmandu", "2026-01-01", "00:00", "2025-12-31T18:15:00Z"),
        // Pepys's London had its own noon: 75 seconds after Greenwich's.
        ("Europe/London", "1660-01-01", "12:00", "1660-01-01T12:01:15Z"),
    ];
    for (name, day, clock, utc) in cases {
        let moment = Moment::on(date(day), Some(time(clock)), zone(name), &World).unwrap();
        let expected = utc.parse::<jiff::Timestamp>().unwrap().as_millisecond();
        assert_eq!(moment.instant, Instant(expected), "{name} {day} {clock}");
        assert_eq!((moment.date, moment.time), (date(day), Some(time(clock))), "as it was said");
    }
}

#[test]
fn an_unknown_zone() {
    let atlantis = || zone("Atlantic/Atlantis");
    assert_eq!(Moment::on(date("2026-04-24"), None, atlantis(), &World), None);
    let at = Moment::at(Instant(0), atlantis(), &World);
    assert_eq!((at.zone.0.as_str(), at.date), ("UTC", date("1970-01-01")));
}
