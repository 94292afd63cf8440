//! Taking in what other devices wrote.
//!
//! Last writer wins by stamp, row by row: that makes all devices equal. Beyond that nothing an
//! entry held is lost: a version that was written over is kept, one that was written beside
//! another is kept and marked, and two that were written beside each other are merged by the
//! device whose own was not seen yet by all when the other came. Only an edit that waits here or
//! has not come back yet is ever merged, so a pull alone never makes a device push.
//!
//! Of two versions written beside each other, one has the later sequence. Its writer receives the
//! other before its own comes back, and so has the ancestor and merges; nobody else has to.

mod journals;

use super::Writer;
use super::outbox::{self, Mark, RowKey};
use super::write::Stored;
use crate::change::{ChangedRow, EntryRow, Life};
use crate::clock::Stamp;
use crate::id::{DeviceId, EntryId};
use crate::merge::{self, Like, Merged};
use crate::planted::{Bug, is_planted};
use std::cmp::Ordering;

/// A version from elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Arriving {
    pub stamp: Stamp,
    /// The versions that it was made of.
    pub bases: Vec<Stamp>,
    pub row: ChangedRow,
}

/// What an arrival did to the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// Nothing that is shown: it is here already, or lost.
    Nothing,
    /// The row is this version now, or one merged of it and this device's.
    Shown,
}

impl Writer<'_> {
    /// Takes in one version. `fresh` gives the stamp of a merge, which is an edit of this device.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn receive(
        &self,
        arriving: &Arriving,
        device: DeviceId,
        fresh: &mut dyn FnMut() -> Stamp,
    ) -> rusqlite::Result<Arrived> {
        match &arriving.row {
            ChangedRow::Entry(row) => {
                Receiving { writer: self, arriving, row, device, fresh }.receive()
            }
            ChangedRow::Journal(row) => self.receive_journal(arriving, row, device, fresh),
            row => self.receive_small(row, arriving.stamp),
        }
    }

    /// A tag, a template or an attachment: the greater stamp wins, and of two with the same stamp,
    /// which only a copied profile makes, the greater content.
    fn receive_small(&self, row: &ChangedRow, stamp: Stamp) -> rusqlite::Result<Arrived> {
        let key = RowKey::of(row);
        let current = outbox::current(&self.tx, &key)?;
        let order = current
            .as_ref()
            .map(|(at, here)| stamp.cmp(at).then_with(|| small_order(row).cmp(&small_order(here))));
        if order.is_some_and(Ordering::is_lt) {
            return Ok(Arrived::Nothing);
        }
        self.forget_mark(&key)?;
        if order.is_some_and(Ordering::is_eq) {
            return Ok(Arrived::Nothing);
        }
        match row {
            ChangedRow::Journal(row) => self.put_journal(row, stamp)?,
            ChangedRow::Tag(row) => self.put_tag(row, stamp)?,
            ChangedRow::Template(row) => self.put_template(row, stamp)?,
            ChangedRow::Attachment(row) => self.put_attachment(row, stamp)?,
            ChangedRow::Entry(_) => {}
        }
        Ok(Arrived::Shown)
    }
}

fn small_order(row: &ChangedRow) -> (&str, &str, bool) {
    match row {
        ChangedRow::Template(row) => (&row.template.name, &row.template.body, row.deleted),
        ChangedRow::Journal(row) => (&row.name, row.colour.name(), row.deleted),
        ChangedRow::Tag(row) => (&row.name, "", row.on),
        ChangedRow::Attachment(row) => (&row.caption, &row.name, row.removed),
        ChangedRow::Entry(row) => (&row.body, "", row.starred),
    }
}

/// One version of an entry on its way in.
struct Receiving<'a> {
    writer: &'a Writer<'a>,
    arriving: &'a Arriving,
    row: &'a EntryRow,
    device: DeviceId,
    fresh: &'a mut dyn FnMut() -> Stamp,
}

impl Receiving<'_> {
    fn receive(&mut self) -> rusqlite::Result<Arrived> {
        let stamp = self.arriving.stamp;
        let Some(old) = self.writer.stored(self.row.id)? else {
            self.writer.put_new_entry(self.row, stamp)?;
            return Ok(Arrived::Shown);
        };
        let key = RowKey::entry(self.row.id);
        let edited = self.writer.mark(&key)?.filter(|mark| mark.is_edit(old.modified_at));
        if is_planted(Bug::TombstoneIgnored) && self.row.life == Life::Deleted {
            return Ok(Arrived::Nothing);
        }
        match (stamp.cmp(&old.modified_at), edited) {
            (Ordering::Equal, _) => self.same_stamp(&key, &old),
            (Ordering::Greater, _) if self.arriving.bases.contains(&old.modified_at) => {
                // Made of what is here; if of something else as well, both changed it.
                let beside = self.arriving.bases.len() > 1;
                self.keep(&old.row, old.modified_at, beside)?;
                self.show(&key, &old)
            }
            (_, Some(mark)) => self.beside_ours(&key, &old, mark),
            (Ordering::Greater, None) => {
                self.keep(&old.row, old.modified_at, old.row != *self.row)?;
                self.show(&key, &old)
            }
            (Ordering::Less, None) if is_planted(Bug::EarlierWins) => self.show(&key, &old),
            (Ordering::Less, None) => self.lesser(&key, &old),
        }
    }

    /// A later version is here. Whether the two were written beside each other nobody can tell
    /// while a log is read from its start again: then all old versions come by.
    fn lesser(&mut self, key: &RowKey, old: &Stored) -> rusqlite::Result<Arrived> {
        let stamp = self.arriving.stamp;
        let known = self.writer.kept_version(self.row.id, stamp)?.is_some();
        if old.row.life != Life::Deleted && !known {
            let read_again = self.writer.mark(key)?.is_some();
            let beside = old.row != *self.row && stamp.device() != self.device && !read_again;
            self.keep(self.row, stamp, beside)?;
        }
        Ok(Arrived::Nothing)
    }

    /// This device's own version comes back; or a copied profile wrote another one.
    fn same_stamp(&mut self, key: &RowKey, old: &Stored) -> rusqlite::Result<Arrived> {
        let stamp = self.arriving.stamp;
        let order = match merge::order((stamp, self.row), (stamp, &old.row)) {
            Ordering::Less if is_planted(Bug::TieToTheLast) => Ordering::Greater,
            Ordering::Greater if is_planted(Bug::TieKeptLocal) => Ordering::Less,
            order => order,
        };
        match order {
            Ordering::Equal => {
                self.writer.forget_mark(key)?;
                Ok(Arrived::Nothing)
            }
            Ordering::Greater => {
                self.keep_tied(&old.row)?;
                self.show(key, old)
            }
            Ordering::Less => {
                let shown_is_gone = old.row.life == Life::Deleted;
                if !shown_is_gone {
                    self.keep_tied(self.row)?;
                }
                Ok(Arrived::Nothing)
            }
        }
    }

    /// Keeps the lesser of two versions that have one stamp, under another one: the history has
    /// room for one version a stamp, and the shown one will want this.
    fn keep_tied(&mut self, row: &EntryRow) -> rusqlite::Result<()> {
        if self.writer.keeps_text(row)? {
            return Ok(());
        }
        let at = (self.fresh)();
        self.keep(row, at, true)
    }

    fn keep(&self, row: &EntryRow, at: Stamp, lost: bool) -> rusqlite::Result<()> {
        if is_planted(Bug::LoserNotKept) {
            return Ok(());
        }
        self.writer.keep_version(row, at, lost)
    }

    /// The entry was changed here, and elsewhere without knowledge of that.
    fn beside_ours(&mut self, key: &RowKey, old: &Stored, mark: Mark) -> rusqlite::Result<Arrived> {
        let stamp = self.arriving.stamp;
        let ours_is_greater = old.modified_at > stamp;
        let known = [mark.base, mark.other].contains(&Some(stamp));
        if known && ours_is_greater {
            return Ok(Arrived::Nothing);
        }
        // What this device wrote earlier is in what it wrote later; what a copy of it wrote has
        // the same name, and is kept to be safe.
        let writer = stamp.device();
        let own = writer == self.device || self.writer.was_called(writer)?;
        if own && is_planted(Bug::CopyTakenForSelf) {
            return Ok(Arrived::Nothing);
        }
        if own && ours_is_greater {
            self.writer.accepted_before_edit(key, stamp)?;
            return self.lesser(key, old);
        }
        // Older than what ours was made of: read again, or its writer merges it with that.
        if mark.base > Some(stamp) && ours_is_greater {
            return self.lesser(key, old);
        }
        let ancestor = self.ancestor(mark, &old.row)?;
        let (ours, theirs) = ((old.modified_at, &old.row), (stamp, self.row));
        let merged = merge::merge(ancestor.as_ref(), ours, theirs);
        if merged.row.life != Life::Deleted {
            self.keep_merged(old, &merged)?;
        }
        let seen = Mark { other: mark.other.max(Some(stamp)), ..mark };
        match merged.like {
            Like::Greater if ours_is_greater => {
                self.writer.set_mark(key, seen)?;
                Ok(Arrived::Nothing)
            }
            Like::Greater => self.show(key, old),
            Like::Lesser | Like::Neither => {
                let at = (self.fresh)();
                self.writer.update_entry(&merged.row, old, at)?;
                let base = seen.sent.or(seen.base);
                self.writer.set_mark(key, Mark { base, sent: None, ..seen })?;
                Ok(Arrived::Shown)
            }
        }
    }

    /// Keeps what of the two versions is not shown afterwards. Theirs is kept even where the merged
    /// one is the same: whoever goes on from theirs names it as what it was made of, and without
    /// it a later merge would take their text for ours.
    fn keep_merged(&self, old: &Stored, merged: &Merged) -> rusqlite::Result<()> {
        let stamp = self.arriving.stamp;
        if merged.like != Like::Greater || stamp < old.modified_at {
            self.keep(self.row, stamp, merged.row != *self.row)?;
        }
        if merged.row != old.row {
            self.keep(&old.row, old.modified_at, true)?;
        }
        Ok(())
    }

    /// The version that both were made of, if it was kept. Theirs can name two; if the text of what
    /// is not deleted of theirs and ours is that of one of them, nothing was written beside it.
    fn ancestor(&self, mark: Mark, ours: &EntryRow) -> rusqlite::Result<Option<EntryRow>> {
        if is_planted(Bug::AncestorForgotten) {
            return Ok(None);
        }
        let (id, mut found): (EntryId, Option<EntryRow>) = (self.row.id, None);
        let there = if ours.life == Life::Deleted { self.row } else { ours };
        for stamp in self.arriving.bases.iter().copied() {
            let kept = self.writer.kept_version(id, stamp)?;
            let same = |row: &EntryRow| row.body == there.body;
            if kept.as_ref().is_some_and(same) {
                return Ok(kept);
            }
            found = found.or(kept);
        }
        match (found, mark.base) {
            (None, Some(base)) => self.writer.kept_version(id, base),
            (found, _) => Ok(found),
        }
    }

    fn show(&mut self, key: &RowKey, old: &Stored) -> rusqlite::Result<Arrived> {
        self.writer.update_entry(self.row, old, self.arriving.stamp)?;
        self.writer.forget_mark(key)?;
        Ok(Arrived::Shown)
    }
}
