//! Coming in: by a code that a device has shown or that stands on paper, or by the recovery words.
//!
//! The words open the vault, which is more than a visit needs: they are used to make a code, as a
//! device would, and are dropped with everything that they opened. The guest then comes in by
//! that code and holds no more than any other.

use super::request;
use super::visit::Visit;
use crate::date::Instant;
use crate::id::{GuestId, VaultId};
use crate::message::{GUEST_MINUTES, GuestKind};
use crate::seal::{Chance, GuestCode, GuestPass, KeyRing, Packer, Recovery};
use crate::session::{Method, Outcome, Reply, Request};
use crate::wire::{
    AskChallenge, AskToken, Body, Challenge, Code, Done, EnterGuest, GuestIs, KeyringIs, Limits,
    OpenGuest, Refusal, Signature, Token, Who,
};

/// How long a code is good that is used at once.
const AT_ONCE_MS: u64 = 2 * 60_000;

/// How far the way in has come.
pub(super) struct Entering {
    server: String,
    step: Step,
}

enum Step {
    Code(GuestCode),
    Limits(Recovery),
    Challenge(Recovery, Limits),
    Token(Recovery, Limits, Challenge),
    Keyring(Recovery, Limits, Token),
    Open(GuestCode, Token, OpenGuest),
    /// An answer is being taken.
    Lost,
}

/// What an answer means for the way in.
pub(super) enum Taken {
    Further,
    Refused(String),
    In(Box<Visit>),
}

impl Entering {
    pub(super) fn by_code(server: String, code: &str) -> Result<Self, String> {
        let code = GuestCode::read(code)
            .ok_or("A code has sixteen letters and digits: see which are missing.")?;
        Ok(Self { server, step: Step::Code(code) })
    }

    pub(super) fn by_words(server: String, words: &str) -> Result<Self, String> {
        let words = Recovery::from_words(words);
        let words = words.map_err(|error| format!("The words are not right: {error}."))?;
        Ok(Self { server, step: Step::Limits(words) })
    }

    /// The next request. `None` only where there is nothing more to ask.
    pub(super) fn next(&self) -> Option<Request> {
        let server = &self.server;
        Some(match &self.step {
            Step::Code(code) => {
                let ask = EnterGuest { right: code.right() };
                request(server, Method::Post, "/v1/guest/enter", None, ask.encode())
            }
            Step::Limits(_) => request(server, Method::Get, "/v1/limits", None, Vec::new()),
            Step::Challenge(words, _) => {
                let ask = AskChallenge { who: Who::Recovery { id: words.id() } };
                request(server, Method::Post, "/v1/challenge", None, ask.encode())
            }
            Step::Token(words, limits, challenge) => {
                let who = Who::Recovery { id: words.id() };
                let challenge = challenge.challenge;
                let signature = words.sign_login(&limits.server.0, &challenge.0, &who.to_bytes());
                let ask = AskToken { who, challenge, signature: Signature(signature) };
                request(server, Method::Post, "/v1/token", None, ask.encode())
            }
            Step::Keyring(_, _, token) => {
                let token = token.token.to_hex();
                request(server, Method::Get, "/v1/keyring", Some(&token), Vec::new())
            }
            Step::Open(_, token, ask) => {
                let token = token.token.to_hex();
                request(server, Method::Post, "/v1/guests", Some(&token), ask.encode())
            }
            Step::Lost => return None,
        })
    }

    /// Takes an answer.
    pub(super) fn take(
        &mut self,
        reply: &Reply,
        packer: &Packer,
        chance: &mut dyn Chance,
        now: Instant,
    ) -> Taken {
        let step = std::mem::replace(&mut self.step, Step::Lost);
        let next = match step {
            Step::Code(code) => return self.come_in(&code, reply, now),
            Step::Limits(words) => read(reply).map(|limits| Step::Challenge(words, limits)),
            Step::Challenge(words, limits) => {
                read(reply).map(|challenge| Step::Token(words, limits, challenge))
            }
            Step::Token(words, limits, _) => {
                read(reply).map(|token| Step::Keyring(words, limits, token))
            }
            Step::Keyring(words, limits, token) => {
                read::<KeyringIs>(reply).and_then(|KeyringIs { keyring }| {
                    let vault = token.vault;
                    let made = open_by_words(&words, vault, &keyring, &limits, packer, chance);
                    made.map(|(code, ask)| Step::Open(code, token, ask))
                })
            }
            Step::Open(code, ..) => read::<Done>(reply).map(|_| Step::Code(code)),
            Step::Lost => return Taken::Further,
        };
        match next {
            Ok(step) => {
                self.step = step;
                Taken::Further
            }
            Err(why) => Taken::Refused(why),
        }
    }

    fn come_in(&self, code: &GuestCode, reply: &Reply, now: Instant) -> Taken {
        let is: GuestIs = match read(reply) {
            Ok(is) => is,
            Err(why) => return Taken::Refused(why),
        };
        let pass = GuestPass::open(code, &is.sealed);
        let Some(pass) = pass.ok().filter(|pass| pass.guest() == is.guest) else {
            return Taken::Refused(
                "What came from the server was not made for this code, and nothing of it was \
                 taken. Let another code be made."
                    .into(),
            );
        };
        // By this machine's clock, whatever it says; and no sequencer makes a visit longer.
        let longest = GUEST_MINUTES.iter().max().map_or(0, |minutes| i64::from(*minutes) * 60_000);
        let left = i64::try_from(is.ends.saturating_sub(is.now)).unwrap_or(longest).min(longest);
        let ends = Instant(now.0.saturating_add(left));
        let (server, token) = (self.server.clone(), is.token.to_hex());
        Taken::In(Box::new(Visit::new(server, token, ends, pass, now)))
    }
}

fn open_by_words(
    words: &Recovery,
    vault: VaultId,
    keyring: &[u8],
    limits: &Limits,
    packer: &Packer,
    chance: &mut dyn Chance,
) -> Result<(GuestCode, OpenGuest), String> {
    let ring = KeyRing::from_bytes(keyring).map_err(|error| error.to_string())?;
    let keys = ring.open_by_words(vault, words).map_err(|error| error.to_string())?;
    let (mut guest, mut nonce) = ([0; 16], [0; 24]);
    chance.fill(&mut guest);
    chance.fill(&mut nonce);
    let (guest, code) = (GuestId(guest), GuestCode::create(chance));
    let pass = keys.guest_pass(guest, Vec::new()).ok_or("the vault has no key to write with")?;
    let open = OpenGuest {
        guest,
        right: code.right_hash(),
        until: limits.now.saturating_add(AT_ONCE_MS),
        length: u64::from(GUEST_MINUTES[1]) * 60_000,
        note: keys.seal_guest_note(guest, GuestKind::Words, nonce),
        sealed: pass.seal(&code, packer, chance),
    };
    Ok((code, open))
}

/// The body of a good answer, or what to tell the person.
fn read<T: Body>(reply: &Reply) -> Result<T, String> {
    match reply.read() {
        Outcome::Done(body) => Ok(body),
        Outcome::Refused(Refusal { code: Code::Unauthorized | Code::NotFound, .. }) => {
            Err("The server does not know this code, or these words. A code is good once, and \
                 not for long: let another one be made."
                .into())
        }
        Outcome::Refused(refusal) => Err(format!("The server refused: {}.", refusal.text)),
        Outcome::Later(_) => Err("The server asks to wait: try again in a minute.".into()),
        Outcome::Unreachable => {
            Err("The server does not answer: a guest cannot write without it.".into())
        }
        Outcome::Blocked => Err("This page may not talk to that address.".into()),
    }
}
