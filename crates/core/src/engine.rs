//! The engine: takes inputs with the time at which they came, gives outputs; nothing else happens.
//!
//! ```text
//! Request ─▶ edit: stamp ─▶ change ─▶ row, clock and request in one transaction ─▶ Answer + Event
//!        ╰▶ query ─────────────────────────────────────────────────────────────▶ Answer
//! Idle    ─▶ index a slice, write the log back, look for damage ─▶ Wake, until all is done
//! ```

mod edit;
mod files;
mod import;
mod prompts;
mod query;
mod sync;
mod together;

use crate::clock::Clock;
use crate::date::{Instant, Zones};
use crate::id::{DeviceId, RequestId};
use crate::message::{self, Answer, Changed, Command, Condition, Event, Failure, Recovered};
use crate::session::{Reply, Request};
use crate::store::{Folder, OpenError, Patrol, Store, Version, is_damage};
use rusqlite::ErrorCode;
use sync::Sync;

/// What can happen to the engine.
#[derive(Debug)]
pub enum Input {
    Request(message::Request),
    /// The time that [`Output::Wake`] asked for has passed.
    Idle,
    /// Random bytes, good enough for keys; once, before the first request.
    Seed([u8; 32]),
    /// The answer of an [`Output::Fetch`].
    Fetched {
        number: u64,
        reply: Reply,
    },
    /// A piece of an [`Output::Listen`]; `None` is its end.
    Heard {
        number: u64,
        piece: Option<Vec<u8>>,
    },
    /// The time that [`Output::SyncAt`] asked for has passed.
    SyncDue,
    /// The time that [`Output::LinkAt`] asked for has passed.
    LinkDue,
    /// The device is connected again, or somebody looks at the journal again.
    Online,
}

/// What the engine wants done.
#[derive(Debug, PartialEq)]
pub enum Output {
    /// Give this to the tab that asked.
    Answer { to: RequestId, answer: Box<Result<Answer, Failure>> },
    /// Tell every tab.
    Broadcast(Event),
    /// Send [`Input::Idle`] this many milliseconds after the last input; a later wish replaces
    /// an earlier one.
    Wake { after_ms: u32 },
    /// Make this request, and bring the answer as [`Input::Fetched`].
    Fetch { number: u64, request: Request },
    /// Make this request, whose answer does not end, in place of an earlier one; bring its pieces
    /// as [`Input::Heard`].
    Listen { number: u64, request: Request },
    /// Close the answer that does not end.
    Unlisten,
    /// Send [`Input::SyncDue`] after so many milliseconds; a later wish replaces an earlier one.
    SyncAt { after_ms: u32 },
    /// Send [`Input::LinkDue`] after so many milliseconds; a later wish replaces an earlier one.
    LinkAt { after_ms: u32 },
    /// The file is damaged: drop this engine and open the journal anew, as suspect.
    Reopen,
}

/// How long the engine leaves the person alone before it uses the pause for its own work.
const PAUSE_MS: u32 = 400;
/// How long after the start the file is looked through for damage.
const CHECK_AFTER_MS: u32 = 3_000;
/// The pause between two slices of that.
const SLICE_PAUSE_MS: u32 = 10;
/// Bytes written after which the log is written back into the file.
const CHECKPOINT_BYTES: usize = 2 << 20;

/// The journal's brain: owns the store and the clock.
pub struct Engine {
    store: Store,
    clock: Clock,
    zones: Box<dyn Zones>,
    condition: Condition,
    /// Entries that wait to be indexed.
    waiting: u32,
    /// Bytes written since the log was written back.
    owed: usize,
    /// The look for damage, until it is through.
    patrol: Option<Patrol>,
    /// The file that is being taken in.
    coming: Option<files::Coming>,
    /// Whether files that nothing leads to were taken away since the start.
    swept: bool,
    sync: Sync,
    /// How many milliseconds the device's clock has to be put forward to be right enough.
    offset: i64,
}

impl Engine {
    /// Opens the journal in a folder; see [`Store::open`]. `device` names a new database.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn open(
        folder: &dyn Folder,
        suspect: bool,
        device: DeviceId,
        zones: Box<dyn Zones>,
    ) -> Result<Self, OpenError> {
        let (store, recovered) = Store::open(folder, suspect)?;
        Self::new(store, device, zones, Condition::Kept { recovered })
    }

    /// A journal in memory.
    ///
    /// # Errors
    /// If SQLite cannot make it.
    pub fn in_memory(
        device: DeviceId,
        zones: Box<dyn Zones>,
        reason: crate::message::MemoryReason,
    ) -> Result<Self, OpenError> {
        Self::new(Store::in_memory()?, device, zones, Condition::Memory(reason))
    }

    fn new(
        store: Store,
        device: DeviceId,
        zones: Box<dyn Zones>,
        condition: Condition,
    ) -> Result<Self, OpenError> {
        let clock = store.clock(device)?;
        let waiting = store.unindexed()?;
        let patrol = matches!(condition, Condition::Kept { .. }).then(Patrol::default);
        let mut engine = Self {
            store,
            clock,
            zones,
            condition,
            waiting,
            owed: 0,
            patrol,
            coming: None,
            swept: false,
            sync: Sync::default(),
            offset: 0,
        };
        engine.make_first_journal()?;
        engine.open_vault()?;
        Ok(engine)
    }

    /// What has to be done first: tell how things stand, and ask for a pause.
    #[must_use]
    pub fn start(&self) -> Vec<Output> {
        let after_ms = if self.waiting > 0 { PAUSE_MS } else { CHECK_AFTER_MS };
        let mut outputs: Vec<Output> = self.standing().into_iter().map(Output::Broadcast).collect();
        outputs.push(Output::Wake { after_ms });
        outputs
    }

    /// How things stand, for a screen that has heard nothing yet.
    #[must_use]
    pub fn standing(&self) -> Vec<Event> {
        let mut events = vec![
            Event::Condition(self.condition.clone()),
            Event::Indexing { waiting: self.waiting },
        ];
        events.extend(self.sync_status().ok().map(Event::Sync));
        events.push(Event::Link(self.link_status()));
        events
    }

    /// The condition that tabs are told.
    #[must_use]
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// What was saved out of a damaged file when this engine was opened.
    #[must_use]
    pub fn recovered(&self) -> Option<&Recovered> {
        match &self.condition {
            Condition::Kept { recovered } => recovered.as_ref(),
            _ => None,
        }
    }

    /// Takes one input; the outputs are to be carried out in order.
    pub fn handle(&mut self, input: Input, now: Instant) -> Vec<Output> {
        match input {
            Input::Request(message::Request { id, command: Command::Edit(edit) }) => {
                let (answer, changed) = self.edit(edit, id, now);
                let mut outputs = self.answer_edit(id, answer, changed);
                outputs.extend(self.drive_soon(now));
                outputs
            }
            Input::Request(message::Request { id, command: Command::Sync(command) }) => {
                let (answer, mut outputs) = self.sync_command(command, now);
                outputs.insert(0, Output::Answer { to: id, answer: Box::new(answer) });
                outputs
            }
            Input::Request(message::Request { id, command: Command::Query(query) }) => {
                let answer = self.query(&query);
                let mut outputs = reopen_if_damaged(&answer);
                outputs.insert(0, Output::Answer { to: id, answer: Box::new(answer) });
                outputs
            }
            Input::Request(message::Request { id, command: Command::File(command) }) => {
                let answer = self.file_command(command, now);
                let mut outputs = reopen_if_damaged(&answer);
                outputs.insert(0, Output::Answer { to: id, answer: Box::new(answer) });
                outputs.push(Output::Wake { after_ms: PAUSE_MS });
                outputs.extend(self.drive(now));
                outputs
            }
            Input::Idle => self.idle(now).unwrap_or_else(|error| self.idle_failed(&error)),
            Input::Seed(seed) => {
                self.take_seed(seed);
                self.drive(now)
            }
            Input::Fetched { number, reply } => self.fetched(number, &reply, now),
            Input::Heard { number, piece } => self.heard(number, piece.as_deref(), now),
            Input::SyncDue => {
                self.sync.session.look_around(now);
                self.drive(now)
            }
            Input::LinkDue => self.drive(now),
            Input::Online => {
                self.sync.session.hurry();
                self.drive(now)
            }
        }
    }

    /// The time that stamps are made by: the device's, put right if it is known to be ahead.
    fn right(&self, now: Instant) -> Instant {
        Instant(now.0.saturating_add(self.offset))
    }

    /// Sums up all rows that travel; see [`Store::digest`].
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn digest(&self) -> rusqlite::Result<[u8; 32]> {
        self.store.digest()
    }

    /// All rows that travel, in the versions that they have here.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn versions(&self) -> rusqlite::Result<Vec<Version>> {
        self.store.versions()
    }

    /// Closes the database, so that another tab can open it.
    pub fn close(self) {
        self.store.close();
    }

    fn answer_edit(
        &mut self,
        to: RequestId,
        answer: Result<Answer, Failure>,
        changed: Changed,
    ) -> Vec<Output> {
        let mut outputs = reopen_if_damaged(&answer);
        let written = answer.is_ok() && changed != Changed::default();
        outputs.insert(0, Output::Answer { to, answer: Box::new(answer) });
        if written {
            outputs.push(Output::Broadcast(Event::Changed(changed)));
            outputs.push(Output::Wake { after_ms: PAUSE_MS });
        }
        outputs
    }

    /// Does one piece of what waits, and asks to go on if there is more.
    fn idle(&mut self, now: Instant) -> rusqlite::Result<Vec<Output>> {
        if self.waiting > 0 {
            return self.index();
        }
        if self.owed > CHECKPOINT_BYTES {
            self.store.checkpoint()?;
            self.owed = 0;
            return Ok(vec![Output::Wake { after_ms: 0 }]);
        }
        if self.store.erase_slice()? {
            return Ok(vec![Output::Wake { after_ms: 0 }]);
        }
        if let Some(patrol) = &mut self.patrol {
            if self.store.patrol(patrol)? {
                return Ok(vec![Output::Wake { after_ms: SLICE_PAUSE_MS }]);
            }
            self.patrol = None;
            self.store.forget_tabs()?;
        }
        if !self.swept {
            self.swept = !self.store.sweep_files(now)?;
            return Ok(vec![Output::Wake { after_ms: SLICE_PAUSE_MS }]);
        }
        Ok(Vec::new())
    }

    fn index(&mut self) -> rusqlite::Result<Vec<Output>> {
        let done = self.store.index_slice(self.waiting)?;
        self.waiting = if done == 0 { 0 } else { self.waiting.saturating_sub(done) };
        self.owed += CHECKPOINT_BYTES / 4;
        let waiting = self.waiting;
        Ok(vec![Output::Broadcast(Event::Indexing { waiting }), Output::Wake { after_ms: 0 }])
    }

    /// Work of its own that failed is tried again later; damage is looked into at once.
    fn idle_failed(&self, error: &rusqlite::Error) -> Vec<Output> {
        if is_damage(error) {
            return vec![Output::Reopen];
        }
        vec![Output::Wake { after_ms: 30_000 }]
    }
}

fn reopen_if_damaged(answer: &Result<Answer, Failure>) -> Vec<Output> {
    match answer {
        Err(Failure::Damaged(_)) => vec![Output::Reopen],
        _ => Vec::new(),
    }
}

/// What an error of the database means for the person.
fn failure(error: &rusqlite::Error) -> Failure {
    match error {
        error if is_damage(error) => Failure::Damaged(error.to_string()),
        error if error.sqlite_error_code() == Some(ErrorCode::DiskFull) => Failure::Full,
        error => Failure::Storage(error.to_string()),
    }
}
