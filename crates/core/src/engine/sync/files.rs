//! Photos and files, to and from the sequencer: beside the session, one part at a time, and only
//! while no word waits to be sent or fetched.
//!
//! Small pictures are fetched by themselves, whole files when somebody looks at them. What is here
//! is offered once: the sequencer says how much of it is there, and gets the rest, so a line that
//! breaks costs one part. A file that nothing leads to any more is dropped there before it is here.

use crate::date::Instant;
use crate::engine::{Engine, Output};
use crate::id::FileHash;
use crate::message::{Changed, Event, PIECE_BYTES};
use crate::seal::Part;
use crate::session::{Method, Outcome, Reply, Request};
use crate::wire::{AskFile, AskPart, Body, Code, Done, DropFile, FileIs, PartIs, PutPart, Refusal};
use std::collections::BTreeMap;

/// How long the lane rests after a request that came to nothing.
const PAUSE_MS: u32 = 30_000;

/// What is known between two requests.
#[derive(Default)]
pub(in crate::engine) struct Lane {
    under_way: Option<(u64, Job)>,
    /// Files that somebody looks at, the last one first.
    wanted: Vec<FileHash>,
    /// The file that is being sent, and how many of its parts are there.
    sending: Option<(FileHash, u64)>,
    /// What the sequencer does not have yet, or not as it should, and when it is asked for again.
    missing: BTreeMap<FileHash, Instant>,
    /// The vault has no room for more.
    pub(in crate::engine) full: bool,
    /// Not before then.
    until: Option<Instant>,
    /// There was nothing to do, and nothing has happened since: a save must not wait for a look
    /// through ten thousand photos.
    quiet: bool,
}

impl Lane {
    /// It is not there: its device may still be sending it.
    fn miss(&mut self, hash: FileHash, now: Instant) {
        self.missing.insert(hash, Instant(now.0.saturating_add(i64::from(PAUSE_MS) - 1)));
    }

    /// Something happened to attachments.
    pub(in crate::engine) fn wake(&mut self) {
        self.quiet = false;
    }
}

/// What a request is about.
#[derive(Debug, Clone, Copy)]
enum Job {
    Ask(FileHash),
    Put(FileHash),
    Fetch { hash: FileHash, number: u32 },
    Drop(FileHash),
}

impl Engine {
    /// Somebody looks at a file that is not here.
    pub(in crate::engine) fn want_file(&mut self, hash: FileHash) {
        let lane = &mut self.sync.lane;
        lane.wanted.retain(|wanted| *wanted != hash);
        lane.wanted.push(hash);
        lane.missing.remove(&hash);
        lane.until = None;
        lane.wake();
    }

    /// Begins anew: it may be another sequencer, or the same with other things on it.
    pub(in crate::engine) fn forget_lane(&mut self) -> rusqlite::Result<()> {
        let wanted = std::mem::take(&mut self.sync.lane.wanted);
        self.sync.lane = Lane { wanted, ..Lane::default() };
        self.sync.desk = super::guests::Desk::default();
        self.store.forget_sent()
    }

    /// The next request, if the lane is free and the words are in step.
    pub(super) fn drive_files(&mut self, now: Instant) -> rusqlite::Result<Vec<Output>> {
        let lane = &self.sync.lane;
        let rests = lane.until.is_some_and(|until| is_ahead(until, now));
        if lane.quiet || lane.under_way.is_some() || rests || !self.sync.session.is_in_step() {
            return Ok(Vec::new());
        }
        let Some((job, path, body)) = self.next_job(now)? else {
            if !self.sync.lane.missing.is_empty() {
                return Ok(self.pause(now));
            }
            self.sync.lane.quiet = self.sync.lane.sending.is_none();
            return Ok(Vec::new());
        };
        let (number, output) = self.ask_beside(Method::Post, path, body);
        self.sync.lane.under_way = Some((number, job));
        Ok(vec![output])
    }

    /// A request beside those of the session, and its number.
    pub(super) fn ask_beside(
        &mut self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> (u64, Output) {
        let number = self.sync.session.begin_beside();
        let (url, token) = ([self.server(), path].concat(), self.sync.session.login.token());
        (number, Output::Fetch { number, request: Request { method, url, token, body } })
    }

    fn next_job(&mut self, now: Instant) -> rusqlite::Result<Option<(Job, &'static str, Vec<u8>)>> {
        if let Some(hash) = self.next_to_fetch(now)? {
            let number = self.store.file(hash)?.pieces;
            let Some(vault) = &self.sync.vault else { return Ok(None) };
            let ask = AskPart { address: vault.keys.file_address(hash), number: number.into() };
            return Ok(Some((Job::Fetch { hash, number }, "/v1/files/fetch", ask.encode())));
        }
        if let Some((hash, there)) = self.sync.lane.sending {
            return self.put_part(hash, there);
        }
        if !self.sync.lane.full
            && let Some(hash) = self.store.next_unsent()?
        {
            let Some(vault) = &self.sync.vault else { return Ok(None) };
            let ask = AskFile { address: vault.keys.file_address(hash) };
            return Ok(Some((Job::Ask(hash), "/v1/files/ask", ask.encode())));
        }
        let Some(hash) = self.store.next_to_drop(now)? else { return Ok(None) };
        let Some(vault) = &self.sync.vault else { return Ok(None) };
        let ask = DropFile { address: vault.keys.file_address(hash) };
        Ok(Some((Job::Drop(hash), "/v1/files/drop", ask.encode())))
    }

    /// What somebody looks at, or else a small picture that is not here.
    fn next_to_fetch(&mut self, now: Instant) -> rusqlite::Result<Option<FileHash>> {
        let mut wanted = std::mem::take(&mut self.sync.lane.wanted);
        let mut whole = Ok(());
        wanted.retain(|hash| match self.store.file(*hash) {
            Ok(state) => !state.whole,
            Err(error) => {
                whole = Err(error);
                true
            }
        });
        self.sync.lane.wanted = wanted;
        whole?;
        let lane = &self.sync.lane;
        let due = |hash: &FileHash| lane.missing.get(hash).is_none_or(|at| !is_ahead(*at, now));
        if let Some(hash) = lane.wanted.iter().rev().copied().find(due) {
            return Ok(Some(hash));
        }
        Ok(self.store.absent_thumbs(lane.missing.len() + 1)?.into_iter().find(due))
    }

    fn put_part(
        &mut self,
        hash: FileHash,
        there: u64,
    ) -> rusqlite::Result<Option<(Job, &'static str, Vec<u8>)>> {
        let (parts, number) = (self.store.file(hash)?.pieces, u32::try_from(there).unwrap_or(0));
        let piece = self.store.piece(hash, number)?;
        let (Some(vault), Some(piece)) = (&self.sync.vault, piece) else {
            self.sync.lane.sending = None;
            return Ok(None);
        };
        let Ok(sealed) = vault.keys.seal_part(Part { hash, number, parts }, &piece) else {
            self.sync.lane.sending = None;
            return Ok(None);
        };
        let address = vault.keys.file_address(hash);
        let put = PutPart { address, parts: parts.into(), number: there, sealed };
        Ok(Some((Job::Put(hash), "/v1/files/part", put.encode())))
    }

    /// Takes the answer of a request of this lane; `None` if it was none.
    pub(super) fn fetched_file(
        &mut self,
        number: u64,
        reply: &Reply,
        now: Instant,
    ) -> Option<rusqlite::Result<Vec<Output>>> {
        let (_, job) = self.sync.lane.under_way.take_if(|(asked, _)| *asked == number)?;
        Some(match job {
            Job::Ask(hash) | Job::Put(hash) => self.told_of(hash, reply, now),
            Job::Fetch { hash, number } => self.take_part(hash, number, reply, now),
            Job::Drop(hash) => match reply.read::<Done>() {
                Outcome::Done(_) => self.store.set_sent(hash, false).map(|()| Vec::new()),
                other => self.rest(&other, now),
            },
        })
    }

    /// How much of a file is there now.
    fn told_of(
        &mut self,
        hash: FileHash,
        reply: &Reply,
        now: Instant,
    ) -> rusqlite::Result<Vec<Output>> {
        let pieces = u64::from(self.store.file(hash)?.pieces);
        match reply.read::<FileIs>() {
            Outcome::Done(FileIs { there, parts }) if there == parts && parts > 0 => {
                self.sync.lane.sending = None;
                self.store.set_sent(hash, true)?;
                Ok(Vec::new())
            }
            Outcome::Done(FileIs { there, parts }) if parts == 0 || parts == pieces => {
                self.sync.lane.sending = Some((hash, there));
                Ok(Vec::new())
            }
            Outcome::Refused(Refusal { code: Code::Conflict, detail, .. }) if detail < pieces => {
                self.sync.lane.sending = Some((hash, detail));
                Ok(Vec::new())
            }
            Outcome::Refused(Refusal { code: Code::QuotaFull, .. }) => {
                self.sync.lane.sending = None;
                self.sync.lane.full = true;
                Ok(Vec::new())
            }
            other => {
                self.sync.lane.sending = None;
                self.rest(&other, now)
            }
        }
    }

    fn take_part(
        &mut self,
        hash: FileHash,
        number: u32,
        reply: &Reply,
        now: Instant,
    ) -> rusqlite::Result<Vec<Output>> {
        let part = match reply.read::<PartIs>() {
            Outcome::Done(part) => part,
            Outcome::Refused(_) => {
                self.sync.lane.miss(hash, now);
                return Ok(Vec::new());
            }
            other => return self.rest(&other, now),
        };
        let parts = u32::try_from(part.parts).unwrap_or(0);
        let Some(vault) = &self.sync.vault else { return Ok(Vec::new()) };
        let opened = vault.keys.open_part(Part { hash, number, parts }, &part.sealed);
        let last = number + 1 == parts;
        // What cannot be opened, or is not what its hash says, is as good as not there.
        let kept = match opened {
            Ok(bytes) if bytes.len() <= PIECE_BYTES => {
                self.put_piece(hash, number, last, &bytes, now).is_ok()
            }
            _ => false,
        };
        if !kept {
            self.sync.lane.miss(hash, now);
            return Ok(Vec::new());
        }
        if !last {
            return Ok(Vec::new());
        }
        self.sync.lane.missing.remove(&hash);
        self.store.set_sent(hash, true)?;
        let changed = Changed { attachments: true, ..Changed::default() };
        Ok(vec![Output::Broadcast(Event::Changed(changed))])
    }

    /// It came to nothing: the lane rests a while. A token that is not good any more is the
    /// session's affair.
    fn rest<T>(&mut self, outcome: &Outcome<T>, now: Instant) -> rusqlite::Result<Vec<Output>> {
        if let Outcome::Refused(Refusal { code: Code::Unauthorized, .. }) = outcome {
            self.sync.session.log_in_again();
        }
        Ok(self.pause(now))
    }

    fn pause(&mut self, now: Instant) -> Vec<Output> {
        self.sync.lane.until = Some(Instant(now.0.saturating_add(PAUSE_MS.into())));
        self.sync.session.wish(PAUSE_MS);
        vec![Output::SyncAt { after_ms: PAUSE_MS }]
    }
}

/// Whether a time is still to come; not if the clock was set back since it was set.
fn is_ahead(at: Instant, now: Instant) -> bool {
    at > now && at.0.saturating_sub(now.0) <= PAUSE_MS.into()
}
