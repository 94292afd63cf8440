//! Guests of the vault: letting them in, seeing who is there, ending a visit, and taking in what
//! they wrote. Beside the session, one request at a time, as photos and files travel.
//!
//! What a guest has finished becomes an entry of this device, under a name that follows from guest
//! and slot: two devices that take in the same make one entry, and one that was taken in before,
//! or deleted since, is left alone. It is dropped at the sequencer only when nothing waits to be
//! sent any more, so it is always in one of the two places.

use crate::change::{Change, ChangedRow, EntryRow, Life, TagRow};
use crate::date::{Instant, Moment};
use crate::engine::{Engine, Output, PAUSE_MS, failure};
use crate::id::{EntryId, GuestId, JournalId};
use crate::message::{
    Answer, BACKUP_CODES, Changed, Chosen, Event, Failure, GUEST_MINUTES, Guest, GuestKind,
    GuestScope, GuestState, GuestsCommand, Shown, Written,
};
use crate::seal::{Chance, GuestCode, SealError};
use crate::session::{Method, Outcome, Reply};
use crate::wire::{
    Body, Code, Done, DropItems, EndGuest, GuestRow, GuestsAre, InboxIs, ItemName, OpenGuest,
    Refusal,
};
use std::collections::VecDeque;

/// The tag that marks what was written on a borrowed machine.
pub(super) const GUEST_TAG: &str = "borrowed machine";

/// How long a code is good that is shown on a screen.
const CODE_MS: i64 = 10 * 60_000;
/// How long backup codes are good.
const BACKUP_MS: i64 = 365 * 24 * 3_600_000;
/// How often the inbox is looked at, with a guest in the house and without.
const OFTEN_MS: i64 = 20_000;
const SELDOM_MS: i64 = 5 * 60_000;
/// How long the desk rests after a request that came to nothing.
const REST_MS: i64 = 30_000;
/// Text that a guest is given, in bytes; the newest entries come first.
const SHOWN_BYTES: usize = 3 << 20;

/// What is known between two requests.
#[derive(Default)]
pub(super) struct Desk {
    under_way: Option<(u64, Job)>,
    opening: VecDeque<OpenGuest>,
    ending: VecDeque<GuestId>,
    dropping: Vec<ItemName>,
    /// Somebody looks at the list.
    wanted: bool,
    known: Vec<Guest>,
    /// Visits that were open when the inbox was last looked at, and when that was.
    open: u64,
    looked: Option<Instant>,
    /// Not before then.
    until: Option<Instant>,
}

/// What a request is about.
enum Job {
    Open,
    End,
    List,
    Inbox,
    Drop(Vec<ItemName>),
}

impl Engine {
    pub(super) fn guests_command(
        &mut self,
        command: GuestsCommand,
        now: Instant,
    ) -> Result<Answer, Failure> {
        match command {
            GuestsCommand::LetIn { scope, minutes } => return self.let_in(&scope, minutes, now),
            GuestsCommand::BackupCodes => return self.backup_codes(now),
            GuestsCommand::End { guest } => self.end_guest(guest),
            GuestsCommand::Look => {
                self.sync.desk.wanted = true;
                self.sync.desk.looked = None;
            }
        }
        Ok(Answer::Done)
    }

    /// Makes a code that lets a guest in; the sequencer is told of it next.
    fn let_in(
        &mut self,
        scope: &GuestScope,
        minutes: u32,
        now: Instant,
    ) -> Result<Answer, Failure> {
        if !GUEST_MINUTES.contains(&minutes) {
            return Err(Failure::Invalid("a visit lasts 15 minutes, 1 hour or 4 hours".into()));
        }
        let shown = self.shown(scope, now).map_err(|error| failure(&error))?;
        let reads = *scope != GuestScope::WriteOnly;
        let kind = if reads { GuestKind::Reader } else { GuestKind::Writer };
        let until = Instant(self.right(now).0 + CODE_MS);
        let (guest, code) = self.make_code(kind, minutes, until, shown)?;
        Ok(Answer::LetIn { guest, code })
    }

    /// Makes the codes that are printed; those of earlier that nobody used are good no more.
    fn backup_codes(&mut self, now: Instant) -> Result<Answer, Failure> {
        let unused = |guest: &&Guest| {
            guest.kind == GuestKind::Backup && matches!(guest.state, GuestState::Awaited { .. })
        };
        let former: Vec<GuestId> =
            self.sync.desk.known.iter().filter(unused).map(|guest| guest.id).collect();
        let until = Instant(self.right(now).0 + BACKUP_MS);
        let made: Result<Vec<String>, Failure> = (0..BACKUP_CODES)
            .map(|_| {
                let made = self.make_code(GuestKind::Backup, GUEST_MINUTES[1], until, Vec::new());
                made.map(|(_, code)| code)
            })
            .collect();
        self.sync.desk.ending.extend(former);
        made.map(Answer::Codes)
    }

    fn make_code(
        &mut self,
        kind: GuestKind,
        minutes: u32,
        until: Instant,
        shown: Vec<Shown>,
    ) -> Result<(GuestId, String), Failure> {
        let invalid = |why: &str| Failure::Invalid(why.into());
        let vault = self.sync.vault.as_ref().filter(|vault| vault.kept.made);
        let vault = vault.ok_or_else(|| invalid("this device is in no vault"))?;
        if self.sync.chance.seed.is_none() {
            return Err(invalid("the browser gave no chance to make a code of: reload the page"));
        }
        let chance = &mut self.sync.chance;
        let (mut guest, mut nonce) = ([0; 16], [0; 24]);
        chance.fill(&mut guest);
        chance.fill(&mut nonce);
        let (guest, code) = (GuestId(guest), GuestCode::create(chance));
        let pass = vault.keys.guest_pass(guest, shown);
        let pass = pass.ok_or_else(|| invalid("the vault has no key to write with"))?;
        let open = OpenGuest {
            guest,
            right: code.right_hash(),
            until: until.0.unsigned_abs(),
            length: u64::from(minutes) * 60_000,
            note: vault.keys.seal_guest_note(guest, kind, nonce),
            sealed: pass.seal(&code, &vault.packer, chance),
        };
        let desk = &mut self.sync.desk;
        desk.opening.push_back(open);
        (desk.wanted, desk.until) = (true, None);
        Ok((guest, code.text()))
    }

    /// Ends a visit, or takes a code back.
    fn end_guest(&mut self, guest: GuestId) {
        let desk = &mut self.sync.desk;
        // What the sequencer has not heard of yet, it never hears of.
        desk.opening.retain(|open| open.guest != guest);
        desk.ending.push_back(guest);
        (desk.wanted, desk.until) = (true, None);
    }

    /// The guests, as far as is known.
    pub(in crate::engine) fn guests(&self) -> Vec<Guest> {
        self.sync.desk.known.clone()
    }

    /// What a guest is given to read, the newest first, as far as there is room.
    fn shown(&self, scope: &GuestScope, now: Instant) -> rusqlite::Result<Vec<Shown>> {
        let chosen = match scope {
            GuestScope::WriteOnly => return Ok(Vec::new()),
            GuestScope::Entries(entries) => Some(Chosen::Entries(entries.clone())),
            GuestScope::Days(days) => {
                let today = now.utc_parts().0;
                let from = today.plus_days(-i64::from(days.saturating_sub(1)));
                // Somewhere it is tomorrow already.
                Some(Chosen::Days { from, to: today.plus_days(1) })
            }
            GuestScope::Everything => None,
        };
        self.store.newest_texts(chosen.as_ref(), SHOWN_BYTES)
    }

    /// The next request of the desk, if it is free and the words are in step. `sent` says that
    /// nothing waits to be sent.
    pub(super) fn drive_guests(&mut self, now: Instant, sent: bool) -> Vec<Output> {
        let desk = &mut self.sync.desk;
        if desk.until.is_some_and(|until| until > now && until.0 - now.0 <= REST_MS) {
            return Vec::new();
        }
        if desk.under_way.is_some() || !self.sync.session.is_in_step() {
            return Vec::new();
        }
        let pause = if desk.open > 0 { OFTEN_MS } else { SELDOM_MS };
        let due = desk.looked.is_none_or(|at| (now.0 - at.0).saturating_abs() >= pause);
        let (job, method, path, body) = if let Some(open) = desk.opening.front() {
            (Job::Open, Method::Post, "/v1/guests", open.encode())
        } else if let Some(&guest) = desk.ending.front() {
            (Job::End, Method::Post, "/v1/guests/end", EndGuest { guest }.encode())
        } else if sent && !desk.dropping.is_empty() {
            let items = std::mem::take(&mut desk.dropping);
            let body = DropItems { items: items.clone() }.encode();
            (Job::Drop(items), Method::Post, "/v1/inbox/drop", body)
        } else if sent && due {
            (Job::Inbox, Method::Get, "/v1/inbox", Vec::new())
        } else if desk.wanted {
            (Job::List, Method::Get, "/v1/guests", Vec::new())
        } else {
            return Vec::new();
        };
        let (number, output) = self.ask_beside(method, path, body);
        self.sync.desk.under_way = Some((number, job));
        vec![output]
    }

    /// Takes the answer of a request of the desk; `None` if it was none.
    pub(super) fn fetched_guests(
        &mut self,
        number: u64,
        reply: &Reply,
        now: Instant,
    ) -> Option<rusqlite::Result<Vec<Output>>> {
        let (_, job) = self.sync.desk.under_way.take_if(|(asked, _)| *asked == number)?;
        let desk = &mut self.sync.desk;
        Some(match job {
            Job::Open => self.told(reply, now, |desk| drop(desk.opening.pop_front())),
            // Who is not there any more has ended.
            Job::End => self.told(reply, now, |desk| {
                desk.ending.pop_front();
            }),
            Job::Drop(items) => {
                let before = desk.until;
                let done = self.told(reply, now, |desk| desk.wanted = true);
                if self.sync.desk.until != before {
                    self.sync.desk.dropping = items;
                }
                done
            }
            Job::List => match reply.read::<GuestsAre>() {
                Outcome::Done(GuestsAre { guests }) => Ok(self.take_list(&guests, now)),
                other => Ok(self.rest_desk(&other, now)),
            },
            Job::Inbox => match reply.read::<InboxIs>() {
                Outcome::Done(inbox) => self.take_inbox(&inbox, now),
                other => Ok(self.rest_desk(&other, now)),
            },
        })
    }

    /// The answer where there is nothing to say: done, or refused for good, or to be tried again.
    fn told(
        &mut self,
        reply: &Reply,
        now: Instant,
        done: impl FnOnce(&mut Desk),
    ) -> rusqlite::Result<Vec<Output>> {
        match reply.read::<Done>() {
            Outcome::Refused(Refusal { code, .. }) if code != Code::Unauthorized => {}
            Outcome::Done(_) => {}
            other => return Ok(self.rest_desk(&other, now)),
        }
        done(&mut self.sync.desk);
        Ok(Vec::new())
    }

    fn rest_desk<T>(&mut self, outcome: &Outcome<T>, now: Instant) -> Vec<Output> {
        if let Outcome::Refused(Refusal { code: Code::Unauthorized, .. }) = outcome {
            self.sync.session.log_in_again();
        }
        let desk = &mut self.sync.desk;
        desk.until = Some(Instant(now.0.saturating_add(REST_MS)));
        self.sync.session.wish(REST_MS as u32);
        vec![Output::SyncAt { after_ms: REST_MS as u32 }]
    }

    fn take_list(&mut self, rows: &[GuestRow], now: Instant) -> Vec<Output> {
        let Some(vault) = &self.sync.vault else { return Vec::new() };
        let now = self.right(now);
        let time = |millis: u64| Instant(i64::try_from(millis).unwrap_or(i64::MAX));
        let guest = |row: &GuestRow| {
            // One that no device of this vault let in is none.
            let kind = vault.keys.open_guest_note(row.guest, &row.note)?;
            let (since, ends) = (time(row.began), time(row.ends));
            let state = match (row.began, ends > now) {
                (0, _) if time(row.until) <= now => return None,
                (0, _) => GuestState::Awaited { until: time(row.until) },
                (_, true) => GuestState::Open { since, ends },
                (_, false) => GuestState::Ended { since, at: ends },
            };
            let items = u32::try_from(row.items).unwrap_or(u32::MAX);
            Some(Guest { id: row.guest, state, kind, items })
        };
        let guests: Vec<Guest> = rows.iter().filter_map(guest).collect();
        let desk = &mut self.sync.desk;
        desk.wanted = false;
        if desk.known == guests {
            return Vec::new();
        }
        desk.known.clone_from(&guests);
        vec![Output::Broadcast(Event::Guests(guests))]
    }

    fn take_inbox(&mut self, inbox: &InboxIs, now: Instant) -> rusqlite::Result<Vec<Output>> {
        let desk = &mut self.sync.desk;
        (desk.open, desk.looked) = (inbox.open, Some(now));
        if inbox.items.is_empty() {
            return Ok(Vec::new());
        }
        // There may be more, and the list says how many each has written.
        (desk.looked, desk.wanted) = (None, true);
        let Some(vault) = &self.sync.vault else { return Ok(Vec::new()) };
        let (mut names, mut opened) = (Vec::new(), Vec::new());
        for item in &inbox.items {
            let name = ItemName { guest: item.guest, slot: item.slot };
            match vault.keys.open_item(item.guest, item.slot, &item.sealed) {
                Ok(written) => opened.push(written),
                Err(SealError::NoEpoch(_)) => {
                    self.sync.session.keyring_wanted = true;
                    continue;
                }
                // A newer app takes it in.
                Err(SealError::Newer { .. }) => continue,
                // Whatever it is, no guest of this vault wrote it.
                Err(_) => {}
            }
            names.push(name);
        }
        if names.is_empty() {
            self.sync.desk.looked = Some(now);
        }
        let added = self.take_written(opened, now)?;
        self.sync.desk.dropping = names;
        if added.is_empty() {
            return Ok(Vec::new());
        }
        self.waiting = self.store.unindexed()?;
        Ok(vec![
            Output::Broadcast(Event::Changed(Changed::everything())),
            Output::Wake { after_ms: PAUSE_MS },
        ])
    }

    /// Writes entries that are not known; those that are, or were, are left alone.
    fn take_written(
        &mut self,
        opened: Vec<(EntryId, Written)>,
        now: Instant,
    ) -> rusqlite::Result<Vec<EntryId>> {
        let right_now = self.right(now);
        let writer = self.store.write()?;
        let journal = writer.journals()?.first().map_or(JournalId::FIRST, |row| row.id);
        let mut clock = self.clock.clone();
        let mut added = Vec::new();
        for (id, Written { at, zone, body }) in opened {
            if body.trim().is_empty() || writer.life(id)?.is_some() {
                continue;
            }
            let moment = Moment::at(at, zone, &*self.zones);
            let life = Life::Live;
            let (mood, location) = (None, None);
            let row = EntryRow { id, journal, moment, body, starred: false, life, mood, location };
            writer.insert_entry(&row, clock.stamp(right_now))?;
            let row = ChangedRow::Tag(TagRow { entry: id, name: GUEST_TAG.into(), on: true });
            writer.apply(&Change { modified_at: clock.stamp(right_now), row })?;
            added.push(id);
        }
        writer.commit_with_clock(&clock)?;
        self.clock = clock;
        Ok(added)
    }
}
