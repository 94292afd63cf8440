//! An open visit: what was typed, and how it gets to the sequencer.

use super::request;
use crate::date::{Instant, Zone};
use crate::message::{GuestStanding, Shown, Written};
use crate::seal::{Chance, GuestPass, Packer};
use crate::session::{Method, Outcome, Reply, Request};
use crate::wire::{Body, Code, Done, GuestStands, PutItem, Refusal};
use std::collections::BTreeMap;

/// How often the sequencer is asked whether the visit is still open.
const BEAT_MS: i64 = 2_000;
/// The pause after a request that came to nothing.
const AGAIN_MS: i64 = 1_000;

/// What is known while a visit is open.
pub(super) struct Visit {
    server: String,
    token: String,
    ends: Instant,
    pass: GuestPass,
    /// The entry that is being written.
    slot: u64,
    written: Option<Written>,
    /// Counts the versions of all entries.
    version: u64,
    /// What the sequencer does not have yet, the newest version of each slot; `None` is an entry
    /// that nothing was written into yet, and says that those before it are finished.
    unsent: BTreeMap<u64, (u64, Option<Written>)>,
    /// What is under way.
    sending: Option<(u64, u64)>,
    pub(super) finished: u32,
    pub(super) offline: bool,
    /// When the sequencer was last asked, and when it may be asked again.
    asked: Instant,
    not_before: Instant,
    pub(super) told: Option<GuestStanding>,
}

/// What an answer means for the visit.
pub(super) enum Taken {
    Going,
    /// The sequencer does not know the token any more.
    Out,
}

impl Visit {
    pub(super) fn new(
        server: String,
        token: String,
        ends: Instant,
        pass: GuestPass,
        now: Instant,
    ) -> Self {
        Self {
            server,
            token,
            ends,
            pass,
            slot: 0,
            written: None,
            version: 0,
            unsent: BTreeMap::new(),
            sending: None,
            finished: 0,
            offline: false,
            asked: now,
            not_before: now,
            told: None,
        }
    }

    pub(super) fn ends(&self) -> Instant {
        self.ends
    }

    /// What may be read; the screen has it from then on.
    pub(super) fn shown(&self) -> Vec<Shown> {
        self.pass.shown.clone()
    }

    pub(super) fn is_sent(&self) -> bool {
        self.unsent.values().all(|(_, written)| written.is_none())
    }

    /// The text of the entry has changed. One that was emptied again is still sent.
    pub(super) fn write(&mut self, body: String, zone: Zone, now: Instant) {
        let before = self.written.as_ref();
        if before.map_or("", |written| written.body.as_str()) == body {
            return;
        }
        let at = before.map_or(now, |written| written.at);
        let written = Written { at, zone, body };
        self.written = Some(written.clone());
        self.note(Some(written));
    }

    /// The entry is finished.
    pub(super) fn next(&mut self) {
        if self.written.take().is_some_and(|written| !written.body.trim().is_empty()) {
            self.finished += 1;
        } else if !self.unsent.contains_key(&self.slot) {
            return;
        }
        self.slot += 1;
        self.note(None);
    }

    fn note(&mut self, written: Option<Written>) {
        self.version += 1;
        self.unsent.insert(self.slot, (self.version, written));
    }

    /// The next request: what is unsent, or else whether the visit is still open.
    pub(super) fn next_request(
        &mut self,
        packer: &Packer,
        chance: &mut dyn Chance,
        now: Instant,
    ) -> Option<Request> {
        if let Some(put) = self.unsent_request(packer, chance, now) {
            return Some(put);
        }
        let due = now.0.saturating_sub(self.asked.0) >= BEAT_MS && now >= self.not_before;
        due.then(|| {
            self.asked = now;
            self.request(Method::Get, "/v1/guest", Vec::new())
        })
    }

    /// The request that sends what is unsent, the earliest entry first.
    pub(super) fn unsent_request(
        &mut self,
        packer: &Packer,
        chance: &mut dyn Chance,
        now: Instant,
    ) -> Option<Request> {
        if now < self.not_before {
            return None;
        }
        let (&slot, (version, written)) = self.unsent.first_key_value()?;
        let version = *version;
        let sealed = match written {
            Some(written) => self.pass.seal_item(slot, written, packer, chance).ok()?,
            None => Vec::new(),
        };
        self.sending = Some((slot, version));
        self.asked = now;
        let put = PutItem { slot, version, sealed };
        Some(self.request(Method::Post, "/v1/guest/put", put.encode()))
    }

    pub(super) fn leave_request(&self) -> Request {
        self.request(Method::Post, "/v1/guest/leave", Done {}.encode())
    }

    fn request(&self, method: Method, path: &str, body: Vec<u8>) -> Request {
        request(&self.server, method, path, Some(&self.token), body)
    }

    /// Takes the answer to any of these.
    pub(super) fn take(&mut self, reply: &Reply, now: Instant) -> Taken {
        let sending = self.sending.take();
        match reply.read::<GuestStands>() {
            Outcome::Done(_) => {
                self.offline = false;
                if let Some((slot, version)) = sending
                    && self.unsent.get(&slot).is_some_and(|(unsent, _)| *unsent == version)
                {
                    self.unsent.remove(&slot);
                }
                Taken::Going
            }
            Outcome::Refused(Refusal { code: Code::Unauthorized, .. }) => Taken::Out,
            _ => {
                self.offline = true;
                self.not_before = Instant(now.0.saturating_add(AGAIN_MS));
                Taken::Going
            }
        }
    }
}
