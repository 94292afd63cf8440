//! Writing the journal to a file, a page of entries at a time; the bytes are taken as they come,
//! so that a journal of any size never lies in memory as a whole.

use super::{jsonl, markdown};
use crate::date::{Date, Zones};
use crate::message::Departure;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::HashSet;
use std::io::{self, Write};
use std::rc::Rc;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{DateTime, ZipWriter};

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
    written: Outlet,
    body: Body,
}

enum Body {
    JsonLines,
    Markdown { zip: Box<ZipWriter<StreamWriter<Outlet>>>, names: Names },
}

impl Export {
    /// An export with nothing in it yet.
    #[must_use]
    pub fn new(format: Format, zones: Box<dyn Zones>) -> Self {
        let written = Outlet::default();
        let body = match format {
            Format::JsonLines => Body::JsonLines,
            Format::Markdown => Body::Markdown {
                zip: Box::new(ZipWriter::new_stream(written.clone())),
                names: Names::default(),
            },
        };
        Self { zones, written, body }
    }

    /// Writes entries.
    ///
    /// # Errors
    /// If an archive cannot be written on, because it has grown beyond what the format holds.
    pub fn add(&mut self, departures: &[Departure]) -> io::Result<()> {
        for departure in departures {
            match &mut self.body {
                Body::JsonLines => {
                    jsonl::write(departure, &*self.zones, &mut self.written.0.borrow_mut())?;
                }
                Body::Markdown { zip, names } => {
                    let page = markdown::write(departure, &*self.zones);
                    zip.start_file(names.name(departure), options(departure.moment.date))?;
                    zip.write_all(page.as_bytes())?;
                }
            }
        }
        Ok(())
    }

    /// Takes what has been written since it was taken last.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        self.written.0.take()
    }

    /// Ends the file; answers its last bytes.
    ///
    /// # Errors
    /// As [`Export::add`].
    pub fn finish(self) -> io::Result<Vec<u8>> {
        if let Body::Markdown { zip, .. } = self.body {
            zip.finish()?;
        }
        Ok(self.written.0.take())
    }
}

/// Where an archive is written to: bytes that wait to be taken.
#[derive(Clone, Default)]
struct Outlet(Rc<RefCell<Vec<u8>>>);

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Files carry the day of their entry, so that a folder sorted by date is a diary; zip knows the
/// years from 1980 on.
fn options(date: Date) -> SimpleFileOptions {
    let options = SimpleFileOptions::default();
    let year = u16::try_from(date.year()).ok();
    let day = year.and_then(|year| {
        DateTime::from_date_and_time(year, date.month(), date.day(), 12, 0, 0).ok()
    });
    day.map_or(options, |day| options.last_modified_time(day))
}

/// Gives every entry a file name of its own that every file system takes.
#[derive(Default)]
struct Names {
    /// In lower case, as some systems do not tell the cases apart.
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
        if !self.taken.insert(name.to_lowercase()) {
            name.push_str(&format!(" {id}"));
            self.taken.insert(name.to_lowercase());
        }
        name + ".md"
    }
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
