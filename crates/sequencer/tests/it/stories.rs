//! What devices do, told once and run on both databases.

use crate::stage::{NOON, Place, on_both};
use thoughtstream_caller::{changes, device};
use thoughtstream_core::id::{Chain, Incarnation};
use thoughtstream_core::wire::{Code, Cursor, DeleteVault, Done, Leave, Pull, Push, SealedChange};

on_both! {
    what_is_pushed_is_pulled
    the_same_again_is_the_same
    pages_are_whole_whatever_their_size
    cursors_of_lost_logs_are_noticed
    a_nudge_crosses_to_whoever_waits
    what_is_too_much_is_refused
    a_deleted_vault_can_be_made_again
}

pub(crate) fn everything() -> Pull {
    Pull { cursor: Cursor::START, bytes: None }
}

pub(crate) fn push(incarnation: Incarnation, changes: Vec<SealedChange>) -> Push {
    Push { incarnation, changes }
}

async fn what_is_pushed_is_pulled(place: Place) {
    let server = place.serve().await;
    let (person, incarnation) = server.vault(1).await;
    let mut one = server.enter(&person, 1).await;
    let mut two = server.enter(&person, 2).await;
    let sent = changes(device(1), NOON, 0, 250, 300);
    let mut sequences = Vec::new();
    for batch in sent.chunks(100) {
        let pushed = one.push(&push(incarnation, batch.to_vec())).await.unwrap().unwrap();
        assert_eq!(pushed.incarnation, incarnation);
        sequences.extend(pushed.sequences);
    }
    assert_eq!(sequences, (1..=250).collect::<Vec<_>>());
    let page = two.pull(&everything()).await.unwrap().unwrap();
    assert_eq!((page.incarnation, page.after, page.head), (incarnation, 0, 250));
    assert_eq!(page.chain, Chain::START.over(&sent));
    assert_eq!(page.changes, sent);
    let rest = Pull { cursor: page.next(), bytes: None };
    let rest = two.pull(&rest).await.unwrap().unwrap();
    assert_eq!((rest.changes.len(), rest.next()), (0, page.next()));
    // The log is where it was after the server is started again.
    drop(server);
    let again = place.serve().await;
    let page_again = again.enter(&person, 2).await.pull(&everything()).await.unwrap().unwrap();
    assert_eq!(page_again, page);
}

async fn the_same_again_is_the_same(place: Place) {
    let server = place.serve().await;
    let (person, incarnation) = server.vault(1).await;
    let mut caller = server.enter(&person, 1).await;
    let sent = changes(device(1), NOON, 0, 30, 100);
    let first = caller.push(&push(incarnation, sent.clone())).await.unwrap().unwrap();
    assert_eq!(caller.push(&push(incarnation, sent.clone())).await.unwrap().unwrap(), first);
    // Old and new mixed, one of them twice, and a cloned device's other content.
    let mut other = sent[3].clone();
    other.sealed.push(1);
    let fresh = changes(device(1), NOON, 30, 1, 100).remove(0);
    let mixed = vec![sent[7].clone(), fresh.clone(), other.clone(), fresh.clone(), sent[0].clone()];
    let pushed = caller.push(&push(incarnation, mixed)).await.unwrap().unwrap();
    assert_eq!((pushed.sequences, pushed.head), (vec![8, 31, 32, 31, 1], 32));
    let page = caller.pull(&everything()).await.unwrap().unwrap();
    assert_eq!(page.changes, [&sent[..], &[fresh, other]].concat());
    assert_eq!(page.chain, Chain::START.over(&page.changes));
    let nothing = caller.push(&push(incarnation, Vec::new())).await.unwrap().unwrap();
    assert_eq!((nothing.sequences.len(), nothing.head), (0, 32));
}

async fn pages_are_whole_whatever_their_size(place: Place) {
    let server = place.serve().await;
    let (person, incarnation) = server.vault(1).await;
    let mut caller = server.enter(&person, 1).await;
    let sent: Vec<SealedChange> =
        (0..40).flat_map(|n| changes(device(1), NOON, n, 1, (n as usize % 7) * 90)).collect();
    caller.push(&push(incarnation, sent.clone())).await.unwrap().unwrap();
    for bytes in [0, 1, 100, 500, 1000, 5000, 1 << 40] {
        let (mut cursor, mut got) = (Cursor::START, Vec::new());
        loop {
            let page = caller.pull(&Pull { cursor, bytes: Some(bytes) }).await.unwrap().unwrap();
            let size: usize = page.changes.iter().map(|change| change.sealed.len()).sum();
            assert!(page.changes.len() <= 1 || size as u64 <= bytes, "{bytes}");
            assert_eq!(page.chain, cursor.chain.over(&page.changes), "{bytes}");
            cursor = page.next();
            let end = page.changes.is_empty();
            got.extend(page.changes);
            assert_eq!(end, got.len() == sent.len() && end, "a page without a change: {bytes}");
            if end {
                break;
            }
        }
        assert_eq!(got, sent, "{bytes}");
    }
}

async fn cursors_of_lost_logs_are_noticed(place: Place) {
    let server = place.serve().await;
    let (person, incarnation) = server.vault(1).await;
    let mut caller = server.enter(&person, 1).await;
    caller.push(&push(incarnation, changes(device(1), NOON, 0, 9, 50))).await.unwrap().unwrap();
    let good = caller.pull(&everything()).await.unwrap().unwrap().next();
    let cases = [
        (Cursor { incarnation: Incarnation([1; 16]), ..good }, Code::CursorReplaced),
        (Cursor { incarnation: Incarnation([0; 16]), ..good }, Code::CursorReplaced),
        (Cursor { sequence: 10, ..good }, Code::CursorAhead),
        (Cursor { sequence: u64::MAX, ..good }, Code::CursorAhead),
        (Cursor { sequence: 8, ..good }, Code::CursorDiverged),
        (Cursor { chain: Chain([1; 16]), ..good }, Code::CursorDiverged),
        (Cursor { sequence: 0, ..good }, Code::CursorDiverged),
    ];
    for (cursor, code) in cases {
        let refusal = caller.pull(&Pull { cursor, bytes: None }).await.unwrap().unwrap_err();
        assert_eq!(refusal.code, code, "{cursor:?}");
        assert_eq!(refusal.now, NOON);
    }
    let elsewhere = push(Incarnation([1; 16]), changes(device(1), NOON, 20, 1, 50));
    let refusal = caller.push(&elsewhere).await.unwrap().unwrap_err();
    assert_eq!(refusal.code, Code::CursorReplaced);
}

async fn a_nudge_crosses_to_whoever_waits(place: Place) {
    let server = place.serve().await;
    // On PostgreSQL the second one is another process' server; on SQLite there is but one.
    let other = match place.config.database_url {
        Some(_) => Some(place.serve().await),
        None => None,
    };
    let (person, incarnation) = server.vault(1).await;
    let (stranger, _) = server.vault(2).await;
    let listening = other.as_ref().unwrap_or(&server);
    let mut stream = listening.enter(&person, 2).await.live().await.unwrap();
    let mut deaf = listening.enter(&stranger, 1).await.live().await.unwrap();
    stream.until(0).await.unwrap();
    deaf.until(0).await.unwrap();
    let mut caller = server.enter(&person, 1).await;
    for round in 1..=5 {
        let sent = push(incarnation, changes(device(1), NOON, round, 1, 50));
        caller.push(&sent).await.unwrap().unwrap();
        stream.until(round).await.unwrap();
    }
    // Leaving ends the stream, in the other process too.
    caller.call::<Done>("POST", "/v1/leave", &Leave { device: device(2) }).await.unwrap().unwrap();
    assert_eq!(stream.nudge().await.unwrap(), None);
    let untold = tokio::time::timeout(std::time::Duration::ZERO, deaf.nudge()).await;
    assert!(untold.is_err(), "another vault's news");
}

async fn what_is_too_much_is_refused(mut place: Place) {
    place.config.row_bytes = 1000;
    place.config.batch_changes = 20;
    place.config.batch_bytes = 8000;
    place.config.quota_bytes = 10_000;
    let server = place.serve().await;
    let (person, incarnation) = server.vault(1).await;
    let mut caller = server.enter(&person, 1).await;
    let at = |now| changes(device(1), now, 0, 1, 10).remove(0);
    let mut long = changes(device(1), NOON, 0, 3, 10);
    long[2].sealed = vec![0; 1001];
    let soon = NOON + 5 * 60_000;
    let stranger = changes(device(9), NOON, 0, 1, 10);
    for (what, sent, code, detail) in [
        ("a long row", long, Code::RowTooLarge, 2),
        ("many rows", changes(device(1), NOON, 0, 21, 10), Code::BatchTooLarge, 20),
        ("many bytes", changes(device(1), NOON, 0, 10, 900), Code::BatchTooLarge, 8000),
        ("a stamp in the future", vec![at(NOON), at(soon + 1)], Code::StampInFuture, 1),
        ("a stranger's stamp", stranger, Code::DeviceNotYours, 0),
    ] {
        let refusal = caller.push(&push(incarnation, sent)).await.unwrap().unwrap_err();
        assert_eq!((refusal.code, refusal.detail, refusal.now), (code, detail, NOON), "{what}");
    }
    caller.push(&push(incarnation, vec![at(soon)])).await.unwrap().expect("just in time");
    for from in [100, 200] {
        let sent = changes(device(1), NOON, from, 5, 900);
        caller.push(&push(incarnation, sent)).await.unwrap().unwrap();
    }
    let more = push(incarnation, changes(device(1), NOON, 300, 2, 900));
    let full = caller.push(&more).await.unwrap().unwrap_err();
    assert_eq!((full.code, full.detail), (Code::QuotaFull, 10_000));
    let page = caller.pull(&everything()).await.unwrap().unwrap();
    assert_eq!(page.head, 11, "nothing of what was refused is there");
    caller.push(&push(incarnation, vec![at(soon)])).await.unwrap().expect("nothing new");
}

async fn a_deleted_vault_can_be_made_again(place: Place) {
    let server = place.serve().await;
    let (person, incarnation) = server.vault(1).await;
    let (neighbour, theirs) = server.vault(2).await;
    let mut beside = server.enter(&neighbour, 1).await;
    let sent = changes(device(1), NOON, 0, 3, 50);
    beside.push(&push(theirs, sent.clone())).await.unwrap().unwrap();
    let mut caller = server.enter(&person, 1).await;
    caller.push(&push(incarnation, sent.clone())).await.unwrap().unwrap();
    let wrong = DeleteVault { vault: neighbour.vault };
    let refusal = caller.call::<Done>("DELETE", "/v1/vault", &wrong).await.unwrap().unwrap_err();
    assert_eq!(refusal.code, Code::NotFound);
    let right = DeleteVault { vault: person.vault };
    caller.call::<Done>("DELETE", "/v1/vault", &right).await.unwrap().unwrap();
    let gone = caller.pull(&everything()).await.unwrap().unwrap_err();
    assert_eq!(gone.code, Code::Unauthorized);
    let (person, another) = server.vault(1).await;
    assert_ne!(another, incarnation, "another life, another log");
    let mut caller = server.enter(&person, 1).await;
    let old = caller.push(&push(incarnation, sent.clone())).await.unwrap().unwrap_err();
    assert_eq!(old.code, Code::CursorReplaced);
    let pushed = caller.push(&push(another, sent.clone())).await.unwrap().unwrap();
    assert_eq!(pushed.sequences, [1, 2, 3]);
    assert_eq!(beside.pull(&everything()).await.unwrap().unwrap().changes, sent);
}
