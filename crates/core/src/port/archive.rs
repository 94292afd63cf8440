//! What is packed: the members of a zip archive one after the other, and a gzip file.

use super::directory::{self, Listed, MEMBERS_MAX};
use super::enclosed;
use super::source::Source;
use super::unpack::{Crc, Gunzipped, Inflated, damaged};
use std::cell::Cell;
use std::io::{self, BufReader, Read, Take};
use std::rc::Rc;

/// What is packed may swell to this many times its size (text packs to a third or a quarter) …
const SWELLING_MAX: u64 = 200;

/// … and to this much in any case, as a few small files can be much alike.
const SWELLING_FREE: u64 = 64 * 1024 * 1024;

/// Why an archive or a member of it cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArchiveError {
    #[error("it is not a whole zip archive ({0}): pack it or fetch it again")]
    Broken(&'static str),
    #[error("it holds {0} files, and at most {MEMBERS_MAX} are read: split it")]
    TooMany(u64),
    #[error("it is locked with a password: unpack it and import the files in it")]
    Locked,
    #[error("it is packed in a way that is not known here: unpack it and import the files in it")]
    Method,
}

/// A zip archive that is read member by member.
pub(crate) struct Archive {
    files: std::vec::IntoIter<Listed>,
    hides_files: bool,
    source: Source,
    budget: Budget,
}

/// One file of an archive.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) content: Result<Content, ArchiveError>,
}

impl Archive {
    pub(crate) fn open(source: Source) -> Result<Self, ArchiveError> {
        let (mut files, hides_files) = directory::read(&source)?;
        // What entries point to comes before them.
        files.sort_by_key(|file| !file.name.starts_with(enclosed::FOLDER));
        Ok(Self { files: files.into_iter(), hides_files, budget: Budget::of(&source), source })
    }

    /// Whether files of the same name hide each other, so that some cannot be read.
    pub(crate) fn hides_files(&self) -> bool {
        self.hides_files
    }

    /// The next file; folders and what systems leave in archives are passed over.
    pub(crate) fn next_member(&mut self) -> Option<Member> {
        let wanted =
            |file: &Listed| !file.name.ends_with('/') && !file.name.split('/').any(is_leftover);
        let file = self.files.find(wanted)?;
        Some(Member { content: self.content(&file), name: shown_name(&file.name) })
    }

    /// A reader of its own over the member, so that it can be read a line now and a line later.
    fn content(&self, file: &Listed) -> Result<Content, ArchiveError> {
        if file.locked {
            return Err(ArchiveError::Locked);
        }
        let content = file.content(&self.source);
        let packed = content.ok_or(ArchiveError::Broken("a file in it has no place"))?;
        let packed = packed.take(file.packed);
        let inner = match file.method {
            STORED => Packing::None(packed),
            DEFLATED => Packing::Deflate(Inflated::new(packed)),
            _ => return Err(ArchiveError::Method),
        };
        let crc = Some((Crc::new(), file.crc));
        Ok(buffered(Unpacked { inner, crc, budget: self.budget.clone() }))
    }
}

/// How a file is packed, as archives number it.
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// A reader of what a gzip file holds.
pub(crate) fn gunzipped(source: Source) -> Content {
    let (budget, length) = (Budget::of(&source), source.len());
    let inner = Packing::Gzip(Gunzipped::new(source.take(length)));
    buffered(Unpacked { inner, crc: None, budget })
}

/// A reader of a file that is not packed.
pub(crate) fn plain(source: Source) -> Content {
    let (budget, length) = (Budget::of(&source), source.len());
    buffered(Unpacked { inner: Packing::None(source.take(length)), crc: None, budget })
}

/// What is read, however it is packed: one type, so that all that reads is compiled once.
pub(crate) type Content = BufReader<Unpacked>;

fn buffered(unpacked: Unpacked) -> Content {
    BufReader::with_capacity(64 * 1024, unpacked)
}

/// How many bytes more may come out of one file, all members together: a file made to fill a
/// disk is given up, however it is folded.
#[derive(Clone)]
struct Budget(Rc<Cell<u64>>);

impl Budget {
    fn of(source: &Source) -> Self {
        let bytes = source.len().saturating_mul(SWELLING_MAX).saturating_add(SWELLING_FREE);
        Self(Rc::new(Cell::new(bytes)))
    }

    fn spend(&self, bytes: u64) -> io::Result<()> {
        let left = self.0.get().checked_sub(bytes).ok_or_else(|| {
            io::Error::other(format!("it swells to more than {SWELLING_MAX} times its size"))
        })?;
        self.0.set(left);
        Ok(())
    }
}

/// What comes out of a packed file, counted, and compared with the checksum at the end.
pub(crate) struct Unpacked {
    inner: Packing,
    crc: Option<(Crc, u32)>,
    budget: Budget,
}

enum Packing {
    None(Take<Source>),
    Deflate(Inflated),
    Gzip(Gunzipped),
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.inner {
            Packing::None(content) => content.read(buffer),
            Packing::Deflate(content) => content.read(buffer),
            Packing::Gzip(content) => content.read(buffer),
        }?;
        self.budget.spend(read as u64)?;
        if let Some((crc, expected)) = &mut self.crc {
            crc.update(&buffer[..read]);
            if read == 0 && !buffer.is_empty() && crc.sum() != *expected {
                return Err(damaged());
            }
        }
        Ok(read)
    }
}

/// Whether a part of a path tells of something that systems put beside what people wrote.
fn is_leftover(part: &str) -> bool {
    part == "__MACOSX" || (part.starts_with('.') && !matches!(part, "." | ".."))
}

/// A member's name as a report can show it: whatever its characters, text of one line.
fn shown_name(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(400).collect()
}
