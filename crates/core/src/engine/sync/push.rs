//! Pushing: what waits is sealed and sent; what the sequencer accepted is noted.

use super::Asked;
use crate::clock::{Clock, Stamp};
use crate::date::Instant;
use crate::engine::{Engine, Output};
use crate::id::DeviceId;
use crate::message::{Changed, Event, SyncTrouble};
use crate::planted::{Bug, is_planted};
use crate::seal::{Base, PlainRow};
use crate::session::{Method, Outcome, Reply};
use crate::store::{Outgoing, RowKey};
use crate::wire::{Body, Code, Cursor, Done, Push, Pushed, PutManifest, Refusal, SealedChange};
use std::collections::BTreeSet;

/// Bytes of text in one push: large enough to be quick, small enough to be sealed between saves.
const BATCH_BYTES: u64 = 1 << 20;
const BATCH_CHANGES: u64 = 1_000;
/// What a change takes on the wire besides its sealed bytes, at most: row, stamp, length.
const OVERHEAD: u64 = 42;

impl Engine {
    pub(super) fn ask_push(&mut self) -> rusqlite::Result<Vec<Output>> {
        let Some(limits) = self.sync.session.limits.clone() else { return Ok(Vec::new()) };
        let (count, bytes) =
            (BATCH_CHANGES.min(limits.batch_changes), BATCH_BYTES.min(limits.batch_bytes / 2));
        let outgoing = self.store.outgoing(count, bytes)?;
        let Some(vault) = &self.sync.vault else { return Ok(Vec::new()) };
        let (mut changes, mut sent, mut size) = (Vec::new(), Vec::new(), 0);
        for Outgoing { key, modified_at, bases, row } in outgoing {
            let plain = PlainRow::new(base(&bases), row);
            let sealed = vault.keys.seal_version(&vault.packer, &plain, modified_at);
            let too_large = |sealed: &Vec<u8>| sealed.len() as u64 > limits.row_bytes;
            let Some((id, sealed)) = sealed.ok().filter(|(_, sealed)| !too_large(sealed)) else {
                self.sync.session.stop(SyncTrouble::TooLarge);
                return Ok(Vec::new());
            };
            size += sealed.len() as u64 + OVERHEAD;
            if size + 64 > limits.batch_bytes && !changes.is_empty() {
                break;
            }
            changes.push(SealedChange { row: id, stamp: modified_at, sealed });
            sent.push((key, modified_at));
        }
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        self.store.in_flight = sent.iter().map(|(key, _)| key.clone()).collect();
        let incarnation = self.store.cursor()?.incarnation;
        let body = Push { incarnation, changes }.encode();
        Ok(self.ask(Asked::Push(sent), Method::Post, "/v1/push", body))
    }

    pub(super) fn pushed(
        &mut self,
        sent: &[(RowKey, Stamp)],
        reply: &Reply,
        now: Instant,
    ) -> rusqlite::Result<Vec<Output>> {
        match reply.read::<Pushed>() {
            Outcome::Done(pushed) => {
                let cursor = self.store.cursor()?;
                let writer = self.store.write()?;
                writer.accepted(sent)?;
                if is_planted(Bug::SkipToOwnPush) {
                    writer.set_cursor(&Cursor { sequence: pushed.head, ..cursor })?;
                }
                writer.commit_with_clock(&self.clock)?;
                self.note_progress(sent.len() as u64, now)?;
                Ok(Vec::new())
            }
            Outcome::Refused(Refusal { code: Code::StampInFuture, now: server, .. }) => {
                self.notice_clock(server, now)?;
                self.repair_stamps(i64::try_from(server).unwrap_or(i64::MAX))
            }
            Outcome::Refused(Refusal { code: Code::DeviceNotYours, .. }) => self.ask_to_vouch(now),
            Outcome::Refused(Refusal { code: Code::CursorReplaced, .. }) => {
                self.begin_again().map(|()| Vec::new())
            }
            other => {
                // It may have been accepted all the same: look, before saying what is next made of.
                self.sync.session.pull_wanted = true;
                self.not_done(&other, now);
                Ok(Vec::new())
            }
        }
    }

    /// Some rows were last written by devices that are not in this vault: they were in another one
    /// with this device, on a sequencer that was wiped. They are put on the list as retired, so
    /// that what they wrote may be pushed and they themselves still have to join to come in.
    fn ask_to_vouch(&mut self, now: Instant) -> rusqlite::Result<Vec<Output>> {
        let writers: BTreeSet<DeviceId> =
            self.store.versions()?.iter().map(|version| version.stamp.device()).collect();
        let next = self.sync.vault.as_ref().and_then(|vault| vault.vouch(&writers));
        let Some((expected, manifest)) = next else {
            // They are on the list that is known here: the sequencer has another one.
            let chance = self.sync.chance.number();
            self.sync.session.manifest_read = false;
            self.sync.session.failed(now, None, chance);
            return Ok(Vec::new());
        };
        let body = PutManifest { expected, manifest: manifest.clone() }.encode();
        Ok(self.ask(Asked::Listed(manifest), Method::Put, "/v1/manifest", body))
    }

    /// Whether a list of devices that this one made is in force.
    pub(super) fn listed(
        &mut self,
        manifest: &[u8],
        reply: &Reply,
        now: Instant,
    ) -> rusqlite::Result<()> {
        let outcome = reply.read::<Done>();
        if outcome == Outcome::Done(Done {}) {
            self.sync.session.succeeded(now);
            return self.take_manifest(manifest);
        }
        self.sync.session.manifest_read = false;
        // Somebody else was first: on top of theirs it is done at once.
        if !matches!(outcome, Outcome::Refused(Refusal { code: Code::Conflict, .. })) {
            self.not_done(&outcome, now);
        }
        Ok(())
    }

    /// What was sent comes back in a pull, which is asked for when nothing waits any more.
    fn note_progress(&mut self, sent: u64, now: Instant) -> rusqlite::Result<()> {
        let waiting = u64::from(self.store.waiting()?);
        let session = &mut self.sync.session;
        session.succeeded(now);
        session.pull_wanted = waiting == 0;
        let done = session.progress.map_or(0, |(done, _)| done) + sent;
        session.progress = (waiting > 0).then_some((done, done + waiting));
        Ok(())
    }

    /// This device's clock was ahead when rows were written that the sequencer has not accepted:
    /// they get stamps of the right time, in the same order. What was accepted stays.
    fn repair_stamps(&mut self, server: i64) -> rusqlite::Result<Vec<Output>> {
        let device = self.clock.device();
        // Up to here the sequencer accepts, so rows of others may have such stamps: going back
        // behind those, this device would write over them and lose everywhere else.
        let future = self.sync.session.limits.as_ref().map_or(0, |limits| limits.future_millis);
        let future = if is_planted(Bug::RepairTooFar) { 0 } else { future };
        let accepts = server.saturating_add(i64::try_from(future).unwrap_or(0));
        let limit = Stamp::new(accepts, u16::MAX, DeviceId([0xff; 8]));
        let last = limit.map(|limit| self.store.last_stamp_until(limit)).transpose()?.flatten();
        let mut clock = last.map_or_else(|| Clock::new(device), |last| Clock::resume(device, last));
        let writer = self.store.write()?;
        let mut ahead = writer.never_accepted()?;
        let all = is_planted(Bug::AcceptedRestamped);
        ahead.retain(|(_, stamp)| stamp.millis() > accepts || all);
        ahead.sort_by_key(|(_, stamp)| *stamp);
        for (key, _) in &ahead {
            writer.restamp(key, clock.stamp(Instant(server)))?;
        }
        if ahead.is_empty() {
            self.sync
                .session
                .stop(SyncTrouble::Refused("the stamps are ahead of its clock".into()));
            return Ok(Vec::new());
        }
        writer.commit_with_clock(&clock)?;
        self.clock = clock;
        Ok(vec![Output::Broadcast(Event::Changed(Changed::everything()))])
    }
}

fn base(stamps: &[Stamp]) -> Base {
    match stamps {
        [] => Base::None,
        [one] => Base::One(*one),
        [first, second, ..] => Base::Two(*first.min(second), *first.max(second)),
    }
}
