//! A word that is typed into the app is readable nowhere outside the device: not on the wire, not
//! in the database, not in the log.

use crate::device::Device;
use crate::process::start;
use crate::stage::{Place, on_both};
use std::fs;
use std::path::{Path, PathBuf};
use thoughtstream_caller::{Recorder, readable};
use thoughtstream_core::id::{EntryId, JournalId};
use thoughtstream_core::message::{Colour, Command, Edit, SyncCommand, SyncPhase};

on_both! {
    no_word_leaves_the_device
}

const BODY: &str = "quetzalcoatlus";
const TAG: &str = "pteranodon";
const JOURNAL: &str = "dimorphodon";
const NAME: &str = "archaeopteryx";

async fn no_word_leaves_the_device(place: Place) {
    let place = place.alone();
    let log: PathBuf = place.config.data.with_extension("log");
    let process = start(&place, &log);
    let recorder = Recorder::start().unwrap();
    recorder.stand_before(process.address);
    let invitation = process.invitation.clone().unwrap();
    let mut one = Device::new(1, recorder.address);
    let mut two = Device::new(2, recorder.address);
    one.name = NAME.to_owned();
    one.create(&invitation).await;
    let words = one.words();
    one.write(1, &format!("A {BODY} over the harbour."));
    for edit in [
        Edit::SaveJournal {
            journal: JournalId([4; 16]),
            name: JOURNAL.into(),
            colour: Colour::Blue,
        },
        Edit::Tag { entry: EntryId([1; 16]), name: TAG.into(), on: true },
    ] {
        one.ask(Command::Edit(edit)).unwrap();
    }
    one.sync().await;
    two.join(&words).await;
    two.write(1, &format!("Two {BODY} over the harbour."));
    two.sync().await;
    // Another epoch, and every other thing that devices send.
    let out = SyncCommand::PutOut { device: thoughtstream_caller::device(2) };
    one.sync().await;
    one.ask(Command::Sync(out)).unwrap();
    one.write(2, &format!("The last {BODY}."));
    one.sync().await;
    assert_eq!((one.status.phase.clone(), one.status.waiting), (SyncPhase::Synced, 0));
    assert_eq!(one.reads(1).unwrap(), format!("Two {BODY} over the harbour."));

    let mut seen: Vec<(String, Vec<u8>)> = vec![("the log".into(), fs::read(&log).unwrap())];
    seen.extend(recorder.streams().into_iter().map(|stream| ("the wire".into(), stream)));
    let push = |said: &[u8]| readable(said, &["/v1/push"]).is_some();
    assert!(push(&seen[0].1), "nothing was logged");
    assert!(seen[1..].iter().any(|(_, said)| push(said)), "nothing was recorded");
    drop(process);
    for folder in place.folders() {
        collect(&folder, &mut seen);
    }
    let pair = words.split(' ').take(2).collect::<Vec<_>>().join(" ");
    for (place, bytes) in &seen {
        let found = readable(bytes, &[BODY, TAG, JOURNAL, NAME, &pair]);
        assert_eq!(found, None, "it is readable in {place}");
    }
}

fn collect(folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(bytes) = fs::read(&path) {
            files.push((path.display().to_string(), bytes));
        }
    }
}
