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

use super::Writer;
use super::outbox::{self, Mark, RowKey};
use super::write::Stored;
use crate::change::{ChangedRow, EntryRow};
use crate::clock::Stamp;
use crate::id::{DeviceId, EntryId};
use crate::merge::{self, Like};

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
            row => self.receive_small(row, arriving.stamp),
        }
    }

    /// A journal or a tag: the greater stamp wins, and of two with the same stamp, which only a
    /// copied profile makes, the greater content.
    fn receive_small(&self, row: &ChangedRow, stamp: Stamp) -> rusqlite::Result<Arrived> {
        let key = RowKey::of(row);
        let current = outbox::current(&self.tx, &key)?;
        let order = current
            .as_ref()
            .map(|(at, here)| stamp.cmp(at).then_with(|| small_order(row).cmp(&small_order(here))));
        if order.is_some_and(std::cmp::Ordering::is_lt) {
            return Ok(Arrived::Nothing);
        }
        self.forget_mark(&key)?;
        if order.is_some_and(std::cmp::Ordering::is_eq) {
            return Ok(Arrived::Nothing);
        }
        match row {
            ChangedRow::Journal(row) => self.put_journal(row, stamp)?,
            ChangedRow::Tag(row) => self.put_tag(row, stamp)?,
            ChangedRow::Entry(_) => {}
        }
        Ok(Arrived::Shown)
    }
}

fn small_order(row: &ChangedRow) -> (&str, &str, bool) {
    match row {
        ChangedRow::Journal(row) => (&row.name, row.colour.name(), row.deleted),
        ChangedRow::Tag(row) => (&row.name, "", row.on),
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
        let mark = self.writer.mark(&key)?;
        if stamp == old.modified_at {
            self.same_stamp(&key, &old)
        } else if self.arriving.bases.contains(&old.modified_at) {
            // It was made of what is here; if of something else as well, both changed the entry.
            let beside = self.arriving.bases.len() > 1;
            self.writer.keep_version(&old.row, old.modified_at, beside)?;
            self.show(&key, &old)
        } else if let Some(mark) = mark {
            self.beside_ours(&key, &old, mark)
        } else if stamp > old.modified_at {
            let lost = old.row != *self.row;
            self.writer.keep_version(&old.row, old.modified_at, lost)?;
            self.show(&key, &old)
        } else {
            let lost = old.row != *self.row && stamp.device() != self.device;
            self.keep_unless_known(stamp, lost)?;
            Ok(Arrived::Nothing)
        }
    }

    /// This device's own version comes back; or a copied profile wrote another one.
    fn same_stamp(&mut self, key: &RowKey, old: &Stored) -> rusqlite::Result<Arrived> {
        let stamp = self.arriving.stamp;
        match merge::order((stamp, self.row), (stamp, &old.row)) {
            std::cmp::Ordering::Equal => {
                self.writer.forget_mark(key)?;
                Ok(Arrived::Nothing)
            }
            std::cmp::Ordering::Greater => self.show(key, old),
            std::cmp::Ordering::Less => Ok(Arrived::Nothing),
        }
    }

    /// The entry was changed here, and elsewhere without knowledge of that.
    fn beside_ours(&mut self, key: &RowKey, old: &Stored, mark: Mark) -> rusqlite::Result<Arrived> {
        let stamp = self.arriving.stamp;
        let known = [mark.base, mark.other].contains(&Some(stamp));
        // What this device wrote earlier is in what it wrote later.
        if known || stamp.device() == self.device {
            return Ok(Arrived::Nothing);
        }
        let ancestor = self.ancestor(mark)?;
        let (ours, theirs) = ((old.modified_at, &old.row), (stamp, self.row));
        let merged = merge::merge(ancestor.as_ref(), ours, theirs);
        let ours_is_greater = old.modified_at > stamp;
        if merged.row != *self.row {
            self.writer.keep_version(self.row, stamp, true)?;
        }
        if merged.row != old.row {
            self.writer.keep_version(&old.row, old.modified_at, true)?;
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

    /// The version that both were made of, if it was kept.
    fn ancestor(&self, mark: Mark) -> rusqlite::Result<Option<EntryRow>> {
        let id: EntryId = self.row.id;
        for stamp in self.arriving.bases.iter().copied().chain(mark.base) {
            if let Some(version) = self.writer.kept_version(id, stamp)? {
                return Ok(Some(version));
            }
        }
        Ok(None)
    }

    fn show(&mut self, key: &RowKey, old: &Stored) -> rusqlite::Result<Arrived> {
        self.writer.update_entry(self.row, old, self.arriving.stamp)?;
        self.writer.forget_mark(key)?;
        Ok(Arrived::Shown)
    }

    fn keep_unless_known(&self, stamp: Stamp, lost: bool) -> rusqlite::Result<()> {
        if self.writer.kept_version(self.row.id, stamp)?.is_none() {
            self.writer.keep_version(self.row, stamp, lost)?;
        }
        Ok(())
    }
}
