//! Making a vault, and joining one by the recovery words.

use super::{Asked, Begun, Joining, Vault};
use crate::date::Instant;
use crate::engine::{Engine, Output, failure};
use crate::id::VaultId;
use crate::message::{Failure, SyncTrouble};
use crate::seal::Recovery;
use crate::session::{Entrance, Method, Outcome, Reply};
use crate::wire::{
    self, AskChallenge, AskToken, Body, Code, CreateVault, Created, Cursor, Done, Hash, KeyringIs,
    ManifestIs, PublicKey, PutKeyring, PutManifest, Refusal, Signature, Token, Who,
};

impl Engine {
    /// Makes a vault with new keys. It is kept here first, so that nothing is lost if the answer
    /// of the sequencer is.
    pub(super) fn create_vault(&mut self, server: String, invitation: &str, name: &str) -> Begun {
        self.may_enter()?;
        let invitation = read_invitation(invitation)?;
        let device = self.clock.device();
        let made = Vault::create(server, invitation, device, name, &mut self.sync.chance);
        let vault = made.map_err(|error| Failure::Invalid(error.to_string()))?;
        self.take_vault(vault).map_err(|error| failure(&error))?;
        self.sync.session = self.sync.session.successor().with_vault();
        self.sync.session.entrance = Some(Entrance::Create);
        Ok(Vec::new())
    }

    pub(super) fn join_vault(&mut self, server: String, words: &str, name: String) -> Begun {
        self.may_enter()?;
        let recovery = Recovery::from_words(words);
        let recovery = recovery.map_err(|error| Failure::Invalid(error.to_string()))?;
        let words = recovery.words();
        self.sync.session = self.sync.session.successor().with_vault();
        self.sync.session.entrance = Some(Entrance::Prove { words: words.clone() });
        self.sync.joining = Some(Joining { server, name, vault: None, ring: Hash::NOTHING, words });
        Ok(Vec::new())
    }

    /// The words are on paper now, and no longer here.
    pub(super) fn forget_words(&mut self) -> Begun {
        if let Some(vault) = &mut self.sync.vault {
            vault.kept.words = None;
            self.keep_vault().map_err(|error| failure(&error))?;
        }
        Ok(Vec::new())
    }

    pub(super) fn may_enter(&self) -> Result<(), Failure> {
        if self.sync.vault.is_some() {
            let why = "this device is in a vault already: leave that one first";
            return Err(Failure::Invalid(why.into()));
        }
        if self.sync.chance.seed.is_none() {
            let why = "the browser gives no random numbers, so no keys can be made";
            return Err(Failure::Invalid(why.into()));
        }
        Ok(())
    }

    /// The next request on the way into a vault.
    pub(super) fn enter(&mut self) -> Vec<Output> {
        let Some(entrance) = self.sync.session.entrance.clone() else { return Vec::new() };
        match entrance {
            Entrance::Create => self.ask_to_create(),
            Entrance::Prove { words } => {
                let Ok(recovery) = Recovery::from_words(&words) else { return Vec::new() };
                let who = Who::Recovery { id: recovery.id() };
                self.ask_entrance(
                    Method::Post,
                    "/v1/challenge",
                    None,
                    AskChallenge { who }.encode(),
                )
            }
            Entrance::Sign { words, challenge } => self.sign_as_recovery(&words, &challenge),
            Entrance::Open { token, .. } => {
                self.ask_entrance(Method::Get, "/v1/keyring", Some(token), Vec::new())
            }
            Entrance::Enlist { token } => {
                self.ask_entrance(Method::Get, "/v1/manifest", Some(token), Vec::new())
            }
            Entrance::PutManifest { token, expected, manifest } => {
                let body = PutManifest { expected, manifest }.encode();
                self.ask_entrance(Method::Put, "/v1/manifest", Some(token), body)
            }
            Entrance::PutKeyring { token } => {
                let Some(joining) = &self.sync.joining else { return Vec::new() };
                let Some(vault) = &joining.vault else { return Vec::new() };
                let keyring = vault.kept.keyring.clone();
                let body = PutKeyring { keyring, expected: joining.ring }.encode();
                self.ask_entrance(Method::Put, "/v1/keyring", Some(token), body)
            }
        }
    }

    fn ask_entrance(
        &mut self,
        method: Method,
        path: &str,
        token: Option<String>,
        body: Vec<u8>,
    ) -> Vec<Output> {
        self.ask_as(Asked::Entrance, method, path, token, body)
    }

    fn ask_to_create(&mut self) -> Vec<Output> {
        let Some(vault) = &self.sync.vault else { return Vec::new() };
        let kept = &vault.kept;
        let recovery = wire::Recovery {
            id: crate::id::RecoveryId(kept.recovery_id),
            key: PublicKey(kept.recovery_key),
        };
        let body = CreateVault {
            invitation: kept.invitation.clone(),
            vault: vault.id(),
            manifest: kept.manifest.clone(),
            recovery,
            keyring: kept.keyring.clone(),
        };
        self.ask_entrance(Method::Post, "/v1/vaults", None, body.encode())
    }

    fn sign_as_recovery(&mut self, words: &str, challenge: &wire::Challenge) -> Vec<Output> {
        let (Ok(recovery), Some(limits)) = (Recovery::from_words(words), &self.sync.session.limits)
        else {
            return Vec::new();
        };
        let who = Who::Recovery { id: recovery.id() };
        let challenge = challenge.challenge;
        let signature = recovery.sign_login(&limits.server.0, &challenge.0, &who.to_bytes());
        let body = AskToken { who, challenge, signature: Signature(signature) }.encode();
        self.ask_entrance(Method::Post, "/v1/token", None, body)
    }

    /// The answer on the way into a vault, and what comes after it.
    pub(super) fn entered(&mut self, reply: &Reply, now: Instant) -> rusqlite::Result<Vec<Output>> {
        let Some(entrance) = self.sync.session.entrance.clone() else { return Ok(Vec::new()) };
        if self.has_to_prove_again(&entrance, reply) {
            let words = self.sync.joining.as_ref().map(|joining| joining.words.clone());
            self.sync.session.entrance = words.map(|words| Entrance::Prove { words });
            self.not_done(&reply.read::<Done>(), now);
            return Ok(Vec::new());
        }
        let next = match entrance {
            Entrance::Create => return self.created(reply, now),
            Entrance::Prove { words } => {
                self.expect(reply, now).map(|challenge| Entrance::Sign { words, challenge })
            }
            Entrance::Sign { words, .. } => self.proven(words, reply, now),
            Entrance::Open { words, token, vault } => self.opened(&words, token, vault, reply, now),
            Entrance::Enlist { token } => self.enlisted(token, reply, now),
            Entrance::PutManifest { token, .. } => match reply.read::<Done>() {
                Outcome::Refused(Refusal { code: Code::Conflict, .. }) => {
                    Some(Entrance::Enlist { token })
                }
                _ => self.expect::<Done>(reply, now).map(|_| Entrance::PutKeyring { token }),
            },
            Entrance::PutKeyring { .. } => return self.joined(reply, now),
        };
        if let Some(next) = next {
            self.sync.session.entrance = Some(next);
        }
        Ok(Vec::new())
    }

    /// Whether the way in has to begin anew: the token has ended, another device was first with
    /// its key ring, or an answer was lost and the ring in force is the one of that attempt. A
    /// proof that is refused may have been one whose answer was lost, and is tried once more.
    fn has_to_prove_again(&mut self, entrance: &Entrance, reply: &Reply) -> bool {
        let Outcome::Refused(refusal) = reply.read::<Done>() else { return false };
        match (entrance, refusal.code) {
            (Entrance::Create | Entrance::Prove { .. }, _) => false,
            (Entrance::Sign { .. }, Code::Unauthorized) => {
                !std::mem::replace(&mut self.sync.session.refused, true)
            }
            (_, Code::Unauthorized) | (Entrance::PutKeyring { .. }, Code::Conflict) => true,
            _ => false,
        }
    }

    fn created(&mut self, reply: &Reply, now: Instant) -> rusqlite::Result<Vec<Output>> {
        match reply.read::<Created>() {
            // Made by an attempt whose answer was lost? Logging in will tell.
            Outcome::Done(_)
            | Outcome::Refused(Refusal { code: Code::Exists | Code::NotInvited, .. }) => {
                self.sync.session.entrance = None;
                self.sync.session.succeeded(now);
            }
            other => self.not_done(&other, now),
        }
        Ok(Vec::new())
    }

    /// This device has logged in, so the vault is there.
    pub(super) fn vault_is_made(&mut self) -> rusqlite::Result<()> {
        match &mut self.sync.vault {
            Some(vault) if !vault.kept.made => {
                vault.kept.made = true;
                vault.kept.invitation.clear();
                self.keep_vault()
            }
            _ => Ok(()),
        }
    }

    fn proven(&mut self, words: String, reply: &Reply, now: Instant) -> Option<Entrance> {
        if let Outcome::Refused(Refusal { code: Code::Unauthorized, .. }) = reply.read::<Token>() {
            self.give_up_joining(SyncTrouble::UnknownWords);
            return None;
        }
        let token: Token = self.expect(reply, now)?;
        Some(Entrance::Open { words, token: token.token.to_hex(), vault: token.vault })
    }

    fn opened(
        &mut self,
        words: &str,
        token: String,
        vault: VaultId,
        reply: &Reply,
        now: Instant,
    ) -> Option<Entrance> {
        let KeyringIs { keyring } = self.expect(reply, now)?;
        let device = self.clock.device();
        let recovery = Recovery::from_words(words).ok()?;
        let joining = self.sync.joining.as_mut()?;
        let server = joining.server.clone();
        let chance = &mut self.sync.chance;
        match Vault::join(server, &recovery, vault, &keyring, device, chance) {
            Ok(vault) => {
                joining.vault = Some(vault);
                joining.ring = Hash::of(&keyring);
                Some(Entrance::Enlist { token })
            }
            Err(error) => {
                self.give_up_joining(SyncTrouble::Untrusted(error.to_string()));
                None
            }
        }
    }

    fn enlisted(&mut self, token: String, reply: &Reply, now: Instant) -> Option<Entrance> {
        let ManifestIs { manifest } = self.expect(reply, now)?;
        let device = self.clock.device();
        let joining = self.sync.joining.as_mut()?;
        let vault = joining.vault.as_mut()?;
        let chance = &mut self.sync.chance;
        let taken = vault.take_manifest(&manifest);
        match taken.and_then(|()| vault.enlist(device, &joining.name, chance)) {
            Ok((expected, manifest)) => Some(Entrance::PutManifest { token, expected, manifest }),
            Err(error) => {
                self.give_up_joining(SyncTrouble::Untrusted(error.to_string()));
                None
            }
        }
    }

    fn joined(&mut self, reply: &Reply, now: Instant) -> rusqlite::Result<Vec<Output>> {
        if self.expect::<Done>(reply, now).is_none() {
            return Ok(Vec::new());
        }
        let vault = self.sync.joining.take().and_then(|joining| joining.vault);
        self.sync.session.entrance = None;
        self.sync.session.refused = false;
        if let Some(vault) = vault {
            self.take_vault(vault)?;
        }
        Ok(Vec::new())
    }

    fn give_up_joining(&mut self, trouble: SyncTrouble) {
        self.sync.joining = None;
        self.sync.session.entrance = None;
        self.sync.session.stop(trouble);
    }

    /// From now on this is the vault, and everything here is offered to it.
    fn take_vault(&mut self, vault: Vault) -> rusqlite::Result<()> {
        self.take_vault_with(vault, None)
    }

    /// The same, with how far its log goes at least.
    pub(super) fn take_vault_with(
        &mut self,
        vault: Vault,
        promise: Option<&Cursor>,
    ) -> rusqlite::Result<()> {
        let promise = promise.filter(|promise| promise.sequence > 0);
        let writer = self.store.write()?;
        writer.set_promise(promise)?;
        writer.set_vault(Some(&vault.to_bytes()))?;
        writer.set_cursor(&Cursor::START)?;
        writer.offer_all()?;
        writer.commit_with_clock(&self.clock)?;
        self.store.synced = true;
        self.sync.promise = promise.copied();
        self.sync.vault = Some(vault);
        Ok(())
    }
}

/// The bytes of an invitation: of the link that the sequencer printed, or what stands behind `=`.
fn read_invitation(text: &str) -> Result<Vec<u8>, Failure> {
    let digits = text.trim().rsplit('=').next().unwrap_or_default();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = digits.as_bytes().chunks(2).map(pair).collect();
    bytes.filter(|bytes| !bytes.is_empty() && digits.len().is_multiple_of(2)).ok_or_else(|| {
        let why = "this is not an invitation: copy the whole link that the server printed";
        Failure::Invalid(why.into())
    })
}
