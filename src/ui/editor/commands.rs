//! What the editor's keys do to a text: pure functions from a text and a selection to one
//! replacement, which the page then carries out as if it were typed, so that undo holds.

mod lines;
mod marks;

use std::ops::Range;

/// A change that a key makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Enter: goes on with the list or quote of the line, or ends it.
    Continue,
    Indent,
    Outdent,
    Bold,
    Italic,
    Link,
    Bullets,
    Numbers,
    Heading,
}

/// Text to put in the place of `range`, and what to select then; all in UTF-16 units, as the
/// page counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    pub range: Range<u32>,
    pub text: String,
    pub selection: Range<u32>,
}

/// What `command` does to `text` with `selection` (UTF-16 units); `None` leaves the key to the
/// browser.
#[must_use]
pub fn apply(command: Command, text: &str, selection: Range<u32>) -> Option<Replacement> {
    let start = byte_at(text, 0, selection.start);
    let length = selection.end.saturating_sub(selection.start);
    let selection = start..byte_at(text, start, length);
    let edit = match command {
        Command::Continue => lines::go_on(text, selection),
        Command::Indent => lines::indent(text, selection),
        Command::Outdent => lines::outdent(text, selection),
        Command::Bullets => Some(lines::bullets(text, selection)),
        Command::Numbers => Some(lines::numbers(text, selection)),
        Command::Heading => Some(lines::heading(text, selection)),
        Command::Bold => Some(marks::toggle(text, selection, "**")),
        Command::Italic => Some(marks::toggle(text, selection, "*")),
        Command::Link => Some(marks::link(text, selection)),
    };
    edit.map(|edit| edit.in_utf16(text))
}

/// `text` in the place of `range`, with the caret `caret` bytes into it.
#[must_use]
pub fn insertion(text: &str, caret: usize, range: Range<u32>) -> Replacement {
    let at = range.start + utf16_len(text.get(..caret).unwrap_or(text));
    Replacement { range, text: text.into(), selection: at..at }
}

/// A replacement in bytes; `selection` counts from the beginning of the new text.
struct Edit {
    range: Range<usize>,
    text: String,
    selection: Range<usize>,
}

impl Edit {
    fn in_utf16(self, text: &str) -> Replacement {
        let start = utf16_len(&text[..self.range.start]);
        let end = start + utf16_len(&text[self.range]);
        let selected = |at: usize| start + utf16_len(&self.text[..at]);
        let selection = selected(self.selection.start)..selected(self.selection.end);
        Replacement { range: start..end, text: self.text, selection }
    }
}

fn utf16_len(text: &str) -> u32 {
    // A text in a page is shorter than 2^32 units: browsers hold at most 2^30.
    text.chars().map(|c| c.len_utf16() as u32).sum()
}

/// The byte that is `units` UTF-16 units after the byte `from`, or the end of the text.
fn byte_at(text: &str, from: usize, units: u32) -> usize {
    let mut left = units as usize;
    for (at, c) in text[from..].char_indices() {
        if left == 0 {
            return from + at;
        }
        left = left.saturating_sub(c.len_utf16());
    }
    text.len()
}

#[cfg(test)]
mod tests;
