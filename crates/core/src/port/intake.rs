//! From what a record says to the arrival it is for the journal, or the reason why it is none.

use super::enclosed;
use super::record::Record;
use super::when::{self, When, WhenError};
use crate::date::{Date, Instant, MILLIS_A_DAY, TimeError, Zone, Zones};
use crate::id::{EntryId, JournalId};
use crate::message::{
    Arrival, Attach, BODY_BYTES_MAX, Colour, LABEL_CHARS_MAX, Location, Mood, NAME_CHARS_MAX,
    Point, millionths,
};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// What stands in for what a file does not say.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Defaults {
    pub zone: Zone,
    /// The journal of entries that name none.
    pub journal: Option<(JournalId, String, Colour)>,
}

/// Why a record is not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RecordError {
    #[error("it has no date: give it one, such as “date”: 2026-04-24")]
    NoDate,
    #[error("it has no text: give it one as “text”")]
    NoText,
    #[error(transparent)]
    When(#[from] WhenError),
    #[error(transparent)]
    Time(#[from] TimeError),
    #[error("both its date and its “time” tell a time of day: keep one of them")]
    TwoTimes,
    #[error("“{0}” is not a time zone: write it as Europe/London")]
    Zone(String),
    #[error(
        "“{0}” is not an instant near its date: write it as 2026-04-24T16:05:00Z or leave it out"
    )]
    Instant(String),
    #[error(
        "its text is {} MB long, and an entry holds {} MB: split it",
        .0.div_ceil(1024 * 1024),
        BODY_BYTES_MAX / 1024 / 1024
    )]
    TooLong(usize),
    #[error("the name “{0}…” is longer than {NAME_CHARS_MAX} characters: shorten it")]
    Name(String),
}

/// Judges records, one file after the other.
pub(crate) struct Intake {
    defaults: Defaults,
    zones: Box<dyn Zones>,
    zones_known: HashSet<String>,
    /// How often each content came in this file: identical entries are different entries, yet the
    /// same ones when the file is read again.
    seen: HashMap<EntryId, u32>,
}

impl Intake {
    pub(crate) fn new(defaults: Defaults, zones: Box<dyn Zones>) -> Self {
        Self { defaults, zones, zones_known: HashSet::new(), seen: HashMap::new() }
    }

    /// Forgets what came before: the next record is the first of another file.
    pub(crate) fn begin_file(&mut self) {
        self.seen.clear();
    }

    /// Makes the arrival; adds the id to `record.left_out` if it is not one of ours.
    pub(crate) fn judge(&mut self, record: &mut Record<'_>) -> Result<Arrival, RecordError> {
        let moment = self.moment(record)?;
        let body = titled(record.text.take().ok_or(RecordError::NoText)?, record.title.as_deref());
        if body.len() > BODY_BYTES_MAX {
            return Err(RecordError::TooLong(body.len()));
        }
        let tags = names(&record.tags)?;
        let journal = self.journal(record)?;
        let attachments: Vec<Attach> =
            record.attachments.iter().filter_map(|text| enclosed::read(text)).collect();
        if attachments.len() < record.attachments.len() {
            record.left_out.push("attachments".into());
        }
        let own = record.id.as_deref().and_then(|id| id.parse().ok());
        if own.is_none() && record.id.is_some() {
            record.left_out.push("id".into());
        }
        Ok(Arrival {
            id: own.unwrap_or_else(|| self.derived_id(record, &body)),
            body,
            date: moment.date,
            time: moment.time,
            zone: moment.zone,
            instant: moment.instant,
            starred: record.starred,
            mood: mood(record),
            location: location(record),
            tags,
            journal,
            trashed: record.trashed,
            attachments,
        })
    }

    fn moment(&mut self, record: &Record<'_>) -> Result<when::Resolved, RecordError> {
        let mut when = when::read(record.date.as_deref().ok_or(RecordError::NoDate)?)?;
        if let Some(text) = &record.time {
            let When::Wall { time: time @ None, .. } = &mut when else {
                return Err(RecordError::TwoTimes);
            };
            *time = Some(when::read_time(text)?);
        }
        let zone = record.zone.as_deref().map(|name| self.zone(name)).transpose()?;
        let mut moment = when::resolve(when, zone, &self.defaults.zone, &*self.zones);
        if let Some(text) = &record.instant {
            moment.instant = Some(instant_near(moment.date, text)?);
        }
        Ok(moment)
    }

    fn zone(&mut self, name: &str) -> Result<Zone, RecordError> {
        let name = name.trim();
        let zone = Zone(name.into());
        if !self.zones_known.contains(name) {
            if name.is_empty() || self.zones.offset_seconds(&zone, Instant(0)).is_none() {
                return Err(RecordError::Zone(name.chars().take(40).collect()));
            }
            self.zones_known.insert(name.into());
        }
        Ok(zone)
    }

    fn journal(
        &self,
        record: &Record<'_>,
    ) -> Result<Option<(JournalId, String, Colour)>, RecordError> {
        let Some(name) = record.journal.as_deref().map(str::trim).filter(|name| !name.is_empty())
        else {
            return Ok(self.defaults.journal.clone());
        };
        let colour = record.colour.as_deref().map(Colour::named).unwrap_or_default();
        Ok(Some((derived_journal(name), checked(name)?, colour)))
    }

    fn derived_id(&mut self, record: &Record<'_>, body: &str) -> EntryId {
        let raw = |value: &Option<Cow<'_, str>>| value.as_deref().unwrap_or_default().to_owned();
        let (date, time, zone) = (raw(&record.date), raw(&record.time), raw(&record.zone));
        let content = EntryId(digest("entry", &[&date, &time, &zone, body]));
        let count = self.seen.entry(content).or_default();
        *count += 1;
        match *count {
            1 => content,
            again => EntryId(digest("entry again", &[&content.to_string(), &again.to_string()])),
        }
    }
}

/// The mood, by its name or as a number of 1 to 5; what is none is left out, and said so.
fn mood(record: &mut Record<'_>) -> Option<Mood> {
    let text = record.mood.as_deref()?.trim();
    let number = text.strip_suffix(".0").unwrap_or(text).parse();
    let mood = Mood::named(text).or_else(|| Mood::of_code(number.ok()?));
    // Apps that have a number for it say 0 where none was given.
    if mood.is_none() && !text.trim_matches(['0', '.']).is_empty() {
        record.left_out.push("mood".into());
    }
    mood
}

/// Where it was; a point that is not on the earth is left out, and said so.
fn location(record: &mut Record<'_>) -> Option<Location> {
    let told = record.latitude.as_deref().zip(record.longitude.as_deref());
    let on_earth = |(latitude, longitude): (&str, &str)| {
        Point::new(millionths(latitude)?, millionths(longitude)?)
    };
    let point = told.and_then(on_earth);
    let label = record.location.as_deref().unwrap_or_default().replace('\n', " ");
    let fits = label.chars().count() <= LABEL_CHARS_MAX;
    if !fits {
        record.left_out.push("location".into());
    }
    if point.is_none() && (record.latitude.is_some() || record.longitude.is_some()) {
        record.left_out.push("latitude".into());
    }
    Location::new(if fits { &label } else { "" }, point)
}

fn instant_near(date: Date, text: &str) -> Result<Instant, RecordError> {
    let far = || RecordError::Instant(text.chars().take(40).collect());
    let When::Utc(instant) = when::read(text)? else {
        return Err(far());
    };
    // Zones are at most 14 hours from UTC, a day has 24: two days are more than any two are apart.
    let apart = instant.0.abs_diff(date.days_since_1970() * MILLIS_A_DAY);
    if apart < 2 * MILLIS_A_DAY.unsigned_abs() { Ok(instant) } else { Err(far()) }
}

/// A title that stands apart becomes the first line, unless it is there already.
fn titled(text: String, title: Option<&str>) -> String {
    let Some(title) = title.map(str::trim).filter(|title| !title.is_empty()) else {
        return text;
    };
    let first = text.trim_start().lines().next().unwrap_or_default();
    if first.trim_start_matches('#').trim() == title {
        return text;
    }
    let title = title.replace(['\r', '\n'], " ");
    format!("# {title}\n\n{text}")
}

/// Tags without `#` and without doubles; commas and line ends stand between tags, not in them.
fn names(tags: &[Cow<'_, str>]) -> Result<Vec<String>, RecordError> {
    let mut names: Vec<String> = Vec::new();
    for tag in tags.iter().flat_map(|tags| tags.split([',', '\n'])) {
        let name = tag.trim().trim_start_matches('#').trim();
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(checked(name)?);
        }
    }
    Ok(names)
}

fn checked(name: &str) -> Result<String, RecordError> {
    match name.char_indices().nth(NAME_CHARS_MAX) {
        None => Ok(name.into()),
        Some(_) => Err(RecordError::Name(name.chars().take(20).collect())),
    }
}

/// The same name gives the same journal on every device.
fn derived_journal(name: &str) -> JournalId {
    JournalId(digest("journal", &[name]))
}

/// Hashes texts so that no two lists of them are the same bytes.
fn digest(kind: &str, parts: &[&str]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    for part in std::iter::once(&kind).chain(parts) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut id = [0; 16];
    id.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    id
}
