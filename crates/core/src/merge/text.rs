//! Merging two texts that were made from one.
//!
//! Each side's changes are found against the ancestor. Changes that do not meet are all made.
//! Two insertions at one place both stay, the lesser stamp's first; an insertion stays even where
//! the other side took away or rewrote what was around it. Only where both sides changed the same
//! words must one yield: the greater stamp's words stay.

use super::hunks::{Hunk, hunks};
use std::cmp::Ordering;
use std::ops::Range;

/// What two texts came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub text: String,
    /// Both changed the same place.
    pub clash: bool,
}

/// Merges the texts of the lesser and the greater stamp. Without an ancestor the greater stays.
#[must_use]
pub fn merge(base: Option<&str>, lesser: &str, greater: &str) -> Text {
    let done = |text: &str, clash: bool| Text { text: text.to_owned(), clash };
    match base {
        _ if lesser == greater => done(greater, false),
        None => done(greater, true),
        Some(base) if base == lesser => done(greater, false),
        Some(base) if base == greater => done(lesser, false),
        Some(base) => Weaver::new(base, lesser, greater).weave(),
    }
}

/// One side's text and how it differs from the ancestor.
struct Side<'a> {
    text: &'a str,
    hunks: Vec<Hunk>,
    /// How many hunks are done.
    done: usize,
}

impl<'a> Side<'a> {
    fn new(base: &str, text: &'a str) -> Self {
        Self { text, hunks: hunks(base, text), done: 0 }
    }

    fn next(&self) -> Option<&Range<usize>> {
        self.hunks.get(self.done).map(|hunk| &hunk.from)
    }

    /// Takes the next hunks into the group as long as they meet it; whether there was one.
    fn join(&mut self, group: &mut Range<usize>) -> bool {
        let before = self.done;
        while let Some(next) = self.next().filter(|next| meet(group, next)) {
            *group = group.start.min(next.start)..group.end.max(next.end);
            self.done += 1;
        }
        self.done > before
    }
}

/// Whether two changes are of the same place; touching is not enough.
fn meet(a: &Range<usize>, b: &Range<usize>) -> bool {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => a.start == b.start,
        _ => a.start < b.end && b.start < a.end,
    }
}

/// What one side makes of a place that both changed.
struct Version<'a> {
    /// The place as this side has it.
    whole: String,
    /// Only what this side put in; `None` if it also took something away.
    inserted: Option<Vec<&'a str>>,
}

struct Weaver<'a> {
    base: &'a str,
    lesser: Side<'a>,
    greater: Side<'a>,
    out: String,
    clash: bool,
}

impl<'a> Weaver<'a> {
    fn new(base: &'a str, lesser: &'a str, greater: &'a str) -> Self {
        let out = String::with_capacity(lesser.len().max(greater.len()) + 64);
        let (lesser, greater) = (Side::new(base, lesser), Side::new(base, greater));
        Self { base, lesser, greater, out, clash: false }
    }

    fn weave(mut self) -> Text {
        let mut at = 0;
        while let Some(mut group) = self.first() {
            let (from_lesser, from_greater) = (self.lesser.done, self.greater.done);
            while self.lesser.join(&mut group) | self.greater.join(&mut group) {}
            self.out.push_str(&self.base[at..group.start]);
            let lesser = version(self.base, &self.lesser, from_lesser, &group);
            let greater = version(self.base, &self.greater, from_greater, &group);
            self.settle(lesser, greater, &group);
            at = group.end;
        }
        self.out.push_str(&self.base[at..]);
        Text { text: self.out, clash: self.clash }
    }

    /// Where the next change is; an insertion comes before a change that begins at its place.
    fn first(&self) -> Option<Range<usize>> {
        let nexts = [self.lesser.next(), self.greater.next()];
        nexts.into_iter().flatten().min_by_key(|next| (next.start, next.end)).cloned()
    }

    fn settle(
        &mut self,
        lesser: Option<Version<'_>>,
        greater: Option<Version<'_>>,
        group: &Range<usize>,
    ) {
        let (lesser, greater) = match (lesser, greater) {
            (Some(lesser), Some(greater)) => (lesser, greater),
            (one, other) => {
                self.out.extend(one.or(other).map(|version| version.whole));
                return;
            }
        };
        if lesser.whole == greater.whole {
            self.out.push_str(&greater.whole);
            return;
        }
        if group.is_empty() {
            self.both(&lesser.whole, &greater.whole, group.start);
            return;
        }
        self.clash = true;
        let starts_line = self.out.is_empty() || self.out.ends_with('\n');
        let (whole, inserted) = match (lesser.inserted, greater.inserted) {
            (Some(inserted), _) => (greater.whole, inserted),
            (None, Some(inserted)) => (lesser.whole, inserted),
            (None, None) => (greater.whole, Vec::new()),
        };
        self.out.push_str(&whole);
        for text in inserted {
            self.append(text, starts_line && whole.is_empty());
        }
    }

    /// Two insertions at one place. Lines that both begin or end with stand once.
    fn both(&mut self, lesser: &str, greater: &str, place: usize) {
        let starts_line = self.out.is_empty() || self.out.ends_with('\n');
        let (head, tail) = (shared_head(lesser, greater), shared_tail(lesser, greater));
        let tail = if head + tail <= lesser.len().min(greater.len()) { tail } else { 0 };
        let lesser_own = &lesser[head..lesser.len() - tail];
        let greater_own = &greater[head..greater.len() - tail];
        self.out.push_str(&lesser[..head]);
        // What goes on in the line stays at the line, whoever wrote it.
        let ends = tail == 0 && place < self.base.len();
        let (first, second) = match in_line(lesser_own, greater_own, starts_line || head > 0, ends)
        {
            Ordering::Greater => (greater_own, lesser_own),
            _ => (lesser_own, greater_own),
        };
        self.out.push_str(first);
        self.append(second, starts_line || head > 0);
        self.out.push_str(&lesser[lesser.len() - tail..]);
    }

    /// Appends an insertion, not glued to the word before it.
    fn append(&mut self, text: &str, lines: bool) {
        let last = self.out.chars().next_back().filter(|c| !c.is_whitespace());
        let first = text.chars().next().filter(|c| c.is_alphanumeric() || matches!(c, '#' | '-'));
        let unspaced = |c: char| crate::search::is_unspaced(c);
        if let (Some(last), Some(first)) = (last, first) {
            if lines {
                self.out.push_str(if self.base.contains("\r\n") { "\r\n" } else { "\n" });
            } else if !unspaced(last) && !unspaced(first) {
                self.out.push(' ');
            }
        }
        self.out.push_str(text);
    }
}

/// What a side makes of a place; `None` if it changed nothing there.
fn version<'a>(
    base: &str,
    side: &Side<'a>,
    from: usize,
    group: &Range<usize>,
) -> Option<Version<'a>> {
    let hunks = side.hunks.get(from..side.done).filter(|hunks| !hunks.is_empty())?;
    let (mut whole, mut at) = (String::new(), group.start);
    for hunk in hunks {
        whole.push_str(&base[at..hunk.from.start]);
        whole.push_str(&side.text[hunk.to.clone()]);
        at = hunk.from.end;
    }
    whole.push_str(&base[at..group.end]);
    let only_in = hunks.iter().all(|hunk| hunk.from.is_empty());
    let inserted = || hunks.iter().map(|hunk| &side.text[hunk.to.clone()]).collect();
    Some(Version { whole, inserted: only_in.then(inserted) })
}

/// Which insertion comes first: inside a line, the one that goes on in it; at a line's beginning,
/// the one that is lines of its own; else the lesser's.
fn in_line(lesser: &str, greater: &str, starts_line: bool, ends: bool) -> Ordering {
    let breaks = |text: &str| text.starts_with(['\n', '\r']);
    let is_lines = |text: &str| text.ends_with('\n');
    if !starts_line && breaks(lesser) != breaks(greater) {
        return breaks(lesser).cmp(&breaks(greater));
    }
    if starts_line && ends && is_lines(lesser) != is_lines(greater) {
        return is_lines(greater).cmp(&is_lines(lesser));
    }
    Ordering::Equal
}

/// Length of the lines that both begin with, if anything is written in them.
fn shared_head(a: &str, b: &str) -> usize {
    let lines = a.split_inclusive('\n').zip(b.split_inclusive('\n'));
    let alike = lines.take_while(|(one, other)| one == other && one.ends_with('\n'));
    let length = alike.map(|(line, _)| line.len()).sum();
    if a[..length].trim().is_empty() { 0 } else { length }
}

/// Length of the lines that both end with, if anything is written in them.
fn shared_tail(a: &str, b: &str) -> usize {
    let lines = a.split_inclusive('\n').rev().zip(b.split_inclusive('\n').rev());
    let length = lines.take_while(|(one, other)| one == other).map(|(line, _)| line.len()).sum();
    // The whole of one, which may begin inside a line, is not a line of the other.
    if length == a.len() || length == b.len() || a[a.len() - length..].trim().is_empty() {
        0
    } else {
        length
    }
}
