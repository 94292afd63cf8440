//! The power goes: at any moment, every edit that was acknowledged is on the disk, whole, and
//! nothing else is but the one under way. docs/decisions/0006-journal-mode.md rests on this.

use crate::support::{
    Chance, Desk, NOW, SYDNEY, arrival, date, diary, entry_id, journal_id, setting, zone,
};
use rusqlite::Connection;
use thoughtstream_core::date::Instant;
use thoughtstream_core::id::JournalId;
use thoughtstream_core::message::{Answer, Arrival, Colour, Command, Edit, NewEntry, Query, Save};
use thoughtstream_core::store::Folder;
use thoughtstream_disk::crash::{CUTS, Life};
use thoughtstream_disk::{Disk, Files, Op};

const FILE: &str = "journal-1.sqlite3";

/// What a person does in the recorded time; each edit is one request.
fn edits() -> Vec<Edit> {
    let mut edits = Vec::new();
    let save = |number: u64, body: &str| {
        let new = NewEntry { journal: JournalId::FIRST, zone: zone(SYDNEY), date: None };
        let (entry, body) = (entry_id(number), body.to_owned());
        Edit::Save(Save { entry, body, base: None, new: Some(new) })
    };
    for (number, (_, text)) in (1..).zip(diary().iter().take(6)) {
        // A text is saved again and again while it is typed.
        let middle = (0..=text.len() / 2).rfind(|at| text.is_char_boundary(*at)).unwrap();
        edits.extend([save(number, &text[..middle]), save(number, text)]);
    }
    let entry = entry_id(1);
    let (journal, name, colour) = (journal_id(2), "Office".to_owned(), Colour::Gold);
    edits.extend([
        Edit::Star { entry, starred: true },
        Edit::Redate { entry, date: date("2019-05-05"), time: None, zone: zone(SYDNEY) },
        Edit::Tag { entry, name: "plague".into(), on: true },
        Edit::SaveJournal { journal, name, colour },
        Edit::Move { entry, journal },
        Edit::Trash { entry: entry_id(2) },
        Edit::Import(batch(100..140)),
        Edit::Delete { entry: entry_id(2) },
        Edit::Trash { entry: entry_id(110) },
        Edit::EmptyTrash,
        Edit::Import(batch(140..150)),
        save(3, "short now"),
        Edit::DeleteJournal { journal, into: JournalId::FIRST },
    ]);
    edits
}

fn batch(numbers: std::ops::Range<usize>) -> Vec<Arrival> {
    let line = |number: usize| {
        let (day, text) = &diary()[number];
        arrival(number as u64, &day.to_string(), text)
    };
    numbers.map(line).collect()
}

/// Edits after which the engine has time for its own work: index and log.
const PAUSES: [usize; 5] = [3, 11, 18, 20, 24];

/// Everything that can be seen of a journal.
fn seen(desk: &mut Desk) -> Vec<Answer> {
    let answer = desk.ask(Query::Export { after: None, limit: 500 });
    let Answer::Departures(all) = &answer else { panic!("{answer:?}") };
    let ids: Vec<_> = all.iter().map(|departure| departure.id).collect();
    let mut seen = vec![answer, desk.ask(Query::Journals), desk.ask(Query::Tags)];
    for entry in ids {
        seen.push(desk.ask(Query::Entry { entry }));
        seen.push(desk.ask(Query::Revisions { entry }));
    }
    seen
}

fn at_edit(desk: &mut Desk, number: usize) {
    desk.now = Instant(NOW.0 + 1000 * number as i64);
}

/// Writes the journal and records the disk; also what could be seen after each edit.
fn write_journal() -> (Vec<Op>, Vec<Vec<Answer>>) {
    let disk = Disk::new(Files::new());
    disk.record();
    let mut desk = Desk::open(&disk);
    let mut states = vec![seen(&mut desk)];
    for (edit, number) in edits().into_iter().zip(1..) {
        at_edit(&mut desk, number);
        desk.send(number as u64, Command::Edit(edit)).unwrap();
        disk.acknowledge(number);
        states.push(seen(&mut desk));
        if PAUSES.contains(&number) {
            desk.settle();
        }
    }
    (disk.recorded(), states)
}

/// Opens what a power cut left: it must be one of the states it may be, and sending the edit
/// under way again must lead to the next, whether it was carried out already or not.
fn judge(files: Files, acknowledged: usize, states: &[Vec<Answer>]) -> Result<(), String> {
    let disk = Disk::new(files);
    let mut desk = Desk::open(&disk);
    if desk.engine.recovered().is_some() {
        return Err("the file is damaged".into());
    }
    let now = seen(&mut desk);
    let may_be = &states[acknowledged..states.len().min(acknowledged + 2)];
    if !may_be.contains(&now) {
        let known = states.iter().position(|state| *state == now);
        return Err(format!("{acknowledged} acknowledged, but the state is {known:?}"));
    }
    if let Some(edit) = edits().into_iter().nth(acknowledged) {
        at_edit(&mut desk, acknowledged + 1);
        desk.send(acknowledged as u64 + 1, Command::Edit(edit)).map_err(|why| why.to_string())?;
        if seen(&mut desk) != states[acknowledged + 1] {
            return Err("the edit under way, sent again, led elsewhere".into());
        }
    }
    desk.settle();
    desk.engine.close();
    integrity(&disk)
}

fn integrity(disk: &Disk) -> Result<(), String> {
    let conn = disk.open(FILE).map_err(|error| error.to_string())?;
    conn.pragma_update(None, "locking_mode", "EXCLUSIVE").map_err(|error| error.to_string())?;
    let verdict = conn.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0));
    match verdict {
        Ok(verdict) if verdict == "ok" => Ok(()),
        other => Err(format!("integrity_check: {other:?}")),
    }
}

/// Cuts the power `count` times, spread over all moments; what went wrong.
pub(crate) fn cut_power(
    ops: &[Op],
    count: usize,
    seed: u64,
    judge: impl Fn(Files, usize) -> Result<(), String>,
) -> Vec<String> {
    let mut chance = Chance::new(seed);
    let (mut life, mut wrong, mut step) = (Life::of(ops), Vec::new(), 0);
    let moments = ops.len() * CUTS.len();
    while life.step().is_some() {
        step += 1;
        for cut in CUTS {
            if chance.below(moments) >= count {
                continue;
            }
            let files = life.cut(cut, &mut chance);
            if let Err(why) = judge(files, life.acknowledged) {
                wrong.push(format!("{cut:?} after step {step} (seed {seed}): {why}"));
            }
        }
    }
    wrong
}

#[test]
fn nothing_acknowledged_is_lost() {
    let (ops, states) = write_journal();
    let seed = setting("THOUGHTSTREAM_SEED", 1) as u64;
    let count = setting("THOUGHTSTREAM_POWER_CUTS", 1_000);
    let wrong =
        cut_power(&ops, count, seed, |files, acknowledged| judge(files, acknowledged, &states));
    assert!(wrong.is_empty(), "{} wrong, first: {}", wrong.len(), wrong[0]);
}

/// A way to keep the journal: how it is called, and what sets it.
const MODES: [(&str, &str); 5] = [
    ("WAL, alone with the file", "locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL"),
    ("DELETE", "journal_mode = DELETE"),
    ("TRUNCATE", "journal_mode = TRUNCATE"),
    ("TRUNCATE, alone with the file", "locking_mode = EXCLUSIVE; PRAGMA journal_mode = TRUNCATE"),
    ("PERSIST, alone with the file", "locking_mode = EXCLUSIVE; PRAGMA journal_mode = PERSIST"),
];

const SAVES: i64 = 24;

/// Opens a file of the journal's tables in some mode.
fn open_in(disk: &Disk, mode: &str, synchronous: &str) -> rusqlite::Result<Connection> {
    let conn = disk.open(FILE)?;
    conn.execute_batch(&format!("PRAGMA {mode}; PRAGMA synchronous = {synchronous}"))?;
    Ok(conn)
}

/// Saves as the store does, without the engine: a row, its day and the request, in one transaction.
fn save_in(mode: &str, synchronous: &str, deaf: Option<u64>) -> Vec<Op> {
    let disk = Disk::new(Files::new());
    disk.record();
    let conn = open_in(&disk, mode, synchronous).unwrap();
    for step in thoughtstream_core::schema::STEPS {
        conn.execute_batch(&format!("BEGIN; {step} COMMIT")).unwrap();
    }
    disk.acknowledge(0);
    deaf.into_iter().for_each(|number| disk.forget_sync(number));
    for number in 1..=SAVES {
        conn.execute_batch(&format!(
            "BEGIN IMMEDIATE;
             INSERT OR REPLACE INTO entries VALUES ({number} % 9, randomblob(16), x'01',
             '2026-01-01', NULL, 'UTC', 0, hex(zeroblob({number} * 400)), {number},
             0, 0, '', '', 3, 'home', 51500000, NULL);
             INSERT INTO days VALUES ('2026-01-01', x'01', 1, {number})
             ON CONFLICT DO UPDATE SET words = words + {number};
             INSERT OR REPLACE INTO meta VALUES ('tab', {number});
             COMMIT"
        ))
        .unwrap();
        disk.acknowledge(usize::try_from(number).unwrap());
        if number % 8 == 0 && mode.ends_with("WAL") {
            conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
        }
    }
    disk.recorded()
}

/// The number of the last save, all of whose parts must agree.
fn judge_saves(files: Files, acknowledged: usize, mode: &str) -> Result<(), String> {
    let disk = Disk::new(files);
    let conn = open_in(&disk, mode, "FULL").map_err(|error| error.to_string())?;
    let sql = "SELECT coalesce(max(value), 0), coalesce((SELECT words FROM days), 0),
               coalesce((SELECT max(words) FROM entries), 0) FROM meta";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let state = conn.query_row(sql, [], read);
    // Before the tables were made there is nothing to read.
    let (last, words, newest): (i64, i64, i64) = match state {
        Err(error) if acknowledged > 0 => return Err(error.to_string()),
        other => other.unwrap_or_default(),
    };
    drop(conn);
    let whole = words == last * (last + 1) / 2 && newest == last;
    let last = usize::try_from(last).unwrap_or(usize::MAX);
    if !whole || last < acknowledged || last > acknowledged + 1 {
        return Err(format!("{acknowledged} acknowledged, {last} there, whole: {whole}"));
    }
    integrity(&disk)
}

#[test]
fn every_journal_mode_keeps_its_promise() {
    let seed = setting("THOUGHTSTREAM_SEED", 1) as u64;
    let count = setting("THOUGHTSTREAM_POWER_CUTS", 1_000) / 5;
    for (name, mode) in MODES {
        let ops = save_in(mode, "FULL", None);
        let wrong = cut_power(&ops, count, seed, |files, acknowledged| {
            judge_saves(files, acknowledged, mode)
        });
        println!(
            "{name}: {:.1} flushes a save, {} of {count} cuts lost something",
            flushes_a_save(&ops),
            wrong.len()
        );
        assert!(wrong.is_empty(), "{name}: {} wrong, first: {}", wrong.len(), wrong[0]);
    }
}

/// What a save waits for; making a file takes the pool one flush, deleting it two.
fn flushes_a_save(ops: &[Op]) -> f64 {
    let begin = ops.iter().position(|op| *op == Op::Acknowledged(0)).unwrap();
    let flushes: u32 = ops[begin..]
        .iter()
        .map(|op| match op {
            Op::Sync(_) | Op::Create(_) => 1,
            Op::Delete(_) => 2,
            _ => 0,
        })
        .sum();
    f64::from(flushes) / f64::from(u32::try_from(SAVES).unwrap())
}

/// A test of the test: a store that does not flush is found out, and so is a single flush that is
/// left out.
#[test]
fn a_forgotten_flush_is_noticed() {
    for (name, mode) in [MODES[0], MODES[1]] {
        let lost = |ops: &[Op]| {
            !cut_power(ops, 400, 1, |files, acknowledged| judge_saves(files, acknowledged, mode))
                .is_empty()
        };
        assert!(lost(&save_in(mode, "OFF", None)), "{name} without flushes");
        let noticed = (1..=8).filter(|number| lost(&save_in(mode, "FULL", Some(*number)))).count();
        assert!(noticed > 0, "{name}: none of its flushes seems to matter");
    }
}
