//! Requests that are sent again, tabs that write over each other, and the clock between them.

use crate::support::{DEVICE, Desk, NOW, SYDNEY, World, arrival, date, entry_id, journal_id, zone};
use proptest::prelude::*;
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::date::Instant;
use thoughtstream_core::engine::Engine;
use thoughtstream_core::id::{DeviceId, TabId};
use thoughtstream_core::message::{Answer, Colour, Command, Edit, Fate, Query, Save};
use thoughtstream_core::store::Folder;
use thoughtstream_disk::{Disk, Files};

fn save(body: &str, base: Option<Stamp>) -> Edit {
    Edit::Save(Save { entry: entry_id(1), body: body.into(), base, new: None })
}

/// Everything a reader could see, revisions included.
fn everything(desk: &mut Desk) -> Vec<Answer> {
    let mut all = vec![
        desk.ask(Query::Export { after: None, limit: 500 }),
        desk.ask(Query::Journals),
        desk.ask(Query::Tags),
        desk.ask(Query::Outline { journal: None }),
        desk.ask(Query::Trash),
    ];
    for number in 1..6 {
        all.push(desk.ask(Query::Entry { entry: entry_id(number) }));
        all.push(desk.ask(Query::Revisions { entry: entry_id(number) }));
    }
    all
}

/// Every edit sent again, to the same owner and to the next one, is done once.
#[test]
fn nothing_is_done_twice() {
    let disk = Disk::new(Files::new());
    let mut desk = Desk::open(&disk);
    desk.write(1, None, "one");
    desk.write(2, Some("2026-01-01"), "two");
    let entry = entry_id(1);
    let (journal, name) = (journal_id(3), "Travel".to_owned());
    let edits = [
        save("one more", None),
        Edit::Redate { entry, date: date("2026-02-02"), time: None, zone: zone(SYDNEY) },
        Edit::Star { entry, starred: true },
        Edit::Tag { entry, name: "tagged".into(), on: true },
        Edit::SaveJournal { journal, name, colour: Colour::Blue },
        Edit::Move { entry, journal },
        Edit::Import(vec![arrival(3, "2026-03-03", "three")]),
        Edit::DeleteJournal { journal, into: thoughtstream_core::id::JournalId::FIRST },
        Edit::Trash { entry },
        Edit::Restore { entry },
        Edit::Trash { entry: entry_id(2) },
        Edit::EmptyTrash,
    ];
    for edit in edits {
        let answer = desk.done(edit.clone());
        let number = desk.number;
        let before = everything(&mut desk);
        for reopened in [false, true] {
            if reopened {
                desk = desk.reopen(&disk);
            }
            desk.now = Instant(desk.now.0 + 60_000);
            let again = desk.send(number, Command::Edit(edit.clone())).unwrap();
            assert_eq!(desk.changed, None, "{edit:?}");
            match &answer {
                Answer::Arrived(_) => assert_eq!(again, Answer::Arrived(vec![Fate::Known])),
                answer => assert_eq!(again, *answer, "{edit:?}"),
            }
            assert_eq!(everything(&mut desk), before, "{edit:?}");
        }
    }
}

#[test]
fn another_tab_is_another_matter() {
    let mut desk = Desk::in_memory();
    desk.write(1, None, "one");
    desk.tab = TabId(8);
    desk.number = 0;
    desk.done(save("two", None));
    let Answer::Revisions(kept) = desk.ask(Query::Revisions { entry: entry_id(1) }) else {
        panic!()
    };
    assert_eq!(kept.iter().map(|kept| kept.body.as_str()).collect::<Vec<_>>(), ["one"]);
}

/// The answer was lost with its owner, and another tab wrote meanwhile: what the first tab types
/// next is not based on that.
#[test]
fn an_answer_given_again_names_no_foreign_text() {
    let mut desk = Desk::in_memory();
    let Answer::Saved { stamp } = desk.write(1, None, "mine") else { panic!() };
    let first = desk.done(save("mine too", Some(stamp)));
    let (tab, number) = (desk.tab, desk.number);
    assert!(matches!(first, Answer::Saved { .. }));
    (desk.tab, desk.number) = (TabId(8), 0);
    desk.done(save("theirs", Some(stamp)));
    (desk.tab, desk.number) = (tab, number);
    let again = desk.send(number, Command::Edit(save("mine too", Some(stamp)))).unwrap();
    let Answer::Saved { stamp: base } = again else { panic!("{again:?}") };
    desk.done(save("mine, and more", Some(base)));
    assert!(readable(&mut desk, "theirs"));
    assert!(readable(&mut desk, "mine too"));
}

fn readable(desk: &mut Desk, text: &str) -> bool {
    let Answer::Entry(entry) = desk.ask(Query::Entry { entry: entry_id(1) }) else { panic!() };
    let Answer::Revisions(kept) = desk.ask(Query::Revisions { entry: entry_id(1) }) else {
        panic!()
    };
    entry.is_some_and(|entry| entry.body == text) || kept.iter().any(|kept| kept.body == text)
}

/// One step of one of two tabs: type, or look at what is there now, or touch something else.
#[derive(Debug, Clone, Copy)]
enum Step {
    Type,
    Read,
    Star,
    Trash,
}

fn any_steps() -> impl Strategy<Value = Vec<(usize, Step)>> {
    let step = prop_oneof![
        4 => Just(Step::Type),
        1 => Just(Step::Read),
        1 => Just(Step::Star),
        1 => Just(Step::Trash)
    ];
    proptest::collection::vec((0..2_usize, step), 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Two tabs write into one entry, neither looking at what the other does: whatever a tab was
    /// told is saved can be read, unless that same tab wrote over it, having it before its eyes.
    #[test]
    fn no_acknowledged_text_is_lost(steps in any_steps()) {
        let mut desk = Desk::in_memory();
        let Answer::Saved { stamp } = desk.write(1, None, "begin") else { panic!() };
        // What each tab has in its editor: the version it started from and its text.
        let mut tabs = [(stamp, "begin".to_owned()), (stamp, "begin".to_owned())];
        let mut owed: Vec<String> = vec!["begin".into()];
        let mut starred = false;
        for (number, (tab, step)) in steps.into_iter().enumerate() {
            desk.now = Instant(NOW.0 + i64::try_from(number).unwrap());
            match step {
                Step::Type => {
                    let text = format!("text {number} of tab {tab}");
                    let (base, before) = tabs[tab].clone();
                    let answer = desk.done(save(&text, Some(base)));
                    let Answer::Saved { stamp } = answer else { panic!("{answer:?}") };
                    prop_assert!(stamp > base);
                    owed.retain(|owed| *owed != before);
                    owed.push(text.clone());
                    tabs[tab] = (stamp, text);
                }
                Step::Read => {
                    let Answer::Entry(Some(entry)) =
                        desk.ask(Query::Entry { entry: entry_id(1) }) else { panic!() };
                    tabs[tab] = (entry.modified_at, entry.body);
                }
                Step::Star => {
                    starred = !starred;
                    desk.done(Edit::Star { entry: entry_id(1), starred });
                }
                Step::Trash => {
                    desk.done(Edit::Trash { entry: entry_id(1) });
                    desk.done(Edit::Restore { entry: entry_id(1) });
                }
            }
            for text in &owed {
                prop_assert!(readable(&mut desk, text), "“{}” is lost", text);
            }
        }
    }
}

/// The clock is where it was, also when the next owner's system clock is ten years late.
#[test]
fn the_clock_is_saved_with_the_row() {
    let disk = Disk::new(Files::new());
    let mut desk = Desk::open(&disk);
    let mut last = None;
    for (number, years) in [(1, 0), (2, -10), (3, 10), (4, -10)] {
        desk.now = Instant(NOW.0 + years * 365 * 86_400_000);
        let Answer::Saved { stamp } = desk.write(number, None, "tick") else { panic!() };
        assert!(Some(stamp) > last, "{stamp} after {last:?}");
        last = Some(stamp);
        desk = desk.reopen(&disk);
    }
}

/// The clock stands still, and the counter of its millisecond runs over: the versions of a text
/// stay in the order in which they were written.
#[test]
fn a_full_counter_keeps_versions_in_order() {
    let disk = Disk::new(Files::new());
    let mut desk = Desk::open(&disk);
    desk.write(1, None, "version 0");
    desk.engine.close();
    let full = Stamp::new(NOW.0, u16::MAX - 2, DEVICE).unwrap();
    let conn = disk.open("journal-1.sqlite3").unwrap();
    conn.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
    conn.execute("UPDATE meta SET value = ?1 WHERE key = 'clock'", [full.to_string()]).unwrap();
    drop(conn);
    let mut desk = Desk { number: 1, ..Desk::open(&disk) };
    for number in 1..=5 {
        desk.done(save(&format!("version {number}"), None));
    }
    let Answer::Revisions(kept) = desk.ask(Query::Revisions { entry: entry_id(1) }) else {
        panic!()
    };
    let bodies: Vec<&str> = kept.iter().map(|kept| kept.body.as_str()).collect();
    assert_eq!(bodies, [4, 3, 2, 1, 0].map(|number| format!("version {number}")));
    assert_eq!(kept[0].stamp.millis(), NOW.0 + 1, "the counter ran over");
}

#[test]
fn saving_the_same_text_changes_nothing() {
    let mut desk = Desk::in_memory();
    let Answer::Saved { stamp } = desk.write(1, None, "same") else { panic!() };
    desk.now = Instant(NOW.0 + 1000);
    assert_eq!(desk.done(save("same", Some(stamp))), Answer::Saved { stamp });
    assert_eq!(desk.changed, None);
}

/// One device in a thousand has a name that could be taken for a number.
#[test]
fn a_device_of_digits_keeps_its_name() {
    for name in ["1234567812345678", "00000000000000e1", "0000000000000001", "123456781234567e"] {
        let disk = Disk::new(Files::new());
        let device: DeviceId = name.parse().unwrap();
        let open = || Engine::open(&disk, false, device, Box::new(World)).unwrap();
        open().close();
        let mut desk = Desk::at(open());
        desk.write(1, None, "by whom?");
        let Answer::Entry(Some(entry)) = desk.ask(Query::Entry { entry: entry_id(1) }) else {
            panic!()
        };
        assert_eq!(entry.modified_at.device(), device);
        assert_ne!(entry.modified_at.device(), DEVICE);
    }
}
