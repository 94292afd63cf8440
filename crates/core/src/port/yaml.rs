//! The little of YAML that front matter uses: one mapping from words to texts and lists of texts.
//!
//! Texts come in all of YAML's spellings: bare, in either quotes, over several lines, as blocks.
//! Mappings in mappings and what else YAML has are passed over, as no key of ours has them.

mod scalar;

use scalar::Reader;
use std::borrow::Cow;

/// What stands behind a key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Text(String),
    List(Vec<String>),
    Nothing,
    /// Something with an inside, which no key of ours has.
    Nested,
}

/// Why it is not YAML, and in which line, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) line: u64,
    pub(crate) said: &'static str,
}

/// The keys and values of a mapping, in order.
pub(crate) type Mapping = Vec<(String, Value)>;

/// Reads a mapping; `None` if the text is something else, such as a line of prose.
pub(crate) fn read(text: &str) -> Result<Option<Mapping>, Fault> {
    let text = text.replace("\r\n", "\n");
    let mut reader = Reader::new(&text);
    let Some(margin) = reader.next_line() else { return Ok(None) };
    let mut mapping = Mapping::new();
    while let Some(indent) = reader.next_line() {
        if indent != margin {
            return Err(reader.fault("this line begins further right or left than the first"));
        }
        match reader.key()? {
            Some(key) => {
                let value = reader.value(margin)?;
                mapping.push((key, value));
            }
            None if mapping.is_empty() => return Ok(None),
            None => return Err(reader.fault("this line is not `key: value`")),
        }
    }
    Ok(Some(mapping))
}

impl Reader<'_> {
    /// The value behind a key that stands `margin` from the left.
    fn value(&mut self, margin: usize) -> Result<Value, Fault> {
        self.pass_marks();
        if !self.at_line_end() {
            return self.inline(margin);
        }
        let before = self.place();
        match self.next_line() {
            Some(indent) if self.at_dash() && indent >= margin => self.list(indent),
            Some(indent) if indent > margin => {
                let block = self.place();
                if self.key()?.is_some() {
                    self.pass_block(margin);
                    return Ok(Value::Nested);
                }
                self.go_to(block);
                self.inline(margin)
            }
            _ => {
                self.go_to(before);
                Ok(Value::Nothing)
            }
        }
    }

    /// A value that begins here and not on a line of its own.
    fn inline(&mut self, margin: usize) -> Result<Value, Fault> {
        let value = match self.peek() {
            Some('|' | '>') => return self.block(margin).map(Value::Text),
            Some('[' | '{') => self.flow()?,
            Some('"' | '\'') => Value::Text(self.quoted()?),
            Some('*') => {
                self.pass_line();
                return Ok(Value::Nested);
            }
            _ => {
                let text = self.bare(margin)?;
                let nothing = matches!(text.as_str(), "" | "~" | "null");
                return Ok(if nothing { Value::Nothing } else { Value::Text(text) });
            }
        };
        self.pass_space();
        if !self.at_line_end() {
            return Err(self.fault("something stands behind the closing mark"));
        }
        self.pass_line();
        Ok(value)
    }

    /// A list of lines that begin with dashes, `indent` from the left.
    fn list(&mut self, indent: usize) -> Result<Value, Fault> {
        let (mut list, mut flat) = (Vec::new(), true);
        loop {
            self.pass_dash();
            let start = self.place();
            let nested = self.at_dash() || self.key()?.is_some();
            self.go_to(start);
            if nested {
                self.pass_block(indent);
                flat = false;
            } else {
                match self.value(indent)? {
                    Value::Text(text) => list.push(text),
                    Value::Nothing => list.push(String::new()),
                    _ => flat = false,
                }
            }
            let before = self.place();
            if self.next_line() != Some(indent) || !self.at_dash() {
                self.go_to(before);
                return Ok(if flat { Value::List(list) } else { Value::Nested });
            }
        }
    }

    /// A list or a mapping in brackets.
    fn flow(&mut self) -> Result<Value, Fault> {
        let start = self.place();
        let (mut list, mut flat) = (Vec::<String>::new(), self.peek() == Some('['));
        let (mut open, mut begun) = (Vec::new(), false);
        loop {
            self.pass_lines();
            match self.peek() {
                Some(bracket @ ('[' | '{')) => {
                    flat &= open.is_empty();
                    open.push(if bracket == '[' { ']' } else { '}' });
                    self.pass();
                }
                Some(bracket @ (']' | '}')) => {
                    if open.pop() != Some(bracket) {
                        return Err(self.fault("this bracket closes none"));
                    }
                    self.pass();
                    if open.is_empty() {
                        return Ok(if flat { Value::List(list) } else { Value::Nested });
                    }
                }
                Some(mark @ (',' | ':')) => {
                    flat &= mark == ',';
                    begun = false;
                    self.pass();
                }
                // A text without quotes can go on in the next line.
                Some(c) => {
                    let quoted = matches!(c, '"' | '\'');
                    let text = if quoted { self.quoted()? } else { self.bare_in_brackets() };
                    match list.last_mut().filter(|_| begun) {
                        Some(_) if quoted => return Err(self.fault("a comma is missing")),
                        Some(last) => *last += &format!(" {text}"),
                        None => list.push(text),
                    }
                    begun = true;
                }
                None => {
                    self.go_to(start);
                    return Err(self.fault("the bracket that opens here is not closed"));
                }
            }
        }
    }
}

/// Writes a text so that every YAML reader reads it as that text: bare if nothing else is meant by
/// it in any version of YAML, else in JSON's quotes, which YAML has too.
pub(crate) fn quoted(text: &str) -> Cow<'_, str> {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | ' ');
    let bare = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(word)
        && !text.ends_with(' ')
        && !RESERVED.iter().any(|reserved| text.eq_ignore_ascii_case(reserved));
    if bare { Cow::Borrowed(text) } else { Cow::Owned(in_quotes(text)) }
}

const RESERVED: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

fn in_quotes(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            // What is not seen is written as a number: YAML allows most of it in no other way.
            c if c.is_control() || is_unseen(c) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}
