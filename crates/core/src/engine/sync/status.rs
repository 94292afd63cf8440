//! How it stands with the sync, as the screen is told.

use super::Sync;
use crate::date::Instant;
use crate::engine::{Engine, Output};
use crate::message::{Device, Event, SyncPhase, SyncStatus, Waiting};

impl Engine {
    /// The entries that wait to be sent.
    pub(in crate::engine) fn waiting_entries(&self, limit: u32) -> rusqlite::Result<Vec<Waiting>> {
        let limit = if self.sync.vault.is_some() { limit } else { 0 };
        self.store.waiting_entries(limit)
    }

    pub(in crate::engine) fn sync_status(&self) -> rusqlite::Result<SyncStatus> {
        self.status_with(self.unsent()?)
    }

    pub(super) fn status_with(&self, waiting: u32) -> rusqlite::Result<SyncStatus> {
        let Sync { vault, session, .. } = &self.sync;
        let phase = match (&session.stopped, session.progress) {
            (Some(trouble), _) => SyncPhase::Stopped(trouble.clone()),
            _ if session.entrance.is_some() => SyncPhase::Entering { unheard: session.unreachable },
            _ if session.leaving => SyncPhase::Leaving,
            _ if vault.is_none() => SyncPhase::Off,
            _ if session.unreachable => SyncPhase::Offline,
            (None, Some((done, total))) => SyncPhase::Busy { done, total },
            _ if waiting > 0 || session.pull_wanted => SyncPhase::Busy { done: 0, total: 0 },
            _ => SyncPhase::Synced,
        };
        Ok(SyncStatus {
            server: self.server().to_owned(),
            made: vault.as_ref().is_some_and(|vault| vault.kept.made),
            waiting,
            synced_at: self.synced_at(&phase)?,
            words_unchecked: vault.as_ref().is_some_and(|vault| vault.kept.words.is_some()),
            copied: self.sync.copied,
            newcomers: self.newcomers(),
            listed: self.sync.listed,
            files_full: self.sync.lane.full,
            later: if vault.is_some() { self.store.later()? } else { 0 },
            phase,
        })
    }

    /// The devices that came and were not looked at yet.
    fn newcomers(&self) -> Vec<Device> {
        let Sync { vault, newcomers, session, .. } = &self.sync;
        // Most of the time there is none, and reading the list means to check its signature.
        let Some(vault) = vault.as_ref().filter(|_| !newcomers.is_empty()) else {
            return Vec::new();
        };
        let mut devices = vault.devices(self.clock.device(), &session.going);
        devices.retain(|device| newcomers.contains(&device.id));
        devices
    }

    /// What is kept is from when the live stream was opened; since then every answer that left
    /// nothing to do was as good.
    fn synced_at(&self, phase: &SyncPhase) -> rusqlite::Result<Option<Instant>> {
        let Sync { vault, session, told, .. } = &self.sync;
        if vault.is_none() {
            return Ok(None);
        }
        let kept = self.store.synced_at()?.map(Instant);
        let told = told.as_ref().and_then(|status| status.synced_at);
        let heard = session.polled_at.filter(|_| *phase == SyncPhase::Synced);
        Ok([kept, told, heard].into_iter().flatten().max())
    }

    pub(super) fn tell_status(&mut self, waiting: u32) -> Option<Output> {
        // It may just have left.
        let waiting = if self.sync.vault.is_some() { waiting } else { 0 };
        let status = self.status_with(waiting).ok();
        let status = status.filter(|status| self.sync.told.as_ref() != Some(status))?;
        self.sync.told = Some(status.clone());
        Some(Output::Broadcast(Event::Sync(status)))
    }
}
