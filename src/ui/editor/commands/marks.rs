//! Commands that put marks around words: bold, italic, links.

use super::Edit;
use std::ops::Range;

/// Puts `mark` around the selection, or takes it away if it is there.
pub(super) fn toggle(text: &str, selection: Range<usize>, mark: &str) -> Edit {
    let selection = trimmed(text, selection);
    let inside = &text[selection.clone()];
    let length = mark.len();
    if inside.len() >= 2 * length
        && has(stars_after(inside), mark)
        && has(stars_before(inside), mark)
    {
        let bare = inside[length..inside.len() - length].to_owned();
        let end = bare.len();
        return Edit { range: selection, text: bare, selection: 0..end };
    }
    let (before, after) = (&text[..selection.start], &text[selection.end..]);
    if has(stars_before(before), mark) && has(stars_after(after), mark) {
        let bare = inside.to_owned();
        let end = bare.len();
        let range = selection.start - length..selection.end + length;
        return Edit { range, text: bare, selection: 0..end };
    }
    let marked = [mark, inside, mark].concat();
    let end = marked.len() - length;
    Edit { range: selection, text: marked, selection: length..end }
}

/// Makes the selection a link, with the caret where something is missing: the address, or for a
/// selected address the words.
pub(super) fn link(text: &str, selection: Range<usize>) -> Edit {
    let selection = trimmed(text, selection);
    let inside = &text[selection.clone()];
    let address = ["https://", "http://", "mailto:"].iter().any(|start| inside.starts_with(start))
        && !inside.contains(char::is_whitespace);
    let (words, address) = if address { ("", inside) } else { (inside, "") };
    let linked = ["[", words, "](", address, ")"].concat();
    let caret = if words.is_empty() { 1 } else { linked.len() - 1 };
    Edit { range: selection, text: linked, selection: caret..caret }
}

/// Marks next to a space are none in Markdown, so spaces at the ends stay outside.
fn trimmed(text: &str, selection: Range<usize>) -> Range<usize> {
    let inside = &text[selection.clone()];
    let start = selection.start + (inside.len() - inside.trim_start().len());
    let end = selection.end - (inside.len() - inside.trim_end().len());
    if start < end { start..end } else { selection }
}

fn stars_after(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b'*').count()
}

fn stars_before(text: &str) -> usize {
    text.bytes().rev().take_while(|byte| *byte == b'*').count()
}

/// Whether a run of `stars` stars has this mark in it: three are bold and italic at once.
fn has(stars: usize, mark: &str) -> bool {
    stars == mark.len() || stars == 3
}
