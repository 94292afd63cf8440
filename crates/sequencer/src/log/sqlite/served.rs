//! The file behind the server: one thread that writes, many writes in one commit, and readers.

use super::{SqliteLog, Store, fault, set_up};
use crate::log::files::NewPart;
use crate::log::guests::{Coming, NewGuest};
use crate::log::rendezvous::{Told, Turn, Wish};
use crate::log::{
    Answer, Identity, Log, LogError, Login, NewManifest, NewVault, PageLimit, Paged, Placing,
    VaultNumber,
};
use crate::session::{Grant, Session};
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{
    Receiver, RecvError, RecvTimeoutError, SyncSender, TrySendError, sync_channel,
};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use thoughtstream_core::id::{DeviceId, FileAddress, GuestId};
use thoughtstream_core::wire::{
    FileIs, GuestIs, GuestRow, GuestStands, Hash, InboxIs, ItemName, PartIs, Pull, Pushed, PutItem,
    Recovery, Who,
};
use tokio::sync::{Semaphore, oneshot};

/// Writes that may wait; more are told to come again.
const QUEUE: usize = 256;
/// Writes in one commit.
const GROUP: usize = 64;
/// Without writes for so long, there is time to tidy up.
const QUIET: Duration = Duration::from_secs(1);
/// Readers at once.
const READERS: usize = 4;

/// A write: does its work in the group's transaction.
type Work = Box<dyn FnOnce(&Store<'_>) -> Outcome + Send>;
/// Tells an asker its result once the commit succeeded, or what became of the commit.
type Tell = Box<dyn FnOnce(Result<(), LogError>) + Send>;

/// What came of a write before the commit.
struct Outcome {
    tell: Tell,
    /// The database failed in the middle of it: the whole group is taken back. A refusal is no
    /// such failure; it comes before anything is written.
    failed: Option<LogError>,
}

/// The embedded store as the server uses it.
#[derive(Debug)]
pub struct Served {
    identity: Identity,
    writer: SyncSender<Work>,
    readers: Arc<Readers>,
}

#[derive(Debug)]
struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    free: Semaphore,
}

impl Served {
    /// Opens the file and starts the thread that writes to it; it ends when this is dropped.
    ///
    /// # Errors
    /// As `SqliteLog::open`.
    pub fn open(path: &Path, random: [u8; 48]) -> Result<Self, LogError> {
        let log = SqliteLog::open(path, random)?;
        let identity = log.identity()?;
        let (writer, work) = sync_channel(QUEUE);
        thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || write_groups(log, &work))
            .map_err(|error| LogError::Fault(format!("no thread for the writer: {error}")))?;
        let (idle, free) = (Mutex::default(), Semaphore::new(READERS));
        let readers = Arc::new(Readers { path: path.to_owned(), idle, free });
        Ok(Self { identity, writer, readers })
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store<'_>) -> Result<T, LogError> + Send + 'static,
    ) -> Answer<'_, T> {
        let (tell, told) = oneshot::channel();
        let sent = self.writer.try_send(Box::new(move |store| {
            let done = work(store);
            let failed = done.as_ref().err().filter(|error| error.is_failure()).cloned();
            // Whoever asked may be gone; what was done is done.
            let tell = Box::new(move |committed: Result<(), LogError>| {
                drop(tell.send(committed.and(done)));
            });
            Outcome { tell, failed }
        }));
        Box::pin(async move {
            match sent {
                Ok(()) => told.await.unwrap_or_else(|_| Err(LogError::Busy("stopping".into()))),
                Err(TrySendError::Full(_)) => Err(LogError::Busy("many writes wait".into())),
                Err(TrySendError::Disconnected(_)) => {
                    Err(LogError::Fault("the writer has ended".into()))
                }
            }
        })
    }

    fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store<'_>) -> Result<T, LogError> + Send + 'static,
    ) -> Answer<'_, T> {
        let readers = Arc::clone(&self.readers);
        Box::pin(async move {
            let permit = readers.free.acquire().await;
            let _permit = permit.map_err(|_| LogError::Busy("stopping".to_owned()))?;
            let blocking = Arc::clone(&readers);
            let read = tokio::task::spawn_blocking(move || blocking.read(work)).await;
            read.unwrap_or_else(|error| Err(LogError::Fault(format!("a reader ended: {error}"))))
        })
    }
}

impl Readers {
    fn read<T>(&self, work: impl FnOnce(&Store<'_>) -> Result<T, LogError>) -> Result<T, LogError> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let spare = idle().pop();
        let connection = match spare {
            Some(connection) => connection,
            None => open_reader(&self.path)?,
        };
        let done = {
            let transaction = connection.unchecked_transaction().map_err(fault)?;
            work(&Store::over(&transaction))
        };
        idle().push(connection);
        done
    }
}

fn open_reader(path: &Path) -> Result<Connection, LogError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(fault)?;
    set_up(&connection)?;
    connection.pragma_update(None, "query_only", true).map_err(fault)?;
    Ok(connection)
}

/// The next write. When none comes for a moment, what the last ones left in the log beside the
/// file is moved into it, so that an idle server's data is one file.
fn next(log: &mut SqliteLog, work: &Receiver<Work>) -> Result<Work, RecvError> {
    match work.recv_timeout(QUIET) {
        Ok(first) => return Ok(first),
        Err(RecvTimeoutError::Disconnected) => return Err(RecvError),
        Err(RecvTimeoutError::Timeout) => {}
    }
    if let Err(error) = log.tidy() {
        tracing::warn!(%error, "the log beside the database stays long for now");
    }
    work.recv()
}

/// Takes what waits, does it all in one transaction, and only then tells anyone.
fn write_groups(mut log: SqliteLog, work: &Receiver<Work>) {
    while let Ok(first) = next(&mut log, work) {
        let mut group = vec![first];
        group.extend(work.try_iter().take(GROUP - 1));
        let mut tells: Vec<Tell> = Vec::with_capacity(group.len());
        let committed = log.write(|store| {
            let mut failed = None;
            for one in group {
                let outcome = one(store);
                tells.push(outcome.tell);
                failed = failed.or(outcome.failed);
            }
            failed.map_or(Ok(()), Err)
        });
        for tell in tells {
            tell(committed.clone());
        }
    }
}

impl Log for Served {
    fn identity(&self) -> Identity {
        self.identity
    }

    fn ping(&self) -> Answer<'_, ()> {
        self.write(|_| Ok(()))
    }

    fn invite(&self, invitation: Hash, expires: u64) -> Answer<'_, ()> {
        self.write(move |store| store.invite(invitation, expires))
    }

    fn is_new(&self, now: u64) -> Answer<'_, bool> {
        self.read(move |store| store.is_new(now))
    }

    fn create(&self, vault: NewVault, now: u64) -> Answer<'_, VaultNumber> {
        self.write(move |store| store.create(&vault, now))
    }

    fn login(&self, who: Who) -> Answer<'_, Option<Login>> {
        self.read(move |store| store.login(&who))
    }

    fn spend(&self, challenge: Hash, expires: u64) -> Answer<'_, bool> {
        self.write(move |store| store.spend(challenge, expires))
    }

    fn grant(&self, token: Hash, grant: Grant) -> Answer<'_, ()> {
        self.write(move |store| store.grant(token, &grant))
    }

    fn session(&self, token: Hash, now: u64) -> Answer<'_, Option<Session>> {
        self.read(move |store| store.session(token, now))
    }

    fn touch(&self, token: Hash, now: u64) -> Answer<'_, ()> {
        self.write(move |store| store.touch(token, now))
    }

    fn push(&self, push: Placing) -> Answer<'_, Pushed> {
        self.write(move |store| store.push(&push))
    }

    fn pull(&self, vault: VaultNumber, pull: Pull, limit: PageLimit) -> Answer<'_, Paged> {
        self.read(move |store| store.pull(vault, &pull, limit).map(Paged::from))
    }

    fn head(&self, vault: VaultNumber) -> Answer<'_, u64> {
        self.read(move |store| store.tail(vault).map(|tail| tail.head))
    }

    fn manifest(&self, vault: VaultNumber) -> Answer<'_, (u64, Vec<u8>)> {
        self.read(move |store| store.manifest(vault))
    }

    fn put_manifest(&self, vault: VaultNumber, new: NewManifest) -> Answer<'_, ()> {
        self.write(move |store| store.put_manifest(vault, &new))
    }

    fn keyring(&self, vault: VaultNumber) -> Answer<'_, Vec<u8>> {
        self.read(move |store| store.keyring(vault))
    }

    fn put_keyring(&self, vault: VaultNumber, expected: Hash, new: Vec<u8>) -> Answer<'_, ()> {
        self.write(move |store| store.put_keyring(vault, expected, &new))
    }

    fn put_recovery(&self, vault: VaultNumber, recovery: Recovery) -> Answer<'_, ()> {
        self.write(move |store| store.put_recovery(vault, &recovery))
    }

    fn leave(&self, vault: VaultNumber, device: DeviceId) -> Answer<'_, ()> {
        self.write(move |store| store.leave(vault, device))
    }

    fn files_bytes(&self, vault: VaultNumber) -> Answer<'_, u64> {
        self.read(move |store| store.files_bytes(vault))
    }

    fn file(&self, vault: VaultNumber, address: FileAddress) -> Answer<'_, Option<FileIs>> {
        self.read(move |store| store.file(vault, address))
    }

    fn put_part(&self, part: NewPart) -> Answer<'_, FileIs> {
        self.write(move |store| store.put_part(&part))
    }

    fn part(&self, vault: VaultNumber, address: FileAddress, number: u64) -> Answer<'_, PartIs> {
        self.read(move |store| store.part(vault, address, number))
    }

    fn drop_file(&self, vault: VaultNumber, address: FileAddress) -> Answer<'_, ()> {
        self.write(move |store| store.drop_file(vault, address))
    }

    fn forget(&self, token: Hash) -> Answer<'_, ()> {
        self.write(move |store| store.forget(token))
    }

    fn open_guest(&self, guest: NewGuest) -> Answer<'_, ()> {
        self.write(move |store| store.open_guest(&guest))
    }

    fn guests(&self, vault: VaultNumber) -> Answer<'_, Vec<GuestRow>> {
        self.read(move |store| store.guests(vault))
    }

    fn end_guest(&self, vault: VaultNumber, guest: GuestId, now: u64) -> Answer<'_, ()> {
        self.write(move |store| store.end_guest(vault, guest, now))
    }

    fn enter_guest(&self, coming: Coming) -> Answer<'_, Option<GuestIs>> {
        self.write(move |store| store.enter_guest(&coming))
    }

    fn guest(&self, token: Hash, now: u64) -> Answer<'_, Option<GuestStands>> {
        self.write(move |store| store.guest(token, now))
    }

    fn put_item(&self, token: Hash, item: PutItem, now: u64) -> Answer<'_, Option<GuestStands>> {
        self.write(move |store| store.put_item(token, &item, now))
    }

    fn leave_guest(&self, token: Hash, now: u64) -> Answer<'_, ()> {
        self.write(move |store| store.leave_guest(token, now))
    }

    fn inbox(&self, vault: VaultNumber, now: u64) -> Answer<'_, InboxIs> {
        self.read(move |store| store.inbox(vault, now))
    }

    fn drop_items(&self, vault: VaultNumber, items: Vec<ItemName>) -> Answer<'_, ()> {
        self.write(move |store| store.drop_items(vault, &items))
    }

    fn meet(&self, turn: Turn) -> Answer<'_, Told> {
        match turn.wish {
            Wish::Hear { .. } => self.read(move |store| store.meet(&turn)),
            _ => self.write(move |store| store.meet(&turn)),
        }
    }

    fn delete(&self, vault: VaultNumber) -> Answer<'_, ()> {
        self.write(move |store| store.delete(vault))
    }

    fn sweep(&self, now: u64) -> Answer<'_, ()> {
        self.write(move |store| store.sweep(now))
    }

    fn describe(&self) -> Answer<'_, Vec<String>> {
        let path = self.readers.path.display().to_string();
        self.read(move |store| store.describe(&path))
    }
}
