//! A borrowed machine, the devices of a vault, and what a test asks of them.

use crate::device::{Device, ORIGIN, fetch};
use crate::stage::{NOON, Server};
use std::collections::VecDeque;
use std::net::SocketAddr;
use thoughtstream_core::date::{Instant, Zone};
use thoughtstream_core::guest::{Guest as Brain, Input, Output};
use thoughtstream_core::id::{EntryId, GuestId};
use thoughtstream_core::message::{
    Answer, Command, Guest, GuestCommand, GuestScope, GuestTold, GuestsCommand, Query, Search,
    Shown, SyncCommand,
};
use thoughtstream_core::session::Request;
use thoughtstream_disk::Chance;

/// A borrowed machine.
pub(crate) struct Borrowed {
    pub(crate) brain: Brain,
    pub(crate) network: SocketAddr,
    pub(crate) now: i64,
    pub(crate) requests: VecDeque<Request>,
    pub(crate) numbers: VecDeque<u64>,
    pub(crate) told: Vec<GuestTold>,
}

impl Borrowed {
    pub(crate) fn new(server: &Server, seed: u64) -> Self {
        Self {
            brain: Brain::new(Box::new(Chance::new(seed))),
            network: server.address,
            now: NOON as i64,
            requests: VecDeque::new(),
            numbers: VecDeque::new(),
            told: Vec::new(),
        }
    }

    /// One that has come in by a code.
    pub(crate) async fn by(server: &Server, seed: u64, code: &str) -> Self {
        let mut machine = Self::new(server, seed);
        machine.say(GuestCommand::Code { server: ORIGIN.into(), code: code.into() }).await;
        machine
    }

    pub(crate) async fn say(&mut self, command: GuestCommand) {
        self.handle(Input::Command(command));
        while let (Some(request), Some(number)) =
            (self.requests.pop_front(), self.numbers.pop_front())
        {
            let reply = fetch(Some(self.network), &request).await;
            self.handle(Input::Fetched { number, reply });
        }
    }

    pub(crate) async fn write(&mut self, body: &str) {
        self.say(GuestCommand::Write { body: body.into(), zone: Zone("UTC".into()) }).await;
    }

    pub(crate) async fn tick(&mut self, millis: i64) {
        self.now += millis;
        self.say(GuestCommand::Tick).await;
    }

    pub(crate) fn handle(&mut self, input: Input) {
        for output in self.brain.handle(input, Instant(self.now)) {
            match output {
                Output::Fetch { number, request } => {
                    self.numbers.push_back(number);
                    self.requests.push_back(request);
                }
                Output::Tell(told) => self.told.push(told),
            }
        }
    }

    pub(crate) fn shown(&self) -> Option<&[Shown]> {
        self.told.iter().find_map(|told| match told {
            GuestTold::Open { shown, .. } => Some(&shown[..]),
            _ => None,
        })
    }

    pub(crate) fn refused(&self) -> Option<&str> {
        self.told.iter().find_map(|told| match told {
            GuestTold::Refused(why) => Some(&why[..]),
            _ => None,
        })
    }
}

pub(crate) async fn let_in(device: &mut Device, scope: GuestScope) -> (GuestId, String) {
    let command = SyncCommand::Guests(GuestsCommand::LetIn { scope, minutes: 15 });
    let Ok(Answer::LetIn { guest, code }) = device.ask(Command::Sync(command)) else {
        panic!("no code")
    };
    device.settle().await;
    (guest, code)
}

pub(crate) async fn look(device: &mut Device) -> Vec<Guest> {
    device.ask(Command::Sync(SyncCommand::Guests(GuestsCommand::Look))).unwrap();
    device.settle().await;
    match device.ask(Command::Query(Query::Guests)) {
        Ok(Answer::Guests(guests)) => guests,
        other => panic!("{other:?}"),
    }
}

/// The entries that were written by guests.
pub(crate) fn borrowed(device: &mut Device) -> Vec<(EntryId, String)> {
    let tag = Some("borrowed machine".to_owned());
    let search = Search { tag, limit: 100, ..Search::default() };
    let Ok(Answer::Found(found)) = device.ask(Command::Query(Query::Search(search))) else {
        panic!("no search")
    };
    let body = |id: EntryId, device: &mut Device| match device
        .ask(Command::Query(Query::Entry { entry: id }))
    {
        Ok(Answer::Entry(Some(entry))) => entry.body,
        other => panic!("{other:?}"),
    };
    let ids: Vec<EntryId> = found.hits.iter().map(|hit| hit.row.id).collect();
    let mut all: Vec<_> = ids.into_iter().map(|id| (id, body(id, device))).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

pub(crate) fn bodies(device: &mut Device) -> Vec<String> {
    borrowed(device).into_iter().map(|(_, body)| body).collect()
}
