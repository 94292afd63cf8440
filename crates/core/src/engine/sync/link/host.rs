//! The device of the vault: it is given a code, shows what is asked for, is given the check code,
//! and lets the new device in.

use super::papers::{self, Grant, Request};
use super::{ListChange, Pass, Side, Wanted, body, heard, ticket};
use crate::date::Instant;
use crate::engine::Engine;
use crate::id::{DeviceId, RendezvousId};
use crate::message::{Failure, LinkStatus, LinkTrouble};
use crate::seal::exchange::{Ask, DECLINED, Granting, Purpose, Taken, Taking, Waiting};
use crate::session::Reply;
use crate::wire::{Code, Done, Hear, Meet, Met, PublicKey, RENDEZVOUS_MILLIS, Say, Secret};

/// A new device as it is put on the list.
#[derive(Clone)]
pub(in crate::engine::sync) struct Newcomer {
    pub(in crate::engine::sync) device: DeviceId,
    pub(in crate::engine::sync) auth: PublicKey,
    pub(in crate::engine::sync) wrap: PublicKey,
    pub(in crate::engine::sync) name: String,
    pub(in crate::engine::sync) browser: String,
}

/// A device that may let another one in.
pub(super) struct Host {
    id: RendezvousId,
    ticket: Secret,
    until: Instant,
    step: Step,
}

enum Step {
    Meeting(Taking),
    Greeting {
        waiting: Waiting,
        hello: Vec<u8>,
    },
    Hearing(Waiting),
    Asked {
        taken: Taken,
        newcomer: Newcomer,
    },
    /// The list of devices and the key ring are being changed.
    Listing {
        granting: Granting,
        newcomer: Newcomer,
    },
    Granting {
        grant: Vec<u8>,
        newcomer: Newcomer,
    },
    /// The new device is told; this one knows already why.
    Declining(Option<LinkTrouble>),
}

impl Host {
    pub(super) fn until(&self) -> Option<Instant> {
        Some(self.until)
    }

    pub(super) fn status(&self) -> LinkStatus {
        let until = self.until;
        match &self.step {
            Step::Meeting(_) | Step::Greeting { .. } | Step::Hearing(_) => LinkStatus::Looking,
            Step::Asked { taken: Taken { ask: Ask { origin, .. }, .. }, newcomer } => {
                let (name, browser) = (newcomer.name.clone(), newcomer.browser.clone());
                LinkStatus::Asked { name, browser, origin: papers::shown(origin), until }
            }
            Step::Listing { newcomer, .. } | Step::Granting { newcomer, .. } => {
                LinkStatus::LettingIn { name: newcomer.name.clone() }
            }
            Step::Declining(Some(trouble)) => LinkStatus::Failed(trouble.clone()),
            Step::Declining(None) => LinkStatus::Idle,
        }
    }

    /// The person typed the check code; who is to be put on the list, if it is right.
    pub(super) fn check(&mut self, typed: &str) -> Option<Newcomer> {
        let step = std::mem::replace(&mut self.step, Step::Declining(None));
        let Step::Asked { taken, newcomer } = step else {
            self.step = step;
            return None;
        };
        match taken.check(typed) {
            Ok(granting) => {
                self.step = Step::Listing { granting, newcomer: newcomer.clone() };
                Some(newcomer)
            }
            Err(error) => {
                self.decline(Some(LinkTrouble::Exchange(error.to_string())));
                None
            }
        }
    }

    /// The new device is told that it is not let in.
    pub(super) fn decline(&mut self, trouble: Option<LinkTrouble>) {
        self.step = Step::Declining(trouble);
    }

    pub(super) fn wanted(&self, server: &str, token: Option<String>) -> Option<Wanted> {
        let (id, ticket) = (self.id, self.ticket);
        let say = |number, message: &[u8]| {
            let say = Say { id, ticket, number, message: message.to_vec() };
            Wanted::post(server, "/v1/rendezvous/say", &say)
        };
        Some(match &self.step {
            Step::Meeting(_) => {
                let meet = Wanted::post(server, "/v1/rendezvous/meet", &Meet { id, ticket });
                Wanted { token: Some(token?), ..meet }
            }
            Step::Greeting { hello, .. } => say(1, hello),
            Step::Hearing(_) => {
                let hear = Hear { id, ticket, number: 2 };
                Wanted::post(server, "/v1/rendezvous/hear", &hear)
            }
            Step::Granting { grant, .. } => say(3, grant),
            Step::Declining(_) => say(3, DECLINED),
            Step::Asked { .. } | Step::Listing { .. } => return None,
        })
    }
}

impl Engine {
    pub(super) fn host(&mut self, code: &str, now: Instant) -> Result<Host, Failure> {
        let invalid = |why: &str| Failure::Invalid(why.to_owned());
        if !self.sync.vault.as_ref().is_some_and(|vault| vault.kept.made) {
            return Err(invalid(
                "this device is in no vault: there is nothing to let another into",
            ));
        }
        if self.sync.session.stopped.is_some() {
            return Err(invalid("the sync has stopped: see to that first"));
        }
        let taking = Taking::begin(code, &mut self.sync.chance);
        let taking = taking.map_err(|error| invalid(&error.to_string()))?;
        let until = Instant(now.0.saturating_add(RENDEZVOUS_MILLIS as i64));
        let (id, ticket) = (taking.id(), ticket(&mut self.sync.chance));
        Ok(Host { id, ticket, until, step: Step::Meeting(taking) })
    }

    pub(super) fn host_heard(
        &mut self,
        host: &mut Host,
        reply: &Reply,
    ) -> Result<Option<Side>, Pass> {
        let step = std::mem::replace(&mut host.step, Step::Declining(None));
        let next = match step {
            Step::Meeting(taking) => match self.met(reply) {
                Ok(Met { message, .. }) => {
                    let (waiting, hello) = taking.answer(&message)?;
                    Ok(Step::Greeting { waiting, hello })
                }
                Err(pass) => Err((Step::Meeting(taking), pass)),
            },
            Step::Greeting { waiting, hello } => match body::<Done>(reply, LinkTrouble::Expired) {
                Ok(Done {}) => Ok(Step::Hearing(waiting)),
                Err(pass) => Err((Step::Greeting { waiting, hello }, pass)),
            },
            Step::Hearing(waiting) => match heard(reply) {
                Ok(reveal) => self.asked_for(waiting.judge(&reveal)?).map(Ok)?,
                Err(pass) => Err((Step::Hearing(waiting), pass)),
            },
            Step::Granting { grant, newcomer } => match body::<Done>(reply, LinkTrouble::Expired) {
                Ok(Done {}) => return Ok(Some(Side::Done(newcomer.name))),
                Err(pass) => Err((Step::Granting { grant, newcomer }, pass)),
            },
            Step::Declining(trouble) => {
                return Ok(Some(trouble.map_or(Side::None, Side::Failed)));
            }
            still @ (Step::Asked { .. } | Step::Listing { .. }) => Ok(still),
        };
        match next {
            Ok(step) => {
                host.step = step;
                Ok(None)
            }
            Err((step, pass)) => {
                host.step = step;
                Err(pass)
            }
        }
    }

    fn met(&mut self, reply: &Reply) -> Result<Met, Pass> {
        if let crate::session::Outcome::Refused(refusal) = reply.read::<Met>()
            && refusal.code == Code::Unauthorized
        {
            self.sync.session.log_in_again();
            return Err(Pass::Again);
        }
        body(reply, LinkTrouble::NoCode)
    }

    /// What is asked for, if it can be given.
    fn asked_for(&self, taken: Taken) -> Result<Step, Pass> {
        if taken.ask.purpose == Purpose::Guest {
            return Err(Pass::Fail(LinkTrouble::Borrowing));
        }
        let request: Request = papers::read(&taken.ask.request)?;
        let newcomer = Newcomer {
            device: request.device(),
            auth: PublicKey(request.auth),
            wrap: PublicKey(request.wrap),
            name: papers::shown(&request.name),
            browser: papers::shown(&taken.ask.browser),
        };
        let other = |member: &crate::wire::Member| member.auth != newcomer.auth;
        let vault = self.sync.vault.as_ref().ok_or(Pass::Again)?;
        if vault.lets_in(newcomer.device)
            && vault.member(newcomer.device).as_ref().is_some_and(other)
        {
            return Err(Pass::Fail(LinkTrouble::NameTaken));
        }
        Ok(Step::Asked { taken, newcomer })
    }

    /// The list and the key ring have the new device: it gets what lets it in.
    pub(super) fn grant_if_listed(&mut self) {
        let Some(vault) = &self.sync.vault else { return };
        let Side::Host(host) = &mut self.sync.link.side else { return };
        let Step::Listing { granting, newcomer } = &host.step else { return };
        if !vault.has_let_in(newcomer.device) {
            return;
        }
        let (Ok(log), Some(list)) = (self.store.cursor(), vault.list()) else { return };
        let names = vault.names(Some(newcomer.device));
        let grant = Grant::new(vault.id(), vault.keys.signing_key(), list, log, names);
        let grant = granting.grant(papers::written(&grant));
        host.step = Step::Granting { grant, newcomer: newcomer.clone() };
    }

    /// A device that was put on the list and never got its keys is taken off again.
    pub(super) fn take_back(&mut self) {
        let Side::Host(host) = &self.sync.link.side else { return };
        let (Step::Listing { newcomer, .. } | Step::Granting { newcomer, .. }) = &host.step else {
            return;
        };
        let device = newcomer.device;
        self.sync.list_changes.retain(|change| match change {
            ListChange::Admit(one, _) => one.device != device,
            ListChange::Name { .. } => true,
        });
        // It is not on the list yet where this is refused.
        drop(self.put_out(device));
    }
}
