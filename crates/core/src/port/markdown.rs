//! Markdown with front matter: one entry a file.
//!
//! A written file is `---`, one `key: value` a line, `---`, an empty line, and then the body to
//! its last byte. Files of other apps are read as well: other names for the keys, line ends of
//! Windows, and no front matter at all if the file's name begins with a date.

use super::record::{Record, Written};
use super::yaml::{self, Fault, Mapping, Value, quoted};
use crate::date::Zones;
use crate::message::Departure;
use std::borrow::Cow;
use std::fmt::Write;

/// Why a file is not a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PageError {
    #[error("it is not UTF-8 from byte {0} on: save it as UTF-8")]
    Encoding(usize),
    #[error("there is nothing in it")]
    Empty,
    #[error("its front matter is not YAML ({said}): correct that line")]
    Yaml { line: u64, said: &'static str },
    #[error("the “{0}” of its front matter is not what it should be: {1}")]
    Value(&'static str, &'static str),
}

impl PageError {
    /// The line it is about, counted from 1.
    pub(crate) fn line(&self) -> Option<u64> {
        match self {
            Self::Yaml { line, .. } => Some(*line),
            _ => None,
        }
    }
}

/// Reads one file; `name` is its name without folders.
pub(crate) fn read<'a>(name: &'a str, bytes: &'a [u8]) -> Result<Record<'a>, PageError> {
    let text =
        std::str::from_utf8(bytes).map_err(|error| PageError::Encoding(error.valid_up_to() + 1))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let page = split(text);
    let mapping = match page.front.map(yaml::read).transpose() {
        Ok(mapping) => mapping.flatten(),
        // The first line of the file is the one above the front matter.
        Err(Fault { line, said }) => return Err(PageError::Yaml { line: line + 1, said }),
    };
    let (mut record, body) = match mapping {
        Some(mapping) => (read_mapping(mapping)?, page.body),
        None if text.trim().is_empty() => return Err(PageError::Empty),
        None => (Record::default(), text),
    };
    // Our own files have plain line ends around the front matter, and any inside the body.
    let body = if page.plain { body.into() } else { body.replace("\r\n", "\n") };
    record.text = Some(body);
    if record.date.is_none() {
        record.date = date_of(name).map(Cow::Borrowed);
    }
    Ok(record)
}

struct Page<'a> {
    front: Option<&'a str>,
    body: &'a str,
    /// Whether the lines around the front matter end as they do on Unix.
    plain: bool,
}

/// Separates the front matter, which stands between two lines `---`, from the body.
fn split(text: &str) -> Page<'_> {
    let none = Page { front: None, body: text, plain: false };
    let Some((first, rest)) = text.split_once('\n') else {
        return none;
    };
    if first.trim_end() != "---" {
        return none;
    }
    let mut end = 0;
    for line in rest.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            let body = &rest[end + line.len()..];
            let body = body.strip_prefix("\r\n").or(body.strip_prefix('\n')).unwrap_or(body);
            return Page { front: Some(&rest[..end]), body, plain: !first.ends_with('\r') };
        }
        end += line.len();
    }
    none
}

fn read_mapping(mapping: Mapping) -> Result<Record<'static>, PageError> {
    let mut record = Record::default();
    for (key, value) in mapping {
        let known = known_key(&key);
        match (known, value) {
            (Some(_), Value::Nothing) => {}
            (Some("tags"), Value::Text(text)) => record.tags.extend(split_tags(&text)),
            (Some("tags"), Value::List(tags)) => {
                record.tags.extend(tags.into_iter().map(Cow::Owned));
            }
            (Some("attachments"), Value::List(texts)) => {
                record.attachments.extend(texts.into_iter().map(Cow::Owned));
            }
            (Some("tags"), Value::Nested) => {
                return Err(PageError::Value("tags", "write them as a list of words"));
            }
            (Some("location"), Value::List(point)) if point.len() == 2 => {
                let mut degrees = point.into_iter().map(Cow::Owned);
                (record.latitude, record.longitude) = (degrees.next(), degrees.next());
            }
            // What other apps tell in ways of their own is no reason to refuse the text.
            (
                Some("mood" | "location" | "latitude" | "longitude"),
                Value::List(_) | Value::Nested,
            ) => record.left_out.push(key.into()),
            (Some("starred"), Value::Text(text)) => record.starred = yes("starred", &text)?,
            (Some("trashed"), Value::Text(text)) => record.trashed = yes("trashed", &text)?,
            (Some(known), Value::Text(text)) => match record.slot(known) {
                Some(slot @ None) => *slot = Some(text.into()),
                _ => record.left_out.push(key.into()),
            },
            (Some(known), _) => return Err(PageError::Value(known, "write one value")),
            (None, _) => record.left_out.push(key.into()),
        }
    }
    Ok(record)
}

/// The name of ours for a key of any app.
fn known_key(key: &str) -> Option<&'static str> {
    Some(match key.trim().to_ascii_lowercase().as_str() {
        "date" | "created" | "created_at" => "date",
        "time" => "time",
        "zone" | "timezone" => "zone",
        "tags" | "tag" => "tags",
        "starred" => "starred",
        "journal" => "journal",
        "id" => "id",
        "title" => "title",
        "instant" => "instant",
        "colour" => "colour",
        "trashed" => "trashed",
        "mood" => "mood",
        "location" | "place" => "location",
        "latitude" | "lat" => "latitude",
        "longitude" | "lon" | "lng" => "longitude",
        "attachments" => "attachments",
        _ => return None,
    })
}

fn yes(key: &'static str, text: &str) -> Result<bool, PageError> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" => Ok(true),
        "false" | "no" => Ok(false),
        _ => Err(PageError::Value(key, "write true or false")),
    }
}

/// Tags in one text: between spaces if each has its `#`; else commas stand between them.
fn split_tags(text: &str) -> Vec<Cow<'static, str>> {
    let marked = text.split_whitespace().all(|word| word.starts_with('#'));
    let tags = if marked { text.split_whitespace().collect() } else { vec![text] };
    tags.into_iter().map(|tag| Cow::Owned(tag.to_owned())).collect()
}

/// The date a file's name begins with.
fn date_of(name: &str) -> Option<&str> {
    let date = name.get(..10)?;
    let ends = !name[10..].starts_with(|c: char| c.is_ascii_digit());
    (ends && date.parse::<crate::date::Date>().is_ok()).then_some(date)
}

/// Writes one file.
pub(crate) fn write(departure: &Departure, zones: &dyn Zones) -> String {
    let written = Written::new(departure, zones);
    let mut page = String::with_capacity(written.text.len() + 256);
    page.push_str("---\n");
    let mut line = |key: &str, value: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "{key}: {value}");
    };
    line("date", &written.date);
    if let Some(time) = &written.time {
        // Bare, it would be the number of its seconds to older YAML.
        line("time", &format!("\"{time}\""));
    }
    line("zone", &quoted(written.zone));
    if let Some(instant) = &written.instant {
        line("instant", &format!("\"{instant}\""));
    }
    line("journal", &quoted(written.journal));
    line("colour", written.colour);
    if let Some(mood) = written.mood {
        line("mood", mood);
    }
    if let Some(location) = written.location {
        line("location", &quoted(location));
    }
    if let Some([latitude, longitude]) = &written.point {
        line("latitude", latitude);
        line("longitude", longitude);
    }
    if !written.tags.is_empty() {
        let tags: Vec<_> = written.tags.iter().map(|tag| quoted(tag)).collect();
        line("tags", &format!("[{}]", tags.join(", ")));
    }
    if !written.attachments.is_empty() {
        let texts: Vec<_> = written.attachments.iter().map(|text| quoted(text)).collect();
        line("attachments", &format!("[{}]", texts.join(", ")));
    }
    if written.starred {
        line("starred", "true");
    }
    if written.trashed {
        line("trashed", "true");
    }
    line("id", &format!("\"{}\"", written.id));
    page.push_str("---\n\n");
    page.push_str(written.text);
    page
}
