//! SQLite's side of the disk: the same framework as the browser's pool, and its habits.
#![allow(unsafe_code)] // registering a file system with SQLite is

use super::{Disk, Op, State, Trouble};
use rsqlite_vfs::{
    AccessMode, DeviceCharacteristics, LockLevel, OpenAccess, OpenOptions, OpenRequest, OpenedFile,
    OsCallback, SQLiteIoMethods, SQLiteVfs, SectorSize, SyncOptions, VfsError, VfsErrorCode,
    VfsFile, VfsResult, VfsStore, register_vfs,
};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, Once};
use std::time::Duration;

pub(super) const NAME: &str = "test-disk";

type Disks = HashMap<u64, Arc<Mutex<State>>>;

static DISKS: LazyLock<Mutex<Disks>> = LazyLock::new(Mutex::default);

fn disks() -> MutexGuard<'static, Disks> {
    DISKS.lock().expect("BUG: nothing panics while it holds the table of disks")
}

/// Lets SQLite find a disk by its number.
pub(super) fn plug_in(disk: &Disk) {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        // SAFETY: the file system uses the framework's own constructor, callbacks and file layout;
        // its data is a static behind a mutex, and it stays registered until the process ends.
        let registration = unsafe { register_vfs::<Methods, DiskVfs>(NAME, (), false) };
        drop(registration.expect("BUG: the name is ours"));
    });
    disks().insert(disk.number, disk.state.clone());
}

pub(super) fn unplug(number: u64) {
    disks().remove(&number);
}

/// The disk and the file's name on it, out of `7/journal-1.sqlite3`.
fn find(path: &str) -> VfsResult<(Arc<Mutex<State>>, &str)> {
    let (number, name) = path.split_once('/').unwrap_or(("", path));
    let disk = number.parse().ok().and_then(|number| disks().get(&number).cloned());
    let missing = || VfsError::new(VfsErrorCode::CantOpen, format!("no disk {path}").into());
    Ok((disk.ok_or_else(missing)?, name))
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("BUG: nothing panics inside the disk")
}

fn call(state: &mut State, writes: bool, code: VfsErrorCode) -> VfsResult<()> {
    match state.call(writes) {
        None => Ok(()),
        Some(Trouble::Io) => Err(VfsError::new(code, "the disk failed".into())),
        Some(Trouble::NoRoom) => Err(VfsError::new(VfsErrorCode::Full, "no room".into())),
    }
}

pub(super) struct OpenFile {
    disk: Arc<Mutex<State>>,
    name: String,
    level: LockLevel,
}

impl OpenFile {
    /// Carries out a call on the file's bytes, unless it is to fail.
    fn call<T>(
        &self,
        writes: bool,
        code: VfsErrorCode,
        on: impl FnOnce(&mut Vec<u8>) -> T,
        op: impl FnOnce(&str) -> Option<Op>,
    ) -> VfsResult<T> {
        let mut state = lock(&self.disk);
        call(&mut state, writes, code)?;
        let bytes = state.files.get_mut(&self.name);
        let missing = || VfsError::new(code, "the file was deleted".into());
        let value = on(bytes.ok_or_else(missing)?);
        if let Some(op) = op(&self.name) {
            state.note(|| op);
        }
        Ok(value)
    }
}

impl VfsFile for OpenFile {
    fn size_hint(&mut self, size: u64) -> VfsResult<bool> {
        if size > self.size()? {
            self.truncate(size)?;
        }
        Ok(true)
    }

    fn sector_size(&self) -> SectorSize {
        SectorSize::new(4096).expect("BUG: a power of two")
    }

    fn device_characteristics(&self) -> DeviceCharacteristics {
        DeviceCharacteristics::UNDELETABLE_WHEN_OPEN
    }

    fn read(&mut self, into: &mut [u8], at: u64) -> VfsResult<usize> {
        let read = |bytes: &mut Vec<u8>| {
            let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..)).unwrap_or(&[]);
            let length = rest.len().min(into.len());
            into[..length].copy_from_slice(&rest[..length]);
            length
        };
        self.call(false, VfsErrorCode::IoRead, read, |_| None)
    }

    fn write(&mut self, from: &[u8], at: u64) -> VfsResult<()> {
        let at = usize::try_from(at).expect("BUG: test files are small");
        let write = |bytes: &mut Vec<u8>| write_at(bytes, at, from);
        let op = |file: &str| Some(Op::Write { file: file.into(), at, bytes: from.to_vec() });
        self.call(true, VfsErrorCode::IoWrite, write, op)
    }

    fn truncate(&mut self, size: u64) -> VfsResult<()> {
        let size = usize::try_from(size).expect("BUG: test files are small");
        let op = |file: &str| Some(Op::Resize { file: file.into(), size });
        self.call(true, VfsErrorCode::IoTruncate, |bytes| resize(bytes, size), op)
    }

    fn sync(&mut self, _: SyncOptions) -> VfsResult<()> {
        let deaf = {
            let mut state = lock(&self.disk);
            state.syncs += 1;
            state.deaf == Some(state.syncs)
        };
        let op = |file: &str| (!deaf).then(|| Op::Sync(file.into()));
        self.call(true, VfsErrorCode::IoSync, |_| (), op)
    }

    fn size(&self) -> VfsResult<u64> {
        self.call(false, VfsErrorCode::IoStat, |bytes| bytes.len() as u64, |_| None)
    }

    fn lock(&mut self, level: LockLevel) -> VfsResult<()> {
        self.level = self.level.max(level);
        Ok(())
    }

    fn unlock(&mut self, level: LockLevel) -> VfsResult<()> {
        self.level = self.level.min(level);
        Ok(())
    }

    fn check_reserved_lock(&self) -> VfsResult<bool> {
        Ok(self.level >= LockLevel::Reserved)
    }
}

/// Writes into a file, which grows as needed.
pub(super) fn write_at(bytes: &mut Vec<u8>, at: usize, from: &[u8]) {
    let end = at + from.len();
    if bytes.len() < end {
        resize(bytes, end);
    }
    bytes[at..end].copy_from_slice(from);
}

/// Cuts a file, or lets it grow by zeros.
pub(super) fn resize(bytes: &mut Vec<u8>, size: usize) {
    // Not Vec::resize: without optimisation it goes byte by byte.
    let missing = size.saturating_sub(bytes.len());
    bytes.extend_from_slice(&vec![0; missing]);
    bytes.truncate(size);
}

struct Store;

impl VfsStore for Store {
    type File = OpenFile;
    type AppData = ();

    fn open_file(_: &(), request: OpenRequest<'_>) -> VfsResult<OpenedFile<OpenFile>> {
        // A temporary file has no name, and a disk of its own.
        let (disk, name) = match request.filename {
            Some(filename) => find(filename.path())?,
            None => (Arc::default(), "temporary"),
        };
        {
            let mut state = lock(&disk);
            let there = state.files.contains_key(name);
            call(&mut state, !there, VfsErrorCode::CantOpen)?;
            if !there && !request.options.create() {
                return Err(VfsError::new(VfsErrorCode::CantOpen, "no such file".into()));
            }
            if !there {
                state.files.insert(name.to_owned(), Vec::new());
                state.note(|| Op::Create(name.to_owned()));
            }
        }
        let file = OpenFile { disk, name: name.to_owned(), level: LockLevel::None };
        Ok(OpenedFile { file, access: OpenAccess::ReadWrite })
    }

    fn close_file(_: &(), _: Option<&str>, _: OpenFile, _: OpenOptions) -> VfsResult<()> {
        Ok(())
    }

    fn access(_: &(), path: &str, _: AccessMode) -> VfsResult<bool> {
        let (disk, name) = find(path)?;
        let mut state = lock(&disk);
        call(&mut state, false, VfsErrorCode::IoAccess)?;
        Ok(state.files.contains_key(name))
    }

    fn full_pathname(_: &(), path: &str) -> VfsResult<String> {
        Ok(path.to_owned())
    }

    fn delete_file(_: &(), path: &str, _: bool) -> VfsResult<()> {
        let (disk, name) = find(path)?;
        let mut state = lock(&disk);
        call(&mut state, true, VfsErrorCode::IoDelete)?;
        if state.files.remove(name).is_some() {
            state.note(|| Op::Delete(name.to_owned()));
        }
        Ok(())
    }
}

struct Methods;

impl SQLiteIoMethods for Methods {
    type Store = Store;
}

struct DiskVfs;

impl SQLiteVfs<Methods> for DiskVfs {
    type Os = NoOs;

    fn os((): &()) -> &NoOs {
        &NoOs
    }
}

/// The tests' world has no time and no chance; SQLite takes its own from its default file system.
struct NoOs;

impl OsCallback for NoOs {
    fn sleep(&self, _: Duration) {}

    fn random(&self, _: &mut [u8]) -> usize {
        0
    }

    fn epoch_timestamp_in_ms(&self) -> VfsResult<i64> {
        Ok(0)
    }
}
