//! Every endpoint with a stranger's token, with none, and with one that means nothing.

use crate::guests;
use crate::stage::{NOON, Place, on_both};
use crate::stories::{everything, push};
use thoughtstream_caller::{changes, device};
use thoughtstream_core::id::{FileAddress, RendezvousId};
use thoughtstream_core::wire::{
    AskFile, AskPart, Body, Code, Cursor, DeleteVault, Done, DropFile, DropItems, EndGuest, FileIs,
    Hash, InboxIs, ItemName, Leave, Meet, Pull, PutKeyring, PutManifest, PutPart, PutRecovery,
    Secret,
};

on_both! {
    a_stranger_gets_nothing_and_changes_nothing
}

async fn a_stranger_gets_nothing_and_changes_nothing(place: Place) {
    let server = place.serve().await;
    let (mut person, incarnation) = server.vault(1).await;
    let (stranger, theirs) = server.vault(2).await;
    let mut owner = server.enter(&person, 1).await;
    let sent = changes(device(1), NOON, 0, 4, 50);
    owner.push(&push(incarnation, sent.clone())).await.unwrap().unwrap();
    let cursor = owner.pull(&everything()).await.unwrap().unwrap().next();
    person.sign(vec![]);
    let pull = format!("/v1/pull?{}", Pull { cursor, bytes: None }.to_query());
    let start = format!("/v1/pull?{}", Pull { cursor: Cursor::START, bytes: None }.to_query());
    let manifest = PutManifest { expected: 1, manifest: person.manifest.encode() }.encode();
    let keyring = b"a keyring, sealed";
    let keyring = PutKeyring { keyring: vec![1], expected: Hash::of(keyring) }.encode();
    let recovery = PutRecovery { recovery: person.recovery() }.encode();
    let batch = push(incarnation, changes(device(1), NOON, 9, 1, 50)).encode();
    let leave = Leave { device: device(1) }.encode();
    let delete = DeleteVault { vault: person.vault }.encode();
    let address = FileAddress([4; 32]);
    let part = PutPart { address, parts: 2, number: 0, sealed: b"a photo, sealed".to_vec() };
    owner.call::<FileIs>("POST", "/v1/files/part", &part).await.unwrap().unwrap();
    let later = PutPart { number: 1, ..part.clone() };
    let (mut visitor, open, _) = guests::come_in(&server, &mut owner, 1).await;
    let item = guests::item(0, 1, b"an entry, sealed");
    guests::put(&mut visitor, &item).await.unwrap().unwrap();
    guests::put(&mut visitor, &guests::item(1, 2, b"")).await.unwrap().unwrap();
    let (guest, again) = (open.guest, open.encode());
    let name = ItemName { guest, slot: 0 };
    let meet = Meet { id: RendezvousId([4; 16]), ticket: Secret([4; 32]) };
    // What a stranger gets who sends exactly what the owner would: their own vault's answer.
    let endpoints: [(&str, &str, Vec<u8>, Option<Code>); 25] = [
        ("POST", "/v1/push", batch, Some(Code::CursorReplaced)),
        ("GET", &pull, vec![], Some(Code::CursorReplaced)),
        ("GET", &start, vec![], None),
        ("GET", "/v1/manifest", vec![], None),
        ("PUT", "/v1/manifest", manifest, Some(Code::ManifestRefused)),
        ("GET", "/v1/keyring", vec![], None),
        ("PUT", "/v1/recovery", recovery, Some(Code::Exists)),
        ("DELETE", "/v1/vault", delete, Some(Code::NotFound)),
        ("PUT", "/v1/keyring", keyring, None),
        ("POST", "/v1/leave", leave, None),
        ("GET", "/v1/files", vec![], None),
        ("POST", "/v1/files/ask", AskFile { address }.encode(), None),
        ("POST", "/v1/files/fetch", AskPart { address, number: 0 }.encode(), Some(Code::NotFound)),
        ("POST", "/v1/files/drop", DropFile { address }.encode(), None),
        ("POST", "/v1/files/part", later.encode(), Some(Code::Conflict)),
        ("GET", "/v1/guests", vec![], None),
        ("POST", "/v1/guests/end", EndGuest { guest }.encode(), Some(Code::NotFound)),
        ("POST", "/v1/guests", again, None),
        ("GET", "/v1/inbox", vec![], None),
        ("POST", "/v1/inbox/drop", DropItems { items: vec![name] }.encode(), None),
        ("GET", "/v1/guest", vec![], Some(Code::Unauthorized)),
        ("POST", "/v1/guest/put", item.encode(), Some(Code::Unauthorized)),
        ("POST", "/v1/guest/leave", Done {}.encode(), None),
        ("POST", "/v1/rendezvous/meet", meet.encode(), Some(Code::NotFound)),
        ("GET", "/v1/nothing", vec![], Some(Code::NotFound)),
    ];
    let token = server.enter(&stranger, 2).await.token;
    for (method, path, body, expected) in endpoints {
        for none in [None, Some(Secret([7; 32]))] {
            let mut nobody = server.caller();
            nobody.token = none;
            let reply = nobody.send(method, path, body.clone()).await.unwrap();
            let code = match (path, none) {
                ("/v1/nothing", _) => Some(Code::NotFound),
                // Who leaves twice is told the same as who leaves once.
                ("/v1/guest/leave", Some(_)) => None,
                _ => Some(Code::Unauthorized),
            };
            assert_eq!(reply.code(), code, "{method} {path} without a token");
        }
        let mut caller = server.caller();
        caller.token = token;
        let reply = caller.send(method, path, body).await.unwrap();
        assert_eq!(reply.code(), expected, "{method} {path}");
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        let ids = [&person.vault.0[..], &incarnation.0, &guest.0];
        let owned = [&sent[0].sealed[..], &part.sealed, &item.sealed].into_iter().chain(ids);
        for secret in owned {
            assert!(!text.as_bytes().windows(secret.len()).any(|piece| piece == secret));
        }
        assert_eq!(reply.headers["cache-control"], "no-store", "{method} {path}");
    }
    let there = owner.call::<FileIs>("POST", "/v1/files/ask", &AskFile { address }).await;
    assert_eq!(there.unwrap().unwrap(), FileIs { there: 1, parts: 2 });
    let inbox = owner.send("GET", "/v1/inbox", vec![]).await.unwrap();
    let InboxIs { open, items } = inbox.read().unwrap().unwrap();
    assert_eq!((open, &items[0].sealed), (1, &item.sealed), "the guest is still in");
    let page = owner.pull(&everything()).await.unwrap().expect("the owner is still in");
    assert_eq!(page.changes, sent);
    let mut theirs_now = server.enter(&stranger, 1).await;
    let page = theirs_now.pull(&everything()).await.unwrap().unwrap();
    assert_eq!((page.incarnation, page.changes.len()), (theirs, 0));
}
