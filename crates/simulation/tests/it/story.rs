//! One story, step by step: what a person with several devices lives through.

use std::collections::BTreeSet;
use thoughtstream_core::date::Zone;
use thoughtstream_core::engine::Input;
use thoughtstream_core::id::{EntryId, JournalId};
use thoughtstream_core::message::{
    Answer, Colour, Command, Edit, NewEntry, Query, Revision, Save, SyncCommand, SyncPhase,
    SyncTrouble,
};
use thoughtstream_simulation::device::{Clock, ZONE};
use thoughtstream_simulation::world::World;

const YEAR: i64 = 365 * 86_400_000;
const MINUTE: i64 = 60_000;

fn entry(number: u8) -> EntryId {
    EntryId([number; 16])
}

struct Story(World);

impl Story {
    /// So many devices in one vault.
    fn begin(devices: usize) -> Self {
        let mut story = Self(World::new(1));
        for device in 0..devices {
            story.0.add_device();
            if device == 0 {
                story.0.create_vault(0);
            } else {
                story.0.join_vault(device);
            }
            story.settle();
        }
        story
    }

    fn edit(&mut self, device: usize, edit: Edit) {
        let answer = self.0.ask(device, Command::Edit(edit));
        assert!(matches!(answer, Some(Ok(_))), "{answer:?}");
    }

    fn write(&mut self, device: usize, number: u8, body: &str) {
        let journal = JournalId::FIRST;
        let new = Some(NewEntry { journal, zone: Zone(ZONE.into()), date: None });
        let base = self.shown(device, number).map(|(_, stamp)| stamp);
        let save = Save { entry: entry(number), body: body.into(), base, new };
        self.edit(device, Edit::Save(save));
    }

    fn shown(
        &mut self,
        device: usize,
        number: u8,
    ) -> Option<(String, thoughtstream_core::clock::Stamp)> {
        match self.0.query(device, Query::Entry { entry: entry(number) }) {
            Some(Answer::Entry(shown)) => shown.map(|shown| (shown.body, shown.modified_at)),
            other => panic!("{other:?}"),
        }
    }

    fn body(&mut self, device: usize, number: u8) -> String {
        self.shown(device, number).map(|(body, _)| body).unwrap_or_default()
    }

    fn history(&mut self, device: usize, number: u8) -> Vec<Revision> {
        match self.0.query(device, Query::Revisions { entry: entry(number) }) {
            Some(Answer::Revisions(revisions)) => revisions,
            other => panic!("{other:?}"),
        }
    }

    fn settle(&mut self) {
        self.0.pass(2 * MINUTE);
    }

    fn phase(&self, device: usize) -> SyncPhase {
        self.0.devices[device].status.clone().expect("a status").phase
    }

    #[track_caller]
    fn all_agree(&mut self) {
        self.settle();
        let digests: BTreeSet<[u8; 32]> = self
            .0
            .devices
            .iter()
            .map(|device| device.engine.as_ref().expect("on").digest().expect("read"))
            .collect();
        for device in 0..self.0.devices.len() {
            assert_eq!(self.phase(device), SyncPhase::Synced, "device {device}");
        }
        assert_eq!(digests.len(), 1, "the devices differ");
    }

    fn connect(&mut self, device: usize, connected: bool) {
        self.0.devices[device].connected = connected;
        if connected {
            drop(self.0.handle(device, Input::Online));
        }
    }
}

#[test]
fn two_devices_show_the_same() {
    let mut story = Story::begin(1);
    for number in 1..=3 {
        story.write(0, number, &format!("Entry {number} #walks"));
    }
    story.edit(0, Edit::Tag { entry: entry(1), name: "family".into(), on: true });
    let (journal, name) = (JournalId([7; 16]), "Travels".into());
    story.edit(0, Edit::SaveJournal { journal, name, colour: Colour::Blue });
    story.edit(0, Edit::Move { entry: entry(2), journal });
    story.0.add_device();
    story.0.join_vault(1);
    story.all_agree();
    assert_eq!(story.body(1, 3), "Entry 3 #walks");
    let Some(Answer::Tags(tags)) = story.0.query(1, Query::Tags) else { panic!("no tags") };
    assert_eq!(tags.iter().map(|tag| &tag.name[..]).collect::<Vec<_>>(), ["family", "walks"]);
    let Some(Answer::Devices(devices)) = story.0.query(1, Query::Devices) else { panic!() };
    assert_eq!(devices.len(), 2);
    story.write(1, 2, "Changed on the second device");
    story.all_agree();
    assert_eq!(story.body(0, 2), "Changed on the second device");
}

#[test]
fn what_both_wrote_is_merged_and_kept() {
    let mut story = Story::begin(3);
    story.write(0, 1, "The cat sat on the mat.\n\nIt rained all day.\n");
    story.all_agree();
    story.connect(0, false);
    story.connect(1, false);
    story.write(0, 1, "The old cat sat on the mat.\n\nIt rained all day.\n");
    story.write(1, 1, "The cat sat on the mat.\n\nIt rained all night.\n");
    story.connect(0, true);
    story.connect(1, true);
    story.all_agree();
    let merged = "The old cat sat on the mat.\n\nIt rained all night.\n";
    for device in 0..3 {
        assert_eq!(story.body(device, 1), merged);
    }
    let kept: Vec<Revision> = (0..3).flat_map(|device| story.history(device, 1)).collect();
    assert!(kept.iter().any(|one| one.body.contains("old cat") && one.lost), "{kept:?}");
    assert!(kept.iter().any(|one| one.body.contains("all night")), "{kept:?}");
}

#[test]
fn writing_wins_against_deleting() {
    let mut story = Story::begin(2);
    story.write(0, 1, "Dull.");
    story.write(0, 2, "Duller.");
    story.all_agree();
    story.connect(0, false);
    story.edit(1, Edit::Delete { entry: entry(1) });
    story.edit(1, Edit::Delete { entry: entry(2) });
    story.write(0, 1, "Not so dull after all.");
    story.edit(0, Edit::Star { entry: entry(2), starred: true });
    story.connect(0, true);
    story.all_agree();
    assert_eq!(story.body(1, 1), "Not so dull after all.");
    assert_eq!(story.shown(0, 2), None);
    assert!(story.history(0, 2).is_empty());
}

#[test]
fn what_the_deleter_had_read_does_not_come_back() {
    let mut story = Story::begin(2);
    story.write(0, 1, "Dull.");
    story.all_agree();
    story.connect(1, false);
    story.edit(0, Edit::Star { entry: entry(1), starred: true });
    story.write(0, 1, "Dull, and long.");
    story.settle();
    story.edit(0, Edit::Delete { entry: entry(1) });
    story.settle();
    // Merged with the longer text it is the same as that, which the deleter had read.
    story.edit(1, Edit::Star { entry: entry(1), starred: true });
    story.connect(1, true);
    story.all_agree();
    assert_eq!(story.shown(0, 1), None);
    assert_eq!(story.shown(1, 1), None);
}

#[test]
fn a_copy_that_was_put_out_comes_back_under_another_name() {
    let mut story = Story::begin(2);
    story.write(1, 1, "One.");
    story.all_agree();
    let original = &story.0.devices[1];
    let (files, id, clock) = (original.files(), original.id, original.clock);
    let copy = story.0.add(files, id, clock);
    story.all_agree();
    story.0.leave_vault(1);
    story.settle();
    story.0.join_vault(1);
    story.settle();
    drop(story.0.handle(copy, Input::Online));
    story.settle();
    assert_eq!(story.phase(copy), SyncPhase::Stopped(SyncTrouble::PutOut));
    story.0.leave_vault(copy);
    story.0.join_vault(copy);
    story.all_agree();
    story.write(copy, 1, "One, on the copy.");
    for device in 0..=copy {
        drop(story.0.handle(device, Input::Online));
    }
    story.all_agree();
    assert_eq!(story.body(1, 1), "One, on the copy.");
    let Some(Answer::Devices(devices)) = story.0.query(copy, Query::Devices) else { panic!() };
    assert_eq!(devices.len(), 3);
}

#[test]
fn a_clock_a_year_ahead_is_put_right() {
    let mut story = Story::begin(2);
    story.write(0, 1, "Before.");
    story.all_agree();
    story.0.devices[1].clock = Clock::new(story.0.now, YEAR, 100);
    story.write(1, 1, "From the future.");
    story.all_agree();
    assert_eq!(story.body(0, 1), "From the future.");
    story.write(0, 1, "Right now.");
    story.all_agree();
    assert_eq!(story.body(1, 1), "Right now.");
    let (_, stamp) = story.shown(1, 1).expect("an entry");
    assert!(stamp.millis() < story.0.now + 5 * MINUTE, "{stamp}");
}

#[test]
fn a_server_put_back_is_given_everything_again() {
    let mut story = Story::begin(2);
    let copy = story.0.server.copy().expect("a copy");
    story.write(0, 1, "One.");
    story.write(1, 2, "Two.");
    story.all_agree();
    story.edit(0, Edit::Delete { entry: entry(2) });
    story.write(0, 3, "Three.");
    story.all_agree();
    story.edit(1, Edit::Delete { entry: entry(3) });
    story.all_agree();
    story.0.server.restore(&copy).expect("a restored store");
    story.0.hang_up();
    story.all_agree();
    story.0.add_device();
    story.0.join_vault(2);
    story.all_agree();
    assert_eq!(story.body(2, 1), "One.");
    assert_eq!(story.shown(0, 3), None);
}

#[test]
fn a_push_that_the_server_forgot_is_pushed_again() {
    let mut story = Story::begin(2);
    story.all_agree();
    let copy = story.0.server.copy().expect("a copy");
    story.write(0, 1, "One.");
    // The push is accepted; before it comes back, the server is put back to before it.
    while story.0.pushes == 2 {
        story.0.pass(1);
    }
    story.0.server.restore(&copy).expect("a restored store");
    story.0.hang_up();
    story.all_agree();
    assert_eq!(story.body(1, 1), "One.");
}

#[test]
fn a_wiped_server_gets_a_new_vault() {
    let mut story = Story::begin(2);
    story.write(0, 1, "One.");
    story.write(1, 2, "Two.");
    story.all_agree();
    story.0.server.wipe().expect("an empty store");
    story.0.hang_up();
    story.settle();
    assert_eq!(story.phase(0), SyncPhase::Stopped(SyncTrouble::PutOut));
    assert_eq!(story.phase(1), SyncPhase::Stopped(SyncTrouble::PutOut));
    story.0.leave_vault(1);
    story.0.create_vault(1);
    story.0.leave_vault(0);
    story.0.join_vault(0);
    story.all_agree();
    assert_eq!((story.body(0, 2), story.body(1, 1)), ("Two.".into(), "One.".into()));
}

#[test]
fn leaving_and_coming_back() {
    let mut story = Story::begin(2);
    story.write(0, 1, "One.");
    story.all_agree();
    story.0.leave_vault(1);
    story.settle();
    assert_eq!(story.phase(1), SyncPhase::Off);
    story.write(1, 1, "One, changed outside.");
    story.write(0, 2, "Two.");
    story.settle();
    assert_eq!(story.body(1, 2), "");
    story.0.join_vault(1);
    story.all_agree();
    assert_eq!(story.body(0, 1), "One, changed outside.");
    assert_eq!(story.body(1, 2), "Two.");
}

#[test]
fn words_are_shown_until_they_are_written_down() {
    let mut story = Story::begin(1);
    assert_eq!(story.0.query(0, Query::Words), Some(Answer::Words(story.0.words.clone())));
    drop(story.0.ask(0, Command::Sync(SyncCommand::WordsChecked)));
    assert_eq!(story.0.query(0, Query::Words), Some(Answer::Words(None)));
}
