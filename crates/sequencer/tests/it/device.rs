//! A whole device: the real engine on a disk in memory, whose requests are carried out over HTTP.

use crate::stage::NOON;
use std::collections::VecDeque;
use std::net::SocketAddr;
use thoughtstream_caller::{Caller, device};
use thoughtstream_core::date::{Instant, Zone, Zones};
use thoughtstream_core::engine::{Engine, Input, Output};
use thoughtstream_core::id::{EntryId, JournalId, RequestId, TabId};
use thoughtstream_core::message::{
    Answer, Command, Device as Listed, Edit, Event, Failure, LinkCommand, LinkStatus, NewEntry,
    Query, Request as Asked, Save, SyncCommand, SyncPhase, SyncStatus,
};
use thoughtstream_core::session::{Reply, Request};
use thoughtstream_core::store::Folder;
use thoughtstream_core::wire::Secret;
use thoughtstream_disk::{Disk, Files};

/// Where the sequencer is, as far as the device knows.
pub(crate) const ORIGIN: &str = "https://sequencer.example";

struct Utc;

impl Zones for Utc {
    fn offset_seconds(&self, _: &Zone, _: Instant) -> Option<i32> {
        Some(0)
    }
}

pub(crate) struct Device {
    number: u64,
    disk: Disk,
    /// How often it was switched on.
    lives: u8,
    engine: Engine,
    /// Where its requests go; `None` where there is no network.
    pub(crate) network: Option<SocketAddr>,
    fetches: VecDeque<(u64, Request)>,
    now: i64,
    /// The pause that was asked for last.
    wished: Option<u32>,
    asked: u64,
    /// What it is called in its vault.
    pub(crate) name: String,
    pub(crate) status: SyncStatus,
    /// How it stands with letting a new device in, and the pause that was asked for.
    pub(crate) link: LinkStatus,
    link_wished: Option<u32>,
    /// Who stands between this device and its sequencer, and may change what it is answered.
    pub(crate) between: Option<Between>,
}

/// Is shown what a device asks, before it is sent (where an answer keeps it from that) and after.
pub(crate) type Between = Box<dyn FnMut(&Request, Option<Reply>) -> Option<Reply> + Send>;

impl Device {
    pub(crate) fn new(number: u64, network: SocketAddr) -> Self {
        Self::on(Disk::new(Files::new()), number, 0, network)
    }

    fn on(disk: Disk, number: u64, lives: u8, network: SocketAddr) -> Self {
        let engine = Engine::open(&disk, false, device(number), Box::new(Utc)).unwrap();
        let status = SyncStatus {
            phase: SyncPhase::Off,
            server: String::new(),
            made: false,
            waiting: 0,
            synced_at: None,
            words_unchecked: false,
            files_full: false,
            newcomers: Vec::new(),
            listed: 0,
            copied: false,
            later: 0,
        };
        let mut device = Self {
            number,
            disk,
            lives,
            engine,
            network: Some(network),
            fetches: VecDeque::new(),
            now: NOON as i64,
            wished: None,
            asked: 0,
            name: format!("device {number}"),
            status,
            link: LinkStatus::Idle,
            link_wished: None,
            between: None,
        };
        let outputs = device.engine.start();
        device.take(outputs);
        // Chance of its own in each life.
        let seed = *blake3::hash(&[number as u8, lives]).as_bytes();
        device.handle(Input::Seed(seed));
        device
    }

    /// Switches it off and on again.
    pub(crate) fn restart(self) -> Self {
        let (disk, number) = (Disk::new(self.disk.files()), self.number);
        Self::on(disk, number, self.lives + 1, self.network.unwrap_or(([127, 0, 0, 1], 1).into()))
    }

    fn handle(&mut self, input: Input) -> Option<Result<Answer, Failure>> {
        self.now += 1;
        let outputs = self.engine.handle(input, Instant(self.now));
        self.take(outputs)
    }

    fn take(&mut self, outputs: Vec<Output>) -> Option<Result<Answer, Failure>> {
        let mut answered = None;
        for output in outputs {
            match output {
                Output::Answer { answer, .. } => answered = Some(*answer),
                Output::Broadcast(Event::Sync(status)) => self.status = status,
                Output::Fetch { number, request } => self.fetches.push_back((number, request)),
                Output::SyncAt { after_ms } => self.wished = Some(after_ms),
                Output::LinkAt { after_ms } => self.link_wished = Some(after_ms),
                Output::Broadcast(Event::Link(link)) => self.link = link,
                // Nudges are heard by asking again.
                Output::Listen { .. } => self.wished = None,
                Output::Broadcast(_) | Output::Wake { .. } | Output::Unlisten => {}
                Output::Reopen => panic!("the file is damaged"),
            }
        }
        answered
    }

    pub(crate) fn ask(&mut self, command: Command) -> Result<Answer, Failure> {
        self.asked += 1;
        // Each life is a tab of its own.
        let id = RequestId { tab: TabId(u64::from(self.lives) + 1), number: self.asked };
        self.handle(Input::Request(Asked { id, command })).unwrap()
    }

    /// A device on a copy of its disk: a profile that was copied.
    pub(crate) fn twin(&self) -> Self {
        let network = self.network.unwrap();
        Self::on(Disk::new(self.disk.files()), self.number, self.lives + 1, network)
    }

    /// The same with other bytes where its vault is kept.
    pub(crate) fn without_keys(self) -> Self {
        let conn = self.disk.open("journal-1.sqlite3").unwrap();
        conn.execute_batch("PRAGMA locking_mode = EXCLUSIVE").unwrap();
        let changed = conn.execute("UPDATE meta SET value = x'00' WHERE key = 'vault'", []);
        assert_eq!(changed.unwrap(), 1);
        conn.close().unwrap();
        self.restart()
    }

    /// Carries out its requests until it rests, and passes over its pauses.
    pub(crate) async fn settle(&mut self) {
        for _ in 0..200 {
            if let Some((number, request)) = self.fetches.pop_front() {
                self.carry_out(number, &request).await;
            } else if self.status.phase == SyncPhase::Synced || self.wished.is_none() {
                return;
            } else if let Some(pause) = self.wished.take() {
                // Nobody comes: this is as far as it gets.
                if self.network.is_none() {
                    return;
                }
                self.now += i64::from(pause);
                self.handle(Input::SyncDue);
            }
        }
        panic!("no rest: {:?}", self.status);
    }

    /// Fetches for the engine; whoever is between may change what comes back.
    async fn carry_out(&mut self, number: u64, request: &Request) {
        let kept = self.between.as_mut().and_then(|between| between(request, None));
        let mut reply = match kept {
            Some(reply) => reply,
            None => fetch(self.network, request).await,
        };
        if let Some(changed) =
            self.between.as_mut().and_then(|between| between(request, Some(reply.clone())))
        {
            reply = changed;
        }
        self.handle(Input::Fetched { number, reply });
    }

    /// Carries out what it has asked for so far, or else lets its pauses pass by.
    pub(crate) async fn step(&mut self) {
        if self.fetches.is_empty() {
            if let Some(pause) = self.link_wished.take() {
                self.now += i64::from(pause);
                self.handle(Input::LinkDue);
            }
            if let Some(pause) = self.wished.take_if(|pause| *pause < 10_000) {
                self.now += i64::from(pause);
                self.handle(Input::SyncDue);
            }
        }
        while let Some((number, request)) = self.fetches.pop_front() {
            self.carry_out(number, &request).await;
        }
    }

    pub(crate) fn link(&mut self, command: LinkCommand) -> Result<Answer, Failure> {
        self.ask(Command::Sync(SyncCommand::Link(command)))
    }

    /// Shows a code, as a new device.
    pub(crate) fn show(&mut self) {
        let (server, device) = (ORIGIN.to_owned(), self.name.clone());
        let (origin, browser) = (ORIGIN.to_owned(), "Firefox on Linux".to_owned());
        self.link(LinkCommand::Show { server, device, origin, browser }).unwrap();
    }

    /// Asks for news, and takes them in.
    pub(crate) async fn sync(&mut self) {
        self.handle(Input::Online);
        self.settle().await;
    }

    pub(crate) async fn create(&mut self, invitation: &str) {
        let (server, device) = (ORIGIN.to_owned(), self.name.clone());
        let invitation = invitation.to_owned();
        let create = SyncCommand::Create { server, invitation, device };
        self.ask(Command::Sync(create)).unwrap();
        self.settle().await;
    }

    pub(crate) async fn join(&mut self, words: &str) {
        let (server, device) = (ORIGIN.to_owned(), self.name.clone());
        let join = SyncCommand::Join { server, words: words.to_owned(), device };
        self.ask(Command::Sync(join)).unwrap();
        self.settle().await;
    }

    pub(crate) fn words(&mut self) -> String {
        match self.ask(Command::Query(Query::Words)) {
            Ok(Answer::Words(Some(words))) => words,
            other => panic!("{other:?}"),
        }
    }

    /// The devices of the vault, by their numbers; and those that are going.
    pub(crate) fn devices(&mut self) -> (Vec<u64>, Vec<u64>) {
        let Ok(Answer::Devices(devices)) = self.ask(Command::Query(Query::Devices)) else {
            panic!("no list of devices")
        };
        let number = |device: &Listed| u64::from_be_bytes(device.id.0);
        let going = devices.iter().filter(|device| device.going).map(number).collect();
        (devices.iter().map(number).collect(), going)
    }

    pub(crate) fn write(&mut self, number: u8, body: &str) {
        let entry = EntryId([number; 16]);
        let (zone, journal) = (Zone("UTC".into()), JournalId::FIRST);
        let new = Some(NewEntry { journal, zone, date: None });
        let save = Save { entry, body: body.to_owned(), base: None, new };
        self.ask(Command::Edit(Edit::Save(save))).unwrap();
    }

    pub(crate) fn reads(&mut self, number: u8) -> Option<String> {
        match self.ask(Command::Query(Query::Entry { entry: EntryId([number; 16]) })) {
            Ok(Answer::Entry(entry)) => entry.map(|entry| entry.body),
            other => panic!("{other:?}"),
        }
    }
}

/// What a request asks for.
pub(crate) fn path(request: &Request) -> &str {
    request.url.strip_prefix(ORIGIN).unwrap()
}

/// Carries a request out.
pub(crate) async fn fetch(network: Option<SocketAddr>, request: &Request) -> Reply {
    let Some(address) = network else { return Reply::Unreachable };
    let mut caller = Caller::new(address);
    caller.token = request.token.as_deref().and_then(Secret::from_hex);
    match caller.send(request.method.name(), path(request), request.body.clone()).await {
        Ok(reply) => Reply::Answer {
            status: reply.status.as_u16(),
            body: reply.body.to_vec(),
            retry_after: None,
        },
        Err(_) => Reply::Unreachable,
    }
}
