//! `Draft`: the open text on its way into the journal: when to send it, and what to say about it.
//!
//! A plain struct: no page, no clock (time comes in, monotonic, so that a clock set back delays
//! nothing), and no text either. The text stays in the page and is handed over when a save begins:
//! a key pressed in ten megabytes must not copy ten megabytes.
//!
//! What is typed is sent at once and then at most every [`REST_MILLIS`], also while typing goes
//! on, so that the last key is durable that long after it was pressed, plus one save. One save is
//! under way at a time, and after a slow one the draft rests as long as it took. Only when the page
//! is put away the newest text does not wait for an answer that nobody may be there to hear.

use std::collections::VecDeque;
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::id::{EntryId, JournalId};
use thoughtstream_core::message::{BODY_BYTES_MAX, Failure, NewEntry, Save};

/// Milliseconds of a clock that is never set.
pub type Millis = u64;

/// Shortest time from the beginning of one save to the beginning of the next.
pub const REST_MILLIS: Millis = 100;

/// Longest rest after a save that took long.
const REST_MILLIS_MAX: Millis = 2_000;

/// How long to wait after the first, second, … failure in a row; the last one repeats.
const RETRY_MILLIS: [Millis; 6] = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

/// How far the newest text has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing was typed: the page is blank, or as it was loaded.
    Clean,
    /// There is text that was not sent yet.
    Typed,
    /// The newest text is on its way.
    Saving,
    /// The newest text is durable.
    Saved,
    /// The last attempt failed; the text is in the page only.
    Unsaved(Failure),
}

/// One entry's open text; see the module.
#[derive(Debug, Clone)]
pub struct Draft {
    entry: EntryId,
    /// The version the text in the page stems from; `None` until a new entry is first saved.
    base: Option<Stamp>,
    new: Option<NewEntry>,
    // Versions of the text, counted from 0 = as loaded.
    typed: u64,
    sent: u64,
    acknowledged: u64,
    /// The saves under way, the oldest first: what was sent, and when.
    sending: VecDeque<(u64, Millis)>,
    /// Whether the newest text goes beside a save under way.
    parting: bool,
    /// No save begins earlier; `None`: not before the next key.
    not_before: Option<Millis>,
    failed: Option<Failure>,
    failures: usize,
    /// The newest version of this entry that was heard of.
    heard: Option<Stamp>,
}

impl Draft {
    /// The draft of an entry that does not exist yet.
    #[must_use]
    pub fn blank(entry: EntryId, new: NewEntry) -> Self {
        Self { new: Some(new), ..Self::with_base(entry, None) }
    }

    /// The draft of an entry whose text of version `base` was loaded into the page.
    #[must_use]
    pub fn loaded(entry: EntryId, base: Stamp) -> Self {
        Self::with_base(entry, Some(base))
    }

    fn with_base(entry: EntryId, base: Option<Stamp>) -> Self {
        Self {
            entry,
            base,
            new: None,
            typed: 0,
            sent: 0,
            acknowledged: 0,
            sending: VecDeque::new(),
            parting: false,
            not_before: Some(0),
            failed: None,
            failures: 0,
            heard: base,
        }
    }

    #[must_use]
    pub fn entry(&self) -> EntryId {
        self.entry
    }

    /// Whether the entry is in the journal, as far as this draft knows.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.base.is_some()
    }

    /// Whether the newest text is durable, or there is none.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.typed == self.acknowledged
    }

    /// What the screen has to say.
    #[must_use]
    pub fn state(&self) -> State {
        match &self.failed {
            Some(failure) => State::Unsaved(failure.clone()),
            None if self.typed > self.sent => State::Typed,
            None if self.typed > self.acknowledged => State::Saving,
            None if self.typed == 0 || self.base.is_none() => State::Clean,
            None => State::Saved,
        }
    }

    /// The text in the page changed.
    pub fn typed(&mut self, now: Millis) {
        self.typed += 1;
        if self.failed.is_some() {
            // Somebody is here again who would like to know.
            self.not_before = Some(now);
            self.failures = 0;
        }
    }

    /// The text must be sent without rest: the page may be gone in a moment, or the cause of a
    /// failure may have passed.
    pub fn hurry(&mut self, now: Millis) {
        if self.failed.as_ref().is_none_or(Failure::is_passing) {
            self.not_before = Some(now);
        }
    }

    /// The page is put away: what was not sent yet goes now, whatever is under way.
    pub fn part(&mut self, now: Millis) {
        self.parting = self.typed > self.sent;
        self.hurry(now);
    }

    /// The day a new entry is written for follows the calendar until its first save.
    pub fn renew(&mut self, new: NewEntry) {
        if self.base.is_none() {
            self.new = Some(new);
        }
    }

    /// Where and when, as long as the entry is not in the journal.
    #[must_use]
    pub fn new_entry(&self) -> Option<NewEntry> {
        self.new.clone()
    }

    /// How long until a save is due; `None` if none is, or one is under way.
    #[must_use]
    pub fn wait(&self, now: Millis) -> Option<Millis> {
        let free = self.sending.is_empty() || self.parting;
        let due = self.not_before.filter(|_| free && !self.is_settled());
        due.map(|due| due.saturating_sub(now))
    }

    /// The save that is to be sent now, if one is due; `body` is asked for the newest text.
    pub fn send(&mut self, now: Millis, body: impl FnOnce() -> String) -> Option<Save> {
        if self.wait(now) != Some(0) {
            return None;
        }
        self.parting = false;
        let body = body();
        if self.base.is_none() && self.sending.is_empty() && body.is_empty() {
            // A page that was never written stays unwritten. (A text that was there and was
            // deleted is saved empty: that is what its writer wants to find.)
            self.sent = self.typed;
            self.acknowledged = self.typed;
            self.failed = None;
            return None;
        }
        if body.len() > BODY_BYTES_MAX {
            self.failed(too_long(body.len()), now);
            return None;
        }
        self.sent = self.typed;
        self.sending.push_back((self.sent, now));
        Some(Save { entry: self.entry, body, base: self.base, new: self.new.clone() })
    }

    /// The text that was sent first of those under way is durable as version `stamp`.
    pub fn saved(&mut self, stamp: Stamp, now: Millis) {
        let (saved, began) = self.sending.pop_front().unwrap_or((self.sent, now));
        let took = now.saturating_sub(began).min(REST_MILLIS_MAX);
        self.not_before = Some((began + REST_MILLIS).max(now + took).min(now + REST_MILLIS_MAX));
        self.acknowledged = saved;
        self.base = Some(stamp);
        self.new = None;
        self.heard = self.heard.max(Some(stamp));
        self.failed = None;
        self.failures = 0;
    }

    /// The text that was sent first of those under way was not saved.
    pub fn failed(&mut self, failure: Failure, now: Millis) {
        self.sending.pop_front();
        self.sent = self.sending.back().map_or(self.acknowledged, |newer| newer.0);
        if failure == Failure::NoJournal && self.turn_to_first_journal() {
            self.not_before = Some(now);
            return;
        }
        let pause = RETRY_MILLIS[self.failures.min(RETRY_MILLIS.len() - 1)];
        self.not_before = failure.is_passing().then_some(now + pause);
        self.failures += 1;
        self.failed = Some(failure);
    }

    /// The journal last written in may have been deleted; the first one is always there.
    fn turn_to_first_journal(&mut self) -> bool {
        match &mut self.new {
            Some(new) if new.journal != JournalId::FIRST => {
                new.journal = JournalId::FIRST;
                true
            }
            _ => false,
        }
    }

    /// The journal has this entry in version `stamp` now.
    pub fn hear(&mut self, stamp: Stamp) {
        self.heard = self.heard.max(Some(stamp));
    }

    /// Whether somebody else wrote a newer version than the one in the page. While a save is
    /// under way this is not known, as the news may be of that very save.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.sending.is_empty() && self.heard > self.base
    }

    /// The page shows version `stamp` now.
    pub fn adopt(&mut self, stamp: Stamp) {
        self.base = self.base.max(Some(stamp));
        self.hear(stamp);
        self.new = None;
    }
}

fn too_long(bytes: usize) -> Failure {
    let (has, most) = (bytes.div_ceil(1024 * 1024), BODY_BYTES_MAX / (1024 * 1024));
    Failure::Invalid(format!(
        "this text has {has} MB and an entry holds {most} MB: move a part of it to another one"
    ))
}

#[cfg(test)]
mod tests;
