//! Guests: what they may do, how long, and everything they try besides; on both databases.

use crate::stage::{NOON, Place, Server, on_both};
use crate::stories::everything;
use thoughtstream_caller::{Called, Caller, Person, device};
use thoughtstream_core::id::GuestId;
use thoughtstream_core::wire::{
    Body, Code, Done, DropItems, EndGuest, EnterGuest, GuestIs, GuestStands, GuestsAre, Hash,
    InboxIs, InboxItem, ItemName, KeyringIs, OpenGuest, PutItem, Secret,
};

on_both! {
    a_guest_writes_and_reads_nothing
    a_right_is_good_once
    two_who_show_one_right_are_one_guest
    a_right_is_good_until_its_end
    a_right_that_is_for_too_long_is_refused
    a_visit_ends_when_its_time_is_up
    a_silent_guest_is_out
    a_revoked_token_is_dead_at_once_in_every_process
    who_has_left_is_out
    a_right_is_taken_back
    what_is_being_written_is_not_handed_out
    an_older_version_changes_nothing
    a_guest_writes_so_much_and_no_more
    the_recovery_words_let_a_guest_in_and_end_by_it
    old_guests_are_forgotten_when_their_entries_were_fetched
}

const MINUTE: u64 = 60_000;

/// The right of a guest of that number.
pub(crate) fn open(number: u8, now: u64) -> OpenGuest {
    OpenGuest {
        guest: GuestId([number; 16]),
        right: Hash::of(&secret(number).0),
        until: now + 10 * MINUTE,
        length: 15 * MINUTE,
        note: b"what it is for, sealed".to_vec(),
        sealed: b"a pass, sealed".to_vec(),
    }
}

fn secret(number: u8) -> Secret {
    Secret([number; 32])
}

pub(crate) fn item(slot: u64, version: u64, sealed: &[u8]) -> PutItem {
    PutItem { slot, version, sealed: sealed.to_vec() }
}

pub(crate) async fn put(caller: &mut Caller, item: &PutItem) -> Called<GuestStands> {
    caller.call("POST", "/v1/guest/put", item).await
}

async fn enter(server: &Server, number: u8) -> Called<GuestIs> {
    let right = secret(number);
    server.caller().call("POST", "/v1/guest/enter", &EnterGuest { right }).await
}

async fn done(caller: &mut Caller, path: &str, body: &impl Body) -> Result<Done, Code> {
    caller.call("POST", path, body).await.unwrap().map_err(|refusal| refusal.code)
}

/// A guest whom a device has let in.
pub(crate) async fn come_in(
    server: &Server,
    owner: &mut Caller,
    number: u8,
) -> (Caller, OpenGuest, GuestIs) {
    let open = open(number, NOON);
    done(owner, "/v1/guests", &open).await.unwrap();
    let is = enter(server, number).await.unwrap().unwrap();
    (Caller::with(server.address, is.token), open, is)
}

async fn owned(place: &Place) -> (Server, Person, Caller) {
    let server = place.serve().await;
    let (person, _) = server.vault(1).await;
    let owner = server.enter(&person, 1).await;
    (server, person, owner)
}

async fn inbox(owner: &mut Caller) -> InboxIs {
    owner.send("GET", "/v1/inbox", vec![]).await.unwrap().read().unwrap().unwrap()
}

async fn guests(owner: &mut Caller) -> GuestsAre {
    owner.send("GET", "/v1/guests", vec![]).await.unwrap().read().unwrap().unwrap()
}

async fn stands(guest: &mut Caller) -> Result<GuestStands, Code> {
    let reply = guest.send("GET", "/v1/guest", vec![]).await.unwrap();
    reply.read::<GuestStands>().unwrap().map_err(|refusal| refusal.code)
}

async fn a_guest_writes_and_reads_nothing(place: Place) {
    let (server, person, mut owner) = owned(&place).await;
    let (mut guest, open, is) = come_in(&server, &mut owner, 3).await;
    assert_eq!((is.vault, is.guest, is.sealed), (person.vault, open.guest, open.sealed.clone()));
    assert_eq!(stands(&mut guest).await.unwrap().ends, NOON + open.length);
    put(&mut guest, &item(0, 1, b"an entry, sealed")).await.unwrap().unwrap();
    let name = ItemName { guest: open.guest, slot: 0 };
    for (method, path, body) in [
        (
            "GET",
            "/v1/pull?after=0&chain=00000000000000000000000000000000&incarnation=\
          00000000000000000000000000000000",
            vec![],
        ),
        ("GET", "/v1/manifest", vec![]),
        ("GET", "/v1/keyring", vec![]),
        ("GET", "/v1/live", vec![]),
        ("GET", "/v1/files", vec![]),
        ("GET", "/v1/inbox", vec![]),
        ("POST", "/v1/inbox/drop", DropItems { items: vec![name] }.encode()),
        ("GET", "/v1/guests", vec![]),
        ("POST", "/v1/guests", open.encode()),
        ("POST", "/v1/guests/end", EndGuest { guest: open.guest }.encode()),
        ("POST", "/v1/push", vec![1]),
        ("PUT", "/v1/manifest", vec![1]),
        ("PUT", "/v1/keyring", vec![1]),
        ("PUT", "/v1/recovery", vec![1]),
        ("DELETE", "/v1/vault", vec![1]),
        ("POST", "/v1/leave", vec![1]),
    ] {
        let reply = guest.send(method, path, body).await.unwrap();
        assert_eq!(reply.code(), Some(Code::Unauthorized), "{method} {path}");
        assert_eq!(reply.headers["cache-control"], "no-store", "{method} {path}");
    }
    // A device's token is no guest's either.
    assert_eq!(stands(&mut owner).await, Err(Code::Unauthorized));
}

async fn a_right_is_good_once(place: Place) {
    let (server, _, mut owner) = owned(&place).await;
    let (mut guest, open, _) = come_in(&server, &mut owner, 3).await;
    let again = enter(&server, 3).await.unwrap().unwrap_err();
    assert_eq!(again.code, Code::NotFound);
    assert_eq!(done(&mut owner, "/v1/guests", &open).await, Err(Code::Exists));
    let unknown = enter(&server, 4).await.unwrap().unwrap_err();
    assert_eq!(unknown.text, again.text, "used and unknown look alike");
    stands(&mut guest).await.expect("the first is still in");
}

async fn two_who_show_one_right_are_one_guest(place: Place) {
    let (server, _, mut owner) = owned(&place).await;
    for number in 1..6 {
        done(&mut owner, "/v1/guests", &open(number, NOON)).await.unwrap();
        let (one, other) = tokio::join!(enter(&server, number), enter(&server, number));
        let come = [one.unwrap().is_ok(), other.unwrap().is_ok()];
        assert_eq!(come.iter().filter(|come| **come).count(), 1, "round {number}");
    }
}

async fn a_right_is_good_until_its_end(place: Place) {
    let (server, _, mut owner) = owned(&place).await;
    done(&mut owner, "/v1/guests", &open(3, NOON)).await.unwrap();
    done(&mut owner, "/v1/guests", &open(4, NOON)).await.unwrap();
    server.clock.forward(10 * MINUTE - 1);
    enter(&server, 3).await.unwrap().expect("in the last millisecond");
    server.clock.forward(1);
    let late = enter(&server, 4).await.unwrap().unwrap_err();
    assert_eq!(late.code, Code::NotFound);
}

async fn a_right_that_is_for_too_long_is_refused(place: Place) {
    let (_server, _, mut owner) = owned(&place).await;
    let long = OpenGuest { length: 4 * 60 * MINUTE + 1, ..open(3, NOON) };
    assert_eq!(done(&mut owner, "/v1/guests", &long).await, Err(Code::Malformed));
    let ever = OpenGuest { until: u64::MAX, ..open(3, NOON) };
    assert_eq!(done(&mut owner, "/v1/guests", &ever).await, Err(Code::Malformed));
}

async fn a_visit_ends_when_its_time_is_up(place: Place) {
    let (server, _, mut owner) = owned(&place).await;
    let (mut guest, ..) = come_in(&server, &mut owner, 3).await;
    put(&mut guest, &item(0, 1, b"an entry")).await.unwrap().unwrap();
    // It is heard all the time.
    for _ in 0..14 {
        server.clock.forward(MINUTE);
        stands(&mut guest).await.unwrap();
    }
    server.clock.forward(MINUTE);
    assert_eq!(stands(&mut guest).await, Err(Code::Unauthorized));
    let late = put(&mut guest, &item(0, 2, b"more")).await.unwrap().unwrap_err();
    assert_eq!(late.code, Code::Unauthorized);
    let InboxIs { open, items } = inbox(&mut owner).await;
    assert_eq!((open, &items[0].sealed[..]), (0, &b"an entry"[..]), "what came before is there");
}

async fn a_silent_guest_is_out(place: Place) {
    let (server, _, mut owner) = owned(&place).await;
    let (mut guest, ..) = come_in(&server, &mut owner, 3).await;
    put(&mut guest, &item(0, 1, b"an entry")).await.unwrap().unwrap();
    server.clock.forward(6 * MINUTE + 1);
    assert_eq!(inbox(&mut owner).await.items.len(), 1, "a tab that was killed has finished");
    assert_eq!(stands(&mut guest).await, Err(Code::Unauthorized));
    assert_eq!(guests(&mut owner).await.guests[0].ends, NOON + 6 * MINUTE);
}

async fn a_revoked_token_is_dead_at_once_in_every_process(place: Place) {
    let (server, _, mut owner) = owned(&place).await;
    let (mut guest, open, is) = come_in(&server, &mut owner, 3).await;
    let second = place.serve().await;
    let mut beside = Caller::with(second.address, is.token);
    stands(&mut guest).await.unwrap();
    stands(&mut beside).await.unwrap();
    done(&mut owner, "/v1/guests/end", &EndGuest { guest: open.guest }).await.unwrap();
    for guest in [&mut guest, &mut beside] {
        assert_eq!(stands(guest).await, Err(Code::Unauthorized));
        let late = put(guest, &item(0, 1, b"more")).await.unwrap().unwrap_err();
        assert_eq!(late.code, Code::Unauthorized);
    }
    let unknown = EndGuest { guest: GuestId([9; 16]) };
    assert_eq!(done(&mut owner, "/v1/guests/end", &unknown).await, Err(Code::NotFound));
}

async fn who_has_left_is_out(place: Place) {
    let (server, _, mut owner) = owned(&place).await;
    let (mut guest, ..) = come_in(&server, &mut owner, 3).await;
    done(&mut guest, "/v1/guest/leave", &Done {}).await.unwrap();
    assert_eq!(stands(&mut guest).await, Err(Code::Unauthorized));
    done(&mut guest, "/v1/guest/leave", &Done {}).await.expect("twice is once");
}

async fn a_right_is_taken_back(place: Place) {
    let (server, _, mut owner) = owned(&place).await;
    let open = open(3, NOON);
    done(&mut owner, "/v1/guests", &open).await.unwrap();
    done(&mut owner, "/v1/guests/end", &EndGuest { guest: open.guest }).await.unwrap();
    let refusal = enter(&server, 3).await.unwrap().unwrap_err();
    assert_eq!(refusal.code, Code::NotFound);
    assert_eq!(guests(&mut owner).await.guests, []);
}

async fn what_is_being_written_is_not_handed_out(place: Place) {
    let (server, _, mut owner) = owned(&place).await;
    let (mut guest, open, _) = come_in(&server, &mut owner, 3).await;
    put(&mut guest, &item(0, 1, b"first")).await.unwrap().unwrap();
    assert_eq!(inbox(&mut owner).await, InboxIs { open: 1, items: vec![] });
    put(&mut guest, &item(1, 2, b"")).await.unwrap().unwrap();
    let first = InboxItem { guest: open.guest, slot: 0, sealed: b"first".to_vec() };
    for _ in 0..2 {
        let items = inbox(&mut owner).await.items;
        assert_eq!(items, std::slice::from_ref(&first), "until it is dropped");
    }
    let items = vec![ItemName { guest: open.guest, slot: 0 }];
    done(&mut owner, "/v1/inbox/drop", &DropItems { items: items.clone() }).await.unwrap();
    done(&mut owner, "/v1/inbox/drop", &DropItems { items }).await.expect("twice is once");
    put(&mut guest, &item(1, 3, b"second")).await.unwrap().unwrap();
    done(&mut guest, "/v1/guest/leave", &Done {}).await.unwrap();
    assert_eq!(inbox(&mut owner).await.items[0].sealed, b"second");
    assert_eq!(guests(&mut owner).await.guests[0].items, 2);
}

async fn an_older_version_changes_nothing(place: Place) {
    let (server, _, mut owner) = owned(&place).await;
    let (mut guest, ..) = come_in(&server, &mut owner, 3).await;
    for (version, sealed) in [(2, &b"new"[..]), (1, b"old"), (2, b"other")] {
        put(&mut guest, &item(0, version, sealed)).await.unwrap().unwrap();
    }
    done(&mut guest, "/v1/guest/leave", &Done {}).await.unwrap();
    assert_eq!(inbox(&mut owner).await.items[0].sealed, b"new");
    assert_eq!(guests(&mut owner).await.guests[0].items, 1);
}

async fn a_guest_writes_so_much_and_no_more(place: Place) {
    let (server, _, mut owner) = owned(&place).await;
    let (mut guest, ..) = come_in(&server, &mut owner, 3).await;
    let long = put(&mut guest, &item(0, 1, &vec![7; (256 << 10) + 1])).await.unwrap();
    assert_eq!(long.unwrap_err().code, Code::RowTooLarge);
    let most = put(&mut guest, &item(99, 1, &vec![7; 256 << 10])).await.unwrap();
    most.expect("the longest entry in the last slot");
    let many = put(&mut guest, &item(100, 2, b"one more")).await.unwrap().unwrap_err();
    assert_eq!(many.code, Code::QuotaFull);
}

async fn the_recovery_words_let_a_guest_in_and_end_by_it(place: Place) {
    let (server, person, mut owner) = owned(&place).await;
    let mut words = server.caller();
    words.recover(&person).await.unwrap().unwrap();
    for path in ["/v1/guests", "/v1/inbox"] {
        let reply = words.send("GET", path, vec![]).await.unwrap();
        assert_eq!(reply.code(), Some(Code::Forbidden), "{path}");
    }
    done(&mut words, "/v1/guests", &open(3, NOON)).await.unwrap();
    let reply = words.send("GET", "/v1/keyring", vec![]).await.unwrap();
    assert_eq!(reply.code(), Some(Code::Unauthorized), "the words' token is used up");
    enter(&server, 3).await.unwrap().unwrap();
    let keyring = owner.send("GET", "/v1/keyring", vec![]).await.unwrap();
    keyring.read::<KeyringIs>().unwrap().expect("devices stay in");
    owner.pull(&everything()).await.unwrap().unwrap();
    let mut second = server.enter(&person, 2).await;
    assert_eq!(guests(&mut second).await.guests[0].began, NOON, "and all of them see it");
    assert_ne!(device(1), device(2));
}

async fn old_guests_are_forgotten_when_their_entries_were_fetched(place: Place) {
    let (server, person, mut owner) = owned(&place).await;
    let (mut guest, open, _) = come_in(&server, &mut owner, 3).await;
    put(&mut guest, &item(0, 1, b"an entry")).await.unwrap().unwrap();
    done(&mut guest, "/v1/guest/leave", &Done {}).await.unwrap();
    let later = NOON + 31 * 24 * 60 * MINUTE;
    server.log.sweep(later).await.unwrap();
    let mut owner = server.enter(&person, 1).await;
    assert_eq!(guests(&mut owner).await.guests.len(), 1, "nobody has fetched its entry");
    let items = vec![ItemName { guest: open.guest, slot: 0 }];
    done(&mut owner, "/v1/inbox/drop", &DropItems { items }).await.unwrap();
    server.log.sweep(later).await.unwrap();
    let mut owner = server.enter(&person, 1).await;
    assert_eq!(guests(&mut owner).await.guests, []);
}
