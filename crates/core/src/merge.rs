//! Merging: two versions of an entry that were written without knowledge of each other become one.
//!
//! A pure function of the two versions and their common ancestor, so every device that merges
//! them comes to the same text. Column by column: what one side changed and the other did not is
//! taken over; where both changed a column to different values, the greater stamp's stays. The
//! body is merged by words ([`mod@text`]). Whatever does not stay is reported as a clash; the
//! caller keeps the lesser version as a revision in any case.
//!
//! Who writes wins against who throws away, as throwing away twice is cheap and writing twice is
//! not. The rest of a life follows the rule of columns:
//!
//! | one device | the other | becomes |
//! | --- | --- | --- |
//! | deleted | nothing but star, day or journal changed | deleted |
//! | deleted | changed the text | the text, where its writer had it (clash) |
//! | deleted | restored it from the trash | restored (clash) |
//! | deleted | put it into the trash | deleted |
//! | deleted | deleted | deleted |
//! | trashed | star, day or journal changed | trashed, with the change |
//! | trashed | changed the text | live, with the text (clash) |
//! | trashed and changed the text | changed the text | by the stamp of the life, texts merged |
//! | restored | changed nothing of its life | restored |
//!
//! Without a common ancestor nobody can tell who changed what: the greater stamp's columns stay,
//! but a text is not lost to a tombstone.

mod align;
mod hunks;
mod journals;
pub mod text;
mod tokens;

pub use hunks::{Kind, Piece, diff};
pub use journals::merge_journals;

use crate::change::{EntryRow, Life};
use crate::clock::Stamp;
use std::cmp::Ordering;

/// What two versions came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    pub row: EntryRow,
    pub like: Like,
    /// Both changed the same thing, and something of one of them is only in its own version now.
    pub clash: bool,
}

/// Whether the result is one of the two versions, so that no new one has to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Like {
    /// The version with the greater stamp: last writer wins, as it stands.
    Greater,
    /// The version with the lesser stamp; it has to be written again to win.
    Lesser,
    /// A text or a combination of columns that is new.
    Neither,
}

/// Merges two concurrent versions of one entry. `base` is the version that both were made from,
/// directly or not; `None` if it is not known.
#[must_use]
pub fn merge(base: Option<&EntryRow>, a: (Stamp, &EntryRow), b: (Stamp, &EntryRow)) -> Merged {
    let (lesser, greater) = if order(a, b) == Ordering::Greater { (b.1, a.1) } else { (a.1, b.1) };
    let (row, clash) = merged(base, lesser, greater);
    let like = if row == *greater {
        Like::Greater
    } else if row == *lesser {
        Like::Lesser
    } else {
        Like::Neither
    };
    Merged { row, like, clash }
}

/// Which of two versions wins: by stamp; a cloned profile can give two the same stamp, and then
/// it is by content, which is the same everywhere.
#[must_use]
pub fn order(a: (Stamp, &EntryRow), b: (Stamp, &EntryRow)) -> Ordering {
    let content = |row: &EntryRow| {
        let moment = &row.moment;
        let time = moment.time.map(crate::date::Time::millis);
        let when = (moment.instant, moment.date.days_since_1970(), time, moment.zone.0.clone());
        (row.life.code(), row.starred, row.journal, when, row.mood, row.location.clone())
    };
    a.0.cmp(&b.0)
        .then_with(|| a.1.body.cmp(&b.1.body))
        .then_with(|| content(a.1).cmp(&content(b.1)))
}

fn merged(base: Option<&EntryRow>, lesser: &EntryRow, greater: &EntryRow) -> (EntryRow, bool) {
    if base == Some(lesser) || base == Some(greater) {
        let changed = if base == Some(lesser) { greater } else { lesser };
        return (changed.clone(), false);
    }
    match (lesser.life == Life::Deleted, greater.life == Life::Deleted) {
        (true, true) => return (greater.clone(), false),
        (true, false) => return against_deletion(base, lesser, greater),
        (false, true) => return against_deletion(base, greater, lesser),
        (false, false) => {}
    }
    let mut columns = Columns { clash: false };
    let moment = columns.pick(base.map(|row| &row.moment), &lesser.moment, &greater.moment);
    let journal = columns.pick(base.map(|row| &row.journal), &lesser.journal, &greater.journal);
    let starred = columns.pick(base.map(|row| &row.starred), &lesser.starred, &greater.starred);
    let mood = columns.pick(base.map(|row| &row.mood), &lesser.mood, &greater.mood);
    let location = columns.pick(base.map(|row| &row.location), &lesser.location, &greater.location);
    let mut life = columns.pick(base.map(|row| &row.life), &lesser.life, &greater.life);
    let written = |row: &EntryRow, other: &EntryRow| match base {
        Some(base) => row.body != base.body,
        None => row.body != other.body,
    };
    for (row, other) in [(lesser, greater), (greater, lesser)] {
        let thrown = other.life == Life::Trashed && !written(other, row);
        if life == Life::Trashed && row.life == Life::Live && thrown && written(row, other) {
            life = Life::Live;
            columns.clash = true;
        }
    }
    let bodies = text::merge(base.map(|row| row.body.as_str()), &lesser.body, &greater.body);
    let (id, body) = (greater.id, bodies.text);
    let row = EntryRow { id, journal, moment, body, starred, life, mood, location };
    (row, columns.clash || bodies.clash)
}

/// A tombstone has no text of its own, so one of the two versions stays as it is.
fn against_deletion(
    base: Option<&EntryRow>,
    tombstone: &EntryRow,
    other: &EntryRow,
) -> (EntryRow, bool) {
    let written = base.map_or(!other.body.is_empty(), |base| other.body != base.body);
    let restored = other.life == Life::Live && base.is_some_and(|base| base.life != Life::Live);
    if written || restored { (other.clone(), true) } else { (tombstone.clone(), false) }
}

/// Picks values, and remembers whether one had to yield.
struct Columns {
    clash: bool,
}

impl Columns {
    fn pick<T: PartialEq + Clone>(&mut self, base: Option<&T>, lesser: &T, greater: &T) -> T {
        if lesser != greater && base == Some(greater) {
            return lesser.clone();
        }
        self.clash |= lesser != greater && base != Some(lesser);
        greater.clone()
    }
}
