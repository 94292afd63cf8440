//! Where a new device meets one of a vault: one taker, four messages, two minutes; on both
//! databases.

use crate::stage::{NOON, Place, Server, on_both};
use thoughtstream_caller::{Called, Caller, Person};
use thoughtstream_core::id::RendezvousId;
use thoughtstream_core::wire::{
    Await, Awaited, Body, Code, Done, Hear, Heard, Meet, Met, Say, Secret,
};

on_both! {
    two_devices_speak_in_turn
    what_is_unknown_over_taken_or_anothers_is_answered_alike
    a_place_ends_at_its_last_millisecond
    a_lost_answer_is_asked_for_again
    of_two_who_race_for_a_code_one_comes_second
    a_place_holds_four_kilobytes
    only_a_full_device_may_meet
}

const ID: RendezvousId = RendezvousId([0x1d; 16]);
const NEW: Secret = Secret([1; 32]);
const TAKER: Secret = Secret([2; 32]);
const STRANGER: Secret = Secret([3; 32]);

fn awaits(message: &[u8]) -> Await {
    Await { id: ID, ticket: NEW, message: message.to_vec() }
}

async fn meet(caller: &mut Caller, ticket: Secret) -> Called<Met> {
    caller.call("POST", "/v1/rendezvous/meet", &Meet { id: ID, ticket }).await
}

async fn say(caller: &mut Caller, ticket: Secret, number: u64, message: &[u8]) -> Called<Done> {
    let say = Say { id: ID, ticket, number, message: message.to_vec() };
    caller.call("POST", "/v1/rendezvous/say", &say).await
}

async fn hear(caller: &mut Caller, ticket: Secret, number: u64) -> Called<Heard> {
    caller.call("POST", "/v1/rendezvous/hear", &Hear { id: ID, ticket, number }).await
}

fn code<T>(answer: Called<T>) -> Option<Code> {
    answer.unwrap().err().map(|refusal| refusal.code)
}

/// A vault's device, and a new one that waits.
async fn waiting(server: &Server) -> (Person, Caller, Caller) {
    let (person, _) = server.vault(1).await;
    let device = server.enter(&person, 1).await;
    let mut new = server.caller();
    let open = awaits(b"promise");
    let awaited = new.call::<Awaited>("POST", "/v1/rendezvous", &open).await.unwrap().unwrap();
    assert_eq!(awaited.expires, NOON + 120_000);
    (person, device, new)
}

async fn two_devices_speak_in_turn(place: Place) {
    let server = place.serve().await;
    let (_, mut device, mut new) = waiting(&server).await;
    assert_eq!(hear(&mut new, NEW, 1).await.unwrap().unwrap().message, b"");
    let met = meet(&mut device, TAKER).await.unwrap().unwrap();
    assert_eq!(met, Met { expires: NOON + 120_000, message: b"promise".to_vec() });
    let turns = [(1, b"hello"), (2, b"shown"), (3, b"grant")];
    for (number, message) in turns {
        let (speaks, hears) = if number == 2 { (NEW, TAKER) } else { (TAKER, NEW) };
        assert_eq!(code(say(&mut new, hears, number, message).await), Some(Code::NotFound));
        say(&mut new, speaks, number, message).await.unwrap().unwrap();
        say(&mut new, speaks, number, message).await.unwrap().expect("the same again is nothing");
        let other = say(&mut new, speaks, number, b"other").await;
        assert_eq!(code(other), Some(Code::Conflict), "what was said is said");
        assert_eq!(hear(&mut new, hears, number).await.unwrap().unwrap().message, message);
    }
    assert_eq!(code(say(&mut new, NEW, 4, b"more").await), Some(Code::Conflict));
    assert_eq!(code(say(&mut new, TAKER, u64::MAX, b"more").await), Some(Code::Conflict));
}

async fn what_is_unknown_over_taken_or_anothers_is_answered_alike(place: Place) {
    let server = place.serve().await;
    let (_, mut device, mut new) = waiting(&server).await;
    meet(&mut device, TAKER).await.unwrap().unwrap();
    let unknown = Meet { id: RendezvousId([9; 16]), ticket: STRANGER };
    let unknown = device.call::<Met>("POST", "/v1/rendezvous/meet", &unknown).await;
    let mut refused = vec![unknown.unwrap().unwrap_err()];
    refused.push(meet(&mut device, STRANGER).await.unwrap().unwrap_err());
    refused.push(hear(&mut new, STRANGER, 0).await.unwrap().unwrap_err());
    refused.push(say(&mut new, STRANGER, 1, b"x").await.unwrap().unwrap_err());
    server.clock.forward(120_000);
    refused.push(meet(&mut device, TAKER).await.unwrap().unwrap_err());
    refused.push(hear(&mut new, NEW, 0).await.unwrap().unwrap_err());
    for refusal in refused {
        let told = (refusal.code, refusal.detail, &refusal.text[..]);
        assert_eq!(told, (Code::NotFound, 0, "there is nothing here for you"));
    }
    let other = Await { ticket: STRANGER, ..awaits(b"promise") };
    new.call::<Awaited>("POST", "/v1/rendezvous", &other).await.unwrap().expect("it is over");
    let again = new.call::<Awaited>("POST", "/v1/rendezvous", &awaits(b"promise")).await;
    assert_eq!(code(again), Some(Code::Exists));
}

async fn a_place_ends_at_its_last_millisecond(place: Place) {
    let server = place.serve().await;
    let (_, mut device, mut new) = waiting(&server).await;
    server.clock.forward(119_999);
    meet(&mut device, TAKER).await.unwrap().expect("it is not over yet");
    say(&mut device, TAKER, 1, b"hello").await.unwrap().expect("nor now");
    server.clock.forward(1);
    assert_eq!(code(hear(&mut new, NEW, 1).await), Some(Code::NotFound));
    assert_eq!(code(say(&mut device, TAKER, 1, b"hello").await), Some(Code::NotFound));
    server.log.sweep(NOON + 120_000).await.unwrap();
}

async fn a_lost_answer_is_asked_for_again(place: Place) {
    let server = place.serve().await;
    let (_, mut device, mut new) = waiting(&server).await;
    new.call::<Awaited>("POST", "/v1/rendezvous", &awaits(b"promise")).await.unwrap().unwrap();
    let changed = new.call::<Awaited>("POST", "/v1/rendezvous", &awaits(b"another")).await;
    assert_eq!(code(changed), Some(Code::Conflict));
    let first = meet(&mut device, TAKER).await.unwrap().unwrap();
    assert_eq!(meet(&mut device, TAKER).await.unwrap().unwrap(), first);
}

async fn of_two_who_race_for_a_code_one_comes_second(place: Place) {
    let server = place.serve().await;
    let (person, mut one, _) = waiting(&server).await;
    let mut two = server.enter(&person, 2).await;
    let both = tokio::join!(meet(&mut one, TAKER), meet(&mut two, STRANGER));
    let both = [both.0.unwrap().is_ok(), both.1.unwrap().is_ok()];
    assert_eq!(both.iter().filter(|met| **met).count(), 1, "one of them has it");
    let (mut new, mut other) = (server.caller(), server.caller());
    let id = RendezvousId([7; 16]);
    let (open, theirs) =
        (Await { id, ..awaits(b"a") }, Await { id, ticket: STRANGER, ..awaits(b"b") });
    let both = tokio::join!(
        new.call::<Awaited>("POST", "/v1/rendezvous", &open),
        other.call::<Awaited>("POST", "/v1/rendezvous", &theirs),
    );
    let both = [both.0.unwrap().is_ok(), both.1.unwrap().is_ok()];
    assert_eq!(both.iter().filter(|opened| **opened).count(), 1, "a place is one device's");
}

async fn a_place_holds_four_kilobytes(place: Place) {
    let server = place.serve().await;
    let (_, mut device, mut new) = waiting(&server).await;
    meet(&mut device, TAKER).await.unwrap().unwrap();
    let room = 4_096 - b"promise".len();
    let refusal = say(&mut device, TAKER, 1, &vec![7; room + 1]).await.unwrap().unwrap_err();
    assert_eq!((refusal.code, refusal.detail), (Code::BatchTooLarge, 4_096));
    say(&mut device, TAKER, 1, &vec![7; room]).await.unwrap().expect("so much has room");
    let refusal = say(&mut new, NEW, 2, b"1").await.unwrap().unwrap_err();
    assert_eq!(refusal.code, Code::BatchTooLarge);
    let long = new.call::<Awaited>("POST", "/v1/rendezvous", &awaits(&vec![7; 5_000])).await;
    assert_eq!(code(long), Some(Code::BatchTooLarge));
    let empty = new.call::<Awaited>("POST", "/v1/rendezvous", &awaits(b"")).await;
    assert_eq!(code(empty), Some(Code::Malformed));
}

async fn only_a_full_device_may_meet(place: Place) {
    let server = place.serve().await;
    let (person, _, mut nobody) = waiting(&server).await;
    assert_eq!(code(meet(&mut nobody, TAKER).await), Some(Code::Unauthorized));
    let mut words = server.caller();
    words.recover(&person).await.unwrap().unwrap();
    assert_eq!(code(meet(&mut words, TAKER).await), Some(Code::Forbidden));
    let mut device = server.enter(&person, 2).await;
    meet(&mut device, TAKER).await.unwrap().expect("nobody else has used it up");
}

#[tokio::test]
async fn guessing_codes_meets_the_limit_of_doors() {
    let mut place = Place::new(crate::stage::Kind::Sqlite);
    place.config.rate_door =
        thoughtstream_sequencer::rate::Rate { per_second: 1, burst_seconds: 9 };
    let server = place.serve().await;
    let (person, _) = server.vault(1).await;
    let mut device = server.enter(&person, 1).await;
    let mut guesses = 0;
    let refusal = loop {
        let meet = Meet { id: RendezvousId([guesses; 16]), ticket: STRANGER }.encode();
        let reply = device.send("POST", "/v1/rendezvous/meet", meet).await.unwrap();
        match reply.code() {
            Some(Code::NotFound) => guesses += 1,
            other => break other,
        }
    };
    assert_eq!(refusal, Some(Code::TooMany));
    assert!(guesses < 9, "{guesses} guesses of 2^50");
}
