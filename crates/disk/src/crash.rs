//! What a power cut leaves of a disk.
//!
//! What was flushed is there. Of what was not, anything may be: nothing, all, some writes and not
//! others, an earlier version of a sector and not the later, half of a write, the new length
//! without the new bytes. Making and deleting a file is durable in one step, as in the pool.

use super::Chance;
use super::vfs::{resize, write_at};
use super::{Files, Op};
use std::collections::{BTreeMap, BTreeSet};

/// The smallest piece that a device writes whole.
const SECTOR: usize = 512;

/// How a cut treats what was not flushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// All of it is gone.
    Nothing,
    /// All of it is there: the machine stopped, the device went on.
    Everything,
    /// Each write is there or not.
    SomeWrites,
    /// Each sector has one of its versions, so writes are reordered and torn alike.
    SomeSectors,
    /// The last write was interrupted, those before it are there.
    TornLast,
    /// Lengths are new, bytes are old.
    LengthOnly,
    /// Bytes are new as far as the old length goes.
    BytesOnly,
}

pub const CUTS: [Cut; 7] = [
    Cut::Nothing,
    Cut::Everything,
    Cut::SomeWrites,
    Cut::SomeSectors,
    Cut::TornLast,
    Cut::LengthOnly,
    Cut::BytesOnly,
];

/// A disk's life, followed operation by operation.
pub struct Life<'a> {
    ops: std::slice::Iter<'a, Op>,
    flushed: Files,
    /// What reached each file since it was flushed.
    waiting: BTreeMap<&'a str, Vec<&'a Op>>,
    /// How many edits have been acknowledged.
    pub acknowledged: usize,
}

impl<'a> Life<'a> {
    pub fn of(ops: &'a [Op]) -> Self {
        Self::after(Files::new(), ops)
    }

    /// The life of a disk that had these files, flushed, when it began to be followed.
    pub fn after(flushed: Files, ops: &'a [Op]) -> Self {
        let waiting = BTreeMap::new();
        Self { ops: ops.iter(), flushed, waiting, acknowledged: 0 }
    }

    /// Lets one more operation reach the disk; `None` after the last.
    pub fn step(&mut self) -> Option<&'a Op> {
        let op = self.ops.next()?;
        match op {
            Op::Create(file) => {
                self.flushed.insert(file.clone(), Vec::new());
            }
            Op::Delete(file) => {
                self.flushed.remove(file);
                self.waiting.remove(file.as_str());
            }
            Op::Write { file, .. } | Op::Resize { file, .. } => {
                self.waiting.entry(file).or_default().push(op);
            }
            Op::Sync(file) => {
                let bytes = self.flushed.entry(file.clone()).or_default();
                for op in self.waiting.remove(file.as_str()).unwrap_or_default() {
                    carry_out(op, bytes);
                }
            }
            Op::Acknowledged(edits) => self.acknowledged = *edits,
        }
        Some(op)
    }

    /// What is left if the power goes now.
    pub fn cut(&self, cut: Cut, chance: &mut Chance) -> Files {
        let mut files = self.flushed.clone();
        for (file, ops) in &self.waiting {
            let bytes = files.entry((*file).to_owned()).or_default();
            *bytes = survive(bytes, ops, cut, chance);
        }
        files
    }
}

fn carry_out(op: &Op, bytes: &mut Vec<u8>) {
    match op {
        Op::Write { at, bytes: written, .. } => write_at(bytes, *at, written),
        Op::Resize { size, .. } => resize(bytes, *size),
        _ => {}
    }
}

/// A file's bytes, of which `ops` were not flushed.
fn survive(flushed: &[u8], ops: &[&Op], cut: Cut, chance: &mut Chance) -> Vec<u8> {
    let mut bytes = flushed.to_vec();
    match cut {
        Cut::Nothing => {}
        Cut::Everything => ops.iter().for_each(|op| carry_out(op, &mut bytes)),
        Cut::SomeWrites => {
            let kept = ops.iter().filter(|_| !chance.one_in(3));
            kept.for_each(|op| carry_out(op, &mut bytes));
        }
        Cut::SomeSectors => return some_sectors(flushed, ops, chance),
        Cut::TornLast => {
            if let Some((last, before)) = ops.split_last() {
                before.iter().for_each(|op| carry_out(op, &mut bytes));
                tear(last, &mut bytes, chance);
            }
        }
        Cut::LengthOnly => {
            ops.iter().for_each(|op| carry_out(op, &mut bytes));
            let old = flushed.len().min(bytes.len());
            bytes[..old].copy_from_slice(&flushed[..old]);
            bytes[old..].fill(0);
        }
        Cut::BytesOnly => {
            ops.iter().for_each(|op| carry_out(op, &mut bytes));
            resize(&mut bytes, flushed.len());
        }
    }
    bytes
}

/// Writes some sectors of a write, and not the others.
fn tear(op: &Op, bytes: &mut Vec<u8>, chance: &mut Chance) {
    let Op::Write { at, bytes: written, .. } = op else { return };
    let mut from = 0;
    while from < written.len() {
        let to = (from + SECTOR - (at + from) % SECTOR).min(written.len());
        if chance.one_in(2) {
            write_at(bytes, at + from, &written[from..to]);
        }
        from = to;
    }
}

/// Each sector, and the length, is of some moment since the file was flushed.
fn some_sectors(flushed: &[u8], ops: &[&Op], chance: &mut Chance) -> Vec<u8> {
    let sectors = |op: &&Op| match op {
        Op::Write { at, bytes, .. } => at / SECTOR..(at + bytes.len()).div_ceil(SECTOR),
        _ => 0..0,
    };
    let mut moments: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for sector in ops.iter().flat_map(sectors).collect::<BTreeSet<_>>() {
        moments.entry(chance.below(ops.len() + 1)).or_default().push(sector);
    }
    let length_at = chance.below(ops.len() + 1);
    let (mut now, mut left, mut length) = (flushed.to_vec(), flushed.to_vec(), 0);
    for moment in 0..=ops.len() {
        if moment == length_at {
            length = now.len();
        }
        for sector in moments.get(&moment).into_iter().flatten() {
            let range = sector * SECTOR..((sector + 1) * SECTOR).min(now.len());
            if let Some(bytes) = now.get(range.clone()) {
                write_at(&mut left, range.start, bytes);
            }
        }
        if let Some(op) = ops.get(moment) {
            carry_out(op, &mut now);
        }
    }
    resize(&mut left, length);
    left
}
