//! What changed between two texts, by lines and inside changed lines by words; for merging, and
//! for the history that shows it.

use super::align::{Work, align};
use super::tokens::Tokens;
use std::ops::Range;

/// The longest run of changed lines that is compared by words, in bytes: the pieces of more take
/// more memory than a phone may have.
const WORDS_BYTES_MAX: usize = 4 << 20;

/// Bytes of one text that became bytes of another; one of the two may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hunk {
    pub(super) from: Range<usize>,
    pub(super) to: Range<usize>,
}

/// The changes from `a` to `b`, in order; what is between them is the same in both.
pub(super) fn hunks(a: &str, b: &str) -> Vec<Hunk> {
    let mut work = Work::default();
    let (lines_a, lines_b) = (Tokens::lines(a), Tokens::lines(b));
    let mut found = Vec::new();
    for (x, y) in align(&lines_a, &lines_b, &mut work) {
        words(a, lines_a.bytes(&x), b, lines_b.bytes(&y), &mut work, &mut found);
    }
    found
}

/// The changes by words within changed lines.
fn words(
    a: &str,
    mut from: Range<usize>,
    b: &str,
    mut to: Range<usize>,
    work: &mut Work,
    found: &mut Vec<Hunk>,
) {
    if from.len() + to.len() > WORDS_BYTES_MAX {
        trim(a, &mut from, b, &mut to);
    }
    let long = from.len() + to.len() > WORDS_BYTES_MAX;
    if from.is_empty() || to.is_empty() || long {
        found.push(Hunk { from, to });
        return;
    }
    let (words_a, words_b) = (Tokens::words(&a[from.clone()]), Tokens::words(&b[to.clone()]));
    let first = found.len();
    for (x, y) in align(&words_a, &words_b, work) {
        let (x, y) = (words_a.bytes(&x), words_b.bytes(&y));
        let hunk = Hunk {
            from: from.start + x.start..from.start + x.end,
            to: to.start + y.start..to.start + y.end,
        };
        let near = found.len() > first;
        match found.last_mut().filter(|last| near && is_phrase(a, last, &hunk)) {
            Some(last) => {
                last.from.end = hunk.from.end;
                last.to.end = hunk.to.end;
            }
            None => found.push(hunk),
        }
    }
}

/// Whether two replacements are one: what stayed between them is shorter than either and in the
/// same line, so it stayed by chance, as "the" does when a sentence is written anew.
fn is_phrase(a: &str, one: &Hunk, next: &Hunk) -> bool {
    let between = &a[one.from.end..next.from.start];
    let size = |hunk: &Hunk| hunk.from.len().min(hunk.to.len());
    between.len() <= size(one).min(size(next)) && !between.contains('\n')
}

/// Takes off what is alike at both ends, up to a space: lines of megabytes are otherwise too long.
fn trim(a: &str, from: &mut Range<usize>, b: &str, to: &mut Range<usize>) {
    let (x, y) = (&a.as_bytes()[from.clone()], &b.as_bytes()[to.clone()]);
    let alike = x.iter().zip(y).take_while(|(one, other)| one == other).count();
    let head = x[..alike].iter().rposition(|byte| *byte == b' ').unwrap_or(0);
    let (x, y) = (&x[head..], &y[head..]);
    let alike = x.iter().rev().zip(y.iter().rev()).take_while(|(one, other)| one == other).count();
    let tail = &x[x.len() - alike..];
    let tail = tail.iter().position(|byte| *byte == b' ').map_or(0, |at| tail.len() - at);
    *from = from.start + head..from.end - tail;
    *to = to.start + head..to.end - tail;
}

/// A piece of a text and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    pub kind: Kind,
    pub text: &'a str,
}

/// What became of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Kept,
    Removed,
    Added,
}

/// How `a` became `b`, word by word. The pieces kept and removed are `a`, those kept and added
/// `b`; what was removed stands before what came for it. None is empty.
#[must_use]
pub fn diff<'a>(a: &'a str, b: &'a str) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut put = |kind: Kind, text: &'a str| {
        if !text.is_empty() {
            pieces.push(Piece { kind, text });
        }
    };
    let mut at = 0;
    for hunk in hunks(a, b) {
        put(Kind::Kept, &a[at..hunk.from.start]);
        put(Kind::Removed, &a[hunk.from.clone()]);
        put(Kind::Added, &b[hunk.to]);
        at = hunk.from.end;
    }
    put(Kind::Kept, &a[at..]);
    pieces
}
