//! What answers mean.

use super::{Asked, Vault};
use crate::date::Instant;
use crate::engine::{Engine, Output};
use crate::message::SyncTrouble;
use crate::session::{Entrance, Login, Outcome, Reply};
use crate::wire::{Body, Code, KeyringIs, Limits, ManifestIs, Refusal, Token};

/// A clock that is wrong by less than this is left alone.
const OFFSET_LEAST_MS: i64 = 60_000;

/// How often the list of devices is read again for one that is on the key ring alone. A device that
/// no list names after that is there no more, and is taken off the ring.
const RING_LOOKS_MAX: u8 = 3;

impl Engine {
    pub(super) fn take_answer(
        &mut self,
        asked: Asked,
        reply: &Reply,
        now: Instant,
    ) -> rusqlite::Result<Vec<Output>> {
        match asked {
            Asked::Limits => {
                if let Some(limits) = self.expect::<Limits>(reply, now) {
                    self.notice_clock(limits.now, now)?;
                    self.sync.session.limits = Some(limits);
                }
            }
            Asked::Challenge => {
                if let Some(challenge) = self.expect(reply, now) {
                    self.sync.session.login = Login::Challenged(challenge);
                }
            }
            Asked::Token => self.take_token(reply, now)?,
            Asked::Manifest => {
                if let Some(ManifestIs { manifest }) = self.expect(reply, now) {
                    self.take_manifest(&manifest)?;
                }
            }
            Asked::Keyring => {
                if let Some(KeyringIs { keyring }) = self.expect(reply, now) {
                    return self.take_keyring(&keyring);
                }
            }
            Asked::Pull => return self.pulled(reply, now),
            Asked::Push(sent) => return self.pushed(&sent, reply, now),
            Asked::Listed(manifest) => self.listed(&manifest, reply, now)?,
            Asked::Reworded => self.reworded(reply, now),
            Asked::Ringed(new) => self.ringed(*new, reply, now)?,
            Asked::Entrance => return self.entered(reply, now),
        }
        Ok(Vec::new())
    }

    fn take_token(&mut self, reply: &Reply, now: Instant) -> rusqlite::Result<()> {
        let session = &mut self.sync.session;
        match reply.read::<Token>() {
            Outcome::Done(token) => {
                session.login.take(&token, self.offset);
                session.refused = false;
                session.keyring_wanted = true;
                session.succeeded(now);
                // By this clock it has ended already: the clock has jumped since it was compared.
                if session.login.is_over(now) {
                    session.log_in_again();
                }
                self.vault_is_made()?;
            }
            // Here, and only here, it means that the device is not on the list (any more).
            Outcome::Refused(Refusal { code: Code::Unauthorized, .. }) if session.refused => {
                session.log_in_again();
                session.refused = false;
                if self.sync.vault.as_ref().is_some_and(|vault| vault.kept.made) {
                    session.stop(SyncTrouble::PutOut);
                } else {
                    session.entrance = Some(Entrance::Create);
                    session.stop(SyncTrouble::NotInvited);
                }
            }
            other => {
                session.log_in_again();
                session.refused = matches!(other, Outcome::Refused(_));
                self.not_done(&other, now);
            }
        }
        Ok(())
    }

    pub(super) fn take_manifest(&mut self, bytes: &[u8]) -> rusqlite::Result<()> {
        let Some(vault) = &mut self.sync.vault else { return Ok(()) };
        let (before, same) = (vault.ids(), vault.kept.manifest == bytes);
        match vault.take_manifest(bytes) {
            Ok(()) => {
                self.sync.listed += u32::from(!same);
                self.note_newcomers(&before)?;
                self.sync.session.manifest_read = true;
                self.keep_vault()?;
                self.manifest_is_known()
            }
            Err(error) => self.distrust(&error.to_string()).map(drop),
        }
    }

    fn take_keyring(&mut self, bytes: &[u8]) -> rusqlite::Result<Vec<Output>> {
        let Some(vault) = &mut self.sync.vault else { return Ok(Vec::new()) };
        let session = &mut self.sync.session;
        if session.ring_looks < RING_LOOKS_MAX && vault.has_strangers(bytes) {
            // Whoever joins is put on the list first: it was read before that.
            session.ring_looks += 1;
            session.manifest_read = false;
            return Ok(Vec::new());
        }
        session.ring_looks = 0;
        match vault.take_keyring(bytes, self.clock.device(), &mut self.sync.chance) {
            Ok(()) => {
                let session = &mut self.sync.session;
                session.keyring_wanted = false;
                session.ring_due = vault.is_ring_due();
                self.keep_vault()?;
                self.read_kept_aside()
            }
            Err(_) if vault.is_replaced(self.clock.device()) => {
                self.sync.session.stop(SyncTrouble::PutOut);
                Ok(Vec::new())
            }
            Err(error) => self.distrust(&error.to_string()),
        }
    }

    /// The body of a good answer; what any other answer means is seen to.
    pub(super) fn expect<T: Body>(&mut self, reply: &Reply, now: Instant) -> Option<T> {
        match reply.read::<T>() {
            Outcome::Done(body) => {
                self.sync.session.succeeded(now);
                Some(body)
            }
            other => {
                self.not_done(&other, now);
                None
            }
        }
    }

    pub(super) fn not_done<T>(&mut self, outcome: &Outcome<T>, now: Instant) {
        let chance = self.sync.chance.number();
        let session = &mut self.sync.session;
        match outcome {
            Outcome::Done(_) => {}
            Outcome::Later(least) => session.failed(now, *least, chance),
            Outcome::Unreachable => session.unreached(now, chance),
            Outcome::Blocked => session.stop(SyncTrouble::Blocked),
            Outcome::Refused(refusal) => match refusal.code {
                Code::Unauthorized => {
                    session.log_in_again();
                    session.failed(now, None, chance);
                }
                Code::Conflict => session.failed(now, None, chance),
                Code::QuotaFull => session.stop(SyncTrouble::Full),
                Code::RowTooLarge => session.stop(SyncTrouble::TooLarge),
                Code::Version => session.stop(SyncTrouble::Version),
                Code::NotInvited => session.stop(SyncTrouble::NotInvited),
                _ => session.stop(SyncTrouble::Refused(refusal.text.clone())),
            },
        }
    }

    /// Compares this device's clock with the sequencer's: stamps that are too far ahead would be
    /// refused, and would win over everything for as long.
    pub(super) fn notice_clock(&mut self, server: u64, now: Instant) -> rusqlite::Result<()> {
        let server = i64::try_from(server).unwrap_or(i64::MAX);
        let ahead = now.0.saturating_sub(server);
        let offset = if ahead > OFFSET_LEAST_MS { -ahead } else { 0 };
        if (offset - self.offset).abs() < OFFSET_LEAST_MS {
            return Ok(());
        }
        self.offset = offset;
        let writer = self.store.write()?;
        writer.set_clock_offset(offset)?;
        writer.commit_with_clock(&self.clock)
    }

    pub(super) fn keep_vault(&mut self) -> rusqlite::Result<()> {
        let bytes = self.sync.vault.as_ref().map(Vault::to_bytes);
        let writer = self.store.write()?;
        writer.set_vault(bytes.as_deref())?;
        writer.commit_with_clock(&self.clock)
    }
}
