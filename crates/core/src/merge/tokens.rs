//! Texts in pieces that are compared as one: lines, and inside a line words, spaces and marks.

use std::ops::Range;

/// A piece of a text: where it stands, and a hash that tells most pieces apart at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    hash: u32,
}

/// A text and its pieces, which together are all of it.
pub(super) struct Tokens<'a> {
    pub(super) text: &'a str,
    pub(super) list: Vec<Token>,
}

impl<'a> Tokens<'a> {
    /// Lines, each with its end.
    pub(super) fn lines(text: &'a str) -> Self {
        let mut tokens = Self { text, list: Vec::new() };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            tokens.push(start, start + line.len());
            start += line.len();
        }
        tokens
    }

    /// Words, single spaces, ends of lines, and other characters each with the marks on it.
    pub(super) fn words(text: &'a str) -> Self {
        let mut tokens = Self { text, list: Vec::new() };
        let mut start = 0;
        while let Some(first) = text[start..].chars().next() {
            let end = start + length(first, &text[start..]);
            tokens.push(start, end);
            start = end;
        }
        tokens
    }

    fn push(&mut self, start: usize, end: usize) {
        // FNV-1a; equal hashes are compared by text as well.
        let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        let hash = self.text.as_bytes()[start..end].iter().fold(0x811c_9dc5, |h, b| step(h, *b));
        self.list.push(Token { start, end, hash });
    }

    /// Whether a piece here and one of another text are the same.
    pub(super) fn same(&self, at: usize, other: &Self, other_at: usize) -> bool {
        let (Some(a), Some(b)) = (self.list.get(at), other.list.get(other_at)) else {
            return false;
        };
        a.hash == b.hash && self.text[a.start..a.end] == other.text[b.start..b.end]
    }

    /// Where a run of pieces stands in the text.
    pub(super) fn bytes(&self, run: &Range<usize>) -> Range<usize> {
        let start = |at: usize| self.list.get(at).map_or(self.text.len(), |token| token.start);
        start(run.start)..start(run.end)
    }
}

/// Length in bytes of the piece at the front, which begins with `first`.
fn length(first: char, text: &str) -> usize {
    match first {
        '\r' if text[1..].starts_with('\n') => 2,
        '\n' | '\r' => 1,
        c if c.is_whitespace() => c.len_utf8(),
        c if is_word(c) => word(text),
        c => c.len_utf8() + attached(c, &text[c.len_utf8()..]),
    }
}

/// Scripts without spaces are compared letter by letter.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !crate::search::is_unspaced(c)
}

/// Letters and digits with their marks; an apostrophe between two of them belongs to the word.
fn word(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inside = matches!(c, '\'' | '’') && chars.peek().is_some_and(|(_, c)| is_word(*c));
        if !is_word(c) && !is_mark(c) && !inside {
            return at;
        }
    }
    text.len()
}

/// Length of what belongs to the character before: marks, and what a joiner joins.
fn attached(before: char, text: &str) -> usize {
    let is_flag = |c: char| matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
    let (mut joined, mut flag) = (false, is_flag(before));
    for (at, c) in text.char_indices() {
        let pair = flag && is_flag(c);
        if !joined && !is_mark(c) && !pair {
            return at;
        }
        joined = c == '\u{200d}';
        flag = false;
    }
    text.len()
}

/// Combining marks, vowel signs, variation selectors, skin tones, the joiner and tags.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{93a}'..='\u{94d}'
        | '\u{e31}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{200d}' | '\u{20d0}'..='\u{20ff}'
        | '\u{3099}'..='\u{309a}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}
