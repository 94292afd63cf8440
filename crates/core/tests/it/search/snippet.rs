//! What a hit shows as found stands in the text, and is what was asked for.

use super::naive::{Wanted, is_unspaced, read, reading};
use std::ops::Range;

/// Checks a snippet: alternating plain and matching pieces of `body`.
pub(super) fn check(body: &str, snippet: &[String], wanted: &[Wanted]) {
    let body: String = body.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let pieces = without_dots(snippet);
    let shown = pieces.concat();
    let fits = |(at, _): (usize, &str)| {
        let mut at = at;
        pieces.iter().enumerate().all(|(number, piece)| {
            let range = at..at + piece.len();
            at = range.end;
            number % 2 == 0 || is_match(&body, range, wanted)
        })
    };
    // A short piece may stand in the text more than once.
    assert!(body.match_indices(&shown).any(fits), "{snippet:?} of “{body}” for {wanted:?}");
    // A word that is in one piece is shown where it is; a hit without that would be a riddle.
    let plain = |wanted: &Wanted| !wanted.reading.contains(' ');
    let told = snippet.len() > 1 || !wanted.last().is_some_and(plain);
    assert!(told, "nothing is marked in {snippet:?} for {wanted:?}");
}

/// The pieces without the dots that tell where the text goes on.
fn without_dots(snippet: &[String]) -> Vec<&str> {
    let mut pieces: Vec<&str> = snippet.iter().map(String::as_str).collect();
    if let Some(first) = pieces.first_mut() {
        *first = first.strip_prefix("… ").unwrap_or(first);
    }
    if let Some(last) = pieces.last_mut() {
        *last = last.strip_suffix(" …").unwrap_or(last);
    }
    pieces
}

/// Whether a piece of the text begins where a word may and is made of what was asked for.
fn is_match(body: &str, range: Range<usize>, wanted: &[Wanted]) -> bool {
    let piece = &body[range.clone()];
    let before: String = body[..range.start].chars().map(read).collect();
    let inside = |c: Option<char>| c.is_some_and(|c| c != ' ' && !is_unspaced(c));
    let begins = !inside(reading(piece).chars().next()) || !inside(before.chars().next_back());
    begins && !piece.is_empty() && is_made_of(piece, wanted)
}

/// Whether a piece is one thing that was asked for after the other, with gaps between them.
fn is_made_of(piece: &str, wanted: &[Wanted]) -> bool {
    let mut ends = piece.char_indices().map(|(at, c)| at + c.len_utf8());
    let nothing = |c: char| read(c).trim().is_empty();
    piece.is_empty()
        || ends.any(|end| {
            let rest = piece[end..].trim_start_matches(nothing);
            is_one(&piece[..end], wanted) && is_made_of(rest, wanted)
        })
}

fn is_one(piece: &str, wanted: &[Wanted]) -> bool {
    let reading = reading(piece);
    // Of a letter that is read as two, the first alone may have been asked for.
    let two = piece.chars().next_back().is_some_and(|c| read(c).chars().count() == 2);
    let half = reading.get(..reading.len().saturating_sub(1)).filter(|_| two);
    wanted.iter().any(|one| one.reading == reading || Some(one.reading.as_str()) == half)
}
