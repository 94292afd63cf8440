//! What a hostile sequencer has at hand, and how its scripts are run.

use crate::device::Between;
use std::collections::BTreeMap;
use thoughtstream_caller::device;
use thoughtstream_core::id::VaultId;
use thoughtstream_core::seal::exchange::{Ask, Asking, Purpose, Taking};
use thoughtstream_core::seal::{DeviceKeys, KeyRing, Recovery, VaultKeys};
use thoughtstream_core::session::{Reply, Request};
use thoughtstream_core::wire::{
    Body, Cursor, Hear, Heard, KeyringIs, Manifest, ManifestIs, Member, Met, Page, PublicKey, Pull,
    Role, Say,
};
use thoughtstream_disk::Chance;

/// Everything that it has made or seen.
pub(super) struct Loot {
    /// A device of its own that wants to be let in.
    pub(super) stranger: Asking,
    /// The four messages of another exchange, code and all.
    pub(super) earlier: [Vec<u8>; 4],
    /// What the victim has said, by number.
    pub(super) said: BTreeMap<u64, Vec<u8>>,
    /// The key ring and the list of a vault of its own, with the victims on them.
    pub(super) keyring: Vec<u8>,
    pub(super) manifest: Vec<u8>,
    /// Another list of the victims' own vault.
    pub(super) list: Vec<u8>,
    /// Where the victim stands in the log.
    pub(super) cursor: Cursor,
}

pub(super) fn ask() -> Ask {
    let (origin, browser) = ("https://sequencer.example".into(), "Firefox".into());
    Ask { purpose: Purpose::Device, origin, browser, request: vec![0; 80] }
}

impl Loot {
    pub(super) fn new() -> Self {
        let (keyring, manifest) = own_vault();
        Self {
            stranger: Asking::begin(&mut Chance::new(9)),
            earlier: earlier(),
            said: BTreeMap::new(),
            keyring,
            manifest,
            list: Vec::new(),
            cursor: Cursor::START,
        }
    }

    /// What its own device would say in the place of message 2.
    pub(super) fn own_reveal(&self) -> Vec<u8> {
        let hello = self.said.get(&1);
        hello.map(|hello| self.stranger.answer(hello, &ask()).unwrap().1).unwrap_or_default()
    }
}

fn earlier() -> [Vec<u8>; 4] {
    let new = Asking::begin(&mut Chance::new(5));
    let taking = Taking::begin(&new.code(), &mut Chance::new(6)).unwrap();
    let (waiting, hello) = taking.answer(&new.promise()).unwrap();
    let (asked, reveal) = new.answer(&hello, &ask()).unwrap();
    let granting = waiting.judge(&reveal).unwrap().check(&asked.check_code()).unwrap();
    [new.promise(), hello, reveal, granting.grant(vec![1; 120])]
}

fn own_vault() -> (Vec<u8>, Vec<u8>) {
    let chance = &mut Chance::new(7);
    let keys = VaultKeys::create(VaultId([6; 16]), chance);
    let own = DeviceKeys::create(chance);
    let mut ring = KeyRing::create(&keys, &Recovery::new([3; 32]), chance);
    let member = |number: u64| {
        let (auth, wrap) = (PublicKey(own.auth_key()), PublicKey(own.wrap_key()));
        Member { device: device(number), auth, wrap, role: Role::Full, note: Vec::new() }
    };
    for number in 1..3 {
        ring.add_device(&keys, device(number), &own.wrap_key(), chance).unwrap();
    }
    let list = Manifest::first(member(1), &keys).next([member(2)], &keys);
    (ring.to_bytes(), list.encode())
}

/// What is done to the answers of one kind.
pub(super) enum Script {
    /// To messages of the exchange, by number.
    Messages(fn(&Loot, u64, Vec<u8>) -> Vec<u8>),
    Keyring(fn(&Loot, Vec<u8>) -> Vec<u8>),
    Manifest(fn(&Loot, Vec<u8>) -> Vec<u8>),
    Page(fn(&Loot, Page) -> Page),
}

impl Script {
    pub(super) fn between(&'static self, mut loot: Loot) -> Between {
        Box::new(move |request, reply| {
            if let Ok(say) = Say::decode(&request.body) {
                loot.said.insert(say.number, say.message);
            }
            let Reply::Answer { status: 200, body, .. } = reply? else { return None };
            self.change(&mut loot, request, &body).map(answer)
        })
    }

    fn change(&self, loot: &mut Loot, request: &Request, body: &[u8]) -> Option<Vec<u8>> {
        let (path, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
        let is = |end: &str| path.ends_with(end);
        match self {
            Self::Messages(change) if is("/meet") => {
                let met = Met::decode(body).ok()?;
                Some(Met { message: change(loot, 0, met.message), ..met }.encode())
            }
            Self::Messages(change) if is("/hear") => {
                let number = Hear::decode(&request.body).ok()?.number;
                let Heard { message } = Heard::decode(body).ok()?;
                Some(Heard { message: change(loot, number, message) }.encode())
            }
            Self::Keyring(change) if is("/keyring") && request.body.is_empty() => {
                let KeyringIs { keyring } = KeyringIs::decode(body).ok()?;
                Some(KeyringIs { keyring: change(loot, keyring) }.encode())
            }
            Self::Manifest(change) if is("/manifest") && request.body.is_empty() => {
                let ManifestIs { manifest } = ManifestIs::decode(body).ok()?;
                Some(ManifestIs { manifest: change(loot, manifest) }.encode())
            }
            Self::Page(change) if is("/pull") => {
                loot.cursor = Pull::from_query(query).ok()?.cursor;
                Some(change(loot, Page::decode(body).ok()?).encode())
            }
            _ => None,
        }
    }
}

fn answer(body: Vec<u8>) -> Reply {
    Reply::Answer { status: 200, body, retry_after: None }
}

/// A page whose sum is right again after it was changed.
pub(super) fn summed_up(loot: &Loot, page: Page) -> Page {
    let chain = loot.cursor.chain.over(&page.changes);
    Page { chain, ..page }
}

pub(super) fn flipped(mut bytes: Vec<u8>, at: usize) -> Vec<u8> {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1;
    }
    bytes
}

/// Only this message is another one, once it is there.
pub(super) fn instead(number: u64, of: u64, message: Vec<u8>, other: Vec<u8>) -> Vec<u8> {
    if number == of && !message.is_empty() { other } else { message }
}
