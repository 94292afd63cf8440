//! A borrowed machine from end to end: real devices, the brain of a guest, and a sequencer that
//! may be up to something.

mod hostile;
mod machine;

use crate::device::{Device, ORIGIN, path};
use crate::devices::devices;
use crate::stage::{NOON, Place, on_both};
use machine::{Borrowed, bodies, borrowed, let_in, look};
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::{
    Answer, Command, GuestCommand, GuestEnding, GuestKind, GuestScope, GuestState, GuestTold,
    GuestsCommand, SyncCommand,
};
use thoughtstream_core::session::Reply;
use thoughtstream_core::wire::Body;

on_both! {
    what_a_guest_writes_becomes_an_entry_on_every_device
    two_devices_that_take_in_the_same_make_one_entry
    a_guest_reads_what_it_was_given_and_no_more
    a_guest_is_seen_and_ended
    a_code_on_paper_is_good_once
    new_backup_codes_end_the_old_ones
    the_recovery_words_are_a_way_in
}

async fn what_a_guest_writes_becomes_an_entry_on_every_device(place: Place) {
    let server = place.serve().await;
    let ([mut home, mut second], _) = devices(&server).await;
    let (_, code) = let_in(&mut home, GuestScope::WriteOnly).await;
    let mut machine = Borrowed::by(&server, 1, &code).await;
    assert_eq!(machine.shown(), Some(&[][..]), "{:?}", machine.told);
    machine.write("First").await;
    machine.write("First, from the library.").await;
    machine.say(GuestCommand::Next).await;
    machine.write("Second.").await;
    look(&mut home).await;
    assert_eq!(bodies(&mut home), ["First, from the library."], "the other is being written");
    machine.say(GuestCommand::Leave).await;
    assert_eq!(machine.told.last(), Some(&GuestTold::Ended(GuestEnding::Left)));
    look(&mut home).await;
    home.sync().await;
    second.sync().await;
    for device in [&mut home, &mut second] {
        assert_eq!(bodies(device), ["First, from the library.", "Second."]);
    }
    let inbox = server.log.inbox(1, NOON).await.unwrap();
    assert_eq!(inbox.items, [], "what the log has is dropped");
}

async fn two_devices_that_take_in_the_same_make_one_entry(place: Place) {
    let server = place.serve().await;
    let ([mut home, mut second], _) = devices(&server).await;
    let (_, code) = let_in(&mut home, GuestScope::WriteOnly).await;
    let mut machine = Borrowed::by(&server, 1, &code).await;
    machine.write("Once.").await;
    machine.say(GuestCommand::Leave).await;
    let kept = server.log.inbox(1, NOON).await.unwrap();
    // The second device is shown what the first one has taken in and dropped already.
    second.between = Some(Box::new(move |request, reply| match path(request) {
        "/v1/inbox" if reply.is_some() => {
            Some(Reply::Answer { status: 200, body: kept.encode(), retry_after: None })
        }
        _ => reply,
    }));
    second.ask(Command::Sync(SyncCommand::Guests(GuestsCommand::Look))).unwrap();
    look(&mut home).await;
    for _ in 0..3 {
        second.between.take_if(|_| bodies_are(&mut home));
        second.sync().await;
        home.sync().await;
    }
    assert_eq!(borrowed(&mut home), borrowed(&mut second));
    assert_eq!(bodies(&mut home), ["Once."]);
}

/// Whether the first device has its entry: then the second is told the truth again.
fn bodies_are(device: &mut Device) -> bool {
    !bodies(device).is_empty()
}

async fn a_guest_reads_what_it_was_given_and_no_more(place: Place) {
    let server = place.serve().await;
    let ([mut home], _) = devices(&server).await;
    home.write(1, "Given.");
    home.write(2, "Kept back.");
    home.settle().await;
    let scopes = [
        (GuestScope::WriteOnly, vec![]),
        (GuestScope::Entries(vec![EntryId([1; 16])]), vec!["Given."]),
        (GuestScope::Days(1), vec!["Kept back.", "Given."]),
        (GuestScope::Everything, vec!["Kept back.", "Given."]),
    ];
    for (at, (scope, expected)) in scopes.into_iter().enumerate() {
        let (guest, code) = let_in(&mut home, scope.clone()).await;
        let machine = Borrowed::by(&server, at as u64, &code).await;
        let shown = machine.shown().unwrap().iter().map(|shown| &shown.body[..]);
        assert_eq!(shown.collect::<Vec<_>>(), expected, "{scope:?}");
        let guests = look(&mut home).await;
        let kind = guests.iter().find(|one| one.id == guest).unwrap().kind;
        assert_eq!(kind == GuestKind::Reader, scope != GuestScope::WriteOnly);
    }
    let long = SyncCommand::Guests(GuestsCommand::LetIn {
        scope: GuestScope::Everything,
        minutes: 100_000,
    });
    assert!(home.ask(Command::Sync(long)).is_err());
}

async fn a_guest_is_seen_and_ended(place: Place) {
    let server = place.serve().await;
    let ([mut home, mut second], _) = devices(&server).await;
    let (guest, code) = let_in(&mut home, GuestScope::WriteOnly).await;
    assert!(matches!(look(&mut home).await[0].state, GuestState::Awaited { .. }));
    let mut machine = Borrowed::by(&server, 1, &code).await;
    machine.write("Seen.").await;
    let seen = &look(&mut second).await[0];
    assert!(matches!(seen.state, GuestState::Open { .. }), "{seen:?}");
    assert_eq!((seen.id, seen.items), (guest, 1));
    second.ask(Command::Sync(SyncCommand::Guests(GuestsCommand::End { guest }))).unwrap();
    second.settle().await;
    machine.write("Too late.").await;
    assert_eq!(machine.told.last(), Some(&GuestTold::Ended(GuestEnding::Revoked)));
    let seen = &look(&mut home).await[0];
    assert!(matches!(seen.state, GuestState::Ended { .. }), "{seen:?}");
    home.sync().await;
    assert_eq!(bodies(&mut home), ["Seen."]);
}

async fn a_code_on_paper_is_good_once(place: Place) {
    let server = place.serve().await;
    let ([mut home], _) = devices(&server).await;
    let codes = backup_codes(&mut home).await;
    assert_eq!(codes.len(), 10);
    server.clock.forward(30 * 24 * 3_600_000);
    let mut machine = Borrowed::by(&server, 1, &codes[3]).await;
    machine.write("From paper.").await;
    let again = Borrowed::by(&server, 2, &codes[3]).await;
    assert!(again.shown().is_none() && again.refused().is_some(), "{:?}", again.told);
    let other = Borrowed::by(&server, 3, &codes[4]).await;
    assert_eq!(other.shown(), Some(&[][..]), "the others are good");
}

async fn backup_codes(device: &mut Device) -> Vec<String> {
    look(device).await;
    let Ok(Answer::Codes(codes)) =
        device.ask(Command::Sync(SyncCommand::Guests(GuestsCommand::BackupCodes)))
    else {
        panic!("no codes")
    };
    device.settle().await;
    codes
}

async fn new_backup_codes_end_the_old_ones(place: Place) {
    let server = place.serve().await;
    let ([mut home], _) = devices(&server).await;
    let old = backup_codes(&mut home).await;
    let new = backup_codes(&mut home).await;
    assert_eq!(look(&mut home).await.len(), 10);
    assert!(Borrowed::by(&server, 1, &old[0]).await.shown().is_none());
    assert!(Borrowed::by(&server, 2, &new[0]).await.shown().is_some());
}

async fn the_recovery_words_are_a_way_in(place: Place) {
    let server = place.serve().await;
    let ([mut home], words) = devices(&server).await;
    let mut machine = Borrowed::new(&server, 1);
    let command = GuestCommand::Words { server: ORIGIN.into(), words };
    machine.say(command).await;
    assert_eq!(machine.shown(), Some(&[][..]), "{:?}", machine.told);
    machine.write("By the words.").await;
    machine.say(GuestCommand::Leave).await;
    assert_eq!(look(&mut home).await[0].kind, GuestKind::Words);
    home.sync().await;
    assert_eq!(bodies(&mut home), ["By the words."]);
    let mut wrong = Borrowed::new(&server, 2);
    wrong.say(GuestCommand::Words { server: ORIGIN.into(), words: "rain rain".into() }).await;
    assert!(wrong.refused().unwrap().contains("24 recovery words"), "{:?}", wrong.told);
}
