//! JSON lines: one entry a line, each judged alone.

use super::record::{Record, Written};
use crate::date::Zones;
use crate::message::{BODY_BYTES_MAX, Departure};
use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead, Read};

/// Longest line that is read: escapes can make a text longer than it is.
const LINE_BYTES_MAX: usize = BODY_BYTES_MAX * 2;

/// Why a line is not a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LineError {
    #[error("it is longer than {} MB: split it", LINE_BYTES_MAX / 1024 / 1024)]
    TooLong,
    #[error("it is not UTF-8 from byte {0} on: save the file as UTF-8")]
    Encoding(usize),
    #[error("it is not a JSON object on one line ({0}): write one entry a line")]
    Json(String),
    #[error("its “{0}” cannot be read: {1}")]
    Value(&'static str, String),
}

/// One line of a file.
pub(crate) enum Line<'a> {
    Bytes(&'a [u8]),
    TooLong,
}

/// The lines of a file, counted from 1.
pub(crate) struct Lines {
    reader: Box<dyn BufRead>,
    buffer: Vec<u8>,
    number: u64,
}

impl Lines {
    pub(crate) fn new(reader: Box<dyn BufRead>) -> Self {
        Self { reader, buffer: Vec::new(), number: 0 }
    }

    /// Number of the line that was read last.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The next line without its end; `None` after the last.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let limit = LINE_BYTES_MAX as u64 + 1;
        let read = self.reader.by_ref().take(limit).read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if read > LINE_BYTES_MAX && self.buffer.last() != Some(&b'\n') {
            self.buffer = Vec::new();
            self.reader.skip_until(b'\n')?;
            return Ok(Some(Line::TooLong));
        }
        let mut line = self.buffer.as_slice();
        if self.number == 1 {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        Ok(Some(Line::Bytes(line.trim_ascii())))
    }
}

/// Reads one line.
pub(crate) fn read(line: &[u8]) -> Result<Record<'_>, LineError> {
    let text =
        std::str::from_utf8(line).map_err(|error| LineError::Encoding(error.valid_up_to() + 1))?;
    let mut json = serde_json::Deserializer::from_str(text);
    let mut key = "";
    let record = json.deserialize_map(RecordVisitor { key: &mut key });
    record.and_then(|record| json.end().map(|()| record)).map_err(|error| {
        let whole = error.to_string();
        // serde counts lines of its own; this is one line of many.
        let said = whole.split(" at line 1 column").next().unwrap_or_default();
        match error.classify() {
            serde_json::error::Category::Data if !key.is_empty() => {
                LineError::Value(key, said.into())
            }
            _ => LineError::Json(format!("{said}, character {}", error.column())),
        }
    })
}

/// Appends one line to `out`.
pub(crate) fn write(departure: &Departure, zones: &dyn Zones, out: &mut Vec<u8>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Written::new(departure, zones))?;
    out.push(b'\n');
    Ok(())
}

/// Reads the keys of a line; `key` tells which one was read last, for the error.
struct RecordVisitor<'k> {
    key: &'k mut &'static str,
}

impl<'de> Visitor<'de> for RecordVisitor<'_> {
    type Value = Record<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object such as {\"date\": \"2026-04-24\", \"text\": \"…\"}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut record = Record::default();
        while let Some(Text(key)) = map.next_key()? {
            let Some(known) = KEYS.iter().find(|known| **known == key) else {
                *self.key = "";
                map.next_value::<IgnoredAny>()?;
                record.left_out.push(key);
                continue;
            };
            *self.key = known;
            match *known {
                "text" => fill(&mut record.text, map.next_value()?)?,
                "tags" => record.tags = texts(&mut map)?,
                "starred" => record.starred = map.next_value::<Option<bool>>()?.unwrap_or(false),
                "trashed" => record.trashed = map.next_value::<Option<bool>>()?.unwrap_or(false),
                _ => {
                    let value = map.next_value::<Option<Text<'de>>>()?;
                    if let Some(slot) = record.slot(known) {
                        fill(slot, value.map(|Text(text)| text))?;
                    }
                }
            }
        }
        Ok(record)
    }
}

const KEYS: [&str; 12] = [
    "date", "text", "time", "zone", "tags", "starred", "journal", "colour", "id", "instant",
    "trashed", "title",
];

/// Fills what is empty: of two values for one key, either choice would lose the other.
fn fill<T, E: de::Error>(slot: &mut Option<T>, value: Option<T>) -> Result<(), E> {
    if slot.is_some() {
        return Err(E::custom("it is there twice"));
    }
    *slot = value;
    Ok(())
}

fn texts<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Vec<Cow<'de, str>>, A::Error> {
    let texts = map.next_value::<Option<Vec<Text<'de>>>>()?.unwrap_or_default();
    Ok(texts.into_iter().map(|Text(text)| text).collect())
}

/// A string that borrows from the line wherever no escape stands in it, which `Cow` alone does not.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text in quotes")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(text.into())))
    }
}
