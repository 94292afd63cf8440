//! Commands that work on whole lines: lists, quotes, headings, indentation.

use super::Edit;
use std::ops::Range;

/// Enter: the next line begins as this one does. A line that has nothing but its beginning
/// gives it up instead, which ends the list or the quote.
pub(super) fn go_on(text: &str, selection: Range<usize>) -> Option<Edit> {
    let line_start = line_start(text, selection.start);
    let line_end = line_end(text, selection.start);
    let line = &text[line_start..line_end];
    let opening = Opening::of(line);
    let length = opening.len();
    if length == 0 || selection.start < line_start + length {
        return None;
    }
    if line[length..].trim().is_empty() {
        let kept = if opening.marker.is_empty() { 0 } else { opening.quote.len() };
        let range = line_start + kept..selection.end;
        return Some(Edit { range, text: String::new(), selection: 0..0 });
    }
    let text = ["\n", opening.quote, opening.indent, &opening.next_marker()].concat();
    let end = text.len();
    Some(Edit { range: selection, text, selection: end..end })
}

/// Tab, inside a list only: elsewhere the key must go on leaving the editor.
pub(super) fn indent(text: &str, selection: Range<usize>) -> Option<Edit> {
    in_list(text, &selection).then(|| {
        rewrite(text, selection, |line| {
            let opening = Opening::of(line);
            let step = if is_number(opening.marker) { "   " } else { "  " };
            let (quote, rest) = line.split_at(opening.quote.len());
            [quote, if rest.is_empty() { "" } else { step }, rest].concat()
        })
    })
}

/// Shift and Tab, inside a list only.
pub(super) fn outdent(text: &str, selection: Range<usize>) -> Option<Edit> {
    in_list(text, &selection).then(|| {
        rewrite(text, selection, |line| {
            let opening = Opening::of(line);
            let step = if is_number(opening.marker) { 3 } else { 2 };
            let (quote, rest) = line.split_at(opening.quote.len());
            let spaces = rest.bytes().take(step).take_while(|byte| *byte == b' ').count();
            let drop = if rest.starts_with('\t') { 1 } else { spaces };
            [quote, &rest[drop..]].concat()
        })
    })
}

/// Makes the lines a list, or plain if they all are one.
pub(super) fn bullets(text: &str, selection: Range<usize>) -> Edit {
    let remove = all(text, &selection, is_bullet);
    rewrite(text, selection, |line| with_marker(line, if remove { "" } else { "- " }))
}

/// Makes the lines a numbered list, or plain if they all are one.
pub(super) fn numbers(text: &str, selection: Range<usize>) -> Edit {
    let remove = all(text, &selection, is_number);
    let mut number = 0;
    rewrite(text, selection, |line| {
        number += 1;
        with_marker(line, &if remove { String::new() } else { format!("{number}. ") })
    })
}

/// Makes the lines headings of the next lower level; after the third they are plain again.
pub(super) fn heading(text: &str, selection: Range<usize>) -> Edit {
    rewrite(text, selection, |line| {
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        let title = line[level..].trim_start();
        match level {
            0..=2 => ["#".repeat(level + 1).as_str(), " ", title].concat(),
            _ => title.into(),
        }
    })
}

fn with_marker(line: &str, marker: &str) -> String {
    let opening = Opening::of(line);
    [opening.quote, opening.indent, marker, &line[opening.len()..]].concat()
}

fn in_list(text: &str, selection: &Range<usize>) -> bool {
    let line = &text[line_start(text, selection.start)..line_end(text, selection.start)];
    !Opening::of(line).marker.is_empty()
}

fn all(text: &str, selection: &Range<usize>, is: fn(&str) -> bool) -> bool {
    let block = &text[line_start(text, selection.start)..line_end(text, selection.end)];
    block.lines().any(|line| !line.is_empty())
        && block.lines().filter(|line| !line.is_empty()).all(|line| is(Opening::of(line).marker))
}

/// Gives every line that the selection touches a new beginning (blank ones only if there is but
/// one). What was selected stays selected: positions keep their distance from the line's end, and
/// a selection of whole lines stays one.
fn rewrite(text: &str, selection: Range<usize>, mut new_line: impl FnMut(&str) -> String) -> Edit {
    let range = line_start(text, selection.start)..line_end(text, selection.end);
    let alone = !text[range.clone()].contains('\n');
    let mut out = String::with_capacity(range.len() + 16);
    let (mut old_start, mut start, mut end) = (range.start, 0, 0);
    for line in text[range.clone()].split('\n') {
        if old_start > range.start {
            out.push('\n');
        }
        let new_start = out.len();
        if alone || !line.trim().is_empty() {
            out.push_str(&new_line(line));
        } else {
            out.push_str(line);
        }
        let old_end = old_start + line.len();
        let moved = |at: usize| {
            let kept = (old_end - at).min(out.len() - new_start);
            out.len() - kept
        };
        if (old_start..=old_end).contains(&selection.start) {
            let whole = selection.start == old_start && !selection.is_empty();
            start = if whole { new_start } else { moved(selection.start) };
        }
        if (old_start..=old_end).contains(&selection.end) {
            end = moved(selection.end);
        }
        old_start = old_end + 1;
    }
    Edit { range, text: out, selection: start..end }
}

/// How a line begins: `> ` any number of times, spaces, and a list's marker.
struct Opening<'a> {
    quote: &'a str,
    indent: &'a str,
    /// `- `, `12. `, `* [ ] `, or nothing.
    marker: &'a str,
}

impl<'a> Opening<'a> {
    fn of(line: &'a str) -> Self {
        let (quote, rest) = line.split_at(quote_len(line));
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let (indent, rest) = rest.split_at(spaces);
        let marker = &rest[..marker_len(rest)];
        // Spaces alone begin a line of a list's item or of code, which is not ours to go on with.
        let indent = if marker.is_empty() && quote.is_empty() { "" } else { indent };
        Self { quote, indent, marker }
    }

    fn len(&self) -> usize {
        self.quote.len() + self.indent.len() + self.marker.len()
    }

    fn next_marker(&self) -> String {
        let marker = self.marker.replace("[x]", "[ ]").replace("[X]", "[ ]");
        let digits = marker.bytes().take_while(u8::is_ascii_digit).count();
        match marker[..digits].parse::<u64>() {
            Ok(number) => format!("{}{}", number + 1, &marker[digits..]),
            Err(_) => marker,
        }
    }
}

fn is_number(marker: &str) -> bool {
    marker.starts_with(|c: char| c.is_ascii_digit())
}

fn is_bullet(marker: &str) -> bool {
    !marker.is_empty() && !is_number(marker)
}

fn quote_len(line: &str) -> usize {
    let mut length = 0;
    while let Some(rest) = line[length..].strip_prefix('>') {
        length = line.len() - rest.strip_prefix(' ').unwrap_or(rest).len();
    }
    length
}

/// Length of the list marker that `rest` begins with, its space and check box included.
fn marker_len(rest: &str) -> usize {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let sign = match rest.as_bytes().get(digits) {
        Some(b'.' | b')') if (1..=9).contains(&digits) => digits + 1,
        Some(b'-' | b'*' | b'+') if digits == 0 => 1,
        _ => return 0,
    };
    if rest.as_bytes().get(sign) != Some(&b' ') {
        return 0;
    }
    let boxed = ["[ ] ", "[x] ", "[X] "].iter().any(|mark| rest[sign + 1..].starts_with(mark));
    sign + 1 + if boxed { 4 } else { 0 }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end)
}
