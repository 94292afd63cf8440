//! Pulling: a page is checked, opened, and taken in with the clock and the cursor in one
//! transaction.

use super::Asked;
use crate::change::{ChangedRow, Life};
use crate::clock::Stamp;
use crate::date::Instant;
use crate::engine::{Engine, Output, PAUSE_MS};
use crate::id::EntryId;
use crate::message::{Changed, Event, Place, SyncTrouble};
use crate::planted::{Bug, is_planted};
use crate::seal::{Content, PlainRow, SealError};
use crate::session::{Method, Outcome, Reply};
use crate::store::{Arrived, Arriving};
use crate::wire::{Code, Cursor, Page, Pull, Refusal, SealedChange};
use std::collections::BTreeSet;

/// Bytes of a page: some 300 entries, taken in while no save waits long.
const PAGE_BYTES: u64 = 256 << 10;
/// More changed entries than this are not named one by one.
pub(in crate::engine) const NAMED_MAX: usize = 50;

/// Where changes come from.
#[derive(Clone, Copy)]
enum Source<'a> {
    /// A page that ends at this cursor, of a log that goes so far.
    Page(&'a Cursor, u64),
    /// It was kept aside.
    Aside(&'a SealedChange),
}

/// A change that was opened, or cannot be yet.
enum Opened {
    Known(Arriving),
    Later(SealedChange),
}

impl Opened {
    fn stamp(&self) -> Stamp {
        match self {
            Self::Known(arriving) => arriving.stamp,
            Self::Later(change) => change.stamp,
        }
    }
}

impl Engine {
    pub(super) fn ask_pull(&mut self) -> rusqlite::Result<Vec<Output>> {
        let pull = Pull { cursor: self.store.cursor()?, bytes: Some(PAGE_BYTES) };
        let path = ["/v1/pull?", &pull.to_query()].concat();
        Ok(self.ask(Asked::Pull, Method::Get, &path, Vec::new()))
    }

    pub(super) fn pulled(&mut self, reply: &Reply, now: Instant) -> rusqlite::Result<Vec<Output>> {
        match reply.read::<Page>() {
            Outcome::Done(page) => {
                self.sync.session.succeeded(now);
                self.take_page(page, now)
            }
            Outcome::Refused(Refusal {
                code: Code::CursorReplaced | Code::CursorAhead | Code::CursorDiverged,
                ..
            }) => self.begin_again().map(|()| Vec::new()),
            other => {
                self.not_done(&other, now);
                Ok(Vec::new())
            }
        }
    }

    /// The sequencer's log is not the one that was read: it is read from its start, and whatever
    /// it turns out to lack is offered again.
    pub(super) fn begin_again(&mut self) -> rusqlite::Result<()> {
        let writer = self.store.write()?;
        writer.set_cursor(&Cursor::START)?;
        if !is_planted(Bug::OfferForgotten) {
            writer.offer_all()?;
        }
        writer.commit_with_clock(&self.clock)?;
        self.sync.session.pull_wanted = true;
        self.forget_lane()
    }

    fn take_page(&mut self, page: Page, now: Instant) -> rusqlite::Result<Vec<Output>> {
        let cursor = self.store.cursor()?;
        let same_log = cursor.incarnation == page.incarnation || cursor == Cursor::START;
        if page.after != cursor.sequence || !same_log {
            return self.distrust("it sent another part of the log than it was asked for");
        }
        let chain = cursor.chain.over(&page.changes);
        if chain != page.chain && !is_planted(Bug::ChainUnchecked) {
            return self.distrust("changes were left out, added or exchanged on the way");
        }
        if !self.is_as_promised(&cursor, &page) {
            return self.distrust(
                "the journal there is not the one that the device which let this one in has seen",
            );
        }
        let (next, head) = (page.next(), page.head);
        let opened = match self.open_all(page.changes) {
            Ok(opened) => opened,
            // The page is asked for again with a new key ring; only what that does not open either
            // is kept aside, so that it does not stop all that comes after it.
            Err(SealError::NoEpoch(_)) => {
                self.sync.session.keyring_wanted = true;
                self.sync.session.epoch_asked = true;
                return Ok(Vec::new());
            }
            Err(error) => return self.distrust(&error.to_string()),
        };
        let outputs = self.take_in(opened, Source::Page(&next, head), now)?;
        self.has_read(&next)?;
        let session = &mut self.sync.session;
        session.epoch_asked = false;
        session.pull_wanted = next.sequence < head;
        session.progress = session.pull_wanted.then_some((next.sequence, head));
        Ok(outputs)
    }

    /// Stops: what came cannot be right.
    pub(super) fn distrust(&mut self, why: &str) -> rusqlite::Result<Vec<Output>> {
        self.sync.session.stop(SyncTrouble::Untrusted(why.to_owned()));
        Ok(Vec::new())
    }

    fn open_all(&self, changes: Vec<SealedChange>) -> Result<Vec<Opened>, SealError> {
        let Some(vault) = &self.sync.vault else { return Ok(Vec::new()) };
        let open = |change: SealedChange| {
            match vault.keys.open_row(change.row, change.stamp, &change.sealed) {
                // What a newer app added to a row is kept with the sealed row, as a whole.
                Ok(PlainRow { base, content: Content::Known(row, later) }) if later.schema == 0 => {
                    let bases = base.stamps().collect();
                    Ok(Opened::Known(Arriving { stamp: change.stamp, bases, row }))
                }
                Ok(_) | Err(SealError::Newer { .. }) => Ok(Opened::Later(change)),
                Err(SealError::NoEpoch(_)) if self.sync.session.epoch_asked => {
                    Ok(Opened::Later(change))
                }
                Err(error) => Err(error),
            }
        };
        changes.into_iter().map(open).collect()
    }

    /// Takes in what was opened, all or nothing.
    fn take_in(
        &mut self,
        opened: Vec<Opened>,
        source: Source<'_>,
        now: Instant,
    ) -> rusqlite::Result<Vec<Output>> {
        let (right_now, device) = (self.right(now), self.clock.device());
        let mut clock = self.clock.clone();
        let mut copied = self.sync.copied;
        let (mut shown, mut small, mut size, mut erases) = (Vec::new(), false, 0, false);
        let taken_back = taken_back(&opened);
        if let Source::Page(cursor, _) = source
            && is_planted(Bug::CursorBeforeRows)
        {
            let writer = self.store.write()?;
            writer.set_cursor(cursor)?;
            writer.commit_with_clock(&clock)?;
        }
        let writer = self.store.write()?;
        let mut last = None;
        for change in opened {
            let stamp = change.stamp();
            // This device has not made this stamp: its clock never goes back behind one it made.
            copied |= stamp.device() == device && stamp > clock.last();
            last = last.max(Some(stamp));
            let arriving = match change {
                Opened::Later(change) => {
                    clock.observe(change.stamp);
                    writer.keep_aside(&change)?;
                    continue;
                }
                Opened::Known(arriving) => arriving,
            };
            if !is_planted(Bug::ClockDeaf) {
                clock.observe(arriving.stamp);
            }
            if let ChangedRow::Entry(row) = &arriving.row
                && row.life == Life::Deleted
                && taken_back.contains(&(row.id, stamp))
                && stamp.device() != device
            {
                continue;
            }
            let arrived = writer.receive(&arriving, device, &mut || clock.stamp(right_now))?;
            match &arriving.row {
                ChangedRow::Entry(row) => {
                    size += row.body.len() + 200;
                    // One's own that comes back lets go of the versions before it.
                    if row.life == Life::Deleted {
                        writer.erase_soon(Place::first_at(&row.moment))?;
                        erases = true;
                    }
                    if arrived == Arrived::Shown {
                        shown.push(row.id);
                    }
                }
                _ => small |= arrived == Arrived::Shown,
            }
        }
        if let Some(last) = last {
            writer.note_accepted(last)?;
        }
        match source {
            Source::Page(cursor, head) => {
                writer.set_cursor(cursor)?;
                // Everything that was accepted is in the log, unless the log was put back.
                if cursor.sequence >= head {
                    writer.offer_lost()?;
                }
            }
            Source::Aside(change) => writer.no_longer_aside(change)?,
        }
        if copied && !self.sync.copied {
            writer.set_copied(true)?;
        }
        writer.commit_with_clock(&clock)?;
        self.clock = clock;
        self.sync.copied = copied;
        self.owed += size;
        if small {
            self.sync.lane.wake();
        }
        let mut outputs = self.tell_changed(&shown, small)?;
        if erases && outputs.is_empty() {
            outputs.push(Output::Wake { after_ms: PAUSE_MS });
        }
        Ok(outputs)
    }

    fn tell_changed(&mut self, shown: &[EntryId], small: bool) -> rusqlite::Result<Vec<Output>> {
        if shown.is_empty() && !small {
            return Ok(Vec::new());
        }
        self.waiting = self.store.unindexed()?;
        let mut changed = Changed::everything();
        if shown.len() <= NAMED_MAX {
            changed.entries_all = false;
            changed.entries = self.store.versions_of(shown)?;
        }
        Ok(vec![Output::Broadcast(Event::Changed(changed)), Output::Wake { after_ms: PAUSE_MS }])
    }

    /// Takes in what was kept aside and can be read now.
    pub(super) fn read_kept_aside(&mut self) -> rusqlite::Result<Vec<Output>> {
        let mut outputs = Vec::new();
        for change in self.store.kept_aside()? {
            let Ok(opened) = self.open_all(vec![change.clone()]) else { continue };
            if let [Opened::Known(_)] = &opened[..] {
                let now = Instant(self.clock.last().millis());
                outputs.extend(self.take_in(opened, Source::Aside(&change), now)?);
            }
        }
        Ok(outputs)
    }
}

/// The versions of a page that are gone on from in it by somebody who brought the entry back. A
/// tombstone among them takes nothing with it: not what was written here beside both.
fn taken_back(opened: &[Opened]) -> BTreeSet<(EntryId, Stamp)> {
    let bases = opened.iter().filter_map(|one| match one {
        Opened::Known(Arriving { bases, row: ChangedRow::Entry(row), .. }) => {
            let back = row.life != Life::Deleted;
            back.then(|| bases.iter().map(|base| (row.id, *base)))
        }
        _ => None,
    });
    bases.flatten().collect()
}
