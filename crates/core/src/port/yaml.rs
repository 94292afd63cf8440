//! The little of YAML that front matter uses: one mapping from words to texts and lists of texts.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};
use std::borrow::Cow;

/// What stands behind a key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    List(Vec<Cow<'a, str>>),
    Nothing,
    /// Something with an inside, which no key of ours has.
    Nested,
}

/// The keys and values of a mapping, in order.
pub(crate) type Mapping<'a> = Vec<(Cow<'a, str>, Value<'a>)>;

/// Reads a mapping; `None` if the text is something else, such as a line of prose.
pub(crate) fn read(text: &str) -> Result<Option<Mapping<'_>>, ScanError> {
    let mut events = Events(Parser::new_from_str(text));
    let first = loop {
        match events.next()? {
            Some(Event::StreamStart | Event::DocumentStart(_)) => {}
            event => break event,
        }
    };
    let Some(Event::MappingStart(..)) = first else {
        return Ok(None);
    };
    let mut mapping = Mapping::new();
    loop {
        let key = match events.next()? {
            None | Some(Event::MappingEnd) => return Ok(Some(mapping)),
            Some(event) => events.value(event)?,
        };
        let value = match events.next()? {
            Some(event) => events.value(event)?,
            None => Value::Nothing,
        };
        if let Value::Text(key) = key {
            mapping.push((key, value));
        }
    }
}

struct Events<'a>(Parser<'a, saphyr_parser::StrInput<'a>>);

impl<'a> Events<'a> {
    fn next(&mut self) -> Result<Option<Event<'a>>, ScanError> {
        self.0.next_event().transpose().map(|event| event.map(|(event, _)| event))
    }

    /// The value that begins with `event`.
    fn value(&mut self, event: Event<'a>) -> Result<Value<'a>, ScanError> {
        match event {
            Event::Scalar(text, style, ..) => {
                let nothing = matches!(&*text, "" | "~" | "null") && style == ScalarStyle::Plain;
                Ok(if nothing { Value::Nothing } else { Value::Text(text) })
            }
            Event::SequenceStart(..) => self.list(),
            Event::MappingStart(..) => self.skip(),
            _ => Ok(Value::Nested),
        }
    }

    fn list(&mut self) -> Result<Value<'a>, ScanError> {
        let (mut list, mut flat) = (Vec::new(), true);
        while let Some(event) = self.next()? {
            match event {
                Event::SequenceEnd => break,
                Event::Scalar(text, ..) => list.push(text),
                Event::SequenceStart(..) | Event::MappingStart(..) => {
                    self.skip()?;
                    flat = false;
                }
                _ => flat = false,
            }
        }
        Ok(if flat { Value::List(list) } else { Value::Nested })
    }

    /// Passes over what began; a count instead of recursion, so that no depth is too deep.
    fn skip(&mut self) -> Result<Value<'a>, ScanError> {
        let mut depth = 1_u64;
        while depth > 0 {
            match self.next()? {
                Some(Event::SequenceStart(..) | Event::MappingStart(..)) => depth += 1,
                Some(Event::SequenceEnd | Event::MappingEnd) => depth -= 1,
                None => break,
                Some(_) => {}
            }
        }
        Ok(Value::Nested)
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
