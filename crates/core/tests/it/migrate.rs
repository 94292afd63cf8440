//! Files of earlier versions become files of today, with a copy kept; files of later versions are
//! left alone to the last byte.

use crate::support::{Chance, DEVICE, Desk, Directory, World, date, diary, entry_id};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use thoughtstream_core::engine::Engine;
use thoughtstream_core::id::JournalId;
use thoughtstream_core::message::{Answer, Edit, Mood, Place, Query, Search, Template, starters};
use thoughtstream_core::schema::{APPLICATION_ID, PAGE_SIZE, STEPS, SchemaError, VERSION};
use thoughtstream_core::store::{Folder, OpenError};
use thoughtstream_disk::crash::{CUTS, Life};
use thoughtstream_disk::{Disk, Files, Trip, Trouble};

const FILE: &str = "journal-1.sqlite3";
const STAMP: &str = "2020-04-24T16:00:00.000Z-0001-9f3c2a7be01d4c55";
const ENTRIES: u64 = 60;

/// A file as the app of that version left it, with entries of the diary; its log is not empty.
fn write_old(folder: &dyn Folder, version: usize) {
    let conn = folder.open(FILE).unwrap();
    conn.execute_batch(&format!(
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA page_size = {PAGE_SIZE};
         PRAGMA journal_mode = WAL; PRAGMA application_id = {APPLICATION_ID};"
    ))
    .unwrap();
    for step in &STEPS[..version] {
        conn.execute_batch(step).unwrap();
    }
    conn.pragma_update(None, "user_version", version as u32).unwrap();
    let sql = "INSERT INTO journals VALUES (?1, 'Old', 'plum', 0, ?2)";
    conn.execute(sql, params![JournalId::FIRST.0, STAMP]).unwrap();
    for number in 1..=ENTRIES {
        write_entry(&conn, number, version);
    }
}

fn write_entry(conn: &Connection, number: u64, version: usize) {
    let (day, text) = &diary()[number as usize];
    let place = Place::first_on(*day).0 + number as i64;
    let (id, journal) = (entry_id(number).0, JournalId::FIRST.0);
    let sql = "INSERT INTO entries (place, id, journal, date, zone, instant, body, words, starred,
               life, written_at, modified_at)
               VALUES (?1, ?2, ?3, ?4, 'UTC', 0, ?5, 7, 0, 0, ?6, ?6)";
    conn.execute(sql, params![place, id, journal, day.to_string(), text, STAMP]).unwrap();
    if version >= 2 {
        let sql = "INSERT INTO days VALUES (?1, ?2, 1, 7) ON CONFLICT DO UPDATE SET
                   entries = entries + 1, words = words + 7";
        conn.execute(sql, params![day.to_string(), journal]).unwrap();
    }
    if version >= 4 {
        conn.execute("INSERT INTO unindexed VALUES (?1)", [place]).unwrap();
    }
    let sql = "INSERT INTO revisions (entry, modified_at, body) VALUES (?1, ?2, 'earlier')";
    conn.execute(sql, params![id, STAMP]).unwrap();
}

/// What must be there after the way to today's version, whatever it began from.
fn check_today(desk: &mut Desk) {
    let Answer::Status(status) = desk.ask(Query::Status) else { panic!() };
    assert_eq!((status.entries, status.schema_version), (ENTRIES as u32, VERSION));
    for number in 1..=ENTRIES {
        let answer = desk.ask(Query::Entry { entry: entry_id(number) });
        let Answer::Entry(Some(entry)) = answer else { panic!("{number}: {answer:?}") };
        assert_eq!(
            (entry.moment.date, &entry.body),
            (diary()[number as usize].0, &diary()[number as usize].1)
        );
        assert_eq!(entry.revisions, 1);
    }
    let Answer::Outline(months) = desk.ask(Query::Outline { journal: None }) else { panic!() };
    assert_eq!(months.iter().map(|month| month.entries).sum::<u32>(), ENTRIES as u32);
    let (entry, mood) = (entry_id(1), Some(Mood::Great));
    desk.done(Edit::Mood { entry, mood });
    let Answer::Entry(Some(felt)) = desk.ask(Query::Entry { entry }) else { panic!() };
    assert_eq!((felt.mood, felt.location), (mood, None));
    assert_eq!(desk.ask(Query::Templates), Answer::Templates(by_name(starters())));
    desk.settle();
    let search = Search { text: "office".into(), limit: 200, ..Search::default() };
    let naive = (1..=ENTRIES as usize).filter(|n| has_word(&diary()[*n].1, "office")).count();
    assert!(naive > 3);
    assert_eq!(desk.ask(Query::SearchCount(search)), Answer::Count(naive as u32));
}

fn by_name(mut templates: Vec<Template>) -> Vec<Template> {
    templates.sort_by_key(|template| template.name.to_lowercase());
    templates
}

/// The file as it was before the first step lies beside it.
fn check_copy(folder: &dyn Folder, version: usize) {
    let copy = format!("before-version-{VERSION}-was-{version}.sqlite3");
    assert!(folder.names().contains(&copy), "{:?}", folder.names());
    let kept = folder.open(&copy).unwrap();
    let read = |sql: &str| kept.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(read("PRAGMA user_version"), version as i64);
    assert_eq!(read("SELECT count(*) FROM entries"), ENTRIES as i64);
    let sound: String = kept.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
}

fn has_word(text: &str, beginning: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.into_iter().any(|word| word.to_lowercase().starts_with(beginning))
}

#[test]
fn every_earlier_version_opens() {
    for version in 1..STEPS.len() {
        let directory = tempfile::tempdir().unwrap();
        let places: [&dyn Folder; 2] =
            [&Disk::new(Files::new()), &Directory(directory.path().to_owned())];
        for folder in places {
            write_old(folder, version);
            let mut desk = Desk::open(folder);
            check_today(&mut desk);
            check_copy(folder, version);
            let mut desk = desk.reopen(folder);
            check_today(&mut desk);
        }
    }
}

/// Every version's file is, in tables and indexes, what a new file of today is.
#[test]
fn all_ways_lead_to_the_same_tables() {
    let tables = |folder: &Disk| -> BTreeMap<String, String> {
        let conn = folder.open(FILE).unwrap();
        conn.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
        let sql =
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'shelf%'";
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let new = Disk::new(Files::new());
    Desk::open(&new).engine.close();
    for version in 1..STEPS.len() {
        let old = Disk::new(Files::new());
        write_old(&old, version);
        Desk::open(&old).engine.close();
        assert_eq!(tables(&old), tables(&new), "from version {version}");
    }
}

/// Every file of a directory and what is in it.
fn bytes(directory: &std::path::Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(directory).unwrap().map(|file| file.unwrap());
    let read = |file: std::fs::DirEntry| {
        (file.file_name().into_string().unwrap(), std::fs::read(file.path()).unwrap())
    };
    files.map(read).collect()
}

#[test]
fn a_newer_file_is_not_touched() {
    let directory = tempfile::tempdir().unwrap();
    let folder = Directory(directory.path().to_owned());
    write_old(&folder, STEPS.len());
    {
        let conn = folder.open(FILE).unwrap();
        // A log is left behind, as by a browser that was killed.
        conn.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
        let keep = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
        conn.set_db_config(keep, true).unwrap();
        conn.pragma_update(None, "user_version", VERSION + 1).unwrap();
        conn.execute_batch(
            "CREATE TABLE from_the_future (x); INSERT INTO from_the_future VALUES (1)",
        )
        .unwrap();
    }
    let before = bytes(directory.path());
    assert!(before[&format!("{FILE}-wal")].len() > 1_000, "there is a log");
    for suspect in [false, true] {
        match Engine::open(&folder, suspect, DEVICE, Box::new(World)) {
            Err(OpenError::Schema(SchemaError::Newer { found })) => assert_eq!(found, VERSION + 1),
            other => panic!("{:?}", other.err()),
        }
        assert!(bytes(directory.path()) == before, "not one byte");
    }
}

/// A migration that is interrupted by a power cut is done, or not begun; once it is done, the copy
/// of the file as it was is whole and on the disk.
#[test]
fn a_migration_is_whole_or_not_at_all() {
    for version in 1..STEPS.len() {
        let disk = Disk::new(Files::new());
        disk.record();
        write_old(&disk, version);
        let begin = disk.recorded_until_now();
        Desk::open(&disk).engine.close();
        let ops = disk.recorded();
        let (mut life, mut chance) = (Life::of(&ops), Chance::new(7));
        let mut step = 0;
        while life.step().is_some() {
            step += 1;
            if step <= begin || !chance.one_in(4) {
                continue;
            }
            let cut = CUTS[chance.below(CUTS.len())];
            let left = Disk::new(life.cut(cut, &mut chance));
            let mut desk = Desk::open(&left);
            assert!(desk.engine.recovered().is_none(), "{cut:?} after step {step}");
            check_today(&mut desk);
            check_copy(&left, version);
        }
    }
}

/// A migration that the disk refuses leaves the file of the old version, and is done later.
#[test]
fn a_migration_that_fails_waits() {
    for (version, kind) in [(1, Trouble::NoRoom), (2, Trouble::NoRoom), (2, Trouble::Io)] {
        for after in (0..600).step_by(9) {
            let disk = Disk::new(Files::new());
            write_old(&disk, version);
            disk.trip(Trip { after, kind, lasting: true });
            let opened = Engine::open(&disk, false, DEVICE, Box::new(World));
            if !disk.mend() {
                break;
            }
            drop(opened);
            let mut desk = Desk::open(&disk);
            assert!(desk.engine.recovered().is_none(), "{kind:?} after {after}");
            check_today(&mut desk);
            check_copy(&disk, version);
        }
    }
}

#[test]
fn a_file_of_another_program_is_set_aside() {
    let disk = Disk::new(Files::new());
    let conn = disk.open(FILE).unwrap();
    conn.execute_batch("PRAGMA application_id = 7; CREATE TABLE theirs (x)").unwrap();
    drop(conn);
    let before = disk.files();
    let mut desk = Desk::open(&disk);
    assert_eq!(desk.engine.recovered().unwrap().entries, 0);
    assert!(disk.files()[FILE] == before[FILE]);
    desk.write(1, None, "mine");
    let Answer::Rows(rows) = desk.ask(Query::Day { date: date("2026-04-25") }) else { panic!() };
    assert_eq!(rows.len(), 1);
}
