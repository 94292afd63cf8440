//! The brain of a borrowed machine: everything that is typed goes out, and every visit ends.

use crate::support::{Chance, NOW, SYDNEY, zone};
use proptest::prelude::*;
use std::collections::VecDeque;
use thoughtstream_core::date::Instant;
use thoughtstream_core::guest::{Guest, HIDDEN_MS, IDLE_MS, Input, LAST_MS, Output, WARNED_MS};
use thoughtstream_core::id::{GuestId, VaultId};
use thoughtstream_core::message::{GuestCommand, GuestEnding, GuestStanding, GuestTold};
use thoughtstream_core::seal::{GuestCode, Packer, VaultKeys};
use thoughtstream_core::session::{Reply, Request};
use thoughtstream_core::wire::{
    Body, Code, Done, EnterGuest, GuestIs, GuestStands, PutItem, Refusal, Secret,
};

const GUEST: GuestId = GuestId([3; 16]);
const HOUR: i64 = 3_600_000;
const SERVER: &str = "https://journal.example";

/// A guest, and the sequencer it talks to.
struct Room {
    guest: Guest,
    keys: VaultKeys,
    code: GuestCode,
    now: Instant,
    requests: VecDeque<(u64, Request)>,
    told: Vec<GuestTold>,
    /// What the sequencer was given, and whether it can be reached.
    items: Vec<PutItem>,
    online: bool,
    revoked: bool,
    left: bool,
}

impl Room {
    fn new() -> Self {
        let keys = VaultKeys::create(VaultId([7; 16]), &mut Chance::new(1));
        Self {
            guest: Guest::new(Box::new(Chance::new(2))),
            keys,
            code: GuestCode::create(&mut Chance::new(3)),
            now: NOW,
            requests: VecDeque::new(),
            told: Vec::new(),
            items: Vec::new(),
            online: true,
            revoked: false,
            left: false,
        }
    }

    /// With a visit of an hour that has just begun.
    fn open() -> Self {
        let mut room = Self::new();
        let code = room.code.text();
        room.say(GuestCommand::Code { server: SERVER.into(), code });
        let opened = room.told.iter().any(|told| matches!(told, GuestTold::Open { .. }));
        assert!(opened, "{:?}", room.told);
        room
    }

    fn say(&mut self, command: GuestCommand) {
        self.handle(Input::Command(command));
        self.answer();
    }

    /// Lets time pass, second by second.
    fn wait(&mut self, millis: i64) {
        for _ in 0..millis / 1_000 {
            self.now.0 += 1_000;
            self.say(GuestCommand::Tick);
        }
    }

    fn write(&mut self, body: &str) {
        self.say(GuestCommand::Write { body: body.into(), zone: zone(SYDNEY) });
    }

    fn handle(&mut self, input: Input) {
        for output in self.guest.handle(input, self.now) {
            match output {
                Output::Fetch { number, request } => self.requests.push_back((number, request)),
                Output::Tell(told) => self.told.push(told),
            }
        }
    }

    fn answer(&mut self) {
        while let Some((number, request)) = self.requests.pop_front() {
            let reply = self.reply(&request);
            self.handle(Input::Fetched { number, reply });
        }
    }

    fn reply(&mut self, request: &Request) -> Reply {
        if !self.online {
            return Reply::Unreachable;
        }
        if self.revoked {
            let code = Code::Unauthorized;
            let refusal = Refusal { code, now: 0, detail: 0, text: "no".into() };
            return answer(401, refusal.encode());
        }
        let now = self.now.0.unsigned_abs();
        match request.url.strip_prefix(SERVER).unwrap() {
            "/v1/guest/enter" => {
                let EnterGuest { right } = EnterGuest::decode(&request.body).unwrap();
                assert_eq!(right, self.code.right());
                let pass = self.keys.guest_pass(GUEST, vec![]).unwrap();
                let sealed = pass.seal(&self.code, &Packer::default(), &mut Chance::new(4));
                let (token, vault) = (Secret([5; 32]), VaultId([7; 16]));
                let ends = now + HOUR.unsigned_abs();
                answer(200, GuestIs { token, now, ends, vault, guest: GUEST, sealed }.encode())
            }
            "/v1/guest/put" => {
                self.items.push(PutItem::decode(&request.body).unwrap());
                answer(200, GuestStands { now, ends: 0 }.encode())
            }
            "/v1/guest/leave" => {
                self.left = true;
                answer(200, Done {}.encode())
            }
            "/v1/guest" => answer(200, GuestStands { now, ends: 0 }.encode()),
            other => panic!("a guest asks for {other}"),
        }
    }

    /// The newest text of a slot, as a device of the vault reads it.
    fn read(&self, slot: u64) -> String {
        let of_slot = self.items.iter().filter(|item| item.slot == slot);
        let newest = of_slot.max_by_key(|item| item.version).unwrap();
        self.keys.open_item(GUEST, slot, &newest.sealed).unwrap().1.body
    }

    fn ended(&self) -> Option<GuestEnding> {
        self.told.iter().find_map(|told| match told {
            GuestTold::Ended(why) => Some(*why),
            _ => None,
        })
    }

    fn standing(&self) -> GuestStanding {
        let stands = |told: &GuestTold| match told {
            GuestTold::Stands(standing) => Some(*standing),
            _ => None,
        };
        self.told.iter().rev().find_map(stands).unwrap()
    }
}

fn answer(status: u16, body: Vec<u8>) -> Reply {
    Reply::Answer { status, body, retry_after: None }
}

#[test]
fn what_is_typed_is_sent_at_once() {
    let mut room = Room::open();
    room.write("Rain");
    assert_eq!(room.read(0), "Rain");
    assert!(room.standing().sent);
    room.write("Rain on the roof.");
    assert_eq!(room.read(0), "Rain on the roof.");
    room.say(GuestCommand::Next);
    room.write("Another.");
    assert_eq!((room.read(1), room.standing().finished), ("Another.".into(), 1));
    room.say(GuestCommand::Leave);
    assert_eq!((room.ended(), room.left), (Some(GuestEnding::Left), true));
}

#[test]
fn offline_is_said_and_made_up_for() {
    let mut room = Room::open();
    room.online = false;
    room.write("Rain");
    let standing = room.standing();
    assert!((!standing.sent) && standing.offline);
    room.say(GuestCommand::Next);
    room.write("Another.");
    room.online = true;
    room.wait(5_000);
    assert_eq!((room.read(0), room.read(1)), ("Rain".into(), "Another.".into()));
    assert!(room.standing().sent && !room.standing().offline);
}

#[test]
fn leaving_offline_waits_a_moment_and_no_longer() {
    let mut room = Room::open();
    room.online = false;
    room.write("Rain");
    room.say(GuestCommand::Leave);
    assert_eq!(room.ended(), None, "what is unsent may still go out");
    room.wait(6_000);
    assert_eq!(room.ended(), Some(GuestEnding::Left));
    let mut room = Room::open();
    room.online = false;
    room.write("Rain");
    room.say(GuestCommand::Leave);
    room.online = true;
    room.wait(2_000);
    assert_eq!((room.ended(), room.read(0)), (Some(GuestEnding::Left), "Rain".into()));
}

/// One case of how a visit ends: what happens, and when it is still open and when it is over.
#[test]
fn every_visit_ends() {
    type Case = (&'static str, fn(&mut Room), i64, GuestEnding);
    let cases: [Case; 4] = [
        ("nobody is there", |_| {}, IDLE_MS, GuestEnding::Idle),
        ("hidden", |room| room.say(GuestCommand::Seen(false)), HIDDEN_MS, GuestEnding::Hidden),
        (
            "hidden again and again",
            |room| {
                room.say(GuestCommand::Seen(false));
                room.wait(HIDDEN_MS / 2);
                room.say(GuestCommand::Seen(true));
                room.say(GuestCommand::Touch);
                room.say(GuestCommand::Seen(false));
            },
            HIDDEN_MS,
            GuestEnding::Hidden,
        ),
        (
            "the time is up",
            |room| {
                while room.now.0 < NOW.0 + HOUR - 60_000 {
                    room.wait(60_000);
                    room.say(GuestCommand::Touch);
                }
            },
            60_000,
            GuestEnding::TimeUp,
        ),
    ];
    for (name, happens, after, why) in cases {
        let mut room = Room::open();
        happens(&mut room);
        room.wait(after - 1_000);
        assert_eq!(room.ended(), None, "{name}: a second before");
        room.wait(1_000);
        assert_eq!((room.ended(), room.left), (Some(why), true), "{name}");
    }
}

#[test]
fn the_end_is_told_beforehand_and_can_be_put_off() {
    let mut room = Room::open();
    room.wait(IDLE_MS - WARNED_MS - 1_000);
    assert_eq!(room.standing().idle_in, None);
    room.wait(1_000);
    assert_eq!(room.standing().idle_in, Some(60));
    room.say(GuestCommand::Touch);
    assert_eq!(room.standing().idle_in, None);
    room.wait(IDLE_MS - 1_000);
    assert_eq!((room.ended(), room.standing().idle_in), (None, Some(1)));
    let mut room = Room::open();
    while room.now.0 < NOW.0 + HOUR - LAST_MS {
        room.wait(60_000);
        room.say(GuestCommand::Touch);
    }
    assert_eq!(room.standing().over_in, Some(120));
}

#[test]
fn a_clock_that_is_set_back_makes_no_visit_longer() {
    let mut room = Room::open();
    room.wait(IDLE_MS / 2);
    room.say(GuestCommand::Touch);
    room.now = Instant(room.now.0 - 24 * HOUR);
    room.say(GuestCommand::Touch);
    room.now = Instant(room.now.0 + 24 * HOUR);
    room.wait(IDLE_MS);
    assert_eq!(room.ended(), Some(GuestEnding::Idle));
}

#[test]
fn a_visit_that_was_ended_elsewhere_is_over_within_seconds() {
    let mut room = Room::open();
    room.revoked = true;
    room.wait(2_000);
    assert_eq!(room.ended(), Some(GuestEnding::Revoked));
    room.write("after that");
    assert!(room.items.is_empty(), "nothing is sent any more");
}

#[test]
fn a_wrong_code_is_told_and_another_one_may_be_tried() {
    let mut room = Room::new();
    room.say(GuestCommand::Code { server: SERVER.into(), code: "0000".into() });
    assert!(matches!(&room.told[..], [GuestTold::Refused(_)]), "{:?}", room.told);
    room.revoked = true;
    let code = room.code.text();
    room.say(GuestCommand::Code { server: SERVER.into(), code: code.clone() });
    assert!(matches!(room.told.last(), Some(GuestTold::Refused(_))), "{:?}", room.told);
    room.revoked = false;
    room.say(GuestCommand::Code { server: SERVER.into(), code });
    assert!(room.told.iter().any(|told| matches!(told, GuestTold::Open { .. })));
}

#[test]
fn a_server_that_answers_with_another_pass_is_not_believed() {
    let mut room = Room::new();
    let code = room.code.text();
    // It is answered as if somebody else's code had been shown.
    room.handle(Input::Command(GuestCommand::Code { server: SERVER.into(), code }));
    let (number, request) = room.requests.pop_front().unwrap();
    room.reply(&request);
    room.code = GuestCode::create(&mut Chance::new(99));
    let pass = room.keys.guest_pass(GUEST, vec![]).unwrap();
    let sealed = pass.seal(&room.code, &Packer::default(), &mut Chance::new(4));
    let is = GuestIs {
        token: Secret([5; 32]),
        now: 0,
        ends: u64::MAX,
        vault: VaultId([7; 16]),
        guest: GUEST,
        sealed,
    };
    room.handle(Input::Fetched { number, reply: answer(200, is.encode()) });
    assert!(matches!(room.told.last(), Some(GuestTold::Refused(_))), "{:?}", room.told);
    room.write("never");
    assert!(room.items.is_empty(), "the swapped inbox gets nothing");
}

proptest! {
    /// Whatever is typed in whatever order of network and pauses: what was shown as sent is there.
    #[test]
    fn what_was_shown_as_sent_is_there(
        steps in prop::collection::vec((0..5_u8, "[a-z]{0,8}"), 0..40),
    ) {
        let mut room = Room::open();
        let mut texts = vec![String::new()];
        for (step, text) in steps {
            match step {
                0 => room.online = !room.online,
                1 if !texts.last().unwrap().is_empty() => {
                    room.say(GuestCommand::Next);
                    texts.push(String::new());
                }
                2 => room.wait(2_000),
                _ => {
                    texts.last_mut().unwrap().push_str(&text);
                    room.write(&texts.last().unwrap().clone());
                }
            }
            if room.standing().sent {
                for (slot, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                    prop_assert_eq!(&room.read(slot as u64), text);
                }
            }
        }
    }
}
