//! A disk in memory that behaves as the browser's pool of files does, and can be made to fail.
//!
//! It writes down what reaches it ([`Op`]), so that [`crash`] can build what a power cut would
//! leave; it fails a call of your choice ([`Trip`]); it can forget to flush, as a test of the
//! tests. Like the pool it has no shared memory, flushes file by file, and makes and deletes a
//! file durably in one step.

mod chance;
pub mod crash;
mod vfs;

pub use chance::Chance;

use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use thoughtstream_core::store::Folder;

/// What reached the disk, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    Create(String),
    Delete(String),
    Write {
        file: String,
        at: usize,
        bytes: Vec<u8>,
    },
    Resize {
        file: String,
        size: usize,
    },
    Sync(String),
    /// Not the disk's: the engine has acknowledged this many edits.
    Acknowledged(usize),
}

/// The files of a disk by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A call that fails.
#[derive(Debug, Clone, Copy)]
pub struct Trip {
    /// How many calls succeed before (of the writing ones, if there is no room).
    pub after: u64,
    pub kind: Trouble,
    /// Whether every later call fails as well, until [`Disk::mend`].
    pub lasting: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    Io,
    NoRoom,
}

#[derive(Default)]
struct State {
    files: Files,
    log: Option<Vec<Op>>,
    trip: Option<Trip>,
    /// Calls so far, and those that write.
    calls: [u64; 2],
    syncs: u64,
    /// The flush that does nothing, counted from 1.
    deaf: Option<u64>,
}

/// A disk; clones are the same disk.
#[derive(Clone)]
pub struct Disk {
    number: u64,
    state: Arc<Mutex<State>>,
}

impl Disk {
    pub fn new(files: Files) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let disk = Self { number, state: Arc::default() };
        disk.state().files = files;
        vfs::plug_in(&disk);
        disk
    }

    /// Begins to write down what reaches the disk.
    pub fn record(&self) {
        self.state().log = Some(Vec::new());
    }

    /// What was written down.
    pub fn recorded(&self) -> Vec<Op> {
        self.state().log.take().unwrap_or_default()
    }

    /// How much was written down until now.
    pub fn recorded_until_now(&self) -> usize {
        self.state().log.as_ref().map_or(0, Vec::len)
    }

    pub fn acknowledge(&self, edits: usize) {
        self.state().note(|| Op::Acknowledged(edits));
    }

    /// The files there are; an empty log is none.
    pub fn files(&self) -> Files {
        let mut files = self.state().files.clone();
        files.retain(|name, bytes| !bytes.is_empty() || name.ends_with(".sqlite3"));
        files
    }

    pub fn trip(&self, trip: Trip) {
        let mut state = self.state();
        state.calls = [0; 2];
        state.trip = Some(trip);
    }

    /// Ends the trouble; whether there was any.
    pub fn mend(&self) -> bool {
        let mut state = self.state();
        let trip = state.trip.take();
        trip.is_some_and(|trip| state.calls[trip.kind as usize] > trip.after)
    }

    /// From now on the flush of this number, counted from 1, does nothing.
    pub fn forget_sync(&self, number: u64) {
        let mut state = self.state();
        state.syncs = 0;
        state.deaf = Some(number);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("BUG: a test panicked inside the disk")
    }
}

impl State {
    fn note(&mut self, op: impl FnOnce() -> Op) {
        if let Some(log) = &mut self.log {
            log.push(op());
        }
    }

    /// Counts a call; whether it is to fail, and how.
    fn call(&mut self, writes: bool) -> Option<Trouble> {
        self.calls[Trouble::Io as usize] += 1;
        self.calls[Trouble::NoRoom as usize] += u64::from(writes);
        let trip = self.trip.filter(|trip| writes || trip.kind == Trouble::Io)?;
        let count = self.calls[trip.kind as usize];
        let now = count == trip.after + 1 || (trip.lasting && count > trip.after);
        now.then_some(trip.kind)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Two owners left: this one and the file system's table.
        if Arc::strong_count(&self.state) == 2 {
            vfs::unplug(self.number);
        }
    }
}

impl Folder for Disk {
    fn names(&self) -> Vec<String> {
        let ours = |name: &&String| name.ends_with(".sqlite3");
        self.state().files.keys().filter(ours).cloned().collect()
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.number)
    }

    fn open(&self, name: &str) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags_and_vfs(self.path(name), flags, vfs::NAME)
    }

    fn remove(&self, name: &str) -> Result<(), String> {
        let mut state = self.state();
        for name in [name.to_owned(), format!("{name}-wal"), format!("{name}-journal")] {
            if state.files.remove(&name).is_some() {
                state.note(|| Op::Delete(name));
            }
        }
        Ok(())
    }
}
