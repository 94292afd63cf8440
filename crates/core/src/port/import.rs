//! Reading files into the journal: a batch of entries at a time, each thing judged alone.

pub use super::intake::Defaults;

use super::archive::{Archive, ArchiveError, Content, Member, gunzipped, plain};
use super::enclosed;
use super::intake::Intake;
use super::jsonl::{self, Line, Lines};
use super::kind::{self, Kind};
use super::markdown;
use super::record::Record;
use super::report::{Position, Report};
use super::source::Source;
use crate::date::Zones;
use crate::id::FileHash;
use crate::message::{Arrival, BODY_BYTES_MAX, FILE_BYTES_MAX, Fate};
use serde::{Deserialize, Serialize};
use std::collections::{HashSet, VecDeque};
use std::io::{self, BufRead, Read};

/// Most entries in a batch: few enough that the journal answers other requests in between.
pub const BATCH_ENTRIES_MAX: usize = 500;

/// A batch is closed when its texts are this long together.
const BATCH_BYTES: usize = 2 * 1024 * 1024;

/// A batch is handed over, even empty, after reading this much: the reader must hear a "stop".
const READ_BYTES: u64 = 8 * 1024 * 1024;

/// Longest Markdown file: a text and its front matter.
const PAGE_BYTES_MAX: u64 = BODY_BYTES_MAX as u64 + 1024 * 1024;

/// One import of some files.
pub struct Import {
    files: std::vec::IntoIter<(String, Source)>,
    /// What is being read, a file in an archive after the archive itself.
    open: Vec<Open>,
    current: Option<Source>,
    intake: Intake,
    report: Report,
    /// Where each arrival stood whose fate is not known yet.
    places: VecDeque<Position>,
    progress: Progress,
    /// Bytes of text looked at, to know when to hand over.
    looked: u64,
    /// A photo or file that was read, until it is taken.
    enclosed: Option<Vec<u8>>,
    /// The photos and files that came.
    came: HashSet<FileHash>,
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Bytes of the files read so far, of `bytes_total`.
    pub bytes: u64,
    pub bytes_total: u64,
    /// Entries judged so far, whatever became of them.
    pub entries: u64,
}

enum Open {
    Lines { file: String, lines: Lines },
    Archive { file: String, archive: Archive },
}

impl Import {
    /// An import of `files` (names with their content) that has not begun.
    #[must_use]
    pub fn new(files: Vec<(String, Source)>, defaults: Defaults, zones: Box<dyn Zones>) -> Self {
        // An archive has the files that loose lines point to.
        let mut files = files;
        files.sort_by_key(|(name, _)| !name.to_ascii_lowercase().ends_with(".zip"));
        let bytes_total = files.iter().map(|(_, source)| source.len()).sum();
        Self {
            files: files.into_iter(),
            open: Vec::new(),
            current: None,
            intake: Intake::new(defaults, zones),
            report: Report::default(),
            places: VecDeque::new(),
            progress: Progress { bytes_total, ..Progress::default() },
            looked: 0,
            enclosed: None,
            came: HashSet::new(),
        }
    }

    /// The next entries, perhaps none although there are more to come; `None` at the end.
    pub fn next_batch(&mut self) -> Option<Vec<Arrival>> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        let until = self.looked + READ_BYTES;
        while batch.len() < BATCH_ENTRIES_MAX
            && bytes < BATCH_BYTES
            && self.looked < until
            && self.enclosed.is_none()
        {
            match self.step() {
                Step::Arrival(arrival, place) => {
                    bytes += arrival.body.len();
                    self.places.push_back(place);
                    batch.push(*arrival);
                }
                Step::Nothing => {}
                Step::End if batch.is_empty() => return None,
                Step::End => break,
            }
        }
        Some(batch)
    }

    /// A photo or file that was read by the last batch; the journal has to have it before the next
    /// one.
    pub fn take_enclosed(&mut self) -> Option<Vec<u8>> {
        self.enclosed.take()
    }

    /// Takes note of what became of the first arrivals that were not settled yet, in their order.
    pub fn settle(&mut self, fates: Vec<Fate>) {
        for (fate, place) in fates.into_iter().zip(std::iter::from_fn(|| self.places.pop_front())) {
            match fate {
                Fate::Added => self.report.added += 1,
                Fate::Known => self.report.known += 1,
                Fate::Refused(reason) => self.report.refuse(place, reason),
            }
        }
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let current = self.current.as_ref().map_or(0, Source::reached);
        let Report { added, known, refused, .. } = &self.report;
        Progress {
            bytes: self.progress.bytes + current,
            entries: added + known + refused,
            ..self.progress
        }
    }

    /// What has come of it so far.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    fn step(&mut self) -> Step {
        match self.open.pop() {
            None => match self.files.next() {
                None => Step::End,
                Some((name, source)) => {
                    self.progress.bytes +=
                        self.current.replace(source.clone()).map_or(0, |s| s.len());
                    self.intake.begin_file();
                    self.open_file(name, source)
                }
            },
            Some(Open::Archive { file, mut archive }) => match archive.next_member() {
                None => Step::Nothing,
                Some(member) => {
                    let inside = format!("{file}/{}", member.name);
                    self.open.push(Open::Archive { file, archive });
                    self.open_member(inside, member)
                }
            },
            Some(Open::Lines { file, lines }) => self.read_line(file, lines),
        }
    }

    fn open_file(&mut self, name: String, mut source: Source) -> Step {
        let kind = match source.fill_buf() {
            Ok(head) => Kind::of(&name, head),
            Err(error) => return self.refuse_reading(name, None, &error),
        };
        match kind {
            Kind::Zip => match Archive::open(source) {
                Ok(archive) => {
                    if archive.hides_files() {
                        let reason = "files in it have the same name, and only the last is read";
                        self.report.refuse(place(&name, None), reason.into());
                    }
                    self.open.push(Open::Archive { file: name, archive });
                    Step::Nothing
                }
                Err(error) => self.refuse_archive(name, &error),
            },
            Kind::Gzip => {
                let inner = name.get(..name.len().saturating_sub(3)).unwrap_or(&name).to_owned();
                let content = gunzipped(source);
                self.open_content(name, &inner, content)
            }
            _ => self.open_content(name.clone(), &name, plain(source)),
        }
    }

    fn open_member(&mut self, file: String, member: Member) -> Step {
        match member.content {
            Ok(content) => self.open_content(file, &member.name, content),
            Err(error) => self.refuse_archive(file, &error),
        }
    }

    /// Begins to read lines, or reads a page as a whole; `name` tells the kind, `file` the place.
    fn open_content(&mut self, file: String, name: &str, content: Content) -> Step {
        if name.starts_with(enclosed::FOLDER) {
            return self.read_enclosed(file, content);
        }
        match Kind::of(name, b"") {
            Kind::Lines => {
                self.open.push(Open::Lines { file, lines: Lines::new(content) });
                Step::Nothing
            }
            Kind::Page => self.read_page(file, name, content),
            _ => self.refuse(file, None, kind::UNKNOWN),
        }
    }

    fn read_enclosed(&mut self, file: String, content: Content) -> Step {
        let mut bytes = Vec::new();
        if let Err(error) = content.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes) {
            return self.refuse_reading(file, None, &error);
        }
        if bytes.len() as u64 > FILE_BYTES_MAX {
            let reason = format!("it is larger than {} MB", FILE_BYTES_MAX >> 20);
            return self.refuse(file, None, &reason);
        }
        self.looked += bytes.len() as u64;
        self.came.insert(FileHash::of(&bytes));
        self.enclosed = Some(bytes);
        Step::Nothing
    }

    /// Leaves out attachments whose files did not come, and says so.
    fn with_files(&mut self, mut arrival: Arrival) -> Arrival {
        let before = arrival.attachments.len();
        arrival.attachments.retain(|attachment| self.came.contains(&attachment.hash));
        for _ in arrival.attachments.len()..before {
            self.report.leave_out("a photo or file: choose the .zip that has it as well");
        }
        arrival
    }

    fn read_page(&mut self, file: String, name: &str, content: Content) -> Step {
        let mut bytes = Vec::new();
        if let Err(error) = content.take(PAGE_BYTES_MAX + 1).read_to_end(&mut bytes) {
            return self.refuse_reading(file, None, &error);
        }
        self.looked += bytes.len() as u64;
        if bytes.len() as u64 > PAGE_BYTES_MAX {
            let reason = format!("it is longer than {} MB: split it", PAGE_BYTES_MAX / 1024 / 1024);
            return self.refuse(file, None, &reason);
        }
        match markdown::read(name.rsplit('/').next().unwrap_or(name), &bytes) {
            Ok(record) => self.judge(record, place(&file, None)),
            Err(error) => self.refuse(file, error.line(), &error.to_string()),
        }
    }

    fn read_line(&mut self, file: String, mut lines: Lines) -> Step {
        let number = lines.number() + 1;
        let step = match lines.next_line() {
            Ok(None) => return Step::Nothing,
            Err(error) => return self.refuse_reading(file, Some(number), &error),
            Ok(Some(Line::TooLong)) => {
                self.looked += READ_BYTES;
                self.refuse(file.clone(), Some(number), &jsonl::LineError::TooLong.to_string())
            }
            Ok(Some(Line::Bytes(line))) => {
                self.looked += line.len() as u64 + 1;
                if number == 1
                    && let Some(reason) = kind::not_lines(line)
                {
                    return self.refuse(file, None, reason);
                }
                match jsonl::read(line) {
                    _ if line.is_empty() => Step::Nothing,
                    Ok(record) => self.judge(record, place(&file, Some(number))),
                    Err(error) => self.refuse(file.clone(), Some(number), &error.to_string()),
                }
            }
        };
        self.open.push(Open::Lines { file, lines });
        step
    }

    fn judge(&mut self, mut record: Record<'_>, place: Position) -> Step {
        match self.intake.judge(&mut record) {
            Ok(arrival) => {
                record.left_out.iter().for_each(|key| self.report.leave_out(key));
                Step::Arrival(Box::new(self.with_files(arrival)), place)
            }
            Err(error) => {
                self.report.refuse(place, error.to_string());
                Step::Nothing
            }
        }
    }

    fn refuse(&mut self, file: String, line: Option<u64>, reason: &str) -> Step {
        self.report.refuse(Position { file, line }, reason.into());
        Step::Nothing
    }

    fn refuse_reading(&mut self, file: String, line: Option<u64>, error: &io::Error) -> Step {
        self.refuse(file, line, &format!("it cannot be read from here on: {error}"))
    }

    fn refuse_archive(&mut self, file: String, error: &ArchiveError) -> Step {
        self.refuse(file, None, &error.to_string())
    }
}

enum Step {
    Arrival(Box<Arrival>, Position),
    Nothing,
    End,
}

fn place(file: &str, line: Option<u64>) -> Position {
    Position { file: file.into(), line }
}
