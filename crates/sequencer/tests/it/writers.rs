//! Sixty-four writers on one vault, through several processes' servers, and a reader who follows
//! them: it must see every sequence, in order, without a gap.

use crate::stage::{NOON, Place, on_both};
use crate::stories::push;
use std::collections::HashMap;
use std::sync::Arc;
use thoughtstream_caller::{Caller, Person, changes, device};
use thoughtstream_core::id::DeviceId;
use thoughtstream_core::wire::{Cursor, Pull};

on_both! {
    a_reader_skips_nothing_behind_sixty_four_writers
    other_vaults_do_not_mix
}

const WRITERS: u64 = 64;
const PUSHES: u64 = 12;

async fn a_reader_skips_nothing_behind_sixty_four_writers(place: Place) {
    let mut servers = vec![place.serve().await];
    if place.config.database_url.is_some() {
        servers.push(place.serve().await);
        servers.push(place.serve().await);
    }
    let devices: Vec<DeviceId> = (1..=WRITERS).map(device).collect();
    let person = Person::new(1, &devices);
    let invitation = servers[0].invitation().await;
    let created = servers[0].caller().create(&person, invitation).await.unwrap().unwrap();
    let token = servers[0].enter(&person, 1).await.token.unwrap();
    let person = Arc::new(person);
    let writers: Vec<_> = (1..=WRITERS)
        .map(|writer| {
            let address = servers[writer as usize % servers.len()].address;
            let person = Arc::clone(&person);
            tokio::spawn(async move {
                let mut caller = Caller::new(address);
                caller.log_in(&person, device(writer)).await.unwrap().unwrap();
                let mut places = HashMap::new();
                for round in 0..PUSHES {
                    let sent = changes(device(writer), NOON, round * 10, 1 + round % 3, 100);
                    let batch = push(created.incarnation, sent.clone());
                    let pushed = caller.push(&batch).await.unwrap().unwrap();
                    places.extend(sent.iter().map(|change| change.row).zip(pushed.sequences));
                }
                places
            })
        })
        .collect();
    let total = WRITERS * (0..PUSHES).map(|round| 1 + round % 3).sum::<u64>();
    // It reads from another server than most write to, as fast as it can, from the beginning on.
    let mut reader = Caller::with(servers[servers.len() - 1].address, token);
    let (mut cursor, mut seen) = (Cursor::START, HashMap::new());
    while cursor.sequence < total {
        let page = reader.pull(&Pull { cursor, bytes: None }).await.unwrap().unwrap();
        assert_eq!(page.after, cursor.sequence);
        assert_eq!(page.chain, cursor.chain.over(&page.changes), "a gap, or another order");
        for (sequence, change) in (page.after + 1..).zip(&page.changes) {
            assert_eq!(seen.insert(change.row, sequence), None);
        }
        cursor = page.next();
    }
    let mut told = HashMap::new();
    for writer in writers {
        told.extend(writer.await.unwrap());
    }
    assert_eq!(seen, told, "what writers were told is what the reader saw");
}

async fn other_vaults_do_not_mix(place: Place) {
    let server = place.serve().await;
    let mut writers = Vec::new();
    for number in 0..16 {
        let (person, incarnation) = server.vault(number).await;
        let mut caller = server.enter(&person, 1).await;
        writers.push(tokio::spawn(async move {
            // The same rows and stamps in every vault: only the vault tells them apart.
            let sent = changes(device(1), NOON, 0, 40, 60);
            for one in &sent {
                caller.push(&push(incarnation, vec![one.clone()])).await.unwrap().unwrap();
            }
            let pull = Pull { cursor: Cursor::START, bytes: None };
            assert_eq!(caller.pull(&pull).await.unwrap().unwrap().changes, sent);
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
}
