//! What an import did, for the person who started it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// How many refusals are told one by one; the rest is only counted.
pub const REFUSALS_MAX: usize = 1_000;

/// How many names of keys that were left out are told.
const LEFT_OUT_MAX: usize = 50;

/// What came in, what was there already, and what was refused and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub added: u64,
    /// Already in the journal: nothing was changed.
    pub known: u64,
    pub refused: u64,
    /// The first of those refused, at most [`REFUSALS_MAX`].
    pub refusals: Vec<Refusal>,
    /// Keys that this app has no place for, and in how many entries each was.
    pub left_out: BTreeMap<String, u64>,
}

/// One thing that was not taken in: where, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub place: Position,
    pub reason: String,
}

/// A place in a file (or in a file of an archive: `journal.zip/2022/a.md`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub file: String,
    /// Counted from 1; `None` if it is about the file as a whole.
    pub line: Option<u64>,
}

impl Report {
    /// Notes one refusal.
    pub fn refuse(&mut self, place: Position, reason: String) {
        self.refused += 1;
        if self.refusals.len() < REFUSALS_MAX {
            self.refusals.push(Refusal { place, reason });
        }
    }

    /// Notes that an entry had a key that was not taken over.
    pub fn leave_out(&mut self, key: &str) {
        if let Some(count) = self.left_out.get_mut(key) {
            *count += 1;
        } else if self.left_out.len() < LEFT_OUT_MAX {
            self.left_out.insert(key.chars().take(80).collect(), 1);
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

impl fmt::Display for Report {
    /// The whole report as plain text, one refusal a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { added, known, refused, .. } = self;
        writeln!(f, "{added} added, {known} already here, {refused} refused")?;
        for (key, entries) in &self.left_out {
            writeln!(f, "left out: “{key}” ({entries} times)")?;
        }
        self.refusals.iter().try_for_each(|refusal| writeln!(f, "{refusal}"))?;
        match self.refused - self.refusals.len() as u64 {
            0 => Ok(()),
            more => writeln!(f, "and {more} more were refused"),
        }
    }
}
