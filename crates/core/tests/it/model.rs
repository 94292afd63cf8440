//! Random edits, carried out by the engine and by a plain model beside it: whatever can be asked
//! has one answer, after any edits, after the file was closed and opened, and also where the disk
//! failed in the middle of an edit, which then is not done at all, and done when it is sent again.

mod asked;
mod counted;
mod plain;
mod shown;

use crate::support::{
    Desk, SYDNEY, any_location, any_mood, arrival, date, entry_id, journal_id, setting, time, zone,
};
use asked::plainly;
use plain::Plain;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use thoughtstream_core::date::{Date, Instant, Zone};
use thoughtstream_core::id::{EntryId, JournalId, TemplateId};
use thoughtstream_core::message::{
    Answer, Arrival, Changed, Colour, Command, Edit, Failure, Mood, NewEntry, Query, Save,
    Template, starters,
};
use thoughtstream_disk::{Disk, Files, Trip, Trouble};

/// An edit, and what else happens.
#[derive(Debug, Clone)]
struct Step {
    edit: Edit,
    /// How far the system clock moves before it.
    millis: i64,
    /// What fails meanwhile.
    trip: Option<Trip>,
    after: After,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum After {
    Nothing,
    /// The engine has time for its own work.
    Pause,
    /// The file is closed and opened again.
    Reopen,
}

fn any_entry() -> impl Strategy<Value = EntryId> {
    (1..7_u64).prop_map(entry_id)
}

fn any_journal() -> impl Strategy<Value = JournalId> {
    prop_oneof![2 => Just(JournalId::FIRST), 3 => (1..4_u8).prop_map(journal_id)]
}

fn any_body() -> impl Strategy<Value = String> {
    let pieces = ["rain", "Rain", "#fire", "#Fire", "#über/x", "早春の雨", "don't", "*b*", "\n# "];
    vec(select(pieces.to_vec()), 0..5).prop_map(|pieces| pieces.join(" "))
}

fn any_date() -> impl Strategy<Value = Date> {
    let days = ["2020-02-29", "2024-02-28", "2024-02-29", "2024-12-31", "2026-02-28", "2026-04-25"];
    select(days.map(date).to_vec())
}

fn any_zone() -> impl Strategy<Value = Zone> {
    let names = [SYDNEY, SYDNEY, "America/New_York", "UTC", "Atlantic/Atlantis"];
    select(names.map(zone).to_vec())
}

fn any_name() -> impl Strategy<Value = String> {
    select(vec!["Travel", "TRAVEL", " Work", "Fire", "fire", "Städte", "", "Journal"])
        .prop_map(String::from)
}

fn any_colour() -> impl Strategy<Value = Colour> {
    select(Colour::ALL.to_vec())
}

fn any_save() -> impl Strategy<Value = Edit> {
    let base = prop_oneof![1 => Just(None), 2 => Just(Some(plain::no_stamp()))];
    let new = (any_journal(), any_zone(), proptest::option::of(any_date()));
    let new = new.prop_map(|(journal, zone, date)| NewEntry { journal, zone, date });
    (any_entry(), any_body(), base, proptest::option::weighted(0.9, new))
        .prop_map(|(entry, body, base, new)| Edit::Save(Save { entry, body, base, new }))
}

fn any_arrival() -> impl Strategy<Value = Arrival> {
    let journal = (any_journal(), select(vec!["Travel", "Office", "JOURNAL"]), any_colour())
        .prop_map(|(id, name, colour)| (id, name.to_owned(), colour));
    let tags = vec(select(vec!["Fire", "new"]).prop_map(String::from), 0..2);
    let flags = (any::<bool>(), any::<bool>());
    let when = (any_date(), any_time(), any_zone());
    (1..7_u64, any_body(), when, flags, tags, proptest::option::of(journal)).prop_map(
        |(number, body, (date, time, zone), (starred, trashed), tags, journal)| Arrival {
            mood: Mood::ALL.get(number as usize).copied(),
            date,
            time,
            zone,
            starred,
            trashed,
            tags,
            journal,
            ..arrival(number, "2020-01-01", &body)
        },
    )
}

fn any_time() -> impl Strategy<Value = Option<thoughtstream_core::date::Time>> {
    select([None, Some("00:00"), Some("10:30"), Some("23:59:59.999")].map(|t| t.map(time)).to_vec())
}

pub(crate) fn any_edit() -> impl Strategy<Value = Edit> {
    let (entry, journal) = (any_entry, any_journal);
    prop_oneof![
        6 => any_save(),
        2 => (entry(), any_date(), any_time(), any_zone())
            .prop_map(|(entry, date, time, zone)| Edit::Redate { entry, date, time, zone }),
        2 => (entry(), journal()).prop_map(|(entry, journal)| Edit::Move { entry, journal }),
        1 => (entry(), any::<bool>()).prop_map(|(entry, starred)| Edit::Star { entry, starred }),
        2 => (entry(), any_name().prop_map(|name| name.trim().to_owned()), any::<bool>())
            .prop_map(|(entry, name, on)| Edit::Tag { entry, name, on }),
        3 => entry().prop_map(|entry| Edit::Trash { entry }),
        2 => entry().prop_map(|entry| Edit::Restore { entry }),
        1 => entry().prop_map(|entry| Edit::Delete { entry }),
        1 => Just(Edit::EmptyTrash),
        3 => (journal(), any_name(), any_colour())
            .prop_map(|(journal, name, colour)| Edit::SaveJournal { journal, name, colour }),
        2 => (journal(), journal())
            .prop_map(|(journal, into)| Edit::DeleteJournal { journal, into }),
        2 => (entry(), any_mood()).prop_map(|(entry, mood)| Edit::Mood { entry, mood }),
        2 => (entry(), any_location())
            .prop_map(|(entry, location)| Edit::Location { entry, location }),
        1 => (any_template(), any_name(), any_body())
            .prop_map(|(id, name, body)| Edit::SaveTemplate(Template { id, name, body })),
        1 => any_template().prop_map(|template| Edit::DeleteTemplate { template }),
        2 => vec(any_arrival(), 0..4).prop_map(Edit::Import),
    ]
}

fn any_template() -> impl Strategy<Value = TemplateId> {
    let own = [1, 2].map(|number| TemplateId([number; 16]));
    select(starters().iter().map(|starter| starter.id).chain(own).collect::<Vec<_>>())
}

fn any_step() -> impl Strategy<Value = Step> {
    let millis = select(vec![0, 0, 1, 60_000, 86_400_000, -3_600_000]);
    let after = prop_oneof![
        6 => Just(After::Nothing),
        2 => Just(After::Pause),
        1 => Just(After::Reopen)
    ];
    let kind = select(vec![Trouble::Io, Trouble::NoRoom]);
    let trip = (0..40_u64, kind, any::<bool>()).prop_map(|(after, kind, lasting)| Trip {
        after,
        kind,
        lasting,
    });
    (any_edit(), millis, proptest::option::weighted(0.3, trip), after)
        .prop_map(|(edit, millis, trip, after)| Step { edit, millis, trip, after })
}

/// Who saves with a base has the entry as it is now before their eyes.
fn seen_now(desk: &mut Desk, edit: Edit) -> Edit {
    let Edit::Save(Save { entry, body, base: Some(_), new }) = edit else { return edit };
    let base = match desk.ask(Query::Entry { entry }) {
        Answer::Entry(there) => there.map(|there| there.modified_at),
        other => panic!("{other:?}"),
    };
    // Of an entry that is not there, nothing was seen.
    Edit::Save(Save { entry, body, base, new })
}

/// Whether two answers say the same, stamps and the wording of refusals aside.
fn alike(one: &Result<Answer, Failure>, other: &Result<Answer, Failure>) -> bool {
    match (one, other) {
        (Ok(Answer::Saved { .. }), Ok(Answer::Saved { .. })) => true,
        (Ok(Answer::Arrived(one)), Ok(Answer::Arrived(other))) => {
            one.iter().map(std::mem::discriminant).eq(other.iter().map(std::mem::discriminant))
        }
        (Err(Failure::Invalid(_)), Err(Failure::Invalid(_))) => true,
        (one, other) => one == other,
    }
}

fn compare(desk: &mut Desk, plain: &Plain) {
    for (query, answer) in plain.asked() {
        assert_eq!(plainly(desk.ask(query.clone())), answer, "{query:?}");
    }
}

/// What is shown is read again only where it was said to have changed.
fn check_told(before: &Plain, after: &Plain, told: Option<&Changed>) {
    let nothing = Changed::default();
    let told = told.unwrap_or(&nothing);
    for (id, text) in &after.entries {
        let named = told.entries_all || told.entries.iter().any(|(named, _)| named == id);
        assert!(named || before.entries.get(id) == Some(text), "{id:?} is not in {told:?}");
    }
    for (what, said, before, after) in [
        ("journals", told.journals, before.all_journals(), after.all_journals()),
        ("tags", told.tags, before.all_tags(), after.all_tags()),
        ("templates", told.templates, before.all_templates(), after.all_templates()),
        ("outline", told.outline, before.outline(None), after.outline(None)),
    ] {
        assert!(said || before == after, "the {what} changed, and nobody was told: {told:?}");
    }
}

fn carry_out(desk: &mut Desk, disk: &Disk, plain: &mut Plain, step: Step) {
    desk.now = Instant(desk.now.0 + step.millis);
    let edit = seen_now(desk, step.edit);
    let before = plain.clone();
    let expected = plain.edit(edit.clone(), desk.now);
    if let Some(trip) = step.trip {
        disk.trip(trip);
    }
    desk.number += 1;
    let number = desk.number;
    let mut answer = desk.send(number, Command::Edit(edit.clone()));
    let happened = disk.mend();
    if let Err(failure @ (Failure::Full | Failure::Storage(_))) = &answer {
        assert!(happened, "{failure} without a reason");
        let full = step.trip.is_some_and(|trip| trip.kind == Trouble::NoRoom);
        assert_eq!(*failure == Failure::Full, full, "it says what is the matter: {failure}");
        compare(desk, &before);
        answer = desk.send(number, Command::Edit(edit.clone()));
    }
    assert!(alike(&answer, &expected), "{edit:?}: {answer:?}, not {expected:?}");
    check_told(&before, plain, desk.changed.as_ref());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(setting("THOUGHTSTREAM_EDITS", 100) as u32))]

    #[test]
    fn the_engine_does_what_the_model_does(steps in vec(any_step(), 1..40)) {
        let disk = Disk::new(Files::new());
        let (mut desk, mut plain) = (Desk::open(&disk), Plain::new());
        for step in steps {
            let after = step.after;
            carry_out(&mut desk, &disk, &mut plain, step);
            match after {
                After::Nothing => {}
                After::Pause => desk.settle(),
                After::Reopen => desk = desk.reopen(&disk),
            }
        }
        compare(&mut desk, &plain);
        compare(&mut desk.reopen(&disk), &plain);
    }
}
