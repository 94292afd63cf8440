//! Who comes in, how, and how long they stay, on both databases.

use crate::stage::{NOON, Place, on_both};
use crate::stories::{everything, push};
use thoughtstream_caller::{Person, changes, device};
use thoughtstream_core::wire::{
    Body, Code, Done, Hash, KeyringIs, Leave, PutKeyring, PutManifest, PutRecovery, Recovery, Role,
};

on_both! {
    an_invitation_works_once
    logging_in_is_proved_each_time
    tokens_end
    who_is_retired_is_cut_off_within_a_second
    the_manifest_goes_forward_by_one
    the_keyring_is_replaced_by_who_has_read_it
    recovery_words_bring_a_device_in
}

async fn an_invitation_works_once(place: Place) {
    let server = place.serve().await;
    let invitation = server.invitation().await;
    let mut caller = server.caller();
    let person = Person::new(1, &[device(1)]);
    let uninvited = caller.create(&person, b"please".to_vec()).await.unwrap().unwrap_err();
    assert_eq!(uninvited.code, Code::NotInvited);
    caller.create(&person, invitation.clone()).await.unwrap().unwrap();
    let second = Person::new(2, &[device(1)]);
    let used = caller.create(&second, invitation).await.unwrap().unwrap_err();
    assert_eq!(used.code, Code::NotInvited);
    let fresh = server.invitation().await;
    let taken = caller.create(&person, fresh.clone()).await.unwrap().unwrap_err();
    assert_eq!(taken.code, Code::Exists);
    let mut forged = second.clone();
    forged.manifest.version = 7;
    let refused = caller.create(&forged, fresh.clone()).await.unwrap().unwrap_err();
    assert_eq!(refused.code, Code::ManifestRefused);
    caller.create(&second, fresh).await.unwrap().expect("a refusal does not use it up");
    let late = server.invitation().await;
    server.clock.forward(8 * 24 * 3_600_000);
    let third = Person::new(3, &[device(1)]);
    let expired = caller.create(&third, late).await.unwrap().unwrap_err();
    assert_eq!(expired.code, Code::NotInvited);
}

async fn logging_in_is_proved_each_time(place: Place) {
    use thoughtstream_core::wire::{AskChallenge, AskToken, Challenge, Token, Who};
    let server = place.serve().await;
    let (person, _) = server.vault(1).await;
    let mut caller = server.caller();
    let id = caller.limits().await.unwrap().server;
    let known = Who::Device { vault: person.vault, device: device(1) };
    let unknown = Who::Device { vault: Person::new(9, &[]).vault, device: device(1) };
    let mut ask = async |who: Who, signer: u64, wait: u64| {
        let challenge =
            caller.call::<Challenge>("POST", "/v1/challenge", &AskChallenge { who }).await;
        let challenge = challenge.unwrap().expect("the same for known and unknown").challenge;
        let signature = person.sign_as(device(signer), &AskToken::signed(&id, &challenge, &who));
        server.clock.forward(wait);
        let ask = AskToken { who, challenge, signature };
        let token = caller.call::<Token>("POST", "/v1/token", &ask).await.unwrap();
        (ask, token)
    };
    let refused = [
        ask(known, 2, 0).await.1.unwrap_err(),
        ask(unknown, 1, 0).await.1.unwrap_err(),
        ask(known, 1, 60_000).await.1.unwrap_err(),
    ];
    let words: Vec<_> = refused.iter().map(|refusal| (refusal.code, &refusal.text)).collect();
    assert!(words.windows(2).all(|two| two[0] == two[1]), "answers tell who is known: {words:?}");
    let (ask, token) = ask(known, 1, 0).await;
    assert_eq!(token.unwrap().vault, person.vault);
    let again = caller.call::<Token>("POST", "/v1/token", &ask).await.unwrap().unwrap_err();
    assert_eq!(again.code, Code::Unauthorized, "a challenge is answered once");
    let mut stolen = ask.clone();
    stolen.challenge.0[9] ^= 1;
    let forged = caller.call::<Token>("POST", "/v1/token", &stolen).await.unwrap().unwrap_err();
    assert_eq!(forged.code, Code::Unauthorized);
}

async fn tokens_end(place: Place) {
    let server = place.serve().await;
    let (person, _) = server.vault(1).await;
    let mut caller = server.enter(&person, 1).await;
    let mut same = server.enter(&person, 1).await;
    let mut other = server.enter(&person, 2).await;
    let leave = Leave { device: device(1) };
    caller.call::<Done>("POST", "/v1/leave", &leave).await.unwrap().unwrap();
    for caller in [&mut caller, &mut same] {
        let refusal = caller.pull(&everything()).await.unwrap().unwrap_err();
        assert_eq!(refusal.code, Code::Unauthorized);
    }
    other.pull(&everything()).await.unwrap().unwrap();
    server.clock.forward(24 * 3_600_000 - 1);
    other.pull(&everything()).await.unwrap().expect("a device may be quiet for a day");
    server.clock.forward(1);
    let refusal = other.pull(&everything()).await.unwrap().unwrap_err();
    assert_eq!(refusal.code, Code::Unauthorized);
    server.log.sweep(NOON * 2).await.unwrap();
}

async fn who_is_retired_is_cut_off_within_a_second(place: Place) {
    let server = place.serve().await;
    let (mut person, _) = server.vault(1).await;
    let mut owner = server.enter(&person, 1).await;
    let mut other = server.enter(&person, 2).await;
    let mut stream = server.enter(&person, 2).await.live().await.unwrap();
    other.pull(&everything()).await.unwrap().unwrap();
    assert!(stream.nudge().await.unwrap().is_some());
    let members =
        vec![person.member(device(1), Role::Full), person.member(device(2), Role::Retired)];
    person.sign(members);
    let put = PutManifest { expected: 1, manifest: person.manifest.encode() };
    owner.call::<Done>("PUT", "/v1/manifest", &put).await.unwrap().unwrap();
    let refusal = other.pull(&everything()).await.unwrap().unwrap_err();
    assert_eq!(refusal.code, Code::Unauthorized, "the very next request");
    // Without this it would be heard at the next sign of life, after twenty seconds.
    let second = std::time::Duration::from_secs(1);
    let end = tokio::time::timeout(second, stream.nudge()).await;
    assert_eq!(end.expect("within a second").unwrap(), None);
}

async fn the_manifest_goes_forward_by_one(place: Place) {
    let server = place.serve().await;
    let (mut person, incarnation) = server.vault(1).await;
    let mut owner = server.enter(&person, 1).await;
    let mut second = server.enter(&person, 2).await;
    let first = person.clone();
    let mut members = person.manifest.devices.clone();
    members[1].role = Role::Retired;
    person.sign(members.clone());
    let put =
        |expected, person: &Person| PutManifest { expected, manifest: person.manifest.encode() };
    let mut impostor = Person::new(5, &[device(1)]);
    impostor.sign(vec![]);
    let mut skipping = person.clone();
    skipping.sign(members.clone());
    let mut elsewhere = Person::new(1, &[device(4)]);
    elsewhere.sign(members.clone());
    let twice = {
        let mut person = first.clone();
        person.sign(vec![members[0].clone(), members[0].clone()]);
        person
    };
    let mut unsigned = person.clone();
    unsigned.manifest.signature.0[3] ^= 1;
    for (what, body, code) in [
        ("another signing key", put(1, &impostor), Code::ManifestRefused),
        ("a version left out", put(1, &skipping), Code::ManifestRefused),
        ("another past", put(1, &elsewhere), Code::ManifestRefused),
        ("a device twice", put(1, &twice), Code::ManifestRefused),
        ("no signature", put(1, &unsigned), Code::ManifestRefused),
        ("the same again", put(1, &first), Code::ManifestRefused),
        ("a version that is not in force", put(2, &person), Code::Conflict),
    ] {
        let refusal = owner.call::<Done>("PUT", "/v1/manifest", &body).await.unwrap();
        assert_eq!(refusal.unwrap_err().code, code, "{what}");
    }
    second.pull(&everything()).await.unwrap().unwrap();
    owner.call::<Done>("PUT", "/v1/manifest", &put(1, &person)).await.unwrap().unwrap();
    let retired = second.pull(&everything()).await.unwrap().unwrap_err();
    assert_eq!(retired.code, Code::Unauthorized, "a retired device's token ends");
    let refused = server.caller().log_in(&person, device(2)).await.unwrap().unwrap_err();
    assert_eq!(refused.code, Code::Unauthorized);
    let old = push(incarnation, changes(device(2), NOON, 0, 1, 50));
    owner.push(&old).await.unwrap().expect("its changes may be offered again by others");
}

async fn the_keyring_is_replaced_by_who_has_read_it(place: Place) {
    let server = place.serve().await;
    let (person, _) = server.vault(1).await;
    let mut caller = server.enter(&person, 1).await;
    let first = caller.send("GET", "/v1/keyring", vec![]).await.unwrap().read::<KeyringIs>();
    let first = first.unwrap().unwrap().keyring;
    let put = PutKeyring { keyring: b"another".to_vec(), expected: Hash::of(&first) };
    caller.call::<Done>("PUT", "/v1/keyring", &put).await.unwrap().unwrap();
    let late = caller.call::<Done>("PUT", "/v1/keyring", &put).await.unwrap().unwrap_err();
    assert_eq!(late.code, Code::Conflict);
    let now = caller.send("GET", "/v1/keyring", vec![]).await.unwrap().read::<KeyringIs>();
    assert_eq!(now.unwrap().unwrap().keyring, b"another");
}

async fn recovery_words_bring_a_device_in(place: Place) {
    let server = place.serve().await;
    let (mut person, incarnation) = server.vault(1).await;
    let mut caller = server.caller();
    let token = caller.recover(&person).await.unwrap().unwrap();
    assert_eq!(token.vault, person.vault);
    let early = push(incarnation, changes(device(1), NOON, 0, 1, 50));
    let refusal = caller.push(&early).await.unwrap().unwrap_err();
    assert_eq!(refusal.code, Code::Forbidden);
    let mut members = person.manifest.devices.clone();
    members.push(person.member(device(7), Role::Full));
    person.sign(members);
    let put = PutManifest { expected: 1, manifest: person.manifest.encode() };
    caller.call::<Done>("PUT", "/v1/manifest", &put).await.unwrap().unwrap();
    let mut fresh = server.enter(&person, 7).await;
    let sent = push(incarnation, changes(device(7), NOON, 0, 1, 50));
    fresh.push(&sent).await.unwrap().unwrap();
    // New words: the old ones, and the token they gave, are good for nothing.
    let recovery = Recovery { key: Person::new(8, &[]).recovery().key, ..person.recovery() };
    let put = PutRecovery { recovery };
    fresh.call::<Done>("PUT", "/v1/recovery", &put).await.unwrap().unwrap();
    let old = caller.pull(&everything()).await.unwrap().unwrap_err();
    assert_eq!(old.code, Code::Unauthorized);
    let old = server.caller().recover(&person).await.unwrap().unwrap_err();
    assert_eq!(old.code, Code::Unauthorized);
}
