//! Devices that come and go: who is put out reads nothing that is written after, and nobody else
//! loses a word by it.

use crate::device::{Device, ORIGIN};
use crate::stage::{Place, Server, on_both};
use thoughtstream_core::id::JournalId;
use thoughtstream_core::message::{
    Answer, Colour, Command, Edit, Failure, Query, SyncCommand, SyncPhase, SyncTrouble,
};
use thoughtstream_core::seal::{Epoch, epoch_of};
use thoughtstream_core::wire::{Body, Cursor, Hash, Page, Pull};
use thoughtstream_sequencer::log::{Changes, PageLimit};

on_both! {
    who_is_put_out_gets_nothing_more
    a_device_is_put_out_without_a_network_too
    who_leaves_is_off_the_list
    who_leaves_unheard_is_told_what_remains
    a_row_of_an_unknown_epoch_waits_for_its_key
    a_copied_device_is_noticed
    a_vault_without_its_keys_says_so
    nobody_answers_where_the_vault_should_be
    journals_are_merged_by_column
}

/// The number of the first vault in either store.
const VAULT: i64 = 1;

/// So many devices in one vault, and its words.
pub(crate) async fn devices<const N: usize>(server: &Server) -> ([Device; N], String) {
    let mut devices = std::array::from_fn(|at| Device::new(at as u64 + 1, server.address));
    let invitation = server.invitation().await;
    let hex: String = invitation.iter().map(|byte| format!("{byte:02x}")).collect();
    devices[0].create(&hex).await;
    let words = devices[0].words();
    for device in &mut devices[1..] {
        device.join(&words).await;
    }
    for device in &mut devices {
        device.sync().await;
        assert_eq!(device.status.phase, SyncPhase::Synced);
    }
    (devices, words)
}

fn put_out(device: &mut Device, other: u64) -> Result<Answer, Failure> {
    let device_id = thoughtstream_caller::device(other);
    device.ask(Command::Sync(SyncCommand::PutOut { device: device_id }))
}

/// The epochs of all rows in the log.
async fn epochs(server: &Server) -> Vec<Epoch> {
    let limit = PageLimit { bytes: u64::MAX >> 1, changes: 1_000 };
    let pull = Pull { cursor: Cursor::START, bytes: None };
    let page = server.log.pull(VAULT, pull, limit).await.unwrap();
    let mut bytes = page.opening;
    match page.changes {
        Changes::Whole(changes) => bytes.extend(changes),
        Changes::Coming(mut coming) => {
            while let Some(piece) = coming.recv().await {
                bytes.extend_from_slice(&piece.unwrap());
            }
        }
    }
    let page = Page::decode(&bytes).unwrap();
    page.changes.iter().map(|change| epoch_of(&change.sealed).unwrap()).collect()
}

async fn who_is_put_out_gets_nothing_more(place: Place) {
    let server = place.serve().await;
    let ([mut one, mut two, mut three], words) = devices(&server).await;
    one.write(1, "Before.");
    one.sync().await;
    three.sync().await;
    put_out(&mut one, 3).unwrap();
    one.settle().await;
    assert_eq!(one.devices(), (vec![1, 2], vec![]));
    let before = epochs(&server).await.len();
    one.write(2, "After.");
    one.sync().await;
    // The second device has heard nothing of it but a row that it cannot open.
    two.sync().await;
    assert_eq!((two.reads(1), two.reads(2)), (Some("Before.".into()), Some("After.".into())));
    two.write(3, "After, too.");
    two.sync().await;
    one.sync().await;
    assert_eq!(one.reads(3).unwrap(), "After, too.");
    let epochs = epochs(&server).await;
    assert!(epochs[..before].iter().all(|epoch| *epoch == Epoch::FIRST));
    assert!(epochs.len() > before + 1);
    assert!(epochs[before..].iter().all(|epoch| *epoch == epochs[before] && epoch.0 > 1));
    // It is out, and says so; what it had, it has.
    three.write(4, "Lonely.");
    three.sync().await;
    assert_eq!(three.status.phase, SyncPhase::Stopped(SyncTrouble::PutOut));
    assert_eq!((three.reads(1).unwrap(), three.reads(2)), ("Before.".into(), None));
    // The words let a fourth in, and all is there.
    let mut four = Device::new(4, server.address);
    four.join(&words).await;
    assert_eq!([1, 2, 3].map(|number| four.reads(number).is_some()), [true; 3]);
    // And the third, which brings what it wrote meanwhile.
    three.ask(Command::Sync(SyncCommand::Leave)).unwrap();
    three.join(&words).await;
    one.sync().await;
    assert_eq!(
        (three.reads(3).unwrap(), one.reads(4).unwrap()),
        ("After, too.".into(), "Lonely.".into())
    );
}

async fn a_device_is_put_out_without_a_network_too(place: Place) {
    let server = place.serve().await;
    let ([mut one, mut two], _) = devices(&server).await;
    assert!(put_out(&mut one, 1).is_err(), "oneself leaves");
    one.network = None;
    put_out(&mut one, 2).unwrap();
    one.settle().await;
    assert_eq!(one.devices(), (vec![1, 2], vec![2]), "it is still to be done");
    let mut one = one.restart();
    assert_eq!(one.devices(), (vec![1, 2], vec![2]), "and is not forgotten");
    one.network = Some(server.address);
    one.sync().await;
    assert_eq!(one.devices(), (vec![1], vec![]));
    two.sync().await;
    assert_eq!(two.status.phase, SyncPhase::Stopped(SyncTrouble::PutOut));
}

async fn who_leaves_is_off_the_list(place: Place) {
    let server = place.serve().await;
    let ([mut one, mut two, mut three], words) = devices(&server).await;
    two.write(1, "Mine.");
    two.sync().await;
    two.ask(Command::Sync(SyncCommand::Leave)).unwrap();
    assert_eq!(two.status.phase, SyncPhase::Leaving);
    two.settle().await;
    assert_eq!((two.status.phase.clone(), two.reads(1).unwrap()), (SyncPhase::Off, "Mine.".into()));
    one.sync().await;
    assert_eq!(one.devices(), (vec![1, 3], vec![]));
    one.write(2, "Ours.");
    one.sync().await;
    assert!(epochs(&server).await.last().unwrap().0 > 1, "whoever stays takes another key");
    three.sync().await;
    assert_eq!(three.reads(2).unwrap(), "Ours.");
    two.join(&words).await;
    assert_eq!(two.reads(2).unwrap(), "Ours.");
    one.sync().await;
    assert_eq!(one.devices(), (vec![1, 2, 3], vec![]));
}

async fn who_leaves_unheard_is_told_what_remains(place: Place) {
    let server = place.serve().await;
    let ([mut one, mut two], _) = devices(&server).await;
    two.network = None;
    two.ask(Command::Sync(SyncCommand::Leave)).unwrap();
    two.settle().await;
    assert_eq!(two.status.phase, SyncPhase::Stopped(SyncTrouble::StillListed));
    assert_eq!(two.status.server, "", "the vault is left all the same");
    one.sync().await;
    assert_eq!(one.devices(), (vec![1, 2], vec![]));
    put_out(&mut one, 2).unwrap();
    one.settle().await;
    assert_eq!(one.devices(), (vec![1], vec![]));
}

/// A server that was put back has a key ring without the newest key, and rows of it all the same.
async fn a_row_of_an_unknown_epoch_waits_for_its_key(place: Place) {
    let server = place.serve().await;
    let ([mut one, _two, mut three], words) = devices(&server).await;
    let old = server.log.keyring(VAULT).await.unwrap();
    put_out(&mut one, 2).unwrap();
    one.settle().await;
    one.write(1, "Sealed anew.");
    one.sync().await;
    let new = server.log.keyring(VAULT).await.unwrap();
    server.log.put_keyring(VAULT, Hash::of(&new), old).await.unwrap();
    let mut four = Device::new(4, server.address);
    four.join(&words).await;
    four.write(2, "From the newcomer.");
    four.sync().await;
    assert_eq!((four.status.later, four.reads(1)), (1, None), "it is kept aside");
    assert_eq!(four.status.phase, SyncPhase::Synced, "and stops nothing");
    // Whoever knows the key puts it in again.
    one.sync().await;
    assert_eq!(one.reads(2).unwrap(), "From the newcomer.");
    for device in [&mut four, &mut three] {
        device.sync().await;
        assert_eq!((device.status.later, device.reads(1).unwrap()), (0, "Sealed anew.".into()));
    }
}

async fn a_copied_device_is_noticed(place: Place) {
    let server = place.serve().await;
    let ([mut one, mut other], _) = devices(&server).await;
    let mut twin = one.twin();
    one.write(1, "By the first.");
    one.sync().await;
    other.sync().await;
    assert!(!one.status.copied && !other.status.copied);
    twin.sync().await;
    assert!(twin.status.copied, "a stamp under its name that it has not made");
    assert_eq!(twin.reads(1).unwrap(), "By the first.");
    twin.write(2, "By the twin.");
    twin.sync().await;
    one.sync().await;
    assert!(one.status.copied);
    let mut one = one.restart();
    one.sync().await;
    assert!(one.status.copied, "it is told until it is settled");
    one.ask(Command::Sync(SyncCommand::CopySettled)).unwrap();
    assert!(!one.status.copied);
    assert_eq!(one.reads(2).unwrap(), "By the twin.");
}

async fn a_vault_without_its_keys_says_so(place: Place) {
    let server = place.serve().await;
    let ([mut one, other], words) = devices(&server).await;
    one.write(1, "Kept.");
    one.sync().await;
    drop(other);
    let mut one = one.without_keys();
    let stopped = SyncPhase::Stopped(SyncTrouble::NoKeys);
    assert_eq!((one.status.phase.clone(), one.reads(1).unwrap()), (stopped, "Kept.".into()));
    one.ask(Command::Sync(SyncCommand::Leave)).unwrap();
    one.write(2, "Written in between.");
    one.join(&words).await;
    assert_eq!((one.status.phase.clone(), one.status.waiting), (SyncPhase::Synced, 0));
}

async fn nobody_answers_where_the_vault_should_be(place: Place) {
    let server = place.serve().await;
    let ([mut one], words) = devices(&server).await;
    let mut two = Device::new(2, server.address);
    two.network = None;
    two.join(&words).await;
    assert_eq!(two.status.phase, SyncPhase::Entering { unheard: true });
    assert_eq!((&two.status.server[..], two.status.made), (ORIGIN, false));
    // The way out: to try again, or to begin anew.
    two.network = Some(server.address);
    two.ask(Command::Sync(SyncCommand::Now)).unwrap();
    two.settle().await;
    assert_eq!((two.status.phase.clone(), two.status.made), (SyncPhase::Synced, true));
    let mut three = Device::new(3, server.address);
    three.network = None;
    three.create("c0ffee").await;
    assert_eq!(three.status.phase, SyncPhase::Entering { unheard: true });
    three.ask(Command::Sync(SyncCommand::Leave)).unwrap();
    assert_eq!(three.status.phase, SyncPhase::Off);
    // What is there and refuses says why.
    three.network = Some(server.address);
    three.create("c0ffee").await;
    assert_eq!(three.status.phase, SyncPhase::Stopped(SyncTrouble::NotInvited));
    assert!(!three.status.made);
    one.sync().await;
    assert_eq!(one.devices(), (vec![1, 2], vec![]));
}

async fn journals_are_merged_by_column(place: Place) {
    let server = place.serve().await;
    let ([mut one, mut two, mut three], _) = devices(&server).await;
    let id = JournalId([9; 16]);
    let save = |device: &mut Device, name: &str, colour| {
        let edit = Edit::SaveJournal { journal: id, name: name.into(), colour };
        device.ask(Command::Edit(edit)).unwrap();
    };
    save(&mut one, "Travels", Colour::Clay);
    for device in [&mut one, &mut two, &mut three] {
        device.sync().await;
    }
    // One renames, the other paints, a third does nothing.
    save(&mut one, "Trips", Colour::Clay);
    save(&mut two, "Travels", Colour::Blue);
    for _ in 0..2 {
        for device in [&mut one, &mut two, &mut three] {
            device.sync().await;
        }
    }
    let head = server.log.head(VAULT).await.unwrap();
    for device in [&mut one, &mut two, &mut three] {
        device.sync().await;
        let Ok(Answer::Journals(journals)) = device.ask(Command::Query(Query::Journals)) else {
            panic!("no journals")
        };
        let journal = journals.iter().find(|journal| journal.id == id).unwrap();
        assert_eq!((&journal.name[..], journal.colour), ("Trips", Colour::Blue));
    }
    assert_eq!(server.log.head(VAULT).await.unwrap(), head, "they have come to rest");
}
