//! The new device: it shows a code, then a check code, and is let in.

use super::papers::{self, Grant, Request};
use super::{Pass, Side, Wanted, body, heard, ticket};
use crate::date::Instant;
use crate::engine::Engine;
use crate::engine::sync::Vault;
use crate::id::DeviceId;
use crate::message::{LinkStatus, LinkTrouble};
use crate::seal::DeviceKeys;
use crate::seal::exchange::{Ask, Asked, Asking, DECLINED, Purpose};
use crate::session::Reply;
use crate::wire::{
    AskChallenge, AskToken, Await, Awaited, Challenge, Done, Hear, KeyringIs, Limits, ManifestIs,
    RENDEZVOUS_MILLIS, Say, Secret, Signature, Token, Who,
};

/// A new device that wants to be let in.
pub(super) struct New {
    server: String,
    ticket: Secret,
    asking: Asking,
    ask: Ask,
    device: DeviceId,
    own: DeviceKeys,
    until: Instant,
    step: Step,
}

enum Step {
    Opening,
    Showing,
    Telling {
        asked: Asked,
        reveal: Vec<u8>,
    },
    Checking {
        asked: Asked,
    },
    Offered {
        grant: Grant,
    },
    /// The person has said that it is the right vault.
    Entering {
        grant: Grant,
        way: Way,
    },
}

/// How far the way in is: as a device of the list logs in, and then reads keys and list.
#[derive(Clone)]
enum Way {
    Limits,
    Challenge { server: [u8; 16] },
    Token { server: [u8; 16], challenge: Challenge },
    Keyring { token: String },
    List { token: String, keyring: Vec<u8> },
}

impl New {
    pub(super) fn begin(
        server: String,
        name: &str,
        (origin, browser): (&str, &str),
        engine: &mut Engine,
        now: Instant,
    ) -> Self {
        let device = engine.clock.device();
        let chance = &mut engine.sync.chance;
        let (asking, own, ticket) =
            (Asking::begin(chance), DeviceKeys::create(chance), ticket(chance));
        let request = Request::new(device, own.auth_key(), own.wrap_key(), name);
        let request = papers::written(&request);
        let (origin, browser) = (papers::shown(origin), papers::shown(browser));
        let ask = Ask { purpose: Purpose::Device, origin, browser, request };
        let until = Instant(now.0.saturating_add(RENDEZVOUS_MILLIS as i64));
        Self { server, ticket, asking, ask, device, own, until, step: Step::Opening }
    }

    /// What of it ends in two minutes, and when.
    pub(super) fn until(&self) -> Option<Instant> {
        let waits = !matches!(self.step, Step::Offered { .. } | Step::Entering { .. });
        waits.then_some(self.until)
    }

    pub(super) fn status(&self) -> LinkStatus {
        let until = self.until;
        match &self.step {
            Step::Opening => LinkStatus::Opening,
            Step::Showing => {
                let (code, picture) = (self.asking.code(), self.asking.picture());
                LinkStatus::Showing { code, picture, until }
            }
            Step::Telling { asked, .. } | Step::Checking { asked } => {
                LinkStatus::Checking { check: asked.check_code(), until }
            }
            Step::Offered { grant } => {
                let devices = grant.devices.iter().map(|name| papers::shown(name)).collect();
                LinkStatus::Offered { devices }
            }
            Step::Entering { .. } => LinkStatus::Entering,
        }
    }

    /// The vault is the right one.
    pub(super) fn enter(&mut self) {
        if let Step::Offered { grant } = &self.step {
            self.step = Step::Entering { grant: grant.clone(), way: Way::Limits };
        }
    }

    fn who(&self, grant: &Grant) -> Who {
        Who::Device { vault: grant.vault(), device: self.device }
    }

    pub(super) fn wanted(&self) -> Option<Wanted> {
        let (id, ticket, server) = (self.asking.id(), self.ticket, &self.server[..]);
        let hear =
            |number| Wanted::post(server, "/v1/rendezvous/hear", &Hear { id, ticket, number });
        Some(match &self.step {
            Step::Opening => {
                let message = self.asking.promise();
                Wanted::post(server, "/v1/rendezvous", &Await { id, ticket, message })
            }
            Step::Showing => hear(1),
            Step::Telling { reveal, .. } => {
                let say = Say { id, ticket, number: 2, message: reveal.clone() };
                Wanted::post(server, "/v1/rendezvous/say", &say)
            }
            Step::Checking { .. } => hear(3),
            Step::Offered { .. } => return None,
            Step::Entering { grant, way } => self.on_the_way(grant, way),
        })
    }

    fn on_the_way(&self, grant: &Grant, way: &Way) -> Wanted {
        let (server, who) = (&self.server[..], self.who(grant));
        match way {
            Way::Limits => Wanted::get(server, "/v1/limits", None),
            Way::Challenge { .. } => Wanted::post(server, "/v1/challenge", &AskChallenge { who }),
            Way::Token { server: name, challenge: Challenge { challenge, .. } } => {
                let signature = self.own.sign_login(name, &challenge.0, &who.to_bytes());
                let (challenge, signature) = (*challenge, Signature(signature));
                Wanted::post(server, "/v1/token", &AskToken { who, challenge, signature })
            }
            Way::Keyring { token } => Wanted::get(server, "/v1/keyring", Some(token.clone())),
            Way::List { token, .. } => Wanted::get(server, "/v1/manifest", Some(token.clone())),
        }
    }
}

fn untrusted(error: &dyn std::error::Error) -> Pass {
    Pass::Fail(LinkTrouble::Untrusted(error.to_string()))
}

impl Engine {
    pub(super) fn new_heard(
        &mut self,
        new: &mut New,
        reply: &Reply,
        now: Instant,
    ) -> Result<Option<Side>, Pass> {
        new.step = match std::mem::replace(&mut new.step, Step::Opening) {
            Step::Opening => {
                body::<Awaited>(reply, LinkTrouble::Expired)?;
                new.until = Instant(now.0.saturating_add(RENDEZVOUS_MILLIS as i64));
                Step::Showing
            }
            Step::Showing => match heard(reply) {
                Ok(hello) => {
                    let (asked, reveal) = new.asking.answer(&hello, &new.ask)?;
                    Step::Telling { asked, reveal }
                }
                Err(pass) => return keep(new, Step::Showing, pass),
            },
            Step::Telling { asked, reveal } => match body::<Done>(reply, LinkTrouble::Expired) {
                Ok(Done {}) => Step::Checking { asked },
                Err(pass) => return keep(new, Step::Telling { asked, reveal }, pass),
            },
            Step::Checking { asked } => match heard(reply) {
                Ok(said) if said == DECLINED => return Err(Pass::Fail(LinkTrouble::Declined)),
                Ok(said) => Step::Offered { grant: papers::read(&asked.open(&said)?)? },
                Err(pass) => return keep(new, Step::Checking { asked }, pass),
            },
            Step::Offered { grant } => Step::Offered { grant },
            Step::Entering { grant, way } => match self.entering(new, &grant, way.clone(), reply) {
                Ok(Some(way)) => Step::Entering { grant, way },
                Ok(None) => return Ok(Some(Side::None)),
                Err(pass) => return keep(new, Step::Entering { grant, way }, pass),
            },
        };
        Ok(None)
    }

    /// The next step of the way in; `None` if this device is in.
    fn entering(
        &mut self,
        new: &New,
        grant: &Grant,
        way: Way,
        reply: &Reply,
    ) -> Result<Option<Way>, Pass> {
        let gone = || LinkTrouble::Expired;
        Ok(Some(match way {
            Way::Limits => Way::Challenge { server: body::<Limits>(reply, gone())?.server.0 },
            Way::Challenge { server } => Way::Token { server, challenge: body(reply, gone())? },
            Way::Token { .. } => {
                Way::Keyring { token: body::<Token>(reply, gone())?.token.to_hex() }
            }
            Way::Keyring { token } => {
                Way::List { token, keyring: body::<KeyringIs>(reply, gone())?.keyring }
            }
            Way::List { keyring, .. } => {
                let ManifestIs { manifest } = body(reply, gone())?;
                let (server, own, this) = (new.server.clone(), new.own.clone(), new.device);
                let vault = (grant.vault(), &grant.signing);
                let vault = Vault::linked(server, vault, &keyring, this, own);
                let mut vault = vault.map_err(|error| untrusted(&error))?;
                vault.begin_list(&manifest, grant.list()).map_err(|error| untrusted(&error))?;
                if !vault.lets_in(this) || vault.is_replaced(this) {
                    return Err(Pass::Fail(LinkTrouble::Untrusted(
                        "this device is not on the list of devices".to_owned(),
                    )));
                }
                self.take_linked(vault, &grant.log())?;
                return Ok(None);
            }
        }))
    }
}

/// The step was not made.
fn keep(new: &mut New, step: Step, pass: Pass) -> Result<Option<Side>, Pass> {
    new.step = step;
    Err(pass)
}
