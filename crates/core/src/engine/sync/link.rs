//! Letting a new device in: beside the session, one request at a time, asked for again each second
//! until the other device has said something. What is said is `seal::exchange`'s; here are the new
//! device (`new`), the one of the vault (`host`), and what becomes of the list of devices (`list`).
//!
//! All of it is in memory: two minutes are too short to be worth remembering.

mod host;
mod list;
mod new;
mod papers;
mod promise;

pub(super) use list::{ListChange, Note};

use crate::date::Instant;
use crate::engine::{Engine, Output};
use crate::message::{Event, LinkCommand, LinkStatus, LinkTrouble};
use crate::seal::Chance;
use crate::seal::exchange::ExchangeError;
use crate::session::{Method, Outcome, Reply, Request};
use crate::wire::{Body, Code, Heard, Secret};
use host::Host;
use new::New;

/// How long after an answer that said nothing yet, or none, it is asked again.
const AGAIN_MS: i64 = 1_000;

/// What the engine knows of it.
#[derive(Default)]
pub(in crate::engine) struct Link {
    side: Side,
    under_way: Option<u64>,
    /// Not before then.
    due: Option<Instant>,
    told: LinkStatus,
}

/// Which device this is in it.
#[derive(Default)]
enum Side {
    #[default]
    None,
    New(Box<New>),
    Host(Box<Host>),
    /// On a device of the vault: the new one has this name.
    Done(String),
    Failed(LinkTrouble),
}

/// What a side wants asked.
struct Wanted {
    method: Method,
    path: &'static str,
    server: String,
    token: Option<String>,
    body: Vec<u8>,
}

impl Wanted {
    fn post(server: &str, path: &'static str, body: &impl Body) -> Self {
        let (server, body) = (server.to_owned(), body.encode());
        Self { method: Method::Post, path, server, token: None, body }
    }

    fn get(server: &str, path: &'static str, token: Option<String>) -> Self {
        Self { method: Method::Get, path, server: server.to_owned(), token, body: Vec::new() }
    }
}

/// What an answer comes to, where it is not what was asked for.
enum Pass {
    /// Ask again in a moment.
    Again,
    Fail(LinkTrouble),
}

impl From<ExchangeError> for Pass {
    fn from(error: ExchangeError) -> Self {
        Self::Fail(LinkTrouble::Exchange(error.to_string()))
    }
}

impl From<rusqlite::Error> for Pass {
    fn from(_: rusqlite::Error) -> Self {
        Self::Again
    }
}

/// The body of a good answer. `gone` is what it means that the place is not there.
fn body<T: Body>(reply: &Reply, gone: LinkTrouble) -> Result<T, Pass> {
    match reply.read() {
        Outcome::Done(body) => Ok(body),
        Outcome::Later(_) | Outcome::Unreachable => Err(Pass::Again),
        Outcome::Blocked => Err(Pass::Fail(LinkTrouble::Blocked)),
        Outcome::Refused(refusal) if refusal.code == Code::NotFound => Err(Pass::Fail(gone)),
        Outcome::Refused(refusal) => Err(Pass::Fail(LinkTrouble::Refused(refusal.text))),
    }
}

/// The message that was waited for, if it is there.
fn heard(reply: &Reply) -> Result<Vec<u8>, Pass> {
    let Heard { message } = body(reply, LinkTrouble::Expired)?;
    if message.is_empty() { Err(Pass::Again) } else { Ok(message) }
}

fn ticket(chance: &mut dyn Chance) -> Secret {
    let mut ticket = [0; 32];
    chance.fill(&mut ticket);
    Secret(ticket)
}

impl Engine {
    pub(super) fn link_command(&mut self, command: LinkCommand, now: Instant) -> super::Begun {
        match command {
            LinkCommand::Show { server, device, origin, browser } => {
                self.may_enter()?;
                let new = New::begin(server, &device, (&origin, &browser), self, now);
                self.begin_link(Side::New(Box::new(new)));
            }
            LinkCommand::Take { code } => {
                let host = self.host(&code, now)?;
                self.begin_link(Side::Host(Box::new(host)));
            }
            LinkCommand::Enter => {
                if let Side::New(new) = &mut self.sync.link.side {
                    new.enter();
                }
            }
            LinkCommand::LetIn { check } => {
                if let Side::Host(host) = &mut self.sync.link.side
                    && let Some(member) = host.check(&check)
                {
                    self.change_list(ListChange::Admit(member, now));
                }
            }
            LinkCommand::Stop => match &mut self.sync.link.side {
                Side::Host(host) => host.decline(None),
                _ => self.begin_link(Side::None),
            },
        }
        self.sync.link.due = None;
        Ok(Vec::new())
    }

    fn begin_link(&mut self, side: Side) {
        let told = std::mem::take(&mut self.sync.link.told);
        self.sync.link = Link { side, told, ..Link::default() };
    }

    /// The next request, if none is under way.
    pub(super) fn drive_link(&mut self, now: Instant) -> Vec<Output> {
        self.end_in_time(now);
        let mut outputs = self.ask_link(now);
        outputs.extend(self.tell_link());
        outputs
    }

    fn ask_link(&mut self, now: Instant) -> Vec<Output> {
        if self.sync.link.under_way.is_some() {
            return Vec::new();
        }
        self.grant_if_listed();
        let (wanted, until) = match &self.sync.link.side {
            Side::New(new) => (new.wanted(), new.until()),
            Side::Host(host) => (host.wanted(self.server(), self.token()), host.until()),
            Side::None | Side::Done(_) | Side::Failed(_) => return Vec::new(),
        };
        let left =
            |at: Instant| u32::try_from(at.0.saturating_sub(now.0)).ok().filter(|ms| *ms > 0);
        let pause = self.sync.link.due.and_then(left);
        let Some(wanted) = wanted.filter(|_| pause.is_none()) else {
            let pause = pause.or_else(|| left(until?));
            return pause.map(|after_ms| Output::LinkAt { after_ms }).into_iter().collect();
        };
        let number = self.sync.session.begin_beside();
        self.sync.link.under_way = Some(number);
        let Wanted { method, path, server, token, body } = wanted;
        let request = Request { method, url: [&server, path].concat(), token, body };
        vec![Output::Fetch { number, request }]
    }

    /// What a device is let in with; without one the session is on its way to it.
    fn token(&self) -> Option<String> {
        self.sync.session.login.token()
    }

    fn end_in_time(&mut self, now: Instant) {
        let until = match &self.sync.link.side {
            Side::New(new) => new.until(),
            Side::Host(host) => host.until(),
            Side::None | Side::Done(_) | Side::Failed(_) => None,
        };
        if until.is_some_and(|until| now >= until) {
            self.fail_link(LinkTrouble::Expired);
        }
    }

    /// It came to nothing. A new device that waits is told.
    fn fail_link(&mut self, trouble: LinkTrouble) {
        self.take_back();
        match &mut self.sync.link.side {
            Side::Host(host) if trouble != LinkTrouble::Expired => host.decline(Some(trouble)),
            _ => self.begin_link(Side::Failed(trouble)),
        }
    }

    /// There is no vault any more.
    pub(super) fn forget_link(&mut self) {
        self.begin_link(Side::None);
        self.sync.list_changes.clear();
        self.sync.newcomers.clear();
        self.sync.promise = None;
    }

    /// Takes the answer of a request of this lane.
    pub(super) fn fetched_link(
        &mut self,
        number: u64,
        reply: &Reply,
        now: Instant,
    ) -> Option<Vec<Output>> {
        self.sync.link.under_way.take_if(|asked| *asked == number)?;
        let mut side = std::mem::take(&mut self.sync.link.side);
        let done = match &mut side {
            Side::New(new) => self.new_heard(new, reply, now),
            Side::Host(host) => self.host_heard(host, reply),
            Side::None | Side::Done(_) | Side::Failed(_) => Ok(None),
        };
        match done {
            Ok(next) => self.sync.link.side = next.unwrap_or(side),
            Err(Pass::Again) => {
                self.sync.link.side = side;
                self.sync.link.due = Some(Instant(now.0.saturating_add(AGAIN_MS)));
            }
            Err(Pass::Fail(trouble)) => {
                self.sync.link.side = side;
                self.fail_link(trouble);
            }
        }
        Some(self.drive(now))
    }

    pub(in crate::engine) fn link_status(&self) -> LinkStatus {
        match &self.sync.link.side {
            Side::None => LinkStatus::Idle,
            Side::New(new) => new.status(),
            Side::Host(host) => host.status(),
            Side::Done(name) => LinkStatus::LetIn { name: name.clone() },
            Side::Failed(trouble) => LinkStatus::Failed(trouble.clone()),
        }
    }

    fn tell_link(&mut self) -> Option<Output> {
        let status = self.link_status();
        if status == self.sync.link.told {
            return None;
        }
        self.sync.link.told = status.clone();
        Some(Output::Broadcast(Event::Link(status)))
    }
}
