//! Texts as YAML spells them, and the lines they stand on.

use super::Fault;

/// A reader of one document, in whose lines it goes forward, and back where it has looked ahead.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Goes to the next line with something on it, unless it stands at the begin of one; how far
    /// from the left that line begins. `None` at the end.
    pub(super) fn next_line(&mut self) -> Option<usize> {
        while !self.rest().is_empty() {
            let line = self.line();
            let begin = line.trim_start_matches([' ', '\t']);
            if !begin.is_empty() && !begin.starts_with('#') {
                self.at += line.len() - begin.len();
                return Some(self.column());
            }
            self.pass_line();
        }
        None
    }

    /// The key that begins here, with its colon; stays where it is if there is none.
    pub(super) fn key(&mut self) -> Result<Option<String>, Fault> {
        let start = self.at;
        let key = match self.peek() {
            Some('"' | '\'') => self.quoted()?,
            Some('[' | '{' | '#' | '|' | '>' | '*' | '&' | '!' | '%' | '@' | '`') => {
                return Ok(None);
            }
            _ if self.at_dash() => return Ok(None),
            _ => {
                let line = self.line();
                let end = colon(line).map_or("", |end| &line[..end]);
                self.at += end.len();
                end.trim_end().to_owned()
            }
        };
        self.pass_space();
        if !key.is_empty() && colon(self.line()) == Some(0) {
            self.pass();
            return Ok(Some(key));
        }
        self.at = start;
        Ok(None)
    }

    /// A text in quotes, over as many lines as it takes.
    pub(super) fn quoted(&mut self) -> Result<String, Fault> {
        let start = self.at;
        let quote = self.pass();
        let mut text = String::new();
        loop {
            match self.pass() {
                None => {
                    self.at = start;
                    return Err(self
                        .fault("while scanning a quoted scalar, found unexpected end of stream"));
                }
                Some('\'') if quote == Some('\'') && self.peek() == Some('\'') => {
                    self.pass();
                    text.push('\'');
                }
                Some(c) if Some(c) == quote => return Ok(text),
                Some('\\') if quote == Some('"') => self.escape(&mut text)?,
                Some('\n') => {
                    text.truncate(text.trim_end_matches([' ', '\t']).len());
                    self.fold(&mut text);
                }
                Some(c) => text.push(c),
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Result<(), Fault> {
        let digits = match self.pass() {
            Some('\n') => {
                self.pass_space();
                return Ok(());
            }
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            Some(c) => {
                const ESCAPES: &str = "0\0a\u{7}b\u{8}t\tn\nv\u{b}f\u{c}r\re\u{1b}N\u{85}_\u{a0}\
                                       L\u{2028}\
                    P\u{2029}\t\t  \"\"//\\\\";
                let mut pairs = ESCAPES.chars();
                while let (Some(name), Some(meant)) = (pairs.next(), pairs.next()) {
                    if name == c {
                        text.push(meant);
                        return Ok(());
                    }
                }
                return Err(
                    self.fault("a backslash stands before something that it does not go with")
                );
            }
            None => return Ok(()), // the quotes are not closed, which is told
        };
        let code = self.rest().get(..digits).and_then(|code| u32::from_str_radix(code, 16).ok());
        let Some(c) = code.and_then(char::from_u32) else {
            return Err(self.fault("the number of a character is wrong"));
        };
        text.push(c);
        self.at += digits;
        Ok(())
    }

    /// Goes on with a text on another line: one line end is a space, each empty line one of its
    /// own.
    fn fold(&mut self, text: &mut String) {
        let mut empty = 0;
        loop {
            self.pass_space();
            if self.peek() != Some('\n') {
                break;
            }
            empty += 1;
            self.pass();
        }
        if empty == 0 {
            text.push(' ');
        }
        text.extend(std::iter::repeat_n('\n', empty));
    }

    /// A text without quotes, with the lines after it that begin right of `margin`.
    pub(super) fn bare(&mut self, margin: usize) -> Result<String, Fault> {
        if let Some('@' | '`' | '%') = self.peek() {
            return Err(self.fault("a text that begins like this stands in quotes"));
        }
        let mut text = String::new();
        loop {
            let line = self.line();
            let comment = if line.starts_with('#') { Some(0) } else { line.find(" #") };
            let piece = &line[..comment.unwrap_or(line.len())];
            if colon(piece).is_some() {
                return Err(self.fault("a text with a colon and a space in it stands in quotes"));
            }
            text.push_str(piece.trim_end());
            self.pass_line();
            let (before, mut folded) = (self.at, String::new());
            self.fold(&mut folded);
            let ends = self.at_line_end() || self.column() <= margin;
            if comment.is_some() || ends {
                self.at = before;
                return Ok(text);
            }
            text.push_str(&folded);
        }
    }

    /// A text without quotes among brackets; it ends where they or a comma say so.
    pub(super) fn bare_in_brackets(&mut self) -> String {
        let line = self.line();
        let end = line.find([',', '[', ']', '{', '}']).unwrap_or(line.len());
        let end = colon(&line[..end]).unwrap_or(end).max(1);
        self.at += end;
        line[..end].trim_end().to_owned()
    }

    /// A block: the lines right of `margin` as they are (`|`), or with their ends folded (`>`).
    pub(super) fn block(&mut self, margin: usize) -> Result<String, Fault> {
        let folds = self.pass() == Some('>');
        let marks = self.line();
        let marks = marks.split(" #").next().unwrap_or_default().trim_end();
        if marks.len() > 2 || !marks.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'1'..=b'9')) {
            return Err(self.fault("behind | or > there may be one digit and one of + and -"));
        }
        let given = marks.bytes().find(u8::is_ascii_digit).map(|d| margin + usize::from(d - b'0'));
        self.pass_line();
        let (mut text, mut indent, mut plain_before) = (String::new(), given, false);
        while !self.rest().is_empty() {
            let line = self.line();
            let begin = line.len() - line.trim_start_matches(' ').len();
            if begin == line.len() && indent.is_none_or(|indent| begin <= indent) {
                text.push('\n');
                self.pass_line();
                continue;
            }
            if begin < *indent.get_or_insert(begin) || begin <= margin && given.is_none() {
                break;
            }
            let piece = &line[indent.unwrap_or_default()..];
            let plain = !piece.starts_with([' ', '\t']);
            // Between two plain lines the last line end is a space, or stands for an empty line.
            if folds && plain && plain_before && text.ends_with('\n') {
                text.pop();
                if !text.ends_with('\n') {
                    text.push(' ');
                }
            }
            plain_before = plain;
            text.push_str(piece);
            text.push('\n');
            self.pass_line();
        }
        if !marks.contains('+') {
            text.truncate(text.trim_end_matches('\n').len());
            if !marks.contains('-') && !text.is_empty() {
                text.push('\n');
            }
        }
        Ok(text)
    }

    /// Passes over what is said of a value: an anchor, a type.
    pub(super) fn pass_marks(&mut self) {
        self.pass_space();
        while let Some('&' | '!') = self.peek() {
            let line = self.line();
            self.at += line.find(' ').unwrap_or(line.len());
            self.pass_space();
        }
    }

    /// Passes over the rest of a line, and all lines that begin right of `margin`.
    pub(super) fn pass_block(&mut self, margin: usize) {
        loop {
            self.pass_line();
            let before = self.at;
            if self.next_line().is_none_or(|indent| indent <= margin) {
                self.at = before;
                return;
            }
        }
    }

    /// Passes over space, line ends and comments.
    pub(super) fn pass_lines(&mut self) {
        self.pass_space();
        while self.at_line_end() && !self.rest().is_empty() {
            self.pass_line();
            self.pass_space();
        }
    }

    pub(super) fn pass_line(&mut self) {
        self.at += self.line().len();
        self.pass();
    }

    pub(super) fn pass_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
    }

    pub(super) fn pass_dash(&mut self) {
        self.pass();
        self.pass_marks();
    }

    pub(super) fn pass(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Whether nothing but a comment comes on this line.
    pub(super) fn at_line_end(&self) -> bool {
        self.line().is_empty() || self.line().starts_with('#')
    }

    /// Whether a dash comes that begins an item of a list.
    pub(super) fn at_dash(&self) -> bool {
        self.line().strip_prefix('-').is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }

    pub(super) fn place(&self) -> usize {
        self.at
    }

    pub(super) fn go_to(&mut self, place: usize) {
        self.at = place;
    }

    pub(super) fn fault(&self, said: &'static str) -> Fault {
        Fault { line: self.text[..self.at].matches('\n').count() as u64 + 1, said }
    }

    fn column(&self) -> usize {
        self.at - self.text[..self.at].rfind('\n').map_or(0, |end| end + 1)
    }

    fn line(&self) -> &'a str {
        self.rest().split('\n').next().unwrap_or_default()
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }
}

/// Where the colon is that ends a key: one with a space or nothing behind it.
fn colon(line: &str) -> Option<usize> {
    let spaced =
        |(at, _): &(usize, &str)| line[at + 1..].chars().next().is_none_or(char::is_whitespace);
    line.match_indices(':').find(spaced).map(|(at, _)| at)
}
