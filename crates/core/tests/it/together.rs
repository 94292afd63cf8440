//! Several edits as one, and the way back from them.

use crate::model::any_edit;
use crate::support::{Desk, date, entry_id, journal_id, time, zone};
use proptest::collection::vec;
use proptest::prelude::*;
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::{
    Answer, Chosen, Colour, Departure, Edit, Failure, Query, TOGETHER_MAX,
};

/// What a reader sees, but for places: those of one moment are given anew.
fn seen(desk: &mut Desk) -> (Vec<Departure>, [Answer; 3]) {
    let Answer::Departures(mut all) = desk.ask(Query::Export { after: None, limit: 500 }) else {
        panic!()
    };
    all.sort_by_key(|departure| departure.id);
    for departure in &mut all {
        departure.place.0 = 0;
        departure.tags.sort();
    }
    (all, [Query::Journals, Query::Tags, Query::Templates].map(|query| desk.ask(query)))
}

fn undo(answer: Answer) -> Edit {
    match answer {
        Answer::Undo(edit) => *edit,
        other => panic!("{other:?}"),
    }
}

/// Edits that have a way back: all but texts, files and what is deleted for good.
fn undoable() -> impl Strategy<Value = Edit> {
    any_edit().prop_filter("it has a way back", |edit| {
        !matches!(edit, Edit::Save(_) | Edit::Import(_) | Edit::Delete { .. } | Edit::EmptyTrash)
    })
}

/// A desk with entries in several states.
fn lived_in() -> Desk {
    let mut desk = Desk::in_memory();
    for number in 1..6 {
        desk.write(number, Some("2026-01-01"), "a text with a #tag");
    }
    let (journal, name) = (journal_id(1), "Travel".to_owned());
    desk.done(Edit::SaveJournal { journal, name, colour: Colour::Blue });
    desk.done(Edit::Move { entry: entry_id(2), journal });
    desk.done(Edit::Tag { entry: entry_id(3), name: "Fire".into(), on: true });
    desk.done(Edit::Trash { entry: entry_id(4) });
    desk.done(Edit::Star { entry: entry_id(5), starred: true });
    desk
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn all_or_none_and_back_again(edits in vec(undoable(), 0..8)) {
        let mut desk = lived_in();
        let before = seen(&mut desk);
        match desk.edit(Edit::Together(edits)) {
            Ok(answer) => {
                let after = seen(&mut desk);
                let redo = undo(desk.done(undo(answer)));
                prop_assert_eq!(&seen(&mut desk), &before, "undone");
                desk.done(redo);
                prop_assert_eq!(&seen(&mut desk), &after, "done again");
            }
            Err(_) => prop_assert_eq!(&seen(&mut desk), &before, "none of them"),
        }
    }
}

#[test]
fn what_is_gone_is_passed_over() {
    let mut desk = lived_in();
    let trash = |number| Edit::Trash { entry: entry_id(number) };
    desk.done(Edit::Delete { entry: entry_id(1) });
    let back = undo(desk.done(Edit::Together(vec![trash(1), trash(2), trash(4)])));
    let expected = vec![Edit::Restore { entry: entry_id(2) }];
    assert_eq!(back, Edit::Together(expected), "4 lay in the trash already");
    desk.done(Edit::Delete { entry: entry_id(2) });
    desk.done(back);
}

#[test]
fn too_many_and_the_wrong_kinds_are_refused() {
    let mut desk = lived_in();
    let star = |number| Edit::Star { entry: entry_id(number), starred: true };
    let cases = [
        (vec![star(1); TOGETHER_MAX + 1], "20000"),
        (vec![star(1), Edit::Together(Vec::new())], "one at a time"),
        (vec![star(1), Edit::Import(Vec::new())], "one at a time"),
    ];
    let before = seen(&mut desk);
    for (edits, expected) in cases {
        match desk.edit(Edit::Together(edits)) {
            Err(Failure::Invalid(why)) => assert!(why.contains(expected), "{why}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(seen(&mut desk), before);
}

#[test]
fn chosen_entries_are_given_out_in_order() {
    let mut desk = lived_in();
    let redate = |number, day: &str| Edit::Redate {
        entry: entry_id(number),
        date: date(day),
        time: Some(time("09:00")),
        zone: zone("UTC"),
    };
    desk.done(Edit::Together(vec![redate(1, "2026-01-03"), redate(5, "2025-12-31")]));
    let days = |from, to| Chosen::Days { from: date(from), to: date(to) };
    let these = |numbers: &[u64]| Chosen::Entries(numbers.iter().map(|n| entry_id(*n)).collect());
    let cases = [
        (days("2026-01-01", "2026-01-01"), vec![2, 3]), // and not what is in the trash
        (days("2025-12-31", "2026-01-03"), vec![5, 2, 3, 1]),
        (days("2024-01-01", "2024-12-31"), vec![]),
        (these(&[1, 4, 5, 9]), vec![5, 4, 1]),
        (these(&[]), vec![]),
    ];
    for (chosen, expected) in cases {
        for limit in [1, 2, 500] {
            let mut found: Vec<EntryId> = Vec::new();
            let mut after = None;
            loop {
                let query = Query::Chosen { chosen: chosen.clone(), after, limit };
                let Answer::Departures(page) = desk.ask(query) else { panic!() };
                let Some(last) = page.last() else { break };
                after = Some(last.place);
                found.extend(page.iter().map(|departure| departure.id));
            }
            let expected: Vec<EntryId> = expected.iter().map(|n| entry_id(*n)).collect();
            assert_eq!(found, expected, "{chosen:?} by {limit}");
        }
    }
}
