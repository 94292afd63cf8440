//! Sealed rows: out and in again, in their place alone, small, and kept whole if they are newer.

use super::{VAULT, each_flip, frozen, keys, stamp};
use crate::support::{Chance, DEVICE, any_location, any_mood, diary, zone};
use proptest::prelude::*;
use std::io::Write;
use thoughtstream_core::change::{ChangedRow, EntryRow, JournalRow, Life, TagRow, TemplateRow};
use thoughtstream_core::clock::{MILLIS_MAX, Stamp};
use thoughtstream_core::date::{Date, Instant, Moment, Time, Zone};
use thoughtstream_core::id::{DeviceId, EntryId, JournalId, RowId, TemplateId, VaultId};
use thoughtstream_core::message::{Colour, Location, Mood, Point, Template};
use thoughtstream_core::seal::{
    Base, Content, Epoch, Later, Packer, PlainRow, SealError, VaultKeys, epoch_of,
};

fn entry(body: &str) -> EntryRow {
    let date = Date::new(2026, 4, 25).unwrap();
    let time = Time::from_millis(7_200_000);
    let zone = zone("Australia/Sydney");
    let moment = Moment { date, time, zone, instant: crate::support::NOW };
    EntryRow {
        id: EntryId(frozen::counting(16)),
        journal: JournalId::FIRST,
        moment,
        body: body.to_owned(),
        starred: true,
        life: Life::Live,
        mood: None,
        location: None,
    }
}

fn seal(row: &PlainRow) -> (RowId, Vec<u8>) {
    keys().seal_row(&Packer::default(), row, stamp(5), frozen::counting(100)).unwrap()
}

fn plain(row: ChangedRow) -> PlainRow {
    PlainRow::new(Base::One(stamp(4)), row)
}

fn one_of_each() -> [(&'static str, PlainRow); 5] {
    let journal = JournalRow {
        id: JournalId([9; 16]),
        name: "Travel".into(),
        colour: Colour::Blue,
        deleted: true,
    };
    let point = Point::new(-33_867_851, 151_207_321);
    let felt = EntryRow {
        mood: Some(Mood::Good),
        location: Location::new("Sydney", point),
        ..entry("By the water.")
    };
    let (id, body) = (TemplateId([6; 16]), "Three things: {cursor}".to_owned());
    let template = Template { id, name: "Evening".into(), body };
    let template = TemplateRow { template, deleted: false };
    let tag = TagRow { entry: EntryId([5; 16]), name: "Río".into(), on: true };
    [
        ("sealed entry", plain(ChangedRow::Entry(entry("# Garden\n\nThe first apples.")))),
        ("sealed journal", PlainRow::new(Base::None, ChangedRow::Journal(journal))),
        ("sealed entry with a mood", plain(ChangedRow::Entry(felt))),
        ("sealed template", plain(ChangedRow::Template(template))),
        ("sealed tag", PlainRow::new(Base::Two(stamp(2), stamp(4)), ChangedRow::Tag(tag))),
    ]
}

#[test]
fn their_bytes_are_frozen_and_open() {
    for (name, row) in one_of_each() {
        let (id, sealed) = seal(&row);
        frozen::is(name, &sealed);
        let opened = keys().open_row(id, stamp(5), &frozen::of(name));
        assert_eq!(opened.as_ref(), Ok(&row));
    }
}

#[test]
fn any_byte_that_was_changed_is_noticed() {
    for (name, row) in one_of_each() {
        let (id, sealed) = seal(&row);
        each_flip(&sealed, |at, changed| {
            assert!(keys().open_row(id, stamp(5), changed).is_err(), "{name}, byte {at}");
        });
        for end in 0..sealed.len() {
            assert!(keys().open_row(id, stamp(5), &sealed[..end]).is_err(), "{name}, {end}");
        }
    }
}

/// Chance that gives zeroes: the next epoch is then the next number.
struct Nothing;

impl thoughtstream_core::seal::Chance for Nothing {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

#[test]
fn a_row_opens_in_its_place_alone() {
    let (id, sealed) = seal(&plain(ChangedRow::Entry(entry("here"))));
    let (other, _) = seal(&one_of_each()[1].1);
    let mut keys = keys();
    let elsewhere = Stamp::new(5, 1, DeviceId([0; 8])).unwrap();
    let refused = SealError::Refused("sealed row");
    for (id, at) in [(other, stamp(5)), (id, stamp(6)), (id, elsewhere)] {
        assert_eq!(keys.open_row(id, at, &sealed), Err(refused.clone()));
    }
    let vault = VaultKeys::create(VaultId([8; 16]), &mut Chance::new(1660));
    assert_eq!(vault.open_row(id, stamp(5), &sealed), Err(refused.clone()));

    // The epoch stands in the clear: an unknown one is said to be so, another one does not fit.
    assert_eq!(epoch_of(&sealed), Ok(Epoch(1)));
    let mut later = sealed.clone();
    later[1] = 2;
    assert_eq!(keys.open_row(id, stamp(5), &later), Err(SealError::NoEpoch(Epoch(2))));
    keys.begin_epoch(&mut Nothing);
    assert_eq!(keys.epoch(), Epoch(2));
    assert_eq!(keys.open_row(id, stamp(5), &later), Err(refused));
    assert!(keys.open_row(id, stamp(5), &sealed).is_ok());
    let mut newer = sealed;
    newer[0] = 2;
    let expected = SealError::Newer { what: "sealed row", found: 2 };
    assert_eq!(keys.open_row(id, stamp(5), &newer), Err(expected));
}

/// Rows of a newer app: columns at the end of both parts, and a table nobody knows here.
#[test]
fn what_a_newer_app_wrote_is_kept_to_the_byte() {
    let later = Later { schema: 9, columns: vec![1, 42], texts: vec![2, b'h', b'i'] };
    let known = Content::Known(ChangedRow::Entry(entry("more")), later.clone());
    let columns = [&[16][..], &[3; 16], &later.columns].concat();
    let cells = Later { columns, ..later };
    let unknown = Content::Unknown { table: "moods".into(), cells };
    for content in [known, unknown] {
        let row = PlainRow { base: Base::One(stamp(1)), content };
        let (id, sealed) = seal(&row);
        let opened = keys().open_row(id, stamp(5), &sealed).unwrap();
        assert_eq!(opened, row);
        assert_eq!(seal(&opened), (id, sealed));
    }
}

/// The goal: at most 1.1 times what gzip makes of the same as JSON, each row by itself.
#[test]
fn the_diary_is_sealed_smaller_than_it_is_zipped() {
    let (keys, packer) = (keys(), Packer::default());
    let chance = &mut Chance::new(9);
    let (mut sealed, mut zipped) = (0, 0);
    for (date, body) in diary() {
        let mut row = entry(body);
        row.moment.date = *date;
        row.moment.zone = zone("Europe/London");
        row.id = EntryId(std::array::from_fn(|_| chance.next() as u8));
        let base = Stamp::new(5, 0, DEVICE).unwrap();
        let row = PlainRow::new(Base::One(base), ChangedRow::Entry(row));
        sealed += keys.seal_row(&packer, &row, stamp(5), [0; 24]).unwrap().1.len();
        let json = serde_json::json!({ "date": date.to_string(), "text": body });
        let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
        zip.write_all(json.to_string().as_bytes()).unwrap();
        zipped += zip.finish().unwrap().len();
    }
    let rows = diary().len();
    println!("{} bytes sealed a row, {} zipped", sealed / rows, zipped / rows);
    assert!(sealed * 10 <= zipped * 11, "{sealed} of {zipped}");
}

fn any_stamp() -> impl Strategy<Value = Stamp> {
    let device = any::<[u8; 8]>().prop_map(DeviceId);
    (0..=MILLIS_MAX, any::<u16>(), device).prop_map(|(m, c, d)| Stamp::new(m, c, d).unwrap())
}

fn any_moment() -> impl Strategy<Value = Moment> {
    let time =
        proptest::option::of((0..86_400_000_i64).prop_map(|t| Time::from_millis(t).unwrap()));
    (any::<i32>(), time, "[A-Z][a-z/]{0,20}", any::<i64>()).prop_map(
        |(days, time, zone, instant)| {
            let date = Date::from_days(days.into());
            Moment { date, time, zone: Zone(zone), instant: Instant(instant) }
        },
    )
}

fn any_row() -> impl Strategy<Value = ChangedRow> {
    let life = prop_oneof![Just(Life::Live), Just(Life::Trashed), Just(Life::Deleted)];
    let entry =
        (any::<[u8; 16]>(), any::<[u8; 16]>(), any_moment(), "\\PC{0,300}", any::<bool>(), life);
    let entry = entry.prop_map(|(id, journal, moment, body, starred, life)| {
        let (id, journal) = (EntryId(id), JournalId(journal));
        ChangedRow::Entry(EntryRow {
            id,
            journal,
            moment,
            body,
            starred,
            life,
            mood: None,
            location: None,
        })
    });
    let entry = (entry, any_mood(), any_location()).prop_map(|(row, mood, location)| match row {
        ChangedRow::Entry(row) => ChangedRow::Entry(EntryRow { mood, location, ..row }),
        row => row,
    });
    let journal = (any::<[u8; 16]>(), "\\PC{0,80}", 0..6_usize, any::<bool>());
    let journal = journal.prop_map(|(id, name, colour, deleted)| {
        let (id, colour) = (JournalId(id), Colour::ALL[colour]);
        ChangedRow::Journal(JournalRow { id, name, colour, deleted })
    });
    let tag = (any::<[u8; 16]>(), "\\PC{0,80}", any::<bool>())
        .prop_map(|(entry, name, on)| ChangedRow::Tag(TagRow { entry: EntryId(entry), name, on }));
    let template = (any::<[u8; 16]>(), "\\PC{0,80}", "\\PC{0,300}", any::<bool>());
    let template = template.prop_map(|(id, name, body, deleted)| {
        let template = Template { id: TemplateId(id), name, body };
        ChangedRow::Template(TemplateRow { template, deleted })
    });
    prop_oneof![entry, journal, tag, template]
}

fn any_base() -> impl Strategy<Value = Base> {
    let two = (any_stamp(), any_stamp()).prop_map(|(a, b)| Base::Two(a, b));
    prop_oneof![Just(Base::None), any_stamp().prop_map(Base::One), two]
}

proptest! {
    #[test]
    fn every_row_comes_out_as_it_went_in(
        row in any_row(), base in any_base(), at in any_stamp(), nonce: [u8; 24],
    ) {
        let (keys, row) = (keys(), PlainRow::new(base, row));
        let (id, sealed) = keys.seal_row(&Packer::default(), &row, at, nonce).unwrap();
        prop_assert_eq!(keys.open_row(id, at, &sealed), Ok(row));
        prop_assert_eq!(keys.vault(), VAULT);
    }

    #[test]
    fn bytes_of_any_kind_are_refused(bytes: Vec<u8>, start in 0..4_usize) {
        let bytes = [&[1, 1, 0, 0][..start], &bytes].concat();
        prop_assert!(keys().open_row(RowId([0; 16]), stamp(5), &bytes).is_err());
    }
}
