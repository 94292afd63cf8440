//! A hundred thousand requests of chance against the whole router: no panic, nothing of the 5xx.

use crate::guests;
use crate::stage::{Kind, NOON, Place};
use axum::body::Body as HttpBody;
use axum::http::Request;
use thoughtstream_caller::{changes, device};
use thoughtstream_core::id::RendezvousId;
use thoughtstream_core::wire::{
    AskChallenge, Await, Body, CreateVault, Cursor, DeleteVault, Done, DropItems, EndGuest,
    EnterGuest, Hash, Hear, Leave, Meet, Pull, Push, PutKeyring, PutManifest, PutRecovery, Say,
    Secret, Who,
};
use thoughtstream_sequencer::router::paths;
use tower::ServiceExt;

const REQUESTS: u64 = 100_000;
const SEED: u64 = 0x7468_6f75;

/// Chance from a seed (splitmix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    fn spoil(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len() + 1);
        match self.below(5) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, self.next() as u8),
            2 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
            3 => bytes.extend(self.next().to_be_bytes()),
            _ => {}
        }
    }
}

#[tokio::test]
async fn no_request_breaks_it() {
    let mut place = Place::new(Kind::Sqlite);
    // It is the answers that are looked at here, not the disk.
    place.config.quota_bytes = 1_000_000;
    let server = place.serve().await;
    let (person, incarnation) = server.vault(1).await;
    let token = server.enter(&person, 1).await.token.unwrap().to_hex();
    let (id, ticket, other) = (RendezvousId([6; 16]), Secret([6; 32]), Secret([7; 32]));
    let bodies = [
        Push { incarnation, changes: changes(device(1), NOON, 0, 3, 40) }.encode(),
        Push { incarnation, changes: changes(device(9), NOON * 2, 0, 2, 40) }.encode(),
        CreateVault { ..person.create(vec![1; 32]) }.encode(),
        AskChallenge { who: Who::Device { vault: person.vault, device: device(1) } }.encode(),
        PutManifest { expected: 1, manifest: person.manifest.encode() }.encode(),
        PutKeyring { keyring: vec![5; 40], expected: Hash([0; 32]) }.encode(),
        PutRecovery { recovery: person.recovery() }.encode(),
        Leave { device: device(3) }.encode(),
        DeleteVault { vault: device_vault() }.encode(),
        guests::open(1, NOON).encode(),
        EndGuest { guest: guests::open(1, NOON).guest }.encode(),
        EnterGuest { right: Secret([1; 32]) }.encode(),
        guests::item(0, 1, b"an entry, sealed").encode(),
        DropItems { items: vec![] }.encode(),
        Await { id, ticket, message: vec![1; 33] }.encode(),
        Meet { id, ticket: other }.encode(),
        Say { id, ticket: other, number: 1, message: vec![2; 34] }.encode(),
        Hear { id, ticket, number: 1 }.encode(),
        Done {}.encode(),
        Vec::new(),
    ];
    let pull = Pull { cursor: Cursor { incarnation, ..Cursor::START }, bytes: Some(900) };
    let query = format!("/v1/pull?{}", pull.to_query());
    let mut paths: Vec<&str> = paths().collect();
    paths.extend([&query, "/v1/", "/", "/v1/push/..%2f", "/%00"]);
    let methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW"];
    let mut chance = Chance(SEED);
    for round in 0..REQUESTS {
        let mut path = chance.pick(&paths).as_bytes().to_vec();
        let mut body = chance.pick(&bodies).clone();
        let mut bearer = format!("Bearer {token}").into_bytes();
        (0..chance.below(3)).for_each(|_| chance.spoil(&mut body));
        if chance.below(4) == 0 {
            chance.spoil(&mut path);
        }
        if chance.below(8) == 0 {
            chance.spoil(&mut bearer);
        }
        let method = *chance.pick(&methods);
        let request = Request::builder().method(method).uri(&path[..]);
        let request = request.header("authorization", &bearer[..]).body(HttpBody::from(body));
        // What hyper would not parse does not reach the router.
        let Ok(request) = request else { continue };
        let response = server.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let path = String::from_utf8_lossy(&path).into_owned();
        let full = status == 507;
        assert!(full || !status.is_server_error(), "round {round}: {method} {path}: {status}");
    }
}

/// A vault that is not the token's, so that nothing is deleted on the way.
fn device_vault() -> thoughtstream_core::id::VaultId {
    thoughtstream_core::id::VaultId([8; 16])
}
