//! A sequencer that is up to something with what guests write.

use super::machine::{Borrowed, bodies, borrowed, let_in, look};
use crate::device::{Device, ORIGIN, fetch, path};
use crate::devices::devices;
use crate::stage::{NOON, Place, Server, on_both};
use std::sync::{Arc, Mutex};
use thoughtstream_core::guest::Input;
use thoughtstream_core::id::GuestId;
use thoughtstream_core::message::{Command, Edit, GuestCommand, GuestScope};
use thoughtstream_core::session::Reply;
use thoughtstream_core::wire::{Body, GuestIs, InboxIs, InboxItem};

on_both! {
    an_item_that_is_shown_twice_is_taken_once
    a_deleted_entry_does_not_come_back
    items_are_not_exchanged_on_the_way
    an_inbox_that_was_swapped_gets_nothing
}

/// What the inbox had, and what it is made to say from then on.
fn replace_inbox(device: &mut Device, items: Vec<InboxItem>, times: u32) {
    let left = Arc::new(Mutex::new(times));
    device.between = Some(Box::new(move |request, reply| {
        let mut left = left.lock().unwrap();
        if path(request) != "/v1/inbox" || reply.is_none() || *left == 0 {
            return reply;
        }
        *left -= 1;
        let body = InboxIs { open: 0, items: items.clone() }.encode();
        Some(Reply::Answer { status: 200, body, retry_after: None })
    }));
}

/// A visit with two entries, which nobody has taken in yet.
async fn two_entries(server: &Server, home: &mut Device) -> Vec<InboxItem> {
    let (_, code) = let_in(home, GuestScope::WriteOnly).await;
    let mut machine = Borrowed::by(server, 1, &code).await;
    machine.write("One.").await;
    machine.say(GuestCommand::Next).await;
    machine.write("Two.").await;
    machine.say(GuestCommand::Leave).await;
    server.log.inbox(1, NOON).await.unwrap().items
}

async fn an_item_that_is_shown_twice_is_taken_once(place: Place) {
    let server = place.serve().await;
    let ([mut home], _) = devices(&server).await;
    let items = two_entries(&server, &mut home).await;
    let twice = [items.clone(), items].concat();
    replace_inbox(&mut home, twice, 3);
    for _ in 0..4 {
        look(&mut home).await;
        home.sync().await;
    }
    assert_eq!(bodies(&mut home), ["One.", "Two."]);
}

async fn a_deleted_entry_does_not_come_back(place: Place) {
    let server = place.serve().await;
    let ([mut home], _) = devices(&server).await;
    let items = two_entries(&server, &mut home).await;
    look(&mut home).await;
    home.sync().await;
    let (entry, _) = borrowed(&mut home)[0];
    for edit in [Edit::Trash { entry }, Edit::Delete { entry }] {
        home.ask(Command::Edit(edit)).unwrap();
    }
    home.sync().await;
    replace_inbox(&mut home, items, 3);
    look(&mut home).await;
    home.sync().await;
    assert_eq!(bodies(&mut home), ["Two."]);
}

async fn items_are_not_exchanged_on_the_way(place: Place) {
    let server = place.serve().await;
    let ([mut home], _) = devices(&server).await;
    let items = two_entries(&server, &mut home).await;
    let [one, two] = &items[..] else { panic!("{items:?}") };
    let other = GuestId([9; 16]);
    let wrong = vec![
        InboxItem { slot: 1, ..one.clone() },
        InboxItem { slot: 7, ..two.clone() },
        InboxItem { guest: other, ..one.clone() },
        InboxItem { sealed: two.sealed[..two.sealed.len() - 1].to_vec(), ..two.clone() },
        InboxItem { sealed: Vec::new(), ..one.clone() },
    ];
    replace_inbox(&mut home, wrong, 1);
    look(&mut home).await;
    home.sync().await;
    assert_eq!(bodies(&mut home), Vec::<String>::new(), "nothing of it is believed");
}

async fn an_inbox_that_was_swapped_gets_nothing(place: Place) {
    let server = place.serve().await;
    let ([mut home], _) = devices(&server).await;
    let (_, code) = let_in(&mut home, GuestScope::WriteOnly).await;
    // A vault of the attacker's own, and a pass of it.
    let (_, theirs) = let_in(&mut home, GuestScope::WriteOnly).await;
    let mut other = Borrowed::new(&server, 9);
    other.handle(Input::Command(GuestCommand::Code { server: ORIGIN.into(), code: theirs }));
    let request = other.requests.pop_front().unwrap();
    let Reply::Answer { body, .. } = fetch(Some(server.address), &request).await else {
        panic!("no answer")
    };
    assert!(GuestIs::decode(&body).is_ok());
    let mut machine = Borrowed::new(&server, 1);
    machine.handle(Input::Command(GuestCommand::Code { server: ORIGIN.into(), code }));
    let number = machine.numbers.pop_front().unwrap();
    machine.requests.clear();
    let reply = Reply::Answer { status: 200, body, retry_after: None };
    machine.handle(Input::Fetched { number, reply });
    assert!(machine.refused().unwrap().contains("was not made for this code"));
    machine.write("never").await;
    machine.tick(10_000).await;
    assert!(
        machine.requests.is_empty() && server.log.inbox(1, NOON).await.unwrap().items.is_empty()
    );
}
