//! Export, wipe, import: equal, in both formats, whatever was written.

use super::support::{departure, export, import};
use crate::support::{World, any_mood, any_point};
use proptest::prelude::*;
use thoughtstream_core::date::{Instant, Moment, Zone};
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::{Colour, Departure, Location, Place};
use thoughtstream_core::port::export::Format;

/// Writes entries in both formats, reads them back and compares.
pub(crate) fn check(departures: &[Departure]) {
    for format in [Format::JsonLines, Format::Markdown] {
        let file = export(format, departures);
        let name = format!("a.{}", format.extension());
        let (arrivals, report) = import(&[(&name, file)]);
        assert_eq!((report.refused, report.left_out.len()), (0, 0), "{report}");
        let back: Vec<Departure> = arrivals.iter().map(departure).collect();
        assert_eq!(back.len(), departures.len());
        for (back, sent) in back.iter().zip(departures) {
            assert_eq!(back, sent, "{format:?}");
        }
    }
}

/// What formats of files take for something else, and what is more than one character.
const SPECIAL: [&str; 20] = [
    "\r\n",
    "\n",
    "---\n",
    "...\n",
    "\0",
    "\u{feff}",
    "\u{2028}",
    "\u{85}",
    "\u{7f}",
    " ",
    "\\",
    "\"",
    "'",
    ": ",
    "#",
    ",",
    "👩🏽‍🚀",
    "e\u{301}",
    "שלום",
    "日記",
];

fn any_text(most: usize) -> impl Strategy<Value = String> {
    // A choice of twenty strategies would cost more than all that is tested here.
    let special = proptest::sample::select(&SPECIAL[..]);
    let piece = prop_oneof![any::<char>().prop_map(String::from), special.prop_map(String::from)];
    proptest::collection::vec(piece, 0..most).prop_map(|pieces| pieces.concat())
}

/// A name as the journal keeps it: trimmed, without `#` before it, not too long, not empty.
fn any_name() -> impl Strategy<Value = String> {
    let short = |name: String| name.chars().take(80).collect::<String>();
    let tidy = move |name: String| {
        short(name).trim_matches(|c: char| c == '#' || c.is_whitespace()).to_owned()
    };
    let words = prop_oneof![Just("yes"), Just("null"), Just("12"), Just("a b"), Just("Travel")];
    let named = any_text(12).prop_map(tidy).prop_filter("a name", |name| !name.is_empty());
    prop_oneof![words.prop_map(String::from), named]
}

fn any_moment() -> impl Strategy<Value = Moment> {
    let zone = proptest::sample::select(vec![
        "Australia/Sydney",
        "America/New_York",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "UTC",
    ]);
    // From the year 2 to the year 9998, and the hours around a change of Sydney's clocks.
    let instant = prop_oneof![
        -62_000_000_000_000_i64..253_000_000_000_000,
        1_648_900_000_000_i64..1_648_940_000_000,
    ];
    (instant, zone, any::<bool>()).prop_map(|(instant, zone, whole_day)| {
        let moment = Moment::at(Instant(instant), Zone(zone.into()), &World);
        match whole_day {
            false => moment,
            true => Moment::on(moment.date, None, moment.zone, &World).unwrap(),
        }
    })
}

pub(crate) fn any_departure() -> impl Strategy<Value = Departure> {
    let tag = any_name().prop_filter("a tag", |name| !name.contains(['\n', ',']));
    let tags = proptest::collection::vec(tag, 0..4);
    let colour = proptest::sample::select(Colour::ALL.to_vec());
    let flags = (any::<bool>(), any::<bool>());
    let departure =
        (any::<[u8; 16]>(), any_text(60), any_moment(), flags, tags, any_name(), colour).prop_map(
            |(id, body, moment, (starred, trashed), mut tags, journal, colour)| {
                tags.sort();
                tags.dedup();
                let (id, place) = (EntryId(id), Place(0));
                let (mood, location, attachments) = (None, None, Vec::new());
                Departure {
                    place,
                    id,
                    body,
                    moment,
                    starred,
                    trashed,
                    mood,
                    location,
                    tags,
                    journal,
                    colour,
                    attachments,
                }
            },
        );
    let label = any_text(12).prop_map(|label| label.replace('\n', " "));
    let location = (label, any_point()).prop_map(|(label, point)| Location::new(&label, point));
    (departure, any_mood(), location).prop_map(|(departure, mood, location)| Departure {
        mood,
        location,
        ..departure
    })
}

#[test]
fn a_time_that_happened_twice() {
    // Sydney, 3 April 2022, 02:30: clocks went back from three to two.
    let twice = [1_648_913_400_000, 1_648_917_000_000].map(|instant| {
        let moment = Moment::at(Instant(instant), Zone("Australia/Sydney".into()), &World);
        assert_eq!(moment.time.map(|time| time.to_string()).as_deref(), Some("02:30"));
        moment
    });
    let departures: Vec<_> = twice
        .into_iter()
        .zip(1..)
        .map(|(moment, id)| Departure {
            place: Place(0),
            id: EntryId([id; 16]),
            body: "the same words".into(),
            moment,
            starred: false,
            trashed: false,
            mood: None,
            location: None,
            tags: Vec::new(),
            journal: "Journal".into(),
            colour: Colour::Clay,
            attachments: Vec::new(),
        })
        .collect();
    check(&departures);
}
