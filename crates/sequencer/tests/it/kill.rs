//! kill -9 in the middle of pushes, on both databases: nothing that was acknowledged is lost,
//! nothing is there twice, and what was not acknowledged is simply sent again.

use crate::process::start;
use crate::stage::{Place, on_both};
use crate::stories::push;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use thoughtstream_caller::{Caller, Person, Process, changes, device, invited};
use thoughtstream_core::id::{Chain, Incarnation, RowId};
use thoughtstream_core::wire::{Cursor, Pull, SealedChange};
use thoughtstream_sequencer::world::{Machine, World};
use tokio::sync::Notify;

on_both! {
    nothing_acknowledged_is_lost_and_nothing_doubled
    it_ends_in_good_order_when_asked
}

const ROUNDS: u64 = 6;
const WRITERS: u64 = 4;

/// A writer's batch in one round; the same numbers give the same changes, when sent again.
fn batch(writer: u64, round: u64, number: u64, now: u64) -> Vec<SealedChange> {
    let from = (writer << 40) + (round << 20) + number * 10;
    changes(device(1), now, from, 1 + number % 7, 400)
}

type Acknowledged = HashMap<RowId, u64>;

async fn nothing_acknowledged_is_lost_and_nothing_doubled(place: Place) {
    let log = place.config.data.with_extension("log");
    let now = Machine.now();
    let person = Person::new(1, &[device(1), device(2)]);
    let mut incarnation = None;
    let mut acknowledged = Acknowledged::new();
    let mut sent: Vec<Vec<SealedChange>> = Vec::new();
    for round in 0..ROUNDS {
        let process = start(&place, &log);
        let incarnation = *match &mut incarnation {
            Some(known) => known,
            none => {
                let mut caller = Caller::new(process.address);
                let invitation = invited(process.invitation.as_ref().unwrap()).unwrap();
                none.insert(caller.create(&person, invitation).await.unwrap().unwrap().incarnation)
            }
        };
        verify(&process, &person, &acknowledged).await;
        let enough = Arc::new((Notify::new(), AtomicU64::new(20 + round * 11)));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (person, enough) = (person.clone(), Arc::clone(&enough));
                let address = process.address;
                tokio::spawn(async move {
                    write(address, person, incarnation, (writer, round, now), &enough).await
                })
            })
            .collect();
        enough.0.notified().await;
        process.kill();
        for writer in writers {
            let (answered, batches) = writer.await.unwrap();
            for (row, sequence) in answered {
                assert_eq!(acknowledged.insert(row, sequence), None);
            }
            sent.extend(batches);
        }
    }
    // Everything is sent once more: what is there keeps its place, what is not gets one.
    let process = start(&place, &log);
    let mut caller = Caller::new(process.address);
    caller.log_in(&person, device(1)).await.unwrap().unwrap();
    for batch in &sent {
        let pushed = caller.push(&push(incarnation.unwrap(), batch.clone())).await.unwrap();
        for (change, sequence) in batch.iter().zip(pushed.unwrap().sequences) {
            let first = *acknowledged.entry(change.row).or_insert(sequence);
            assert_eq!(first, sequence, "another place than was acknowledged");
        }
    }
    assert_eq!(acknowledged.len(), sent.iter().map(Vec::len).sum::<usize>());
    let there = verify(&process, &person, &acknowledged).await;
    assert_eq!(there, acknowledged.len() as u64, "something is there that nobody sent");
}

/// Pushes until the server is gone.
async fn write(
    address: std::net::SocketAddr,
    person: Person,
    incarnation: Incarnation,
    (writer, round, now): (u64, u64, u64),
    enough: &(Notify, AtomicU64),
) -> (Vec<(RowId, u64)>, Vec<Vec<SealedChange>>) {
    let (mut answered, mut batches) = (Vec::new(), Vec::new());
    let mut caller = Caller::new(address);
    if !matches!(caller.log_in(&person, device(1)).await, Ok(Ok(_))) {
        return (answered, batches);
    }
    for number in 0.. {
        let batch = batch(writer, round, number, now);
        batches.push(batch.clone());
        let Ok(pushed) = caller.push(&push(incarnation, batch.clone())).await else { break };
        let sequences = pushed.expect("refused").sequences;
        answered.extend(batch.iter().map(|change| change.row).zip(sequences));
        if enough.1.fetch_sub(1, Relaxed) == 1 {
            enough.0.notify_one();
        }
    }
    (answered, batches)
}

/// Pulls everything: sequences without gaps, rows once, the chain right, and everything that was
/// acknowledged where it was acknowledged.
async fn verify(process: &Process, person: &Person, acknowledged: &Acknowledged) -> u64 {
    let mut caller = Caller::new(process.address);
    caller.log_in(person, device(2)).await.unwrap().unwrap();
    let (mut cursor, mut places) = (Cursor::START, HashMap::new());
    let mut chain = Chain::START;
    loop {
        let page = caller.pull(&Pull { cursor, bytes: Some(100_000) }).await.unwrap().unwrap();
        chain = chain.over(&page.changes);
        assert_eq!(page.chain, chain);
        for (sequence, change) in (page.after + 1..).zip(&page.changes) {
            assert_eq!(places.insert(change.row, sequence), None, "a change is there twice");
        }
        cursor = page.next();
        if cursor.sequence == page.head {
            break;
        }
    }
    for (row, sequence) in acknowledged {
        assert_eq!(places.get(row), Some(sequence), "acknowledged, and lost");
    }
    cursor.sequence
}

/// SIGTERM: live streams end, the program says goodbye, and nothing secret is in its log.
async fn it_ends_in_good_order_when_asked(place: Place) {
    let log: PathBuf = place.config.data.with_extension("log");
    let process = start(&place, &log);
    let person = Person::new(1, &[device(1)]);
    let mut caller = Caller::new(process.address);
    let invitation = invited(process.invitation.as_ref().unwrap()).unwrap();
    let incarnation = caller.create(&person, invitation).await.unwrap().unwrap().incarnation;
    let token = caller.log_in(&person, device(1)).await.unwrap().unwrap().token;
    let mut sent = changes(device(1), Machine.now(), 0, 1, 0).remove(0);
    sent.sealed = b"CANARY-in-a-sealed-row".to_vec();
    sent.row = RowId(*b"CANARY-in-a-name");
    caller.push(&push(incarnation, vec![sent.clone()])).await.unwrap().unwrap();
    // Refused ones are what a careless log would print.
    sent.stamp = changes(device(5), Machine.now(), 0, 1, 0).remove(0).stamp;
    caller.push(&push(incarnation, vec![sent.clone()])).await.unwrap().unwrap_err();
    caller.send("POST", "/v1/push", b"\x01CANARY-in-nonsense".to_vec()).await.unwrap();
    caller.send("GET", "/v1/pull?after=CANARY", vec![]).await.unwrap();
    let mut stream = Caller::with(process.address, token).live().await.unwrap();
    stream.until(1).await.unwrap();
    assert!(tokio::task::spawn_blocking(move || process.terminate().unwrap()).await.unwrap());
    assert_eq!(stream.nudge().await.unwrap(), None, "the stream ends with the server");
    let said = std::fs::read_to_string(log).unwrap();
    assert!(said.contains("/v1/push"), "the log says nothing at all: {said}");
    let row: String = sent.row.to_string();
    for secret in ["CANARY", &token.to_hex(), &row, &person.vault.to_string()] {
        assert!(!said.contains(secret), "{secret} is in the log");
    }
}
