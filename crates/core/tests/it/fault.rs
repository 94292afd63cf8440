//! The disk fails: every call of it once, and from every call on. Nothing panics, the answer says
//! what it is, what was acknowledged stays, and when the trouble is over the journal goes on.

use crate::support::{DEVICE, Desk, SYDNEY, World, arrival, date, diary, entry_id, setting, zone};
use thoughtstream_core::engine::{Engine, Input, Output};
use thoughtstream_core::id::JournalId;
use thoughtstream_core::message::{Answer, Command, Edit, Failure, NewEntry, Query, Save, Search};
use thoughtstream_core::store::Folder;
use thoughtstream_disk::{Disk, Files, Trip, Trouble};

fn edits() -> Vec<Edit> {
    let new = NewEntry { journal: JournalId::FIRST, zone: zone(SYDNEY), date: None };
    let save = |number: u64, body: String| {
        let (entry, new) = (entry_id(number), Some(new.clone()));
        Edit::Save(Save { entry, body, base: None, new })
    };
    let day = date("2019-05-05");
    vec![
        save(1, "A first line.".into()),
        save(1, format!("A first line. {}", diary()[0].1.repeat(8))),
        Edit::Tag { entry: entry_id(1), name: "tag".into(), on: true },
        Edit::Redate { entry: entry_id(1), date: day, time: None, zone: zone(SYDNEY) },
        Edit::Import((10..14).map(|n| arrival(n, "2018-01-01", &diary()[n as usize].1)).collect()),
        Edit::Trash { entry: entry_id(10) },
        Edit::Delete { entry: entry_id(10) },
    ]
}

/// The texts that can be read, by entry.
fn texts(desk: &mut Desk) -> Result<Vec<String>, Failure> {
    match desk.try_ask(Query::Export { after: None, limit: 500 })? {
        Answer::Departures(all) => Ok(all.into_iter().map(|entry| entry.body).collect()),
        other => panic!("{other:?}"),
    }
}

/// Whether a failure is one of those that a disk in this trouble may cause.
fn fits(failure: &Failure, trouble: Trouble) -> bool {
    match trouble {
        Trouble::NoRoom => *failure == Failure::Full,
        Trouble::Io => matches!(failure, Failure::Storage(_)),
    }
}

/// Opens the journal and works in it while the disk fails as told; whether it did.
fn work(before: &Files, trip: Trip) -> bool {
    let disk = Disk::new(before.clone());
    disk.trip(trip);
    let mut happened = false;
    let opened = Engine::open(&disk, false, DEVICE, Box::new(World));
    let mut desk = match opened {
        Ok(engine) => Desk::at(engine),
        Err(error) => {
            happened = disk.mend();
            assert!(happened, "{trip:?}: {error} without a reason");
            assert!(disk.names().len() <= 1, "{trip:?}: nothing is salvaged from a sound file");
            Desk::open(&disk)
        }
    };
    for (edit, number) in edits().into_iter().zip(1..) {
        if let Err(failure) = desk.send(number, Command::Edit(edit.clone())) {
            assert!(fits(&failure, trip.kind), "{trip:?}: {edit:?}: {failure:?}");
            assert!(failure.is_passing(), "the screen goes on trying");
            happened = disk.mend();
            assert!(happened, "{trip:?}: {failure} without a reason");
            // The same request again: it was not carried out, so it is now.
            desk.send(number, Command::Edit(edit)).unwrap();
        }
        // The engine's own work fails quietly and is done later.
        for _ in 0..3 {
            assert!(
                !desk.engine.handle(Input::Idle, desk.now).contains(&Output::Reopen),
                "{trip:?}"
            );
        }
        if let Err(failure) = texts(&mut desk) {
            assert!(fits(&failure, trip.kind), "{trip:?}: {failure:?}");
        }
    }
    happened |= disk.mend();
    desk.settle();
    let mut expected = vec![format!("A first line. {}", diary()[0].1.repeat(8))];
    expected.extend((11..14).map(|n| diary()[n].1.clone()));
    let mut found = texts(&mut desk).unwrap();
    found.sort();
    expected.sort();
    assert!(found == expected, "{trip:?}: other texts");
    let search = Search { text: "first line".into(), limit: 9, ..Search::default() };
    assert_eq!(desk.ask(Query::SearchCount(search)), Answer::Count(1), "{trip:?}");
    // And all of it is on the disk.
    let mut desk = desk.reopen(&disk);
    assert!(desk.engine.recovered().is_none(), "{trip:?}");
    let mut found = texts(&mut desk).unwrap();
    found.sort();
    assert!(found == expected, "{trip:?}: other texts after opening again");
    happened
}

/// Files of a new journal (none), and of one that is in use.
fn beginnings() -> [Files; 2] {
    let disk = Disk::new(Files::new());
    let desk = Desk::open(&disk);
    desk.engine.close();
    [Files::new(), disk.files()]
}

/// Lets each call fail in turn; the later ones, which are much alike, by leaps.
fn sweep(kind: Trouble, lasting: bool) {
    let leap = setting("THOUGHTSTREAM_FAULT_LEAP", 29) as u64;
    for files in beginnings() {
        let mut after = 0;
        while work(&files, Trip { after, kind, lasting }) {
            after += if after < 100 { 1 } else { leap };
        }
        assert!(after > 30, "{kind:?}: only {after} calls");
    }
}

#[test]
fn a_call_fails_once() {
    sweep(Trouble::Io, false);
}

#[test]
fn every_call_fails_for_a_while() {
    sweep(Trouble::Io, true);
}

#[test]
fn there_is_no_room_for_a_moment() {
    sweep(Trouble::NoRoom, false);
}

#[test]
fn there_is_no_room_until_something_is_deleted() {
    sweep(Trouble::NoRoom, true);
}
