//! What is packed: the members of a zip archive one after the other, and a gzip file.

use super::source::Source;
use flate2::Crc;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder};
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;
use zip::{CompressionMethod, ZipArchive};

/// Most files in one archive: ten entries a day for a hundred years.
const MEMBERS_MAX: usize = 500_000;

/// What is packed may swell to this many times its size (text packs to a third or a quarter) …
const SWELLING_MAX: u64 = 200;

/// … and to this much in any case, as a few small files can be much alike.
const SWELLING_FREE: u64 = 64 * 1024 * 1024;

/// Why an archive or a member of it cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArchiveError {
    #[error("it is not a whole zip archive ({0}): pack it or fetch it again")]
    Broken(String),
    #[error("it holds {0} files, and at most {MEMBERS_MAX} are read: split it")]
    TooMany(usize),
    #[error("it is locked with a password: unpack it and import the files in it")]
    Locked,
    #[error("it is packed in a way that is not known here: unpack it and import the files in it")]
    Method,
}

impl From<zip::result::ZipError> for ArchiveError {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Broken(error.to_string())
    }
}

/// A zip archive that is read member by member.
pub(crate) struct Archive {
    zip: ZipArchive<Source>,
    source: Source,
    next: usize,
    budget: Budget,
}

/// One file of an archive.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) content: Result<Box<dyn BufRead>, ArchiveError>,
}

impl Archive {
    pub(crate) fn open(source: Source) -> Result<Self, ArchiveError> {
        let zip = ZipArchive::new(source.clone())?;
        if zip.len() > MEMBERS_MAX {
            return Err(ArchiveError::TooMany(zip.len()));
        }
        Ok(Self { budget: Budget::of(&source), zip, source, next: 0 })
    }

    /// Whether files of the same name hide each other, so that some cannot be read.
    pub(crate) fn hides_files(&self) -> bool {
        self.zip.has_duplicate_names()
    }

    /// The next file; folders and what systems leave in archives are passed over.
    pub(crate) fn next_member(&mut self) -> Option<Member> {
        while self.next < self.zip.len() {
            let index = self.next;
            self.next += 1;
            let name = match self.zip.by_index_data(index) {
                Ok(entry) => shown_name(entry.name_raw()),
                Err(_) => continue,
            };
            if !name.ends_with('/') && !name.split('/').any(is_leftover) {
                return Some(Member { content: self.content(index), name });
            }
        }
        None
    }

    /// A reader of its own over the member, so that it can be read a line now and a line later.
    fn content(&mut self, index: usize) -> Result<Box<dyn BufRead>, ArchiveError> {
        let file = self.zip.by_index_raw(index)?;
        if file.encrypted() {
            return Err(ArchiveError::Locked);
        }
        let broken = || ArchiveError::Broken("a file in it has no place".into());
        let start = file.data_start().ok_or_else(broken)?;
        let packed = self.source.from(start).take(file.compressed_size());
        let unpacked: Box<dyn Read> = match file.compression() {
            CompressionMethod::Stored => Box::new(packed),
            CompressionMethod::Deflated => Box::new(DeflateDecoder::new(packed)),
            _ => return Err(ArchiveError::Method),
        };
        let crc = Some((Crc::new(), file.crc32()));
        Ok(buffered(Unpacked { inner: unpacked, crc, budget: self.budget.clone() }))
    }
}

/// A reader of what a gzip file holds.
pub(crate) fn gunzipped(source: Source) -> Box<dyn BufRead> {
    let budget = Budget::of(&source);
    let inner = Box::new(MultiGzDecoder::new(source));
    buffered(Unpacked { inner, crc: None, budget })
}

fn buffered(unpacked: Unpacked) -> Box<dyn BufRead> {
    Box::new(BufReader::with_capacity(64 * 1024, unpacked))
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
struct Unpacked {
    inner: Box<dyn Read>,
    crc: Option<(Crc, u32)>,
    budget: Budget,
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.budget.spend(read as u64)?;
        if let Some((crc, expected)) = &mut self.crc {
            crc.update(&buffer[..read]);
            if read == 0 && !buffer.is_empty() && crc.sum() != *expected {
                return Err(io::Error::other("it is damaged: its checksum is another"));
            }
        }
        Ok(read)
    }
}

/// Whether a part of a path tells of something that systems put beside what people wrote.
fn is_leftover(part: &str) -> bool {
    part == "__MACOSX" || (part.starts_with('.') && !matches!(part, "." | ".."))
}

/// A member's name as a report can show it: whatever its bytes, text of one line.
fn shown_name(raw: &[u8]) -> String {
    let name = String::from_utf8_lossy(raw);
    name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(400).collect()
}
