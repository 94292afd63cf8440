//! The attacks, by name.

use super::loot::{Script, flipped, instead, summed_up};
use super::{Attack, Victim};
use thoughtstream_core::id::Incarnation;
use thoughtstream_core::seal::exchange::DECLINED;
use thoughtstream_core::wire::{Body, Manifest};

const fn typed(name: &'static str, victim: Victim, script: Script, says: &'static str) -> Attack {
    Attack { name, victim, scanned: false, script, says }
}

const fn scanned(name: &'static str, script: Script, says: &'static str) -> Attack {
    Attack { name, victim: Victim::Host, scanned: true, script, says }
}

const PROMISE: &str = "not the one that it promised";
const PROOF: &str = "not made with this code";
const MISUNDERSTOOD: &str = "do not understand each other";

pub(super) const MEETING: &[Attack] = &[
    typed(
        "another promise",
        Victim::Host,
        Script::Messages(|loot, n, it| instead(n, 0, it, loot.stranger.promise())),
        PROMISE,
    ),
    typed(
        "another key after the promise",
        Victim::Host,
        Script::Messages(|loot, n, it| instead(n, 2, it, loot.own_reveal())),
        PROMISE,
    ),
    typed(
        "a device of its own, without the code",
        Victim::Host,
        Script::Messages(|loot, n, it| match n {
            0 => loot.stranger.promise(),
            _ => instead(n, 2, it, loot.own_reveal()),
        }),
        PROOF,
    ),
    scanned(
        "a device of its own, where the picture was scanned",
        Script::Messages(|loot, n, it| match n {
            0 => loot.stranger.promise(),
            _ => instead(n, 2, it, loot.own_reveal()),
        }),
        "not the one in the picture",
    ),
    typed(
        "what is asked for is changed",
        Victim::Host,
        Script::Messages(|_, n, it| instead(n, 2, it.clone(), flipped(it, 110))),
        PROOF,
    ),
    typed(
        "what is asked for is cut short",
        Victim::Host,
        Script::Messages(|_, n, it| instead(n, 2, it.clone(), it[..it.len().min(50)].to_vec())),
        MISUNDERSTOOD,
    ),
    typed(
        "a promise of a format that there is not",
        Victim::Host,
        Script::Messages(|_, n, it| instead(n, 0, it.clone(), flipped(it, 0))),
        MISUNDERSTOOD,
    ),
    typed(
        "the promise of an earlier exchange",
        Victim::Host,
        Script::Messages(|loot, n, it| instead(n, 0, it, loot.earlier[0].clone())),
        PROMISE,
    ),
    typed(
        "an earlier exchange replayed",
        Victim::Host,
        Script::Messages(|loot, n, it| match n {
            0 => loot.earlier[0].clone(),
            _ => instead(n, 2, it, loot.earlier[2].clone()),
        }),
        PROOF,
    ),
    typed(
        "the device's own hello given back to it",
        Victim::Host,
        Script::Messages(|loot, n, it| {
            instead(n, 2, it, loot.said.get(&1).cloned().unwrap_or_default())
        }),
        MISUNDERSTOOD,
    ),
    typed(
        "the new device hears another hello",
        Victim::New,
        Script::Messages(|loot, n, it| instead(n, 1, it, loot.earlier[1].clone())),
        "did not let this one in",
    ),
    typed(
        "the new device hears a key that is none",
        Victim::New,
        Script::Messages(|_, n, it| instead(n, 1, it, [&[1, 0][..], &[0; 32]].concat())),
        MISUNDERSTOOD,
    ),
    typed(
        "the new device hears its own promise as hello",
        Victim::New,
        Script::Messages(|loot, n, it| instead(n, 1, it, loot.stranger.promise())),
        MISUNDERSTOOD,
    ),
    typed(
        "the typed way is called the scanned one",
        Victim::New,
        Script::Messages(|_, n, it| instead(n, 1, it.clone(), flipped(it, 1))),
        "did not let this one in",
    ),
    typed(
        "a hello of many bytes",
        Victim::New,
        Script::Messages(|_, n, it| instead(n, 1, it, vec![1; 4_000])),
        MISUNDERSTOOD,
    ),
    typed(
        "the new device is told that it was declined",
        Victim::New,
        Script::Messages(|_, n, it| if n == 3 { DECLINED.to_vec() } else { it }),
        "did not let this one in",
    ),
    typed(
        "a place that never ends",
        Victim::New,
        Script::Messages(|_, n, it| if n == 1 { Vec::new() } else { it }),
        "two minutes are over",
    ),
    typed(
        "what is asked for never comes",
        Victim::Host,
        Script::Messages(|_, n, it| if n == 2 { Vec::new() } else { it }),
        "two minutes are over",
    ),
];

const PROMISED: &str = "not the one that the device which let this one in has seen";

pub(super) const ENTERING: &[Attack] = &[
    typed(
        "the key ring of another vault",
        Victim::New,
        Script::Keyring(|loot, _| loot.keyring.clone()),
        "was not sealed for this place",
    ),
    typed(
        "a key ring that was changed",
        Victim::New,
        Script::Keyring(|_, ring| flipped(ring, 60)),
        "was not sealed for this place",
    ),
    typed(
        "a key ring that was cut short",
        Victim::New,
        Script::Keyring(|_, ring| ring[..200].to_vec()),
        "damaged",
    ),
    typed(
        "the list of another vault",
        Victim::New,
        Script::Manifest(|loot, _| loot.manifest.clone()),
        "signed by another key",
    ),
    typed(
        "a list with a device that nobody let in",
        Victim::New,
        Script::Manifest(|_, list| injected(&list)),
        "not signed by this vault",
    ),
    typed(
        "a list that was cut short",
        Victim::New,
        Script::Manifest(|_, list| list[..list.len() / 2].to_vec()),
        "cannot be read",
    ),
    typed(
        "half the history",
        Victim::New,
        Script::Page(|loot, mut page| {
            page.changes.truncate(page.changes.len() / 2);
            page.head = page.changes.len() as u64;
            summed_up(loot, page)
        }),
        PROMISED,
    ),
    typed(
        "no history at all",
        Victim::New,
        Script::Page(|loot, mut page| {
            page.changes.clear();
            page.head = 0;
            summed_up(loot, page)
        }),
        PROMISED,
    ),
    typed(
        "a history with one row twice in the place of another",
        Victim::New,
        Script::Page(|loot, mut page| {
            page.changes[1] = page.changes[0].clone();
            summed_up(loot, page)
        }),
        PROMISED,
    ),
    typed(
        "a history in another order",
        Victim::New,
        Script::Page(|loot, mut page| {
            page.changes.reverse();
            summed_up(loot, page)
        }),
        PROMISED,
    ),
    typed(
        "another log",
        Victim::New,
        Script::Page(|_, page| {
            let mut incarnation: Incarnation = page.incarnation;
            incarnation.0[3] ^= 1;
            thoughtstream_core::wire::Page { incarnation, ..page }
        }),
        PROMISED,
    ),
];

const LEFT_OUT: &str = "left out, added or exchanged";
const SEALED_ELSEWHERE: &str = "was not sealed for this place";

pub(super) const SYNCING: &[Attack] = &[
    typed(
        "a row is dropped",
        Victim::New,
        Script::Page(|_, mut page| {
            page.changes.pop();
            page
        }),
        LEFT_OUT,
    ),
    typed(
        "rows in another order",
        Victim::New,
        Script::Page(|_, mut page| {
            page.changes.reverse();
            page
        }),
        LEFT_OUT,
    ),
    typed(
        "a row twice",
        Victim::New,
        Script::Page(|_, mut page| {
            let again = page.changes.last().cloned();
            page.changes.extend(again);
            page
        }),
        LEFT_OUT,
    ),
    typed(
        "two rows exchanged, and all summed up anew",
        Victim::New,
        Script::Page(|loot, mut page| {
            let sealed = page.changes[0].sealed.clone();
            page.changes[0].sealed = std::mem::replace(&mut page.changes[1].sealed, sealed);
            summed_up(loot, page)
        }),
        SEALED_ELSEWHERE,
    ),
    typed(
        "a row of another date",
        Victim::New,
        Script::Page(|loot, mut page| {
            page.changes[0].stamp = page.changes[1].stamp;
            summed_up(loot, page)
        }),
        SEALED_ELSEWHERE,
    ),
    typed(
        "a row under another name",
        Victim::New,
        Script::Page(|loot, mut page| {
            page.changes[0].row.0[0] ^= 1;
            summed_up(loot, page)
        }),
        SEALED_ELSEWHERE,
    ),
    typed(
        "a row that was changed",
        Victim::New,
        Script::Page(|loot, mut page| {
            page.changes[0].sealed = flipped(page.changes[0].sealed.clone(), 90);
            summed_up(loot, page)
        }),
        SEALED_ELSEWHERE,
    ),
    typed(
        "another part of the log",
        Victim::New,
        Script::Page(|_, mut page| {
            page.after += 1;
            page
        }),
        "another part of the log",
    ),
    typed(
        "another log",
        Victim::New,
        Script::Page(|_, mut page| {
            page.incarnation.0[0] ^= 1;
            page
        }),
        "another part of the log",
    ),
    typed(
        "a list with a device that nobody let in",
        Victim::New,
        Script::Manifest(|_, list| injected(&list)),
        "not signed by this vault",
    ),
    typed(
        "the list of another vault",
        Victim::New,
        Script::Manifest(|loot, _| loot.manifest.clone()),
        "signed by another key",
    ),
    typed(
        "a key ring that was changed",
        Victim::New,
        Script::Keyring(|_, ring| flipped(ring, 60)),
        SEALED_ELSEWHERE,
    ),
    typed(
        "the key ring of another vault",
        Victim::New,
        Script::Keyring(|loot, _| loot.keyring.clone()),
        SEALED_ELSEWHERE,
    ),
];

/// The list with one more device on it; it cannot be signed.
fn injected(list: &[u8]) -> Vec<u8> {
    let mut manifest = Manifest::decode(list).unwrap();
    let mut member = manifest.devices[0].clone();
    member.device.0 = [0xee; 8];
    manifest.devices.push(member);
    manifest.encode()
}
