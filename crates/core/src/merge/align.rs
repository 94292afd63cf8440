//! Which pieces of two texts are the same: Myers, "An O(ND) Difference Algorithm and Its
//! Variations" (1986), in linear space and with a limit to the work.
//!
//! Two texts with little in common cost the product of their lengths. Beyond [`REACH`] changes in
//! one stretch it is cut where most was found alike so far, and when [`Work`] is used up, the rest
//! counts as changed altogether. Both depend on the texts alone, so every device cuts alike.

use super::tokens::Tokens;
use std::ops::Range;

/// The most changes that one stretch is searched for.
const REACH: isize = 400;

/// How many comparisons may still be made: about a third of a second in a browser.
pub(super) struct Work(pub(super) usize);

impl Default for Work {
    fn default() -> Self {
        Self(30_000_000)
    }
}

/// Pieces of one text that became pieces of the other.
pub(super) type Change = (Range<usize>, Range<usize>);

/// The changes between two texts, in order, with something alike between each two of them.
pub(super) fn align(a: &Tokens<'_>, b: &Tokens<'_>, work: &mut Work) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut left = vec![(0..a.list.len(), 0..b.list.len())];
    while let Some((x, y)) = left.pop() {
        let (x, y) = trimmed(a, x, b, y);
        if x.is_empty() && y.is_empty() {
            continue;
        }
        let middle = if x.is_empty() || y.is_empty() { None } else { split(a, &x, b, &y, work) };
        match middle {
            Some((at, to)) => {
                left.push((at..x.end, to..y.end));
                left.push((x.start..at, y.start..to));
            }
            None => match changes.last_mut() {
                Some(last) if last.0.end == x.start && last.1.end == y.start => {
                    last.0.end = x.end;
                    last.1.end = y.end;
                }
                _ => changes.push((x, y)),
            },
        }
    }
    changes
}

/// Without what is alike at both ends.
fn trimmed(a: &Tokens<'_>, mut x: Range<usize>, b: &Tokens<'_>, mut y: Range<usize>) -> Change {
    while x.start < x.end && y.start < y.end && a.same(x.start, b, y.start) {
        x.start += 1;
        y.start += 1;
    }
    while x.start < x.end && y.start < y.end && a.same(x.end - 1, b, y.end - 1) {
        x.end -= 1;
        y.end -= 1;
    }
    (x, y)
}

/// How far each diagonal was followed.
struct Reach(Vec<isize>);

impl Reach {
    fn new() -> Self {
        Self(vec![0; 2 * REACH as usize + 4])
    }

    fn at(&self, diagonal: isize) -> isize {
        usize::try_from(diagonal + REACH + 1).ok().and_then(|at| self.0.get(at)).map_or(0, |x| *x)
    }

    fn set(&mut self, diagonal: isize, x: isize) {
        let at = usize::try_from(diagonal + REACH + 1).ok();
        if let Some(place) = at.and_then(|at| self.0.get_mut(at)) {
            *place = x;
        }
    }

    /// Where a path with one change more comes to on this diagonal, before what is alike.
    fn next(&self, diagonal: isize, changes: isize) -> isize {
        let (down, right) = (self.at(diagonal + 1), self.at(diagonal - 1) + 1);
        let take_down = diagonal == -changes || (diagonal != changes && right <= down);
        if take_down { down } else { right }
    }
}

/// A point on a shortest way from one end to the other, strictly between them: the search goes
/// out from both and ends where they meet.
fn split(
    a: &Tokens<'_>,
    x: &Range<usize>,
    b: &Tokens<'_>,
    y: &Range<usize>,
    work: &mut Work,
) -> Option<(usize, usize)> {
    let (n, m) = (isize::try_from(x.len()).ok()?, isize::try_from(y.len()).ok()?);
    let delta = n - m;
    let same =
        |i: isize, j: isize| a.same(x.start + i.unsigned_abs(), b, y.start + j.unsigned_abs());
    let point = |i: isize, j: isize| {
        let inside = (0..=n).contains(&i) && (0..=m).contains(&j);
        let corner = (i, j) == (0, 0) || (i, j) == (n, m);
        (inside && !corner).then(|| (x.start + i.unsigned_abs(), y.start + j.unsigned_abs()))
    };
    let (mut front, mut back) = (Reach::new(), Reach::new());
    let mut best = (0, 0);
    for changes in 0..=REACH.min((n + m + 1) / 2) {
        for k in (-changes..=changes).step_by(2) {
            let mut i = front.next(k, changes);
            let start = i;
            while i < n && i - k < m && i - k >= 0 && same(i, i - k) {
                i += 1;
            }
            front.set(k, i);
            let inside = i <= n && (0..=m).contains(&(i - k));
            if inside && i + (i - k) > best.0 + best.1 {
                best = (i, i - k);
            }
            work.0 = work.0.checked_sub(1 + (i - start).unsigned_abs())?;
            let seen = delta % 2 != 0 && (k - delta).abs() < changes;
            if seen && i + back.at(delta - k) >= n {
                return point(start, start - k).or_else(|| point(i, i - k));
            }
        }
        for k in (-changes..=changes).step_by(2) {
            let mut i = back.next(k, changes);
            let start = i;
            while i < n && i - k < m && i - k >= 0 && same(n - 1 - i, m - 1 - (i - k)) {
                i += 1;
            }
            back.set(k, i);
            work.0 = work.0.checked_sub(1 + (i - start).unsigned_abs())?;
            let seen = delta % 2 == 0 && (k - delta).abs() <= changes;
            if seen && i + front.at(delta - k) >= n {
                return point(n - i, m - (i - k)).or_else(|| point(n - start, m - (start - k)));
            }
        }
    }
    point(best.0, best.1)
}
