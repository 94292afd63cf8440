//! A server that lost something: wiped, restored from a backup, restored and written past.

use crate::stage::{NOON, Place, on_both};
use crate::stories::{everything, push};
use thoughtstream_caller::{changes, device};
use thoughtstream_core::wire::{Code, Pull};

on_both! {
    a_restored_server_is_noticed_and_filled_again
    a_wiped_server_is_noticed_and_filled_again
}

async fn a_restored_server_is_noticed_and_filled_again(place: Place) {
    let server = place.serve().await;
    let (person, incarnation) = server.vault(1).await;
    let sent = changes(device(1), NOON, 0, 30, 100);
    let mut caller = server.enter(&person, 1).await;
    caller.push(&push(incarnation, sent[..10].to_vec())).await.unwrap().unwrap();
    drop(caller);
    server.stop().await;
    let backup = place.copy();
    let server = place.serve().await;
    let mut caller = server.enter(&person, 1).await;
    caller.push(&push(incarnation, sent[10..].to_vec())).await.unwrap().unwrap();
    let known = caller.pull(&everything()).await.unwrap().unwrap().next();
    drop(caller);
    server.stop().await;

    let server = backup.serve().await;
    let mut caller = server.enter(&person, 1).await;
    let ask = Pull { cursor: known, bytes: None };
    let rewound = caller.pull(&ask).await.unwrap().unwrap_err();
    assert_eq!((rewound.code, rewound.detail), (Code::CursorAhead, 10));
    // Another device, which had read no further than the backup, writes past the place.
    let mut other = server.enter(&person, 2).await;
    let past = changes(device(2), NOON, 0, 25, 100);
    other.push(&push(incarnation, past.clone())).await.unwrap().unwrap();
    let diverged = caller.pull(&ask).await.unwrap().unwrap_err();
    assert_eq!(diverged.code, Code::CursorDiverged);
    // The device offers everything it has, and goes on from the start.
    let pushed = caller.push(&push(incarnation, sent.clone())).await.unwrap().unwrap();
    assert_eq!(pushed.sequences, (1..=10).chain(36..=55).collect::<Vec<_>>());
    let page = caller.pull(&everything()).await.unwrap().unwrap();
    assert_eq!(page.changes, [&sent[..10], &past, &sent[10..]].concat());
}

async fn a_wiped_server_is_noticed_and_filled_again(place: Place) {
    let server = place.serve().await;
    let (person, incarnation) = server.vault(1).await;
    let sent = changes(device(1), NOON, 0, 5, 100);
    let mut caller = server.enter(&person, 1).await;
    caller.push(&push(incarnation, sent.clone())).await.unwrap().unwrap();
    let known = caller.pull(&everything()).await.unwrap().unwrap().next();
    let token = caller.token;
    server.stop().await;

    let kind = match place.config.database_url {
        Some(_) => crate::stage::Kind::Postgres,
        None => crate::stage::Kind::Sqlite,
    };
    let wiped = Place::new(kind);
    let server = wiped.serve().await;
    let mut caller = server.caller();
    caller.token = token;
    let unknown = caller.pull(&Pull { cursor: known, bytes: None }).await.unwrap().unwrap_err();
    assert_eq!(unknown.code, Code::Unauthorized);
    let refused = caller.log_in(&person, device(1)).await.unwrap().unwrap_err();
    assert_eq!(refused.code, Code::Unauthorized);
    let (person, another) = server.vault(1).await;
    let mut caller = server.enter(&person, 1).await;
    let replaced = caller.pull(&Pull { cursor: known, bytes: None }).await.unwrap().unwrap_err();
    assert_eq!(replaced.code, Code::CursorReplaced);
    caller.push(&push(another, sent.clone())).await.unwrap().unwrap();
    assert_eq!(caller.pull(&everything()).await.unwrap().unwrap().changes, sent);
}
