//! What a person does with the journal, told in memory, in a folder and on the pool alike.

use crate::support::{
    Desk, Directory, NOW, SYDNEY, arrival, date, entry_id, journal_id, time, zone,
};
use thoughtstream_core::date::Instant;
use thoughtstream_core::id::JournalId;
use thoughtstream_core::message::{
    Answer, Colour, Edit, Entry, Failure, Fate, NewEntry, Order, Query, Row, Save, Search,
};
use thoughtstream_disk::{Disk, Files};

/// Tells a story wherever a journal can be kept.
fn tell(story: impl Fn(&mut Desk)) {
    let directory = tempfile::tempdir().unwrap();
    story(&mut Desk::in_memory());
    story(&mut Desk::open(&Directory(directory.path().to_owned())));
    story(&mut Desk::open(&Disk::new(Files::new())));
}

fn entry(desk: &mut Desk, number: u64) -> Option<Entry> {
    match desk.ask(Query::Entry { entry: entry_id(number) }) {
        Answer::Entry(entry) => entry.map(|entry| *entry),
        other => panic!("{other:?}"),
    }
}

fn there(desk: &mut Desk, number: u64) -> Entry {
    entry(desk, number).expect("the entry is there")
}

fn rows(desk: &mut Desk, query: Query) -> Vec<Row> {
    match desk.ask(query) {
        Answer::Rows(rows) => rows,
        other => panic!("{other:?}"),
    }
}

fn bodies(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.excerpt.as_str()).collect()
}

fn found(desk: &mut Desk, text: &str) -> usize {
    let search = Search { text: text.into(), limit: 50, ..Search::default() };
    match desk.ask(Query::Search(search)) {
        Answer::Found(found) => found.hits.len(),
        other => panic!("{other:?}"),
    }
}

fn refusal(desk: &mut Desk, edit: Edit) -> String {
    match desk.edit(edit) {
        Err(Failure::Invalid(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn writing_today() {
    tell(|desk| {
        let Answer::Saved { stamp } = desk.write(1, None, "It rained on #Monday.") else {
            panic!()
        };
        let entry = there(desk, 1);
        assert_eq!(entry.body, "It rained on #Monday.");
        assert_eq!(entry.modified_at, stamp);
        assert_eq!(entry.text_tags, ["Monday"]);
        assert_eq!((entry.words, entry.trashed, entry.revisions), (4, false, 0));
        // 16:00 in London's winter is two in the morning of the next day in Sydney.
        assert_eq!(entry.moment.date, date("2026-04-25"));
        assert_eq!(entry.moment.time, Some(time("02:00")));
        assert_eq!(entry.moment.instant, NOW);
        let changed = desk.changed.clone();
        assert_eq!(changed, None, "a query changes nothing");
    });
}

#[test]
fn late_in_sydney_read_in_new_york() {
    tell(|desk| {
        desk.now = Instant(NOW.0 - 2 * 3_600_000 - 600_000);
        desk.write(1, None, "ten to midnight");
        let entry = there(desk, 1);
        assert_eq!(entry.moment.date, date("2026-04-24"));
        assert_eq!(entry.moment.time, Some(time("23:50")));
        // Whoever travels saves with another zone's clock; the entry stays where it was.
        let entry = Save {
            entry: entry_id(1),
            body: "ten to midnight!".into(),
            base: Some(entry.modified_at),
            new: Some(NewEntry {
                journal: JournalId::FIRST,
                zone: zone("America/New_York"),
                date: None,
            }),
        };
        desk.done(Edit::Save(entry));
        let day = rows(desk, Query::Day { date: date("2026-04-24") });
        assert_eq!(bodies(&day), ["ten to midnight!"]);
        assert_eq!(there(desk, 1).moment.zone, zone(SYDNEY));
    });
}

#[test]
fn backdating_and_redating() {
    tell(|desk| {
        desk.write(1, Some("2020-02-29"), "a leap day");
        let moment = there(desk, 1).moment;
        assert_eq!((moment.date, moment.time), (date("2020-02-29"), None));
        let at = Some(time("23:59:59.999"));
        let edit = |name: &str| Edit::Redate {
            entry: entry_id(1),
            date: date("2021-12-31"),
            time: at,
            zone: zone(name),
        };
        desk.done(edit("Europe/London"));
        assert!(desk.changed.as_ref().unwrap().outline);
        let moment = there(desk, 1).moment;
        assert_eq!((moment.date, moment.time), (date("2021-12-31"), at));
        assert_eq!(rows(desk, Query::Day { date: date("2020-02-29") }), []);
        assert_eq!(rows(desk, Query::Day { date: date("2021-12-31") }).len(), 1);
        desk.done(edit("Europe/London"));
        assert_eq!(desk.changed, None, "the same moment is no change");
        assert!(refusal(desk, edit("Atlantic/Atlantis")).contains("Atlantic/Atlantis"));
        assert_eq!(there(desk, 1).moment, moment);
    });
}

/// A line of the index must not outlive the place it was made for.
#[test]
fn edited_and_redated_before_the_index_saw_it() {
    tell(|desk| {
        desk.write(1, Some("2020-02-29"), "a comet");
        desk.settle();
        assert_eq!(found(desk, "comet"), 1);
        desk.write(1, None, "a meteor");
        let (entry, day) = (entry_id(1), date("2021-03-01"));
        desk.done(Edit::Redate { entry, date: day, time: None, zone: zone(SYDNEY) });
        assert_eq!((found(desk, "comet"), found(desk, "meteor")), (0, 1));
        desk.settle();
        assert_eq!((found(desk, "comet"), found(desk, "meteor")), (0, 1));
    });
}

#[test]
fn tags_by_hand_and_in_the_text() {
    tell(|desk| {
        desk.write(1, None, "a #Fire in the city, (#fire), # no, a#no, #1, #über/alles-");
        let tag = |name: &str, on| Edit::Tag { entry: entry_id(1), name: name.into(), on };
        desk.done(tag("#FIRE ", true));
        desk.done(tag("Städte", true));
        let entry = there(desk, 1);
        assert_eq!(entry.tags, ["FIRE", "Städte"]);
        // One tag, however it is written: `Fire` and `fire` in the text are the same.
        assert_eq!(entry.text_tags.len(), 2, "{:?}", entry.text_tags);
        let Answer::Tags(tags) = desk.ask(Query::Tags) else { panic!() };
        let keys: Vec<_> = tags.iter().map(|tag| (tag.name.to_lowercase(), tag.entries)).collect();
        let expected = [("fire", 1), ("städte", 1), ("über/alles", 1)];
        assert_eq!(keys, expected.map(|(name, entries)| (name.to_owned(), entries)));
        let row = rows(desk, Query::Day { date: date("2026-04-25") }).remove(0);
        assert_eq!(row.tags.len(), 3, "each once: {:?}", row.tags);
        desk.done(tag("fire", false));
        assert_eq!(there(desk, 1).tags, ["Städte"]);
        desk.write(1, None, "nothing");
        assert_eq!(there(desk, 1).text_tags, [""; 0]);
        for name in ["", "  ", "#", "a,b", "a\nb", &"x".repeat(81)] {
            assert!(refusal(desk, tag(name, true)).contains("80"), "“{name}”");
        }
        let nobody = Edit::Tag { entry: entry_id(9), name: "x".into(), on: true };
        assert_eq!(desk.edit(nobody), Err(Failure::NoEntry));
    });
}

#[test]
fn trash_and_back_and_gone() {
    tell(|desk| {
        desk.write(1, Some("2026-01-01"), "first #x");
        desk.write(2, Some("2026-01-01"), "second");
        desk.settle();
        let entry = entry_id(1);
        desk.done(Edit::Trash { entry });
        assert_eq!(bodies(&rows(desk, Query::Day { date: date("2026-01-01") })), ["second"]);
        assert_eq!(bodies(&rows(desk, Query::Trash)), ["first #x"]);
        assert!(there(desk, 1).trashed, "it is readable");
        assert_eq!(found(desk, "first"), 0);
        desk.done(Edit::Restore { entry });
        assert_eq!(rows(desk, Query::Day { date: date("2026-01-01") }).len(), 2);
        assert_eq!(found(desk, "first"), 1);
        desk.done(Edit::Trash { entry });
        desk.done(Edit::Delete { entry });
        let mut gone = |edit| assert_eq!(desk.edit(edit), Err(Failure::NoEntry));
        gone(Edit::Restore { entry });
        gone(Edit::Trash { entry });
        gone(Edit::Delete { entry });
        gone(Edit::Star { entry, starred: true });
        gone(Edit::Move { entry, journal: JournalId::FIRST });
        assert_eq!(self::entry(desk, 1), None);
        assert_eq!(found(desk, "first"), 0);
        assert_eq!(desk.ask(Query::Tags), Answer::Tags(Vec::new()));
        desk.done(Edit::Trash { entry: entry_id(2) });
        desk.done(Edit::EmptyTrash);
        assert_eq!(rows(desk, Query::Trash), []);
        let Answer::Status(status) = desk.ask(Query::Status) else { panic!() };
        assert_eq!((status.entries, status.trashed, status.journals), (0, 0, 1));
    });
}

#[test]
fn text_typed_into_a_deleted_entry_lives() {
    tell(|desk| {
        desk.write(1, None, "gone soon");
        desk.settle();
        desk.done(Edit::Delete { entry: entry_id(1) });
        desk.settle();
        let save = Save { entry: entry_id(1), body: "not at all".into(), base: None, new: None };
        desk.done(Edit::Save(save));
        assert_eq!(there(desk, 1).body, "not at all");
        assert_eq!((found(desk, "gone"), found(desk, "all")), (0, 1));
        let save = Save { entry: entry_id(5), body: "whose?".into(), base: None, new: None };
        assert_eq!(desk.edit(Edit::Save(save)), Err(Failure::NoEntry), "no day, no journal");
    });
}

#[test]
fn journals() {
    tell(|desk| {
        let save = |id: u8, name: &str, colour| Edit::SaveJournal {
            journal: journal_id(id),
            name: name.into(),
            colour,
        };
        desk.done(save(1, " Travel ", Colour::Blue));
        desk.done(save(2, "Work", Colour::Gold));
        assert!(refusal(desk, save(3, "travel", Colour::Plum)).contains("travel"));
        assert!(refusal(desk, save(3, "  ", Colour::Plum)).contains("80"));
        desk.done(save(2, "Travel letters", Colour::Green));
        desk.write(1, None, "on the road");
        desk.done(Edit::Move { entry: entry_id(1), journal: journal_id(1) });
        let nowhere = Edit::Move { entry: entry_id(1), journal: journal_id(9) };
        assert_eq!(desk.edit(nowhere), Err(Failure::NoJournal));
        let Answer::Journals(journals) = desk.ask(Query::Journals) else { panic!() };
        let shown: Vec<_> =
            journals.iter().map(|j| (j.name.as_str(), j.colour, j.entries)).collect();
        let expected = [
            ("Journal", Colour::Clay, 0),
            ("Travel", Colour::Blue, 1),
            ("Travel letters", Colour::Green, 0),
        ];
        assert_eq!(shown, expected);
        let delete = |journal, into| Edit::DeleteJournal { journal, into };
        assert_eq!(desk.edit(delete(journal_id(1), journal_id(1))), Err(Failure::NoJournal));
        assert_eq!(desk.edit(delete(journal_id(1), journal_id(9))), Err(Failure::NoJournal));
        desk.done(delete(journal_id(1), journal_id(2)));
        assert_eq!(there(desk, 1).journal, journal_id(2), "its entries moved");
        desk.done(delete(JournalId::FIRST, journal_id(2)));
        desk.write(2, None, "into the first journal, which is gone");
        assert_eq!(there(desk, 2).journal, journal_id(2), "the text matters more");
    });
}

#[test]
fn taking_in() {
    tell(|desk| {
        let named = |number, name: &str, id| {
            let journal = Some((journal_id(id), name.to_owned(), Colour::Plum));
            arrival_with(number, |arrival| arrival.journal = journal)
        };
        let twice = "2022-04-03T02:30:00+11:00[Australia/Sydney]";
        let first = twice.parse::<jiff::Zoned>().unwrap().timestamp().as_millisecond();
        let at_half_past_two = |number, instant| {
            arrival_with(number, |arrival| {
                (arrival.date, arrival.time) = (date("2022-04-03"), Some(time("02:30")));
                arrival.instant = Some(Instant(instant));
            })
        };
        let batch = vec![
            arrival(1, "2022-01-01", "plain"),
            arrival(1, "2022-01-01", "plain"),
            arrival_with(2, |arrival| arrival.zone = zone("Atlantic/Atlantis")),
            named(3, "Voyages", 3),
            named(4, "VOYAGES", 4),
            arrival_with(5, |arrival| arrival.trashed = true),
            arrival_with(6, |arrival| arrival.tags = vec!["good".into(), "bad,".into()]),
            at_half_past_two(7, first),
            at_half_past_two(8, first + 3_600_000),
            at_half_past_two(9, first + 7_200_000),
        ];
        let Answer::Arrived(fates) = desk.done(Edit::Import(batch.clone())) else { panic!() };
        assert_eq!(fates[0], Fate::Added);
        assert_eq!(fates[1], Fate::Known);
        assert!(matches!(&fates[2], Fate::Refused(why) if why.contains("Atlantis")));
        assert!(fates[3..].iter().all(|fate| *fate == Fate::Added));
        assert_eq!(there(desk, 4).journal, journal_id(3), "one journal of that name");
        assert!(there(desk, 5).trashed);
        assert_eq!(there(desk, 6).tags, ["good"]);
        let instants = [7, 8, 9].map(|number| there(desk, number).moment.instant.0 - first);
        assert_eq!(instants, [0, 3_600_000, 0], "believed only where the clocks agree");
        let before = desk.ask(Query::Export { after: None, limit: 100 });
        let Answer::Arrived(again) = desk.done(Edit::Import(batch)) else { panic!() };
        assert!(again.iter().all(|fate| *fate != Fate::Added), "{again:?}");
        assert_eq!(desk.changed, None);
        assert_eq!(desk.ask(Query::Export { after: None, limit: 100 }), before);
        desk.done(Edit::Delete { entry: entry_id(1) });
        let back = desk.done(Edit::Import(vec![arrival(1, "2022-01-01", "plain")]));
        assert_eq!(back, Answer::Arrived(vec![Fate::Added]), "a tombstone is no entry");
        assert_eq!(there(desk, 1).body, "plain");
        let many = vec![arrival(1, "2022-01-01", "x"); 2_001];
        assert!(refusal(desk, Edit::Import(many)).contains("2000"));
    });
}

fn arrival_with(
    number: u64,
    change: impl FnOnce(&mut thoughtstream_core::message::Arrival),
) -> thoughtstream_core::message::Arrival {
    let mut arrival = arrival(number, "2022-01-01", "a text");
    change(&mut arrival);
    arrival
}

/// A file brings a journal under the name that it had; the name it has by now stays.
#[test]
fn a_renamed_journal_keeps_its_name() {
    tell(|desk| {
        let journal = journal_id(3);
        let named = |number| {
            arrival_with(number, |a| a.journal = Some((journal, "Voyages".into(), Colour::Plum)))
        };
        desk.done(Edit::Import(vec![named(1)]));
        let (name, colour) = ("Trips".to_owned(), Colour::Gold);
        desk.done(Edit::SaveJournal { journal, name, colour });
        desk.done(Edit::Import(vec![named(2)]));
        let Answer::Journals(journals) = desk.ask(Query::Journals) else { panic!() };
        let names: Vec<_> = journals.iter().map(|j| (j.name.as_str(), j.entries)).collect();
        assert_eq!(names, [("Journal", 0), ("Trips", 2)]);
        desk.done(Edit::DeleteJournal { journal, into: JournalId::FIRST });
        desk.done(Edit::Import(vec![named(4)]));
        assert_eq!(there(desk, 4).journal, journal, "it is made again");
    });
}

#[test]
fn on_this_day() {
    tell(|desk| {
        let days = ["2016-02-29", "2020-02-29", "2024-02-29", "2023-02-28", "2024-03-01"];
        for (day, number) in days.into_iter().zip(1..) {
            desk.write(number, Some(day), day);
        }
        desk.write(20, Some("2020-02-29"), "later that day");
        desk.done(Edit::Trash { entry: entry_id(1) });
        let ask = |day, limit| Query::OnThisDay { date: date(day), limit, each: 1 };
        let leap = rows(desk, ask("2028-02-29", 10));
        assert_eq!(bodies(&leap), ["2024-02-29", "2020-02-29"], "newest first, one a year");
        assert_eq!(rows(desk, ask("2028-02-29", 1)).len(), 1);
        assert_eq!(rows(desk, ask("2016-02-29", 10)), []);
    });
}

/// The edges of the calendar have their place in the timeline as well.
#[test]
fn the_first_and_the_last_day() {
    tell(|desk| {
        for (number, day) in [(1, "0001-01-01"), (2, "9999-12-31")] {
            desk.write(number, Some(day), day);
            let entry = entry_id(number);
            let located = desk.ask(Query::Locate { journal: None, entry });
            let Answer::Located(Some(at)) = located else { panic!("{located:?}") };
            let query = Query::Rows { journal: None, month: at.month, skip: at.skip, limit: 1 };
            assert_eq!(rows(desk, query)[0].id, entry, "{day}");
            assert_eq!(found(desk, day), 1);
        }
    });
}

#[test]
fn a_search_with_its_dates_crossed_finds_nothing() {
    tell(|desk| {
        desk.write(1, Some("2026-01-02"), "here");
        let search = |from, to, order| Search {
            text: "here".into(),
            from: Some(date(from)),
            to: Some(date(to)),
            order,
            limit: 5,
            ..Search::default()
        };
        for order in [Order::Newest, Order::Relevance] {
            let crossed = search("2026-01-02", "2026-01-01", order);
            let Answer::Found(found) = desk.ask(Query::Search(crossed)) else { panic!() };
            assert_eq!(found.hits, []);
            let one_day = search("2026-01-02", "2026-01-02", order);
            assert_eq!(desk.ask(Query::SearchCount(one_day)), Answer::Count(1));
        }
    });
}
