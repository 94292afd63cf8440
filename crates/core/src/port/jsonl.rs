//! JSON lines: one entry a line, each judged alone.

use super::archive::Content;
use super::json::{self, Fault, Json, Value};
use super::record::{Record, Written};
use crate::date::Zones;
use crate::message::{BODY_BYTES_MAX, Departure};
use std::borrow::Cow;
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

impl From<Fault> for LineError {
    fn from(fault: Fault) -> Self {
        Self::Json(fault.to_string())
    }
}

/// One line of a file.
pub(crate) enum Line<'a> {
    Bytes(&'a [u8]),
    TooLong,
}

/// The lines of a file, counted from 1.
pub(crate) struct Lines {
    reader: Content,
    buffer: Vec<u8>,
    number: u64,
}

impl Lines {
    pub(crate) fn new(reader: Content) -> Self {
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
    let mut json = Json::new(text);
    let mut record = Record::default();
    match json.value()? {
        Value::Object => {}
        other => {
            json.skip(&other)?;
            let shape = "an object such as {\"date\": \"2026-04-24\", \"text\": \"…\"}";
            let character = json.characters();
            let said = format!("{}, character {character}", unexpected(&other, shape));
            return Err(LineError::Json(said));
        }
    }
    let mut first = true;
    while let Some(key) = json.key(first)? {
        first = false;
        let value = json.value()?;
        let Some(known) = KEYS.iter().find(|known| **known == key) else {
            json.skip(&value)?;
            record.left_out.push(key);
            continue;
        };
        match *known {
            "tags" => record.tags = texts("tags", &mut json, value)?,
            "attachments" => record.attachments = texts("attachments", &mut json, value)?,
            "location" if matches!(value, Value::List | Value::Object) => {
                where_it_was(&mut json, &value, &mut record)?;
            }
            "starred" => record.starred = flag("starred", &value)?,
            "trashed" => record.trashed = flag("trashed", &value)?,
            "text" => {
                let slot = record.text.take().map(Cow::Owned);
                record.text = filled("text", slot, value)?.map(Cow::into_owned);
            }
            known => {
                let value = told(known, value);
                if BESIDE.contains(&known) && !matches!(value, Value::Null | Value::Text(_)) {
                    json.skip(&value)?;
                    record.left_out.push(key);
                } else if let Some(slot) = record.slot(known) {
                    *slot = filled(known, slot.take(), value)?;
                }
            }
        }
    }
    json.end()?;
    Ok(record)
}

const KEYS: [&str; 17] = [
    "date",
    "text",
    "time",
    "zone",
    "tags",
    "starred",
    "journal",
    "colour",
    "id",
    "instant",
    "trashed",
    "title",
    "mood",
    "location",
    "latitude",
    "longitude",
    "attachments",
];

/// What other apps may tell in ways of their own: no reason to refuse the text.
const BESIDE: [&str; 4] = ["mood", "location", "latitude", "longitude"];

/// A value of a key that may be told in numbers, as a text.
fn told<'a>(key: &str, value: Value<'a>) -> Value<'a> {
    match value {
        Value::Number(digits) if matches!(key, "mood" | "latitude" | "longitude") => {
            Value::Text(digits.into())
        }
        other => other,
    }
}

/// Where it was, as other apps tell it: a list of latitude and longitude, or an object with them
/// and with names, of which the first is the closest. Whatever else is in it is passed over.
fn where_it_was<'a>(
    json: &mut Json<'a>,
    value: &Value<'_>,
    record: &mut Record<'a>,
) -> Result<(), LineError> {
    const NAMES: [&str; 4] = ["name", "placeName", "label", "localityName"];
    let (list, mut count, mut closest) = (matches!(value, Value::List), 0, NAMES.len());
    loop {
        let key: Option<Cow<'_, str>> = if list {
            let of = ["latitude", "longitude"].get(count).copied().unwrap_or_default();
            json.item(count == 0)?.then_some(of.into())
        } else {
            json.key(count == 0)?
        };
        let Some(key) = key else { return Ok(()) };
        count += 1;
        let value = json.value()?;
        let rank = NAMES.iter().position(|name| *name == key).unwrap_or(NAMES.len());
        match (&*key, value) {
            ("latitude", Value::Number(digits)) => record.latitude = Some(digits.into()),
            ("longitude", Value::Number(digits)) => record.longitude = Some(digits.into()),
            (_, Value::Text(name)) if rank < closest && !name.trim().is_empty() => {
                closest = rank;
                record.location = Some(name);
            }
            (_, other) => json.skip(&other)?,
        }
    }
}

/// Fills what is empty: of two values for one key, either choice would lose the other.
fn filled<'a>(
    key: &'static str,
    slot: Option<Cow<'a, str>>,
    value: Value<'a>,
) -> Result<Option<Cow<'a, str>>, LineError> {
    match (slot, value) {
        (None, Value::Null) => Ok(None),
        (None, Value::Text(text)) => Ok(Some(text)),
        (Some(_), Value::Null | Value::Text(_)) => {
            Err(LineError::Value(key, "it is there twice".into()))
        }
        (_, other) => Err(LineError::Value(key, unexpected(&other, "text in quotes"))),
    }
}

fn flag(key: &'static str, value: &Value<'_>) -> Result<bool, LineError> {
    match value {
        Value::Null => Ok(false),
        Value::Bool(flag) => Ok(*flag),
        other => Err(LineError::Value(key, unexpected(other, "a boolean"))),
    }
}

fn texts<'a>(
    key: &'static str,
    json: &mut Json<'a>,
    value: Value<'a>,
) -> Result<Vec<Cow<'a, str>>, LineError> {
    let mut texts = Vec::new();
    match value {
        Value::Null => {}
        Value::List => {
            while json.item(texts.is_empty())? {
                match json.value()? {
                    Value::Text(text) => texts.push(text),
                    other => {
                        return Err(LineError::Value(key, unexpected(&other, "text in quotes")));
                    }
                }
            }
        }
        other => return Err(LineError::Value(key, unexpected(&other, "a list of texts"))),
    }
    Ok(texts)
}

fn unexpected(value: &Value<'_>, expected: &str) -> String {
    let found = match value {
        Value::Null => "null".into(),
        Value::Bool(flag) => format!("boolean `{flag}`"),
        Value::Number(number)
            if number.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit()) =>
        {
            format!("integer `{number}`")
        }
        Value::Number(number) => format!("number `{number}`"),
        Value::Text(text) => format!("string \"{text}\""),
        Value::List => "list".into(),
        Value::Object => "object".into(),
    };
    format!("invalid type: {found}, expected {expected}")
}

/// Appends one line to `out`: compact, keys that say nothing left away.
pub(crate) fn write(departure: &Departure, zones: &dyn Zones, out: &mut Vec<u8>) {
    let written = Written::new(departure, zones);
    let mut between = b'{';
    let mut key = |key: &str, out: &mut Vec<u8>| {
        out.push(std::mem::replace(&mut between, b','));
        json::write_text(key, out);
        out.push(b':');
    };
    let mut text = |name: &str, value: Option<&str>, out: &mut Vec<u8>| {
        if let Some(value) = value {
            key(name, out);
            json::write_text(value, out);
        }
    };
    text("id", Some(&written.id), out);
    text("date", Some(&written.date), out);
    text("time", written.time.as_deref(), out);
    text("zone", Some(written.zone), out);
    text("instant", written.instant.as_deref(), out);
    text("journal", Some(written.journal), out);
    text("colour", Some(written.colour), out);
    text("mood", written.mood, out);
    text("location", written.location, out);
    if let Some([latitude, longitude]) = &written.point {
        let point = format!(",\"latitude\":{latitude},\"longitude\":{longitude}");
        out.extend(point.as_bytes());
    }
    for (name, texts) in [("tags", written.tags), ("attachments", &written.attachments[..])] {
        if !texts.is_empty() {
            out.extend([b",\"", name.as_bytes(), b"\":"].concat());
            let mut between = b'[';
            for text in texts {
                out.push(std::mem::replace(&mut between, b','));
                json::write_text(text, out);
            }
            out.push(b']');
        }
    }
    for (name, flag) in [("starred", written.starred), ("trashed", written.trashed)] {
        if flag {
            out.extend([b",\"", name.as_bytes(), b"\":true"].concat());
        }
    }
    text("text", Some(written.text), out);
    out.extend(b"}\n");
}
