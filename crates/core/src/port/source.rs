//! Bytes of a file that is read where it lies, a window at a time, never as a whole.

use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// How many bytes are fetched at a time: few calls for a long file, little memory for many.
pub const WINDOW_BYTES: u64 = 1024 * 1024;

/// Something whose bytes can be had by range: a `Blob` in the browser, a slice in a test.
pub trait Ranges {
    /// How many bytes there are.
    fn len(&self) -> u64;

    /// The bytes from `start` (inclusive) to `end` (exclusive); both are within the length.
    ///
    /// # Errors
    /// If the file cannot be read any more, because it was moved, changed or taken away.
    fn read(&self, start: u64, end: u64) -> io::Result<Vec<u8>>;

    /// Whether there is nothing to read.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Ranges for Vec<u8> {
    fn len(&self) -> u64 {
        self.as_slice().len() as u64
    }

    fn read(&self, start: u64, end: u64) -> io::Result<Vec<u8>> {
        let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
        let bytes = range.and_then(|(start, end)| self.get(start..end));
        bytes.map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

/// A reader over [`Ranges`]. Clones read on their own but share the last window, so the many small
/// members of an archive do not fetch the same bytes again.
#[derive(Clone)]
pub struct Source {
    ranges: Rc<dyn Ranges>,
    shared: Rc<Shared>,
    window: Window,
    at: u64,
}

#[derive(Default)]
struct Shared {
    window: RefCell<Window>,
    reached: Cell<u64>,
}

#[derive(Clone, Default)]
struct Window {
    start: u64,
    bytes: Rc<[u8]>,
}

impl Window {
    /// What lies in the window from `at` on.
    fn from(&self, at: u64) -> &[u8] {
        let skip = at.checked_sub(self.start).and_then(|skip| usize::try_from(skip).ok());
        skip.and_then(|skip| self.bytes.get(skip..)).unwrap_or_default()
    }
}

impl Source {
    /// A reader at the beginning of `ranges`.
    pub fn new(ranges: impl Ranges + 'static) -> Self {
        Self { ranges: Rc::new(ranges), shared: Rc::default(), window: Window::default(), at: 0 }
    }

    /// How many bytes there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.ranges.len()
    }

    /// Whether there is nothing to read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where this reader or a clone of it has read last.
    #[must_use]
    pub fn reached(&self) -> u64 {
        self.shared.reached.get().min(self.len())
    }

    /// A reader of the same bytes that stands at `at`.
    #[must_use]
    pub fn from(&self, at: u64) -> Self {
        Self { at, ..self.clone() }
    }

    fn fetch(&mut self) -> io::Result<()> {
        let shared = self.shared.window.borrow().clone();
        if !shared.from(self.at).is_empty() {
            self.window = shared;
            return Ok(());
        }
        let end = self.at.saturating_add(WINDOW_BYTES).min(self.len());
        let bytes = if self.at < end { self.ranges.read(self.at, end)? } else { Vec::new() };
        self.window = Window { start: self.at, bytes: bytes.into() };
        self.shared.window.replace(self.window.clone());
        Ok(())
    }
}

impl BufRead for Source {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.window.from(self.at).is_empty() {
            self.fetch()?;
        }
        Ok(self.window.from(self.at))
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount as u64;
        self.shared.reached.set(self.at);
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}
