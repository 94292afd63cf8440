//! Syncing: the session is asked what to do next, the store and the keys give what is sent and
//! take what comes, and everything that goes out is an [`Output`].

mod answers;
mod enter;
mod guests;
mod leave;
mod files;
mod link;
mod pull;
mod push;
mod status;
mod vault;
mod words;

pub(super) use pull::NAMED_MAX;

use super::{Engine, Output};
use crate::clock::Stamp;
use crate::date::Instant;
use crate::id::DeviceId;
use crate::message::{Answer, Device, Failure, SyncCommand, SyncStatus, SyncTrouble};
use crate::seal::Chance;
use crate::session::{Entrance, Live, Login, Method, Reply, Request, Session, Step};
use crate::wire::{AskChallenge, AskToken, Body, Cursor, Frames, Hash, Nudge, Signature, Who};
use link::{Link, ListChange};
use std::collections::BTreeSet;
use vault::{NewRing, Vault};

/// What a command begins: the first outputs, or why it was not begun.
type Begun = Result<Vec<Output>, Failure>;

/// What the engine knows of the sync.
#[derive(Default)]
pub(super) struct Sync {
    vault: Option<Vault>,
    pub(super) session: Session,
    /// The vault that is being joined.
    joining: Option<Joining>,
    frames: Frames,
    /// What was asked last: its answer is read as that.
    asked: Option<Asked>,
    chance: Seeded,
    told: Option<SyncStatus>,
    /// A copy of this device has written something.
    copied: bool,
    /// Photos and files, beside the words.
    pub(super) lane: files::Lane,
    /// Guests, beside both.
    desk: guests::Desk,
    /// A new device that is let in, or this one.
    link: Link,
    /// How the list of devices is to be changed.
    list_changes: Vec<ListChange>,
    /// Devices that came to the vault and were not looked at yet.
    newcomers: BTreeSet<DeviceId>,
    /// Counts changes of the list of devices.
    listed: u32,
    /// How far the log goes at least.
    promise: Option<Cursor>,
}

/// What is known while a vault is being joined.
struct Joining {
    server: String,
    /// What this device is called.
    name: String,
    vault: Option<Vault>,
    /// Of the key ring that is to be replaced.
    ring: Hash,
    words: String,
}

/// What an answer is the answer to.
enum Asked {
    Limits,
    Challenge,
    Token,
    Manifest,
    Keyring,
    Pull,
    Push(Vec<(crate::store::RowKey, Stamp)>),
    /// A list of devices that this one made.
    Listed(Vec<u8>),
    Ringed(Box<NewRing>),
    Reworded,
    Entrance,
}

/// Random bytes out of a seed that the platform gave: BLAKE3's stream of it.
#[derive(Default)]
struct Seeded {
    seed: Option<[u8; 32]>,
    drawn: u64,
}

impl Chance for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        let mut hasher = blake3::Hasher::new_keyed(&self.seed.unwrap_or_default());
        hasher.update(&self.drawn.to_be_bytes());
        hasher.finalize_xof().fill(bytes);
        self.drawn += 1;
    }
}

impl Seeded {
    fn number(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        u32::from_be_bytes(bytes)
    }
}

impl Engine {
    /// Opens the vault that is kept, if there is one.
    pub(super) fn open_vault(&mut self) -> rusqlite::Result<()> {
        let Some(bytes) = self.store.vault()? else {
            self.store.synced = self.store.was_in_vault()?;
            return Ok(());
        };
        // Also without its keys: what is written now has to be sent when they are there again.
        self.store.synced = true;
        let Some(vault) = Vault::open(&bytes, self.clock.device()) else {
            self.sync.session.stop(SyncTrouble::NoKeys);
            return Ok(());
        };
        self.offset = self.store.clock_offset()?;
        self.sync.session = Session::new();
        self.sync.session.going = self.store.going()?;
        self.sync.copied = self.store.is_copied()?;
        self.sync.newcomers = self.store.newcomers()?;
        self.sync.promise = self.store.promise()?;
        if !vault.kept.made {
            self.sync.session.entrance = Some(Entrance::Create);
        }
        self.sync.vault = Some(vault);
        // Nobody looks yet.
        self.read_kept_aside().map(drop)
    }

    /// Random bytes from the platform; before them no vault can be made or joined.
    pub(super) fn take_seed(&mut self, seed: [u8; 32]) {
        self.sync.chance = Seeded { seed: Some(seed), drawn: 0 };
    }

    pub(super) fn sync_command(
        &mut self,
        command: SyncCommand,
        now: Instant,
    ) -> (Result<Answer, Failure>, Vec<Output>) {
        let done = match command {
            SyncCommand::Create { server, invitation, device } => {
                self.create_vault(server, &invitation, &device, now)
            }
            SyncCommand::Join { server, words, device } => self.join_vault(server, &words, device),
            SyncCommand::WordsChecked => self.forget_words(),
            SyncCommand::Now => {
                self.sync.session.hurry();
                Ok(Vec::new())
            }
            SyncCommand::CopySettled => self.settle_copy(),
            SyncCommand::Leave => self.leave_vault(),
            SyncCommand::PutOut { device } => self.put_out(device),
            SyncCommand::Guests(command) => {
                return (self.guests_command(command, now), self.drive(now));
            }
            SyncCommand::Rename { device, name } => self.rename(device, &name),
            SyncCommand::NewWords => self.make_new_words(),
            SyncCommand::NewcomersSeen => self.newcomers_seen(),
            SyncCommand::Link(command) => self.link_command(command, now),
        };
        match done {
            Ok(mut outputs) => {
                outputs.extend(self.drive(now));
                (Ok(Answer::Done), outputs)
            }
            Err(failure) => (Err(failure), Vec::new()),
        }
    }

    pub(super) fn devices(&self) -> Vec<Device> {
        let (this, going) = (self.clock.device(), &self.sync.session.going);
        let devices = self.sync.vault.as_ref().map(|vault| vault.devices(this, going));
        let mut devices = devices.unwrap_or_default();
        // Without these the list is still a list.
        let wrote = self.store.last_written().unwrap_or_default();
        for device in &mut devices {
            let last = wrote.iter().find(|(id, _)| *id == device.id);
            device.wrote_at = last.map(|(_, at)| *at);
        }
        devices
    }

    /// The recovery words, as long as they are to be written down.
    pub(super) fn words(&self) -> Option<String> {
        self.sync.vault.as_ref()?.kept.words.clone()
    }

    /// How many rows are to be sent; none where there is no vault to send them to.
    fn unsent(&self) -> rusqlite::Result<u32> {
        if self.sync.vault.is_some() { self.store.waiting() } else { Ok(0) }
    }

    /// Takes the answer of a request.
    pub(super) fn fetched(&mut self, number: u64, reply: &Reply, now: Instant) -> Vec<Output> {
        let beside = self
            .fetched_file(number, reply, now)
            .or_else(|| self.fetched_guests(number, reply, now));
        if let Some(done) = beside {
            let mut outputs = done.unwrap_or_else(|error| self.idle_failed(&error));
            outputs.extend(self.drive(now));
            return outputs;
        }
        if let Some(outputs) = self.fetched_link(number, reply, now) {
            return outputs;
        }
        if !self.sync.session.take(number) {
            return Vec::new();
        }
        let Some(asked) = self.sync.asked.take() else { return Vec::new() };
        let mut outputs = match self.take_answer(asked, reply, now) {
            Ok(outputs) => outputs,
            Err(error) if crate::store::is_damage(&error) => return vec![Output::Reopen],
            Err(_) => {
                let chance = self.sync.chance.number();
                // The person is told of a full disk by the saves.
                self.sync.session.failed(now, Some(30), chance);
                Vec::new()
            }
        };
        outputs.extend(self.drive(now));
        outputs
    }

    /// Takes a piece of the live stream; `None` is its end.
    pub(super) fn heard(&mut self, number: u64, piece: Option<&[u8]>, now: Instant) -> Vec<Output> {
        if !self.sync.session.hears(number, now) {
            return Vec::new();
        }
        let Some(piece) = piece else {
            // An end does not say why; a refused token, for one, is told to the next request.
            self.sync.session.pull_wanted = true;
            let chance = self.sync.chance.number();
            self.sync.session.unreached(now, chance);
            return self.drive(now);
        };
        self.sync.frames.feed(piece);
        loop {
            match self.sync.frames.next_frame() {
                Ok(Some(Nudge::Head(head))) => {
                    let read = self.store.cursor().map_or(0, |cursor| cursor.sequence);
                    self.sync.session.pull_wanted |= head != read;
                    self.sync.session.succeeded(now);
                }
                Ok(Some(Nudge::StillHere)) => {}
                Ok(None) => break,
                Err(_) => {
                    self.sync.session.live = Live::Closed;
                    let mut outputs = vec![Output::Unlisten];
                    outputs.extend(self.drive(now));
                    return outputs;
                }
            }
        }
        self.drive(now)
    }

    /// Asks the session what to do, does it, and tells the screens how it stands.
    pub(super) fn drive(&mut self, now: Instant) -> Vec<Output> {
        // What the storage refused now is tried again: nothing else would wake this session.
        let again = || vec![Output::SyncAt { after_ms: 30_000 }];
        let Ok(waiting) = self.unsent() else { return again() };
        let mut outputs = self.step(now, waiting > 0).unwrap_or_else(|_| again());
        if waiting == 0 {
            outputs.extend(self.drive_files(now).unwrap_or_default());
        }
        outputs.extend(self.drive_guests(now, waiting == 0));
        outputs.extend(self.drive_link(now));
        outputs.extend(self.tell_status(waiting));
        outputs
    }

    /// The same after an edit: all outputs are given together, so what was written is sealed in an
    /// input of its own, and the answer of the edit does not wait for it.
    pub(super) fn drive_soon(&mut self, now: Instant) -> Vec<Output> {
        match self.unsent() {
            Ok(waiting) if self.pushes_next(now, waiting) => {
                self.sync.session.wish(0);
                let come_back = Output::SyncAt { after_ms: 0 };
                [come_back].into_iter().chain(self.tell_status(waiting)).collect()
            }
            _ => self.drive(now),
        }
    }

    fn pushes_next(&self, now: Instant, waiting: u32) -> bool {
        waiting > 0 && self.sync.session.next(now, true) == Step::Push
    }

    fn step(&mut self, now: Instant, waiting: bool) -> rusqlite::Result<Vec<Output>> {
        if self.sync.vault.is_none() && self.sync.session.entrance.is_none() {
            return Ok(Vec::new());
        }
        let step = self.sync.session.next(now, waiting);
        if self.sync.session.has_left_in_vain(step) {
            return self.leave_unheard();
        }
        Ok(match step {
            Step::Enter => self.enter(),
            Step::AskLimits => self.ask(Asked::Limits, Method::Get, "/v1/limits", Vec::new()),
            Step::AskChallenge => {
                let who = self.who();
                self.ask(
                    Asked::Challenge,
                    Method::Post,
                    "/v1/challenge",
                    AskChallenge { who }.encode(),
                )
            }
            Step::AskToken => self.ask_token(),
            Step::ReadManifest => {
                self.ask(Asked::Manifest, Method::Get, "/v1/manifest", Vec::new())
            }
            Step::Relist => self.ask_to_relist()?,
            Step::Retire => self.ask_to_retire()?,
            Step::RenewRing => self.ask_for_new_ring()?,
            Step::ReadKeyring => self.ask(Asked::Keyring, Method::Get, "/v1/keyring", Vec::new()),
            Step::Pull => self.ask_pull()?,
            Step::Push => self.ask_push()?,
            Step::Listen => self.listen(now),
            Step::Wait(after_ms) => {
                self.sync.session.wish(after_ms);
                vec![Output::SyncAt { after_ms }]
            }
            Step::Rest => Vec::new(),
        })
    }

    fn ask(&mut self, asked: Asked, method: Method, path: &str, body: Vec<u8>) -> Vec<Output> {
        let token = self.sync.session.login.token();
        self.ask_as(asked, method, path, token, body)
    }

    fn ask_as(
        &mut self,
        asked: Asked,
        method: Method,
        path: &str,
        token: Option<String>,
        body: Vec<u8>,
    ) -> Vec<Output> {
        let url = [self.server(), path].concat();
        self.sync.asked = Some(asked);
        let number = self.sync.session.begin();
        vec![Output::Fetch { number, request: Request { method, url, token, body } }]
    }

    fn server(&self) -> &str {
        let joined = self.sync.joining.as_ref().map_or("", |joining| &joining.server);
        self.sync.vault.as_ref().map_or(joined, |vault| &vault.kept.server)
    }

    fn who(&self) -> Who {
        let device: DeviceId = self.clock.device();
        let vault = self.sync.vault.as_ref().map_or(crate::id::VaultId([0; 16]), Vault::id);
        Who::Device { vault, device }
    }

    fn ask_token(&mut self) -> Vec<Output> {
        let who = self.who();
        let (Some(vault), Some(limits), Login::Challenged(challenge)) =
            (&self.sync.vault, &self.sync.session.limits, &self.sync.session.login)
        else {
            return Vec::new();
        };
        let challenge = challenge.challenge;
        let signature = vault.device.sign_login(&limits.server.0, &challenge.0, &who.to_bytes());
        let body = AskToken { who, challenge, signature: Signature(signature) }.encode();
        self.ask(Asked::Token, Method::Post, "/v1/token", body)
    }

    fn listen(&mut self, now: Instant) -> Vec<Output> {
        let number = self.sync.session.begin_listening(now);
        self.sync.frames = Frames::default();
        let url = [self.server(), "/v1/live"].concat();
        let token = self.sync.session.login.token();
        let request = Request { method: Method::Get, url, token, body: Vec::new() };
        // When everything is the same here and there, that is worth remembering.
        let _ = self.store.write().and_then(|writer| {
            writer.set_synced_at(now.0)?;
            writer.commit_with_clock(&self.clock)
        });
        self.sync.session.wish(60_000);
        vec![Output::Listen { number, request }, Output::SyncAt { after_ms: 60_000 }]
    }
}
