//! Deleted for good: the words are not in the file, not in its log, and not in the index.

use crate::support::{Desk, entry_id};
use thoughtstream_core::id::{EntryId, JournalId};
use thoughtstream_core::message::{Answer, Edit, Query, Save};
use thoughtstream_disk::{Disk, Files};

const CANARY: &str = "quetzalcoatlus";

fn save(desk: &mut Desk, entry: EntryId, body: &str) {
    let base = match desk.ask(Query::Entry { entry }) {
        Answer::Entry(entry) => entry.map(|entry| entry.modified_at),
        _ => None,
    };
    desk.done(Edit::Save(Save { entry, body: body.to_owned(), base, new: None }));
}

/// The files in which the canary is readable, whole or in the pieces that an index keeps.
fn readable(disk: &Disk) -> Vec<String> {
    let has = |bytes: &[u8]| {
        let text: String = bytes.iter().map(|byte| char::from(byte.to_ascii_lowercase())).collect();
        text.contains(&CANARY[..8]) || text.contains(&CANARY[6..])
    };
    disk.files().into_iter().filter(|(_, bytes)| has(bytes)).map(|(name, _)| name).collect()
}

#[test]
fn the_words_go_with_the_entry() {
    for length in [1, 40, 2_000] {
        let disk = Disk::new(Files::new());
        let mut desk = Desk::open(&disk);
        for number in 1..40 {
            desk.write(number, Some("2026-03-01"), &format!("Day {number}, and nothing else."));
        }
        desk.settle();
        let entry = entry_id(7);
        // Written in many pieces, looked for, moved, starred: it has been in many places.
        for piece in 1..12 {
            save(&mut desk, entry, &format!("{CANARY}{piece} #{CANARY} ").repeat(length * piece));
            if piece % 3 == 0 {
                desk.settle();
            }
        }
        save(&mut desk, entry, &format!("A {CANARY} over the harbour. ").repeat(length));
        desk.done(Edit::Star { entry, starred: true });
        desk.settle();
        assert!(!readable(&disk).is_empty());
        desk.done(Edit::Trash { entry });
        desk.done(Edit::Delete { entry });
        desk.settle();
        assert_eq!(readable(&disk), [""; 0], "after {length}");
        let mut desk = desk.reopen(&disk);
        assert_eq!(readable(&disk), [""; 0]);
        assert!(matches!(desk.ask(Query::Entry { entry }), Answer::Entry(None)));
        // The others are found as before.
        let found = desk.ask(Query::Journals);
        assert!(matches!(found, Answer::Journals(journals) if journals[0].id == JournalId::FIRST));
    }
}

#[test]
fn a_crash_in_between_does_not_keep_them() {
    let disk = Disk::new(Files::new());
    let mut desk = Desk::open(&disk);
    desk.write(1, Some("2026-03-01"), &format!("A {CANARY}."));
    desk.settle();
    desk.done(Edit::Delete { entry: entry_id(1) });
    drop(desk);
    let mut desk = Desk::open(&disk);
    desk.settle();
    assert_eq!(readable(&disk), [""; 0]);
}
