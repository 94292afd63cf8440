//! Who knew of what: of each entry all versions that were ever shown anywhere, and what each was
//! made of. It tells whether an entry that was deleted for good may be back, without asking the
//! code that decides it.

use crate::model::{Word, words};
use std::collections::{BTreeMap, BTreeSet};
use thoughtstream_core::change::{ChangedRow, EntryRow, Life};
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::id::{DeviceId, EntryId};
use thoughtstream_core::store::Version;

/// What can bring an entry back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revives {
    /// For each time that it was deleted: text that was written without knowledge of that, or that
    /// it was fetched out of the trash.
    Writing,
    /// Any edit beside any of the times that it was deleted.
    AnyEdit,
}

/// A version as it was first shown.
#[derive(Debug)]
struct Made {
    stamp: Stamp,
    row: EntryRow,
    /// The versions that it was made of, as far as its device had shown them: of a merge the
    /// other side is missing.
    of: BTreeSet<usize>,
    /// The words that were shown before it, and those that are new in it.
    before: BTreeSet<Word>,
    added: BTreeSet<Word>,
    /// A person may have made it; otherwise it is a merge, or has only got another stamp.
    by_person: bool,
    /// Its text is another than before, or it is out of the trash. Of a merge with a tombstone
    /// that is what is to be judged, so it does not count.
    wrote: bool,
}

impl Made {
    /// Whether this is an edit that can bring an entry back.
    fn counts(&self, revives: Revives) -> bool {
        let enough = self.wrote || (self.by_person && revives == Revives::AnyEdit);
        self.row.life != Life::Deleted && enough
    }
}

#[derive(Debug, Default)]
struct Past {
    versions: Vec<Made>,
    /// What each device shows.
    shown: BTreeMap<usize, usize>,
}

/// The past of all entries.
#[derive(Debug, Default)]
pub struct Lineage(BTreeMap<EntryId, Past>);

impl Lineage {
    /// Takes note of what a device shows. `by_person`: it may have been asked for an edit since.
    pub fn observe(&mut self, device: usize, versions: &[Version], by_person: bool) {
        for Version { stamp, row, .. } in versions {
            if let ChangedRow::Entry(row) = row {
                self.0.entry(row.id).or_default().observe(device, *stamp, row, by_person);
            }
        }
    }

    /// Checks that this entry, which is there, may be. What a device with a `shared` name deleted
    /// is not judged: its copy cannot tell its own unsent text from one that was deleted.
    ///
    /// # Errors
    /// Names a tombstone that should have stayed.
    pub fn may_be_there(
        &self,
        entry: EntryId,
        revives: Revives,
        shared: &BTreeSet<DeviceId>,
    ) -> Result<(), String> {
        let Some(past) = self.0.get(&entry) else { return Ok(()) };
        let versions = &past.versions;
        let beside = |tombstone: &Made| {
            let mut all = versions.iter().enumerate();
            all.any(|(at, made)| made.counts(revives) && !past.knows(tombstone, at))
        };
        let is_deletion = |made: &&Made| {
            let judged = made.by_person && !shared.contains(&made.stamp.device());
            judged && made.row.life == Life::Deleted
        };
        let (known, late): (Vec<_>, Vec<_>) =
            versions.iter().filter(is_deletion).partition(|tombstone| !beside(tombstone));
        match known.first() {
            Some(Made { stamp, .. }) if revives == Revives::Writing || late.is_empty() => {
                Err(format!("{entry} was deleted for good at {stamp}, and is back"))
            }
            _ => Ok(()),
        }
    }
}

impl Past {
    /// Whether who made a version knew of another one, by its number: it was made of that, or the
    /// same words were shown. Of a merge that is the whole text, as its parts were shown before.
    fn knows(&self, made: &Made, at: usize) -> bool {
        let other = &self.versions[at];
        let read = if other.by_person {
            !other.added.is_empty() && other.added.is_subset(&made.before)
        } else {
            made.of.iter().any(|&of| self.versions[of].row.body == other.row.body)
        };
        made.of.contains(&at) || read
    }

    fn observe(&mut self, device: usize, stamp: Stamp, row: &EntryRow, by_person: bool) {
        let is_this = |made: &Made| made.stamp == stamp && made.row == *row;
        let last = self.shown.get(&device).map(|last| (*last, &self.versions[*last]));
        if last.is_some_and(|(_, last)| is_this(last)) {
            return;
        }
        if let Some(at) = self.versions.iter().position(is_this) {
            self.shown.insert(device, at);
            return;
        }
        let back = |last: &Made| row.life == Life::Live && last.row.life != Life::Live;
        let wrote = last.is_none_or(|(_, last)| last.row.body != row.body || back(last))
            && (by_person || last.is_none_or(|(_, last)| last.row.life != Life::Deleted));
        let before = last.map(|(_, last)| words(&last.row.body)).unwrap_or_default();
        let added = words(&row.body).difference(&before).copied().collect();
        let of = last.map(|(at, last)| last.of.iter().copied().chain([at]).collect());
        let (row, of) = (row.clone(), of.unwrap_or_default());
        self.shown.insert(device, self.versions.len());
        self.versions.push(Made { stamp, row, of, before, added, by_person, wrote });
    }
}
