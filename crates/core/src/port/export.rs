//! Writing the journal to a file, a page of entries at a time; the bytes are taken as they come,
//! so that a journal of any size never lies in memory as a whole.

use super::pack::{Packer, Packing};
use super::{jsonl, markdown};
use crate::date::{Date, Zones};
use crate::message::Departure;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::io;

/// What a journal is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    JsonLines,
    /// A zip archive of Markdown files with front matter, one folder a year.
    Markdown,
}

impl Format {
    /// How the file's name ends.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::Markdown => "zip",
        }
    }

    /// What the file is to a browser.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::JsonLines => "application/jsonl",
            Self::Markdown => "application/zip",
        }
    }
}

/// One export that is being written.
pub struct Export {
    zones: Box<dyn Zones>,
    written: Vec<u8>,
    body: Body,
}

enum Body {
    JsonLines,
    Markdown { zip: Packer, names: Names },
}

impl Export {
    /// An export with nothing in it yet.
    #[must_use]
    pub fn new(format: Format, zones: Box<dyn Zones>) -> Self {
        let body = match format {
            Format::JsonLines => Body::JsonLines,
            Format::Markdown => Body::Markdown { zip: Packer::default(), names: Names::default() },
        };
        Self { zones, written: Vec::new(), body }
    }

    /// Writes entries.
    ///
    /// # Errors
    /// If an entry is longer than an archive can hold.
    pub fn add(&mut self, departures: &[Departure]) -> io::Result<()> {
        for departure in departures {
            match &mut self.body {
                Body::JsonLines => {
                    jsonl::write(departure, &*self.zones, &mut self.written);
                }
                Body::Markdown { zip, names } => {
                    let page = markdown::write(departure, &*self.zones);
                    let (name, date) = (names.name(departure), departure.moment.date);
                    zip.add(&name, date, page.as_bytes(), Packing::Deflate, &mut self.written)?;
                }
            }
        }
        Ok(())
    }

    /// Writes a photo or file, before the entries that point to it. Lines have no room for it.
    ///
    /// # Errors
    /// If it is longer than an archive can hold.
    pub fn add_file(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        match &mut self.body {
            Body::JsonLines => Ok(()),
            Body::Markdown { zip, .. } => {
                // They are of no day of their own.
                zip.add(name, Date::from_days(0), bytes, Packing::Stored, &mut self.written)
            }
        }
    }

    /// Takes what has been written since it was taken last.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.written)
    }

    /// Ends the file; answers its last bytes.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        if let Body::Markdown { zip, .. } = self.body {
            zip.finish(&mut self.written);
        }
        self.written
    }
}

/// Gives every entry a file name of its own that every file system takes.
#[derive(Default)]
struct Names {
    /// As [`alike`] writes them.
    taken: HashSet<String>,
}

impl Names {
    /// `2022/2022-09-02 2050 First words.md`
    fn name(&mut self, departure: &Departure) -> String {
        let date = departure.moment.date;
        let id = departure.id.to_string();
        let mut name = format!("{:04}/{date}", date.year());
        if let Some((hour, minute)) = departure.moment.time.map(crate::date::Time::hour_minute) {
            name.push_str(&format!(" {hour:02}{minute:02}"));
        }
        let words = first_words(&departure.body);
        name.push(' ');
        name.push_str(if words.is_empty() { &id[..8] } else { &words });
        if !self.taken.insert(alike(&name)) {
            name.push_str(&format!(" {id}"));
            self.taken.insert(alike(&name));
        }
        name + ".md"
    }
}

/// The same text for all names that a system might not tell apart, which takes capitals for small
/// letters, and an accent for another. Letters beyond ASCII are all one here: what is one to which
/// system would be a large table, and the worst that happens is a longer name.
fn alike(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii() { c.to_ascii_lowercase() } else { '?' }).collect()
}

/// The first words of the first line that has any, without marks.
fn first_words(body: &str) -> String {
    let mut words = String::new();
    let line = body.lines().find(|line| line.contains(char::is_alphanumeric)).unwrap_or_default();
    for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let longer = words.chars().count() + word.chars().count();
        if longer > 40 && !words.is_empty() {
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().take(40));
    }
    words
}
