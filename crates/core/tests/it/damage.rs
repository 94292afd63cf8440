//! Damaged files: whatever happens to the bytes, nothing is lost in silence, the damaged file
//! stays as it is, and what can be read is saved.

use crate::support::{
    Chance, DEVICE, Desk, NOW, World, diary_arrivals, entry_id, journal_id, setting,
};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::OnceLock;
use thoughtstream_core::engine::{Engine, Input, Output};
use thoughtstream_core::id::TabId;
use thoughtstream_core::message::{
    Answer, Colour, Departure, Edit, Location, Mood, Point, Query, Search,
};
use thoughtstream_core::schema::SchemaError;
use thoughtstream_core::store::{Folder, OpenError};
use thoughtstream_disk::{Disk, Files};
use thoughtstream_disk::{Trip, Trouble};

const FILE: &str = "journal-1.sqlite3";
const LOG: &str = "journal-1.sqlite3-wal";
const PAGE: usize = thoughtstream_core::schema::PAGE_SIZE as usize;
const ENTRIES: usize = 600;
/// Bytes by which a piece of an entry is told from all others.
const PIECE: usize = 12;

/// A journal of the diary as it lies on the disk, and what is in it.
struct Original {
    files: Files,
    entries: Vec<Departure>,
    /// The pages of the file and of the log on which each entry lies.
    in_file: Vec<HashSet<usize>>,
    in_log: Vec<HashSet<usize>>,
}

fn departures(desk: &mut Desk) -> Vec<Departure> {
    let mut all: Vec<Departure> = Vec::new();
    loop {
        let after = all.last().map(|last| last.place);
        let answer = desk.ask(Query::Export { after, limit: 500 });
        let Answer::Departures(page) = answer else { panic!("{answer:?}") };
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// The diary, indexed, with a log that was not written back yet.
fn original() -> &'static Original {
    static ORIGINAL: OnceLock<Original> = OnceLock::new();
    ORIGINAL.get_or_init(|| {
        let disk = Disk::new(Files::new());
        let mut desk = Desk::open(&disk);
        let (journal, name) = (journal_id(3), "Office".to_owned());
        desk.done(Edit::SaveJournal { journal, name, colour: Colour::Plum });
        desk.take_in(diary_arrivals(ENTRIES));
        desk.settle();
        let mut desk = desk.reopen(&disk);
        for number in 1..60 {
            let entry = entry_id(number * 7);
            desk.done(Edit::Star { entry, starred: true });
            desk.done(Edit::Move { entry, journal });
            desk.done(Edit::Tag { entry, name: "kept".into(), on: true });
            let (mood, point) = (Some(Mood::Good), Point::new(51_500_000, -127_000));
            desk.done(Edit::Mood { entry, mood });
            desk.done(Edit::Location { entry, location: Location::new("Seething Lane", point) });
        }
        let entries = departures(&mut desk);
        let files = disk.files();
        assert!(files[LOG].len() > PAGE, "the log holds something");
        let in_file = pages_of(&entries, &files[FILE]);
        let in_log = pages_of(&entries, &files[LOG]);
        Original { files, entries, in_file, in_log }
    })
}

/// What a kind of damage does to the bytes of the file and of the log.
type Damage = fn(&mut Chance, &mut Vec<u8>, &mut Vec<u8>);

fn spot(chance: &mut Chance, bytes: &[u8], length: usize) -> Range<usize> {
    let at = chance.below(bytes.len() - length);
    at..at + length
}

const KINDS: [(&str, Damage); 9] = [
    ("one bit", |chance, file, _| {
        let at = chance.below(file.len());
        file[at] ^= 1 << chance.below(8);
    }),
    ("one bit of the header", |chance, file, log| {
        log.clear();
        file[chance.below(100)] ^= 1 << chance.below(8);
    }),
    ("some bytes", |chance, file, _| {
        let length = 1 + chance.below(64);
        let range = spot(chance, file, length);
        file[range].fill_with(|| (chance.next() >> 32) as u8);
    }),
    ("bytes of zero", |chance, file, _| {
        let length = 1 + chance.below(64);
        let range = spot(chance, file, length);
        file[range].fill(0);
    }),
    ("pages of zero", |chance, file, _| {
        for _ in 0..=chance.below(3) {
            let page = chance.below(file.len() / PAGE) * PAGE;
            file[page..page + PAGE].fill(0);
        }
    }),
    ("the tail cut off", |chance, file, log| {
        log.clear();
        file.truncate(chance.below(file.len()));
    }),
    ("another header", |chance, file, _| {
        file[..100].fill_with(|| (chance.next() >> 32) as u8);
    }),
    ("two pages swapped", |chance, file, _| {
        let mut page = || chance.below(file.len() / PAGE) * PAGE;
        let (one, other) = (page(), page());
        for i in 0..PAGE {
            file.swap(one + i, other + i);
        }
    }),
    ("a log of garbage", |chance, _, log| {
        log.fill_with(|| (chance.next() >> 32) as u8);
    }),
];

/// Pieces of the entries and where each lies in these bytes: found by looking, without any
/// knowledge of the file's format.
fn pages_of(entries: &[Departure], bytes: &[u8]) -> Vec<HashSet<usize>> {
    let mut pieces: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (i, entry) in entries.iter().enumerate() {
        let body = entry.body.as_bytes();
        let last = body.len().saturating_sub(PIECE);
        let at = (0..last).step_by(512).chain([last]);
        let of_body = at.filter_map(|at| body.get(at..at + PIECE));
        for piece in of_body.chain([&entry.id.0[..PIECE]]) {
            pieces.entry(piece).or_default().push(i);
        }
    }
    let mut pages = vec![HashSet::new(); entries.len()];
    for (at, window) in bytes.windows(PIECE).enumerate() {
        for i in pieces.get(window).into_iter().flatten() {
            pages[*i].extend([at / PAGE, (at + PIECE - 1) / PAGE]);
        }
    }
    pages
}

/// The entries whose own pages are as they were.
fn untouched<'a>(original: &'a Original, damaged: &Files) -> Vec<&'a Departure> {
    let page = |files: &Files, page: usize| {
        files[FILE].get(page * PAGE..(page + 1) * PAGE).map(<[u8]>::to_vec)
    };
    let before = &original.files;
    let count = before[FILE].len() / PAGE;
    let changed: HashSet<usize> =
        (0..count).filter(|n| page(before, *n) != page(damaged, *n)).collect();
    let log_changed = damaged.get(LOG) != before.get(LOG);
    let whole = |i: &usize| {
        original.in_file[*i].is_disjoint(&changed)
            && (!log_changed || original.in_log[*i].is_empty())
    };
    (0..original.entries.len()).filter(whole).map(|i| &original.entries[i]).collect()
}

/// Opens a damaged journal and judges what became of it.
fn judge(name: &str, damaged: &Files) {
    let original = original();
    let disk = Disk::new(damaged.clone());
    let engine = match Engine::open(&disk, true, DEVICE, Box::new(World)) {
        Ok(engine) => engine,
        Err(OpenError::Schema(SchemaError::Newer { .. })) => {
            assert!(disk.files() == *damaged, "{name}: a newer file is not touched");
            return;
        }
        Err(error) => panic!("{name}: {error}"),
    };
    let recovered = engine.recovered().cloned();
    let mut desk = Desk { tab: TabId(8), ..Desk::at(engine) };
    let now = departures(&mut desk);
    let Some(recovered) = recovered else {
        assert_eq!(now.len(), original.entries.len(), "{name}: gone in silence");
        return;
    };
    let files = disk.files();
    assert_eq!(recovered.aside, FILE);
    assert_eq!(recovered.entries as usize, now.len(), "{name}");
    assert!(files[FILE] == damaged[FILE], "{name}: the damaged file is kept as it is");
    assert!(files.get(LOG) == damaged.get(LOG), "{name}: and its log");
    let saved: HashSet<_> = now.iter().map(|entry| (entry.id, &entry.body)).collect();
    let whole = untouched(original, damaged);
    let lost = whole.iter().filter(|entry| !saved.contains(&(entry.id, &entry.body))).count();
    assert!(lost * 100 <= whole.len(), "{name}: {lost} of {} lost", whole.len());
    // What was saved is a journal like any other: it is counted, listed, searched and written.
    let Answer::Status(status) = desk.ask(Query::Status) else { panic!() };
    assert_eq!(status.entries as usize, now.len(), "{name}: the days count them all");
    desk.settle();
    desk.write(9_999, None, "life goes on");
    let search = Search { text: "life goes".into(), limit: 5, ..Search::default() };
    let Answer::Found(found) = desk.ask(Query::Search(search)) else { panic!() };
    assert_eq!(found.hits[0].row.excerpt, "life goes on", "{name}");
}

#[test]
fn every_kind_of_damage() {
    let first = setting("THOUGHTSTREAM_SEED", 0);
    for seed in first..first + setting("THOUGHTSTREAM_DAMAGES", 10) {
        for (name, damage) in KINDS {
            let mut chance = Chance::new(seed as u64);
            let mut files = original().files.clone();
            let (mut file, mut log) = (files[FILE].clone(), files[LOG].clone());
            damage(&mut chance, &mut file, &mut log);
            files.insert(FILE.into(), file);
            match log.is_empty() {
                true => files.remove(LOG),
                false => files.insert(LOG.into(), log),
            };
            judge(&format!("{name}, seed {seed}"), &files);
        }
    }
}

fn with_broken_header() -> Files {
    let mut files = original().files.clone();
    files.get_mut(FILE).unwrap()[..100].fill(0xff);
    files
}

/// Nothing can be reached through SQLite; log and overflowing pages are read all the same.
#[test]
fn a_header_of_garbage_costs_nothing() {
    let disk = Disk::new(with_broken_header());
    let mut desk = Desk::open(&disk);
    let entries = |all: &[Departure]| -> Vec<_> {
        all.iter().map(|entry| (entry.id, entry.body.clone(), entry.starred)).collect()
    };
    assert_eq!(entries(&departures(&mut desk)), entries(&original().entries));
}

#[test]
fn a_salvage_that_was_cut_off_is_done_again() {
    for after in [0, 3, 10, 40, 100, 200, 300] {
        let disk = Disk::new(with_broken_header());
        disk.trip(Trip { after, kind: Trouble::NoRoom, lasting: true });
        let opened = Engine::open(&disk, false, DEVICE, Box::new(World));
        if !disk.mend() {
            continue;
        }
        assert!(opened.is_err(), "after {after}");
        drop(opened);
        let mut desk = Desk::open(&disk);
        assert_eq!(departures(&mut desk).len(), ENTRIES, "after {after}");
        assert!(desk.engine.recovered().is_some());
        // And with that it is done: the next time the saved journal is simply opened.
        let desk = desk.reopen(&disk);
        assert!(desk.engine.recovered().is_none());
    }
}

/// While the journal is in use, a look at each table finds what is wrong with any of its pages.
#[test]
fn the_look_through_the_tables_finds_it() {
    let disk = Disk::new(original().files.clone());
    Desk::open(&disk).engine.close();
    let files = disk.files();
    let pages: Vec<(String, u32)> = {
        let conn = disk.open(FILE).unwrap();
        conn.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
        let sql = "SELECT name, pageno FROM dbstat WHERE pageno > 1 AND pagetype <> 'overflow'";
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let mut chance = Chance::new(1);
    for _ in 0..40 {
        let (name, page) = &pages[chance.below(pages.len())];
        let mut files = files.clone();
        let at = (*page as usize - 1) * PAGE;
        files.get_mut(FILE).unwrap()[at..at + PAGE].fill(0);
        let disk = Disk::new(files);
        let Ok(mut engine) = Engine::open(&disk, false, DEVICE, Box::new(World)) else {
            panic!("page {page} of {name}: not opened");
        };
        let mut found = engine.recovered().is_some();
        while !found {
            let outputs = engine.handle(Input::Idle, NOW);
            assert!(!outputs.is_empty(), "page {page} of {name} was not noticed");
            found = outputs.contains(&Output::Reopen);
        }
    }
}
