//! Stamps: one text, one order, and a clock that never goes back and never refuses.

use crate::support::{DEVICE, NOW};
use proptest::prelude::*;
use thoughtstream_core::clock::{Clock, MILLIS_MAX, Stamp};
use thoughtstream_core::date::Instant;
use thoughtstream_core::id::DeviceId;

fn any_stamp() -> impl Strategy<Value = Stamp> {
    // Neighbours in time are as likely as strangers, and so are the edges.
    let millis = prop_oneof![0..=MILLIS_MAX, NOW.0..NOW.0 + 3, Just(0), Just(MILLIS_MAX)];
    let counter = prop_oneof![any::<u16>(), 0..3_u16, Just(u16::MAX)];
    let device = prop_oneof![any::<[u8; 8]>(), Just(DEVICE.0)];
    (millis, counter, device)
        .prop_map(|(millis, counter, device)| stamp(millis, counter, DeviceId(device)))
}

fn stamp(millis: i64, counter: u16, device: DeviceId) -> Stamp {
    Stamp::new(millis, counter, device).unwrap()
}

proptest! {
    #[test]
    fn text_and_value_are_one(stamp in any_stamp()) {
        let text = stamp.to_string();
        prop_assert_eq!(text.len(), Stamp::LEN);
        prop_assert_eq!(text.parse::<Stamp>(), Ok(stamp));
    }

    #[test]
    fn the_order_of_texts_is_the_order_of_values(a in any_stamp(), b in any_stamp()) {
        prop_assert_eq!(a.to_string().cmp(&b.to_string()), a.cmp(&b));
    }

    #[test]
    fn a_stamp_has_one_spelling(stamp in any_stamp(), at in 0..Stamp::LEN, bit in 0..8_u32) {
        let mut bytes = stamp.to_string().into_bytes();
        bytes[at] ^= 1_u8 << bit;
        // What can still be read is another stamp, whose text this is to the letter.
        if let Some(other) = String::from_utf8(bytes).ok().filter(|text| text.is_ascii())
            && let Ok(read) = other.parse::<Stamp>()
        {
            prop_assert_eq!(read.to_string(), other);
            prop_assert_ne!(read, stamp);
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}", digits in "[-+0-9a-fA-FTZ:.]{44,48}") {
        for text in [text, digits] {
            if let Ok(stamp) = text.parse::<Stamp>() {
                prop_assert_eq!(stamp.to_string(), text);
            }
        }
    }

    /// Whatever the system clock says and whatever other devices send.
    #[test]
    fn a_clock_only_goes_forward(
        nows in proptest::collection::vec(any::<i64>(), 1..40),
        remotes in proptest::collection::vec(any_stamp(), 40),
    ) {
        let mut clock = Clock::new(DEVICE);
        for (now, remote) in nows.into_iter().zip(remotes) {
            let before = clock.last();
            let made = clock.stamp(Instant(now));
            // The last millisecond of the year 9999 is the one place where a clock stands still.
            prop_assert!(made > before || before.millis() == MILLIS_MAX);
            prop_assert!(made.counter() >= before.counter() || made.millis() > before.millis());
            prop_assert_eq!(made.device(), DEVICE);
            let last = clock.last().max(remote);
            clock.observe(remote);
            prop_assert_eq!(clock.last(), last);
        }
    }
}

#[test]
fn other_spellings_are_refused() {
    let good = "2026-04-24T16:00:00.000Z-0001-9f3c2a7be01d4c55";
    assert_eq!(good.parse::<Stamp>().unwrap().to_string(), good);
    let bad = [
        "",
        "2026-04-24T16:00:00.000Z-0001-9f3c2a7be01d4c5",
        "2026-04-24T16:00:00.000Z-0001-9f3c2a7be01d4c555",
        "2026-04-24T16:00:00.000Z-0001-9F3C2A7BE01D4C55",
        "2026-04-24T16:00:00.000Z-000A-9f3c2a7be01d4c55",
        "2026-04-24T16:00:00.000z-0001-9f3c2a7be01d4c55",
        "2026-04-24t16:00:00.000Z-0001-9f3c2a7be01d4c55",
        "2026-04-24 16:00:00.000Z-0001-9f3c2a7be01d4c55",
        "+026-04-24T16:00:00.000Z-0001-9f3c2a7be01d4c55",
        "2026-04-24T+6:00:00.000Z-0001-9f3c2a7be01d4c55",
        "2026-04-24T16:-0:00.000Z-0001-9f3c2a7be01d4c55",
        "2026-04-24T16:00:00.000Z-+001-9f3c2a7be01d4c55",
        "2026-04-24T24:00:00.000Z-0001-9f3c2a7be01d4c55",
        "2026-04-24T16:60:00.000Z-0001-9f3c2a7be01d4c55",
        "2026-04-24T16:00:60.000Z-0001-9f3c2a7be01d4c55",
        "2026-02-30T16:00:00.000Z-0001-9f3c2a7be01d4c55",
        "1969-12-31T23:59:59.999Z-0001-9f3c2a7be01d4c55",
        "2026-04-24T16:00:00,000Z-0001-9f3c2a7be01d4c55",
        "2026-04-24T16:00:00.000Z_0001-9f3c2a7be01d4c55",
        "2026-04-24T16:00:00.0é0Z-001-9f3c2a7be01d4c55",
    ];
    for text in bad {
        assert!(text.parse::<Stamp>().is_err(), "“{text}” was read");
    }
}

#[test]
fn sqlite_orders_as_rust_does() {
    let mut runner = proptest::test_runner::TestRunner::default();
    let conn = rusqlite::Connection::open_in_memory().unwrap();
    conn.execute("CREATE TABLE stamps (stamp TEXT NOT NULL)", []).unwrap();
    let stamps = proptest::collection::vec(any_stamp(), 1..200);
    let law = |mut stamps: Vec<Stamp>| {
        conn.execute("DELETE FROM stamps", []).unwrap();
        let mut insert = conn.prepare("INSERT INTO stamps VALUES (?1)").unwrap();
        for stamp in &stamps {
            insert.execute([stamp.to_string()]).unwrap();
        }
        let mut select = conn.prepare("SELECT stamp FROM stamps ORDER BY stamp").unwrap();
        let rows = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let by_sqlite: Vec<Stamp> = rows.map(|text| text.unwrap().parse().unwrap()).collect();
        stamps.sort();
        prop_assert_eq!(by_sqlite, stamps);
        Ok(())
    };
    runner.run(&stamps, law).unwrap();
}

/// How far the system clock is at the n-th write.
type Journey = fn(i64) -> i64;

/// Each pair: how far the system clock is at the n-th of a hundred thousand writes.
#[test]
fn a_clock_that_jumps_or_stops() {
    const HOUR: i64 = 3_600_000;
    let journeys: [(&str, Journey); 4] = [
        ("stands still", |_| 0),
        ("goes back an hour half-way", |n| n - if n > 50_000 { HOUR } else { 0 }),
        ("ten years forward and back", |n| n + if n == 10 { 3650 * 24 * HOUR } else { 0 }),
        ("runs backwards", |n| -n),
    ];
    for (name, offset) in journeys {
        let mut clock = Clock::new(DEVICE);
        let mut last = clock.last();
        for n in 0..100_000 {
            let made = clock.stamp(Instant(NOW.0 + offset(n)));
            assert!(made > last, "{name}: {made} after {last}");
            last = made;
        }
        // The counter carries into the millisecond, so the clock hardly leaves the time.
        let furthest = (0..100_000).map(offset).max().unwrap();
        assert!(last.millis() <= NOW.0 + furthest + 2, "{name}");
    }
}

#[test]
fn a_full_counter_moves_the_millisecond() {
    let mut clock = Clock::resume(DEVICE, stamp(NOW.0, u16::MAX, DEVICE));
    assert_eq!(clock.stamp(NOW), stamp(NOW.0 + 1, 0, DEVICE));
}

#[test]
fn the_end_of_time() {
    let mut clock = Clock::resume(DEVICE, stamp(MILLIS_MAX, u16::MAX - 1, DEVICE));
    let last = stamp(MILLIS_MAX, u16::MAX, DEVICE);
    for _ in 0..3 {
        assert_eq!(clock.stamp(Instant(i64::MAX)), last, "it stands still, and does not fall back");
    }
}
