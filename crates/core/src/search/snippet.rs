//! The piece of a text that shows why it was found, with what matched set apart.

use super::fold::{Spelled, fold, spelled};
use super::{Term, is_searchable, is_unspaced};

/// Characters shown before the first match.
const BEFORE: usize = 80;
/// Characters shown in all.
const LENGTH: usize = 240;
/// Letters from which on a word is marked as the beginning of a longer one.
const LONG: usize = 4;
/// How close needles stand together, in characters, to tell more than one alone.
const NEAR: usize = 40;
/// How many matches are weighed.
const PLACES: usize = 64;
/// How far into a text the match is looked for, in characters: showing is not worth more time.
const REACH: usize = 200_000;

/// Alternating plain and matching pieces of `text`, beginning with plain; the whole is cut to
/// some 240 characters around the first match and has line breaks shown as spaces.
#[must_use]
pub fn snippet(text: &str, terms: &[Term]) -> Vec<String> {
    let folded: Vec<Folded> = folded(text).take(REACH).collect();
    let needles = needles(terms);
    let from = telling(&folded, &needles).unwrap_or(0).saturating_sub(BEFORE);
    // Cut at a gap, not inside a word, unless the word is very long.
    let from = (from..from + 16)
        .find(|at| *at == 0 || folded.get(at - 1).is_some_and(|c| c.letter == ' '))
        .unwrap_or(from);
    let to = (from + LENGTH).min(folded.len());
    let mut pieces = Pieces::default();
    if from > 0 {
        pieces.push("… ", false);
    }
    let mut at = from;
    while at < to {
        let length = longest(&folded, at, &needles);
        let mut end = (at + length.max(1)).min(folded.len());
        // A letter that is spelled as two is shown whole.
        while folded.get(end).is_some_and(|next| next.at == folded[end - 1].at) {
            end += 1;
        }
        let bytes = folded[at].at..folded.get(end).map_or(text.len(), |next| next.at);
        pieces.push(&text[bytes], length > 0);
        at = end;
    }
    if at < folded.len() {
        pieces.push(" …", false);
    }
    pieces.0
}

/// A character as the index reads it, with where it begins in the text.
struct Folded {
    letter: char,
    at: usize,
}

/// The letters of a text; gaps and punctuation are all read as one space.
fn folded(text: &str) -> impl Iterator<Item = Folded> {
    text.char_indices().flat_map(|(at, c)| {
        let letters = match spelled(c) {
            Some(Spelled::One(letter)) => [Some(letter), None],
            Some(Spelled::Two(first, second)) => [Some(first), Some(second)],
            None => [fold(c), None],
        };
        let letter = move |c| Folded { letter: if is_searchable(c) { c } else { ' ' }, at };
        letters.into_iter().flatten().map(letter)
    })
}

/// What is looked for in the text.
struct Needle {
    letters: Vec<char>,
    /// Whether it may be the beginning of a longer word.
    open: bool,
}

/// The needles of some terms. A short word that was typed in full ("the") is shown as a word only:
/// marking it in "thence" would tell nothing. The last one may still be typed.
fn needles(terms: &[Term]) -> Vec<Needle> {
    let needle = |(number, term): (usize, &Term)| {
        let letters: String = folded(&term.text).map(|c| c.letter).collect();
        let letters: Vec<char> = letters.trim().chars().collect();
        let open = !term.exact && (number + 1 == terms.len() || letters.len() >= LONG);
        Needle { letters, open }
    };
    terms.iter().enumerate().map(needle).collect()
}

/// Where the text tells most: a match of the longest needle, with as many of the others close by
/// as there are; of equals, the first. It begins with the first of those that stand together.
fn telling(text: &[Folded], needles: &[Needle]) -> Option<usize> {
    let matches: Vec<(usize, usize)> = (0..text.len())
        .map(|at| (at, longest(text, at, needles)))
        .filter(|(_, length)| *length > 0)
        .collect();
    let most = matches.iter().map(|(_, length)| *length).max()?;
    let near = |at: usize| {
        let from = matches.partition_point(|(place, _)| place + NEAR < at);
        let to = matches.partition_point(|(place, _)| *place < at + NEAR);
        &matches[from..to]
    };
    let worth = |at: usize| {
        let mut lengths: Vec<usize> = near(at).iter().map(|(_, length)| *length).collect();
        lengths.sort_unstable();
        lengths.dedup();
        lengths.len()
    };
    let longest_ones = matches.iter().filter(|(_, length)| *length == most).take(PLACES);
    let places: Vec<usize> = longest_ones.map(|(place, _)| *place).collect();
    // The last of equals wins a `max_by_key`, and the first is wanted.
    let best = places.into_iter().rev().max_by_key(|at| worth(*at))?;
    near(best).first().map(|(place, _)| *place)
}

/// Length of the longest needle that begins at `at`; 0 if none does. A needle begins where a word
/// does, and ends there if it is not open, except in scripts that do not part their words.
fn longest(text: &[Folded], at: usize, needles: &[Needle]) -> usize {
    let inside = |c: char| c != ' ' && !is_unspaced(c);
    if inside(text[at].letter) && at > 0 && inside(text[at - 1].letter) {
        return 0;
    }
    let fits = |needle: &&Needle| {
        let end = at + needle.letters.len();
        let word = needle.letters.last().is_some_and(|last| inside(*last));
        let ends = !word || needle.open || text.get(end).is_none_or(|next| !inside(next.letter));
        let letters = text.get(at..end).unwrap_or_default().iter().map(|c| c.letter);
        ends && letters.eq(needle.letters.iter().copied())
    };
    needles.iter().filter(fits).map(|needle| needle.letters.len()).max().unwrap_or(0)
}

#[derive(Default)]
struct Pieces(Vec<String>);

impl Pieces {
    fn push(&mut self, text: &str, matching: bool) {
        if self.0.is_empty() {
            self.0.push(String::new());
        }
        // Plain pieces stand at even places, matching ones at odd.
        if self.0.len().is_multiple_of(2) != matching {
            self.join_or_open(text);
            return;
        }
        self.append(text);
    }

    fn join_or_open(&mut self, text: &str) {
        let gap = self.0.len() % 2 == 1 && self.0.len() > 1;
        // Two matches with only a gap between them read as one.
        if gap && self.0.last().is_some_and(|plain| plain.trim().is_empty() && !plain.is_empty()) {
            let plain = self.0.pop().unwrap_or_default();
            self.append(&plain);
            self.append(text);
        } else {
            self.0.push(String::new());
            self.append(text);
        }
    }

    fn append(&mut self, text: &str) {
        let last = self.0.last_mut().expect("BUG: push opened a piece");
        last.extend(text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
    }
}
