//! Devices that write, exchange what they have in any order, merge, and become the same.

use super::row;
use crate::support::{Chance, setting};
use std::collections::{BTreeMap, BTreeSet};
use thoughtstream_core::change::{EntryRow, Life};
use thoughtstream_core::clock::{Clock, Stamp};
use thoughtstream_core::date::Instant;
use thoughtstream_core::id::DeviceId;
use thoughtstream_core::merge::{Like, merge};

/// A version as it travels.
#[derive(Clone)]
struct Version {
    row: EntryRow,
    bases: Vec<Stamp>,
}

/// One device: every version it has seen, and which one it shows.
struct Device {
    clock: Clock,
    versions: BTreeMap<Stamp, Version>,
    head: Stamp,
}

impl Device {
    fn new(number: u8, first: &(Stamp, Version)) -> Self {
        let clock = Clock::resume(DeviceId([number; 8]), first.0);
        Self { clock, versions: BTreeMap::from([first.clone()]), head: first.0 }
    }

    fn shown(&self) -> &EntryRow {
        &self.versions[&self.head].row
    }

    fn write(&mut self, row: EntryRow, bases: Vec<Stamp>) {
        self.head = self.clock.stamp(Instant(0));
        self.versions.insert(self.head, Version { row, bases });
    }

    fn edit(&mut self, chance: &mut Chance) {
        let mut row = self.shown().clone();
        let word = format!("w{}", chance.next() % 1000);
        match chance.below(8) {
            0 => row.starred = !row.starred,
            1 => row.life = Life::Trashed,
            2 => (row.life, row.body) = (Life::Deleted, String::new()),
            3 => row.body = format!("{word}\n{}", row.body),
            4 => {
                let mut words: Vec<&str> = row.body.split(' ').collect();
                let at = chance.below(words.len());
                words[at] = &word;
                row.body = words.join(" ");
            }
            _ => row.body = format!("{} {word}", row.body),
        }
        if row.body != self.shown().body && !row.body.is_empty() {
            row.life = Life::Live;
        }
        self.write(row, vec![self.head]);
    }

    fn ancestors(&self, of: Stamp) -> BTreeSet<Stamp> {
        let (mut all, mut left) = (BTreeSet::new(), vec![of]);
        while let Some(stamp) = left.pop() {
            if all.insert(stamp) {
                left.extend(self.versions.get(&stamp).into_iter().flat_map(|one| &one.bases));
            }
        }
        all
    }

    /// Takes in a page of versions, and then settles what is concurrent among the newest: those
    /// between are not worth a merge.
    fn receive(&mut self, page: &BTreeMap<Stamp, Version>) -> bool {
        let before = self.versions.len();
        for (stamp, version) in page {
            self.clock.observe(*stamp);
            self.versions.entry(*stamp).or_insert_with(|| version.clone());
        }
        let news = self.versions.len() > before;
        let old = self.versions.values().flat_map(|version| version.bases.clone());
        let old: BTreeSet<Stamp> = old.collect();
        let mut heads = self.versions.keys().copied().filter(|stamp| !old.contains(stamp)).rev();
        self.head = heads.next().unwrap();
        let others: Vec<Stamp> = heads.collect();
        others.into_iter().for_each(|other| self.settle(other));
        news
    }

    fn settle(&mut self, other: Stamp) {
        let (head, other_row) = (self.head, self.versions[&other].row.clone());
        let (mine, theirs) = (self.ancestors(head), self.ancestors(other));
        let common = mine.intersection(&theirs).last();
        let base = common.and_then(|stamp| self.versions.get(stamp)).map(|one| one.row.clone());
        let merged = merge(base.as_ref(), (head, self.shown()), (other, &other_row));
        // Where the greater stamp's version is the result, the last writer wins without a word.
        if merged.like != Like::Greater {
            self.write(merged.row, vec![other, head]);
        }
    }
}

/// Devices exchange until nobody has news, in an order of chance; how many rounds it took.
fn quiet(devices: &mut [Device], chance: &mut Chance) -> usize {
    for round in 0..20 {
        let mut news = false;
        let mut pairs: Vec<(usize, usize)> =
            (0..devices.len()).flat_map(|a| (0..devices.len()).map(move |b| (a, b))).collect();
        while !pairs.is_empty() {
            let (from, to) = pairs.swap_remove(chance.below(pairs.len()));
            let page = devices[from].versions.clone();
            news |= devices[to].receive(&page);
        }
        if !news {
            return round;
        }
    }
    usize::MAX
}

#[test]
fn devices_become_the_same_in_any_order() {
    for seed in 1..=setting("MERGE_SEEDS", 150) {
        let chance = &mut Chance::new(seed as u64);
        let mut clock = Clock::new(DeviceId([0; 8]));
        let first = Version { row: row("It rained all day and we read"), bases: Vec::new() };
        let first = (clock.stamp(Instant(0)), first);
        let count = 2 + chance.below(3);
        let mut devices: Vec<Device> =
            (1..=count).map(|number| Device::new(number as u8, &first)).collect();
        for period in 0..3 {
            for _ in 0..chance.below(6) {
                let at = chance.below(count);
                devices[at].edit(chance);
            }
            let rounds = quiet(&mut devices, chance);
            assert!(rounds <= 12, "seed {seed}: {rounds} rounds in period {period}");
            for device in &devices {
                assert_eq!(device.shown(), devices[0].shown(), "seed {seed}, period {period}");
            }
        }
    }
}
