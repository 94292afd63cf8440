//! The embedded store without its threads, so that everything happens in one order.

use crate::bug::Memory;
use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};
use thoughtstream_core::id::{DeviceId, FileAddress, GuestId};
use thoughtstream_core::wire::{
    FileIs, GuestIs, GuestRow, GuestStands, Hash, InboxIs, ItemName, PartIs, Pull, Pushed, PutItem,
    Recovery, Who,
};
use thoughtstream_sequencer::log::files::NewPart;
use thoughtstream_sequencer::log::guests::{Coming, NewGuest};
use thoughtstream_sequencer::log::rendezvous::{Told, Turn};
use thoughtstream_sequencer::log::sqlite::{SqliteLog, Store};
use thoughtstream_sequencer::log::{
    Answer, Identity, Log, LogError, Login, NewManifest, NewVault, PageLimit, Paged, Placing,
    VaultNumber,
};
use thoughtstream_sequencer::session::{Grant, Session};

/// The store of a simulated sequencer.
pub(crate) struct SimLog {
    log: Mutex<SqliteLog>,
    memory: Mutex<Memory>,
    identity: Identity,
}

impl SimLog {
    pub(crate) fn new(log: SqliteLog) -> Result<Self, LogError> {
        let identity = log.identity()?;
        Ok(Self { log: Mutex::new(log), memory: Mutex::default(), identity })
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, SqliteLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The store with which a restart goes on.
    pub(crate) fn after_restart(&self) -> Result<SqliteLog, LogError> {
        self.memory().after_restart().map_or_else(|| self.lock().copy(), Ok)
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store<'_>) -> Result<T, LogError>,
    ) -> Answer<'_, T> {
        Box::pin(ready(self.lock().write(work)))
    }

    fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store<'_>) -> Result<T, LogError>,
    ) -> Answer<'_, T> {
        Box::pin(ready(self.lock().read(work)))
    }
}

impl Log for SimLog {
    fn identity(&self) -> Identity {
        self.identity
    }

    fn ping(&self) -> Answer<'_, ()> {
        Box::pin(ready(Ok(())))
    }

    fn invite(&self, invitation: Hash, expires: u64) -> Answer<'_, ()> {
        self.write(|store| store.invite(invitation, expires))
    }

    fn is_new(&self, now: u64) -> Answer<'_, bool> {
        self.read(|store| store.is_new(now))
    }

    fn create(&self, vault: NewVault, now: u64) -> Answer<'_, VaultNumber> {
        self.write(|store| store.create(&vault, now))
    }

    fn login(&self, who: Who) -> Answer<'_, Option<Login>> {
        self.read(|store| store.login(&who))
    }

    fn spend(&self, challenge: Hash, expires: u64) -> Answer<'_, bool> {
        self.write(|store| store.spend(challenge, expires))
    }

    fn grant(&self, token: Hash, grant: Grant) -> Answer<'_, ()> {
        self.write(|store| store.grant(token, &grant))
    }

    fn session(&self, token: Hash, now: u64) -> Answer<'_, Option<Session>> {
        self.read(|store| store.session(token, now))
    }

    fn touch(&self, token: Hash, now: u64) -> Answer<'_, ()> {
        self.write(|store| store.touch(token, now))
    }

    fn push(&self, push: Placing) -> Answer<'_, Pushed> {
        let (mut log, mut memory) = (self.lock(), self.memory());
        Box::pin(ready(memory.push(&mut log, push)))
    }

    fn pull(&self, vault: VaultNumber, pull: Pull, limit: PageLimit) -> Answer<'_, Paged> {
        let mut memory = self.memory();
        self.read(|store| memory.pull(store, vault, &pull, limit))
    }

    fn head(&self, vault: VaultNumber) -> Answer<'_, u64> {
        self.read(|store| store.tail(vault).map(|tail| tail.head))
    }

    fn manifest(&self, vault: VaultNumber) -> Answer<'_, (u64, Vec<u8>)> {
        self.read(|store| store.manifest(vault))
    }

    fn put_manifest(&self, vault: VaultNumber, new: NewManifest) -> Answer<'_, ()> {
        self.write(|store| store.put_manifest(vault, &new))
    }

    fn keyring(&self, vault: VaultNumber) -> Answer<'_, Vec<u8>> {
        self.read(|store| store.keyring(vault))
    }

    fn put_keyring(&self, vault: VaultNumber, expected: Hash, new: Vec<u8>) -> Answer<'_, ()> {
        self.write(|store| store.put_keyring(vault, expected, &new))
    }

    fn put_recovery(&self, vault: VaultNumber, recovery: Recovery) -> Answer<'_, ()> {
        self.write(|store| store.put_recovery(vault, &recovery))
    }

    fn leave(&self, vault: VaultNumber, device: DeviceId) -> Answer<'_, ()> {
        self.write(|store| store.leave(vault, device))
    }

    fn files_bytes(&self, vault: VaultNumber) -> Answer<'_, u64> {
        self.read(|store| store.files_bytes(vault))
    }

    fn file(&self, vault: VaultNumber, address: FileAddress) -> Answer<'_, Option<FileIs>> {
        self.read(|store| store.file(vault, address))
    }

    fn put_part(&self, part: NewPart) -> Answer<'_, FileIs> {
        self.write(|store| store.put_part(&part))
    }

    fn part(&self, vault: VaultNumber, address: FileAddress, number: u64) -> Answer<'_, PartIs> {
        self.read(|store| store.part(vault, address, number))
    }

    fn drop_file(&self, vault: VaultNumber, address: FileAddress) -> Answer<'_, ()> {
        self.write(|store| store.drop_file(vault, address))
    }

    fn forget(&self, token: Hash) -> Answer<'_, ()> {
        self.write(|store| store.forget(token))
    }

    fn open_guest(&self, guest: NewGuest) -> Answer<'_, ()> {
        self.write(|store| store.open_guest(&guest))
    }

    fn guests(&self, vault: VaultNumber) -> Answer<'_, Vec<GuestRow>> {
        self.read(|store| store.guests(vault))
    }

    fn end_guest(&self, vault: VaultNumber, guest: GuestId, now: u64) -> Answer<'_, ()> {
        self.write(|store| store.end_guest(vault, guest, now))
    }

    fn enter_guest(&self, coming: Coming) -> Answer<'_, Option<GuestIs>> {
        self.write(|store| store.enter_guest(&coming))
    }

    fn guest(&self, token: Hash, now: u64) -> Answer<'_, Option<GuestStands>> {
        self.write(|store| store.guest(token, now))
    }

    fn put_item(&self, token: Hash, item: PutItem, now: u64) -> Answer<'_, Option<GuestStands>> {
        self.write(|store| store.put_item(token, &item, now))
    }

    fn leave_guest(&self, token: Hash, now: u64) -> Answer<'_, ()> {
        self.write(|store| store.leave_guest(token, now))
    }

    fn inbox(&self, vault: VaultNumber, now: u64) -> Answer<'_, InboxIs> {
        self.read(|store| store.inbox(vault, now))
    }

    fn drop_items(&self, vault: VaultNumber, items: Vec<ItemName>) -> Answer<'_, ()> {
        self.write(|store| store.drop_items(vault, &items))
    }

    fn meet(&self, turn: Turn) -> Answer<'_, Told> {
        self.write(|store| store.meet(&turn))
    }

    fn delete(&self, vault: VaultNumber) -> Answer<'_, ()> {
        self.write(|store| store.delete(vault))
    }

    fn sweep(&self, now: u64) -> Answer<'_, ()> {
        self.write(|store| store.sweep(now))
    }

    fn describe(&self) -> Answer<'_, Vec<String>> {
        self.read(|store| store.describe("memory"))
    }
}
