//! The brain of a borrowed machine: everything a guest does, without a journal, a file or a key of
//! the vault. It is as pure as the engine: commands, answers and time come in, requests and news
//! go out, and nothing is kept anywhere but in this value.
//!
//! ```text
//! Outside ─▶ Entering (enter) ─▶ Open (visit, limits) ─▶ Going ─▶ Over
//! ```

mod enter;
mod limits;
mod visit;

use crate::date::Instant;
use crate::message::{GuestCommand, GuestEnding, GuestTold};
use crate::seal::{Chance, Packer};
use crate::session::{Method, Reply, Request};
use enter::Entering;
use limits::Limits;
pub use limits::{HIDDEN_MS, IDLE_MS, LAST_MS, WARNED_MS};
use visit::Visit;

/// How long what is still unsent may hold up the end of a visit.
const GOING_MS: i64 = 5_000;

/// What can happen.
#[derive(Debug)]
pub enum Input {
    Command(GuestCommand),
    /// The answer of an [`Output::Fetch`].
    Fetched {
        number: u64,
        reply: Reply,
    },
}

/// What is wanted.
#[derive(Debug, PartialEq)]
pub enum Output {
    Fetch { number: u64, request: Request },
    Tell(GuestTold),
}

/// A guest, from the moment the page is opened to the end of the visit.
pub struct Guest {
    state: State,
    chance: Box<dyn Chance>,
    packer: Packer,
    last_number: u64,
    /// The number of the request that is under way.
    under_way: Option<u64>,
}

enum State {
    Outside,
    Entering(Box<Entering>),
    Open(Box<Visit>, Limits),
    /// The visit is being ended: what is unsent goes out, then the sequencer is told.
    Going {
        visit: Box<Visit>,
        why: GuestEnding,
        since: Instant,
        told: bool,
    },
    Over,
}

impl Guest {
    /// Somebody has opened the page.
    #[must_use]
    pub fn new(chance: Box<dyn Chance>) -> Self {
        let (state, packer) = (State::Outside, Packer::default());
        Self { state, chance, packer, last_number: 0, under_way: None }
    }

    /// Takes one input; the outputs are to be carried out in order.
    pub fn handle(&mut self, input: Input, now: Instant) -> Vec<Output> {
        let mut outputs = match input {
            Input::Command(command) => self.command(command, now),
            Input::Fetched { number, reply } => {
                if self.under_way != Some(number) {
                    return Vec::new();
                }
                self.under_way = None;
                self.fetched(&reply, now)
            }
        };
        outputs.extend(self.drive(now));
        outputs
    }

    fn command(&mut self, command: GuestCommand, now: Instant) -> Vec<Output> {
        match (&mut self.state, command) {
            (_, GuestCommand::Hello) => vec![Output::Tell(GuestTold::Ready)],
            (State::Outside, GuestCommand::Code { server, code }) => {
                self.enter(Entering::by_code(server, &code))
            }
            (State::Outside, GuestCommand::Words { server, words }) => {
                self.enter(Entering::by_words(server, &words))
            }
            (State::Open(..), GuestCommand::Gone) => {
                self.under_way = None;
                self.go(GuestEnding::Left, now)
            }
            (State::Open(visit, limits), command) => {
                limits.touch(&command, now);
                match command {
                    GuestCommand::Write { body, zone } => visit.write(body, zone, now),
                    GuestCommand::Next => visit.next(),
                    GuestCommand::Leave => return self.go(GuestEnding::Left, now),
                    _ => {}
                }
                self.tell_standing(now)
            }
            // Whatever else is wanted too early or too late is nothing to be done.
            _ => Vec::new(),
        }
    }

    fn enter(&mut self, entering: Result<Entering, String>) -> Vec<Output> {
        match entering {
            Ok(entering) => {
                self.state = State::Entering(Box::new(entering));
                vec![Output::Tell(GuestTold::Entering)]
            }
            Err(why) => vec![Output::Tell(GuestTold::Refused(why))],
        }
    }

    /// Begins to end the visit.
    fn go(&mut self, why: GuestEnding, now: Instant) -> Vec<Output> {
        if let State::Open(visit, _) = std::mem::replace(&mut self.state, State::Over) {
            self.state = State::Going { visit, why, since: now, told: false };
        }
        Vec::new()
    }

    /// It is over: the keys are dropped with the state.
    fn over(&mut self, why: GuestEnding) -> Vec<Output> {
        self.state = State::Over;
        self.under_way = None;
        vec![Output::Tell(GuestTold::Ended(why))]
    }

    /// Looks at the time, and makes the next request if none is under way.
    fn drive(&mut self, now: Instant) -> Vec<Output> {
        if let State::Open(_, limits) = &self.state
            && let Some(why) = limits.ending(now)
        {
            self.go(why, now);
        }
        if let State::Going { why, since, .. } = self.state
            && now.0.saturating_sub(since.0) > GOING_MS
        {
            return self.over(why);
        }
        if self.under_way.is_some() {
            return Vec::new();
        }
        let (chance, packer) = (&mut *self.chance, &self.packer);
        let request = match &mut self.state {
            State::Outside | State::Over => None,
            State::Entering(entering) => entering.next(),
            State::Open(visit, _) => visit.next_request(packer, chance, now),
            State::Going { visit, .. } if !visit.is_sent() => {
                visit.unsent_request(packer, chance, now)
            }
            State::Going { told: true, .. } => None,
            State::Going { visit, told, .. } => {
                *told = true;
                Some(visit.leave_request())
            }
        };
        let Some(request) = request else { return Vec::new() };
        self.last_number += 1;
        let number = self.last_number;
        self.under_way = Some(number);
        vec![Output::Fetch { number, request }]
    }

    fn fetched(&mut self, reply: &Reply, now: Instant) -> Vec<Output> {
        let (chance, packer) = (&mut *self.chance, &self.packer);
        match &mut self.state {
            State::Outside | State::Over => Vec::new(),
            State::Entering(entering) => match entering.take(reply, packer, chance, now) {
                enter::Taken::Further => Vec::new(),
                enter::Taken::Refused(why) => {
                    self.state = State::Outside;
                    vec![Output::Tell(GuestTold::Refused(why))]
                }
                enter::Taken::In(visit) => {
                    let (ends, shown) = (visit.ends(), visit.shown());
                    self.state = State::Open(visit, Limits::new(now, ends));
                    let mut outputs = vec![Output::Tell(GuestTold::Open { ends, shown })];
                    outputs.extend(self.tell_standing(now));
                    outputs
                }
            },
            State::Open(visit, limits) => match visit.take(reply, now) {
                visit::Taken::Going => self.tell_standing(now),
                visit::Taken::Out => {
                    let why = limits.ending(now).unwrap_or(GuestEnding::Revoked);
                    self.over(why)
                }
            },
            State::Going { visit, why, told, .. } => {
                let (why, told) = (*why, *told);
                match visit.take(reply, now) {
                    visit::Taken::Going if !told => Vec::new(),
                    _ => self.over(why),
                }
            }
        }
    }

    fn tell_standing(&mut self, now: Instant) -> Vec<Output> {
        let State::Open(visit, limits) = &mut self.state else { return Vec::new() };
        let standing = limits.standing(visit, now);
        if visit.told == Some(standing) {
            return Vec::new();
        }
        visit.told = Some(standing);
        vec![Output::Tell(GuestTold::Stands(standing))]
    }
}

/// A request of a guest.
fn request(
    server: &str,
    method: Method,
    path: &str,
    token: Option<&str>,
    body: Vec<u8>,
) -> Request {
    let url = [server, path].concat();
    Request { method, url, token: token.map(str::to_owned), body }
}
