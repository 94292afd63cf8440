//! What one record of a file says of itself, whatever the format; nothing in it is checked yet.

use super::enclosed;
use crate::date::{Moment, Zones};
use crate::message::{Departure, Mood, Point};
use std::borrow::Cow;

/// The values of a record as they stand in the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Record<'a> {
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) date: Option<Cow<'a, str>>,
    pub(crate) time: Option<Cow<'a, str>>,
    pub(crate) zone: Option<Cow<'a, str>>,
    pub(crate) instant: Option<Cow<'a, str>>,
    pub(crate) title: Option<Cow<'a, str>>,
    pub(crate) journal: Option<Cow<'a, str>>,
    pub(crate) colour: Option<Cow<'a, str>>,
    pub(crate) mood: Option<Cow<'a, str>>,
    pub(crate) location: Option<Cow<'a, str>>,
    pub(crate) latitude: Option<Cow<'a, str>>,
    pub(crate) longitude: Option<Cow<'a, str>>,
    pub(crate) tags: Vec<Cow<'a, str>>,
    pub(crate) starred: bool,
    pub(crate) trashed: bool,
    /// As `enclosed` writes them.
    pub(crate) attachments: Vec<Cow<'a, str>>,
    pub(crate) text: Option<String>,
    /// Keys that there is no place for.
    pub(crate) left_out: Vec<Cow<'a, str>>,
}

impl<'a> Record<'a> {
    /// Where the value of a key that is plain text belongs.
    pub(crate) fn slot(&mut self, key: &str) -> Option<&mut Option<Cow<'a, str>>> {
        Some(match key {
            "id" => &mut self.id,
            "date" => &mut self.date,
            "time" => &mut self.time,
            "zone" => &mut self.zone,
            "instant" => &mut self.instant,
            "title" => &mut self.title,
            "journal" => &mut self.journal,
            "colour" => &mut self.colour,
            "mood" => &mut self.mood,
            "location" => &mut self.location,
            "latitude" => &mut self.latitude,
            "longitude" => &mut self.longitude,
            _ => return None,
        })
    }
}

/// An entry as both formats write it: what can be told from the rest is left away.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    pub(crate) id: String,
    pub(crate) date: String,
    pub(crate) time: Option<String>,
    pub(crate) zone: &'a str,
    pub(crate) instant: Option<String>,
    pub(crate) journal: &'a str,
    pub(crate) colour: &'static str,
    pub(crate) mood: Option<&'static str>,
    pub(crate) location: Option<&'a str>,
    /// Latitude and longitude as decimals.
    pub(crate) point: Option<[String; 2]>,
    pub(crate) tags: &'a [String],
    pub(crate) starred: bool,
    pub(crate) trashed: bool,
    pub(crate) attachments: Vec<String>,
    pub(crate) text: &'a str,
}

impl<'a> Written<'a> {
    pub(crate) fn new(departure: &'a Departure, zones: &dyn Zones) -> Self {
        let moment = &departure.moment;
        let Moment { date, time, zone, instant } = moment;
        let told = Moment::on(*date, *time, zone.clone(), zones);
        let untold = told.is_none_or(|told| told.instant != *instant);
        let location = departure.location.as_ref();
        let label = location.map(|location| &location.label).filter(|label| !label.is_empty());
        Self {
            id: departure.id.to_string(),
            date: date.to_string(),
            time: time.map(|time| time.to_string()),
            zone: &zone.0,
            instant: untold.then(|| {
                let (date, millis) = instant.utc_parts();
                let time = crate::date::Time::from_millis(millis);
                format!("{date}T{}Z", time.map(|time| time.to_string()).unwrap_or_default())
            }),
            journal: &departure.journal,
            colour: departure.colour.name(),
            mood: departure.mood.map(Mood::name),
            location: label.map(String::as_str),
            point: location.and_then(|location| location.point).map(Point::degrees),
            tags: &departure.tags,
            starred: departure.starred,
            trashed: departure.trashed,
            attachments: departure.attachments.iter().map(enclosed::write).collect(),
            text: &departure.body,
        }
    }
}
