//! Everything in one order: a queue of what is going to happen, and the time.

use crate::device::{Clock, Device};
use crate::model::Model;
use crate::network::{Fate, Network, tampered, truncated};
use crate::server::Server;
use std::collections::BTreeMap;
use thoughtstream_core::engine::{Input, Output};
use thoughtstream_core::id::{DeviceId, RequestId};
use thoughtstream_core::message::{
    Answer, Command, Event, Failure, Query, Request as Asked, SyncPhase, SyncTrouble,
};
use thoughtstream_core::session::{Reply, Request};
use thoughtstream_core::wire::{Body, Code, Nudge, Refusal};
use thoughtstream_disk::{Chance, Files, Trip, Trouble};

/// Noon of some day.
pub const NOON: i64 = 1_777_032_000_000;

/// What is going to happen, to the life of a device that it is meant for.
enum Happening {
    Arrives { number: u64, request: Request, fate: Fate },
    Returns { number: u64, reply: Reply },
    Told { number: u64, piece: Option<Vec<u8>> },
    Idle { ticket: u64 },
    SyncDue { ticket: u64 },
    On,
}

/// The world of one seed.
pub struct World {
    pub chance: Chance,
    pub now: i64,
    queue: BTreeMap<(i64, u64), (usize, u32, Happening)>,
    scheduled: u64,
    /// Requests and answers that are under way.
    pub under_way: usize,
    pub server: Server,
    pub devices: Vec<Device>,
    pub network: Network,
    pub model: Model,
    /// The recovery words, once there is a vault.
    pub words: Option<String>,
    /// How much happened.
    pub steps: u64,
    pub pushes: u64,
    /// How often a log was called another one than a device knew.
    pub begun_again: u64,
    /// How often the sequencer was put back.
    pub restored: u64,
    /// How often a device did not believe what the sequencer sent.
    pub distrusted: u64,
    /// How often a device left the vault.
    pub left: u64,
    /// Rows that a newer app wrote.
    pub newer: u16,
    /// One in so many inputs ends by a power cut; 0 for none.
    pub cuts: usize,
    /// One in so many inputs meets a disk that is full or fails; 0 for none.
    pub faults: usize,
}

impl World {
    /// An empty one.
    ///
    /// # Panics
    /// If there is no memory for the sequencer.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let batch = [3, 10, 1_000][chance.below(3)];
        let page = [600, 5_000, 4 << 20][chance.below(3)];
        let server = Server::new(Chance::new(seed ^ 0x5eed), batch, page);
        Self {
            chance,
            now: NOON,
            queue: BTreeMap::new(),
            scheduled: 0,
            under_way: 0,
            server: server.expect("BUG: there is memory for a little store"),
            devices: Vec::new(),
            network: Network::GOOD,
            model: Model::default(),
            words: None,
            steps: 0,
            pushes: 0,
            begun_again: 0,
            restored: 0,
            distrusted: 0,
            left: 0,
            newer: 0,
            cuts: 0,
            faults: 0,
        }
    }

    /// Adds a device and switches it on.
    pub fn add_device(&mut self) -> usize {
        let id = DeviceId((self.devices.len() as u64 + 1).to_be_bytes());
        self.add(Files::new(), id, Clock::new(self.now, 0, 100))
    }

    /// Adds a device with these files, and that name if the files have none.
    pub fn add(&mut self, files: Files, id: DeviceId, clock: Clock) -> usize {
        self.devices.push(Device::new(files, id, clock));
        let device = self.devices.len() - 1;
        self.switch_on(device);
        device
    }

    /// Switches a device on, if it is off.
    pub fn switch_on(&mut self, device: usize) {
        if self.devices[device].engine.is_none() {
            let outputs = self.devices[device].open(self.now, &mut self.chance);
            self.carry_out(device, outputs);
            // What was durable when the power went may have been an edit.
            self.observe(device, true);
        }
    }

    /// Switches a device off and, after a while, on.
    pub fn crash(&mut self, device: usize) {
        self.devices[device].drop_dead();
        self.on_later(device);
    }

    fn on_later(&mut self, device: usize) {
        let pause = 1 + self.chance.below(20_000) as i64;
        self.schedule(pause, device, Happening::On);
    }

    fn schedule(&mut self, after: i64, device: usize, happening: Happening) {
        self.scheduled += 1;
        if happening.is_traffic() {
            self.under_way += 1;
        }
        let life = self.devices[device].life;
        let key = (self.now + after.max(0), self.scheduled);
        self.queue.insert(key, (device, life, happening));
    }

    /// Lets what is due happen, for so many milliseconds.
    pub fn pass(&mut self, millis: i64) {
        let until = self.now + millis;
        while let Some(first) = self.queue.first_entry().filter(|first| first.key().0 <= until) {
            let ((at, _), (device, life, happening)) = first.remove_entry();
            self.now = self.now.max(at);
            if happening.is_traffic() {
                self.under_way -= 1;
            }
            self.happen(device, life, happening);
        }
        self.now = until;
    }

    fn happen(&mut self, device: usize, life: u32, happening: Happening) {
        // A request goes on without its device; nothing else does.
        let lives = self.devices[device].life == life;
        match happening {
            Happening::Arrives { number, request, fate } => {
                self.arrive(device, number, &request, fate, lives);
            }
            _ if !lives => {}
            Happening::Returns { number, reply } => {
                self.handle(device, Input::Fetched { number, reply });
            }
            Happening::Told { number, piece } => {
                self.handle(device, Input::Heard { number, piece });
            }
            Happening::Idle { ticket } if ticket == self.devices[device].tickets[0] => {
                self.handle(device, Input::Idle);
            }
            Happening::SyncDue { ticket } if ticket == self.devices[device].tickets[1] => {
                self.handle(device, Input::SyncDue);
            }
            Happening::Idle { .. } | Happening::SyncDue { .. } => {}
            Happening::On => self.switch_on(device),
        }
    }

    /// Gives a device an input and carries out what comes of it; the answer, if there is one.
    pub fn handle(&mut self, device: usize, input: Input) -> Option<Result<Answer, Failure>> {
        self.steps += 1;
        if self.cuts > 0 && self.chance.one_in(self.cuts) {
            self.devices[device].handle_and_die(input, self.now, &mut self.chance);
            self.on_later(device);
            return None;
        }
        let trips = self.faults > 0 && self.chance.one_in(self.faults);
        let Device { engine, clock, disk, .. } = &mut self.devices[device];
        let engine = engine.as_mut()?;
        if trips {
            disk.trip(trouble(&mut self.chance));
        }
        let by_person = matches!(input, Input::Request(_));
        let outputs = engine.handle(input, clock.at(self.now));
        disk.mend();
        if trips || changes(&outputs) {
            self.observe(device, by_person || trips);
        }
        self.carry_out(device, outputs)
    }

    /// Sends a device a request of its person; `None` if nobody is there to answer.
    pub fn ask(&mut self, device: usize, command: Command) -> Option<Result<Answer, Failure>> {
        let Device { tab, number, .. } = &mut self.devices[device];
        *number += 1;
        let id = RequestId { tab: *tab, number: *number };
        self.handle(device, Input::Request(Asked { id, command }))
    }

    /// Asks a device something that changes nothing, past every misfortune.
    pub fn query(&mut self, device: usize, query: Query) -> Option<Answer> {
        let Device { engine, tab, number, clock, .. } = &mut self.devices[device];
        *number += 1;
        let id = RequestId { tab: *tab, number: *number };
        let input = Input::Request(Asked { id, command: Command::Query(query) });
        let outputs = engine.as_mut()?.handle(input, clock.at(self.now));
        self.carry_out(device, outputs)?.ok()
    }

    fn carry_out(
        &mut self,
        device: usize,
        outputs: Vec<Output>,
    ) -> Option<Result<Answer, Failure>> {
        let mut answered = None;
        for output in outputs {
            match output {
                Output::Answer { answer, .. } => answered = Some(*answer),
                Output::Broadcast(Event::Sync(status)) => {
                    let stopped =
                        matches!(status.phase, SyncPhase::Stopped(SyncTrouble::Untrusted(_)));
                    self.distrusted += u64::from(stopped);
                    if matches!(status.phase, SyncPhase::Stopped(_)) {
                        self.devices[device].stops += 1;
                    }
                    self.devices[device].status = Some(status);
                }
                // Nobody links a device here: they join by the words.
                Output::Broadcast(_) | Output::LinkAt { .. } => {}
                Output::Wake { after_ms } => {
                    self.devices[device].tickets[0] += 1;
                    let ticket = self.devices[device].tickets[0];
                    self.schedule(after_ms.into(), device, Happening::Idle { ticket });
                }
                Output::SyncAt { after_ms } => {
                    self.devices[device].tickets[1] += 1;
                    let ticket = self.devices[device].tickets[1];
                    self.schedule(after_ms.into(), device, Happening::SyncDue { ticket });
                }
                Output::Fetch { number, request } => self.send(device, number, request),
                Output::Listen { number, request } => self.listen(device, number, &request),
                Output::Unlisten => self.devices[device].listening = None,
                Output::Reopen => panic!("a device took its file for damaged"),
            }
        }
        answered
    }

    /// The model sees what is durable on a device.
    fn observe(&mut self, device: usize, by_person: bool) {
        if let Some(engine) = &self.devices[device].engine {
            let versions = engine.versions().expect("BUG: the disk does not fail");
            self.model.lineage.observe(device, &versions, by_person);
            self.model.observe(versions, self.now);
        }
    }

    fn send(&mut self, device: usize, number: u64, request: Request) {
        let patience = 1_000 + self.chance.below(20_000) as i64;
        let lost = Happening::Returns { number, reply: Reply::Unreachable };
        if !self.devices[device].connected {
            return self.schedule(100, device, lost);
        }
        let fate = self.network.fate(&mut self.chance);
        let mut way = self.network.way(&mut self.chance);
        if matches!(fate, Fate::RequestLost | Fate::ReplyLost | Fate::Late) {
            self.schedule(patience, device, lost);
        }
        match fate {
            Fate::RequestLost => return,
            Fate::Late => way += patience,
            _ => {}
        }
        if fate == Fate::Double {
            let request = request.clone();
            let later = way + self.network.way(&mut self.chance);
            self.schedule(later, device, Happening::Arrives { number, request, fate });
        }
        self.schedule(way, device, Happening::Arrives { number, request, fate });
    }

    fn arrive(&mut self, device: usize, number: u64, request: &Request, fate: Fate, lives: bool) {
        let mut reply = self.call(request);
        if !lives || matches!(fate, Fate::ReplyLost | Fate::Late) {
            return;
        }
        match fate {
            Fate::Truncated => reply = truncated(reply, &mut self.chance),
            Fate::Tampered => reply = tampered(reply, &mut self.chance),
            _ => {}
        }
        if !self.devices[device].connected {
            reply = Reply::Unreachable;
        }
        let way = self.network.way(&mut self.chance);
        self.schedule(way, device, Happening::Returns { number, reply });
    }

    fn call(&mut self, request: &Request) -> Reply {
        self.steps += 1;
        self.server.set_time(self.now);
        let reply = self.server.call(request);
        let Reply::Answer { status, body, .. } = &reply else { return reply };
        if let Ok(Refusal { code, .. }) = Refusal::decode(body) {
            use Code::{CursorAhead, CursorDiverged, CursorReplaced};
            let again = matches!(code, CursorAhead | CursorDiverged | CursorReplaced);
            self.begun_again += u64::from(again && *status != 200);
        }
        if request.url.ends_with("/v1/push") {
            self.pushes += 1;
            self.nudge();
        }
        reply
    }

    fn listen(&mut self, device: usize, number: u64, request: &Request) {
        self.devices[device].listening = None;
        let reply =
            if self.devices[device].connected { self.call(request) } else { Reply::Unreachable };
        let way = self.network.way(&mut self.chance);
        match reply {
            Reply::Answer { status: 200, body, .. } => {
                let token = request.token.clone().unwrap_or_default();
                let head = self.server.head(&token).unwrap_or(0);
                self.devices[device].listening = Some((number, token, head));
                self.schedule(way, device, Happening::Told { number, piece: Some(body) });
            }
            _ => self.schedule(way, device, Happening::Told { number, piece: None }),
        }
    }

    /// Tells those who listen how far the log has got, unless their stream has died in silence.
    pub fn nudge(&mut self) {
        for device in 0..self.devices.len() {
            let Some((number, token, said)) = self.devices[device].listening.clone() else {
                continue;
            };
            let lost = self.network.loses != usize::MAX && self.chance.one_in(self.network.loses);
            if !self.devices[device].connected || lost {
                self.devices[device].listening = None;
                continue;
            }
            let Some(head) = self.server.head(&token) else { continue };
            if head != said {
                self.devices[device].listening = Some((number, token, head));
                let way = self.network.way(&mut self.chance);
                let piece = Some(Nudge::Head(head).encode());
                self.schedule(way, device, Happening::Told { number, piece });
            }
        }
    }

    /// All streams end: the sequencer has gone.
    pub fn hang_up(&mut self) {
        for device in 0..self.devices.len() {
            if let Some((number, ..)) = self.devices[device].listening.take() {
                self.schedule(1, device, Happening::Told { number, piece: None });
            }
        }
    }
}

/// A disk that is full or fails, once or for as long as it is asked.
fn trouble(chance: &mut Chance) -> Trip {
    let kind = if chance.one_in(2) { Trouble::NoRoom } else { Trouble::Io };
    Trip { after: chance.below(30) as u64, kind, lasting: chance.one_in(2) }
}

fn changes(outputs: &[Output]) -> bool {
    outputs.iter().any(|output| matches!(output, Output::Broadcast(Event::Changed(_))))
}

impl Happening {
    fn is_traffic(&self) -> bool {
        matches!(self, Self::Arrives { .. } | Self::Returns { .. } | Self::Told { .. } | Self::On)
    }
}
