//! Bugs of a sequencer, beside those of devices that core knows.

use std::cell::Cell;
use thoughtstream_core::id::Chain;
use thoughtstream_core::wire::{Body, Cursor, Page, Pull, Pushed};
use thoughtstream_sequencer::log::sqlite::{SqliteLog, Store};
use thoughtstream_sequencer::log::{Changes, LogError, PageBytes, PageLimit, Paged, Placing};

/// A sequencer's bug that can be planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// A push is answered for before it is durable: the last one is gone after a restart.
    AnswerBeforeDurable,
    /// Two pushes at once take the same sequences, and the later one's changes stay.
    SequenceTakenTwice,
    /// A change that is pushed again is placed again.
    PlacedTwice,
    /// Sequences become visible out of order: the last push can be read only after the next pull,
    /// whatever came behind it.
    OutOfOrder,
    /// A pull goes on behind everything there is: what became visible late is never read.
    PullFromTooFar,
    /// A pull begins with the change at the cursor, and not with the one behind it.
    CursorIncluded,
}

thread_local! {
    static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
}

/// Plants a bug in all sequencers of this thread, in place of the one that was planted before.
pub fn plant(bug: Option<Bug>) {
    PLANTED.set(bug);
}

pub(crate) fn is_planted(bug: Bug) -> bool {
    PLANTED.get() == Some(bug)
}

/// What some of the bugs need to remember.
#[derive(Default)]
pub(crate) struct Memory {
    /// The store before the last push.
    before: Option<SqliteLog>,
    /// The sequences that the last push has taken, until a pull has not seen them.
    unseen: Option<(u64, u64)>,
    pushes: u64,
}

impl Memory {
    /// The store that is there after a restart.
    pub(crate) fn after_restart(&mut self) -> Option<SqliteLog> {
        self.before.take().filter(|_| is_planted(Bug::AnswerBeforeDurable))
    }

    /// A push, with whatever is wrong with it.
    pub(crate) fn push(
        &mut self,
        log: &mut SqliteLog,
        mut placing: Placing,
    ) -> Result<Pushed, LogError> {
        self.pushes += 1;
        match PLANTED.get() {
            Some(Bug::SequenceTakenTwice) if self.pushes.is_multiple_of(8) => {
                if let Some(before) = self.before.take() {
                    *log = before;
                }
            }
            Some(Bug::SequenceTakenTwice | Bug::AnswerBeforeDurable) => {
                self.before = Some(log.copy()?);
            }
            Some(Bug::PlacedTwice) => {
                for checked in &mut placing.changes {
                    checked.digest[..8].copy_from_slice(&self.pushes.to_be_bytes());
                }
            }
            _ => {}
        }
        let before = log.read(|store| store.tail(placing.vault))?.head;
        let pushed = log.write(|store| store.push(&placing))?;
        self.unseen = (pushed.head > before).then_some((before, pushed.head));
        Ok(pushed)
    }

    /// A pull, with whatever is wrong with it.
    pub(crate) fn pull(
        &mut self,
        store: &Store<'_>,
        vault: i64,
        pull: &Pull,
        limit: PageLimit,
    ) -> Result<Paged, LogError> {
        let Cursor { sequence, chain, .. } = pull.cursor;
        let mut other = *pull;
        let bug = PLANTED.get().filter(|_| sequence > 0);
        if bug == Some(Bug::PullFromTooFar) {
            let tail = store.tail(vault)?;
            (other.cursor.sequence, other.cursor.chain) = (tail.head, tail.chain);
        }
        if bug == Some(Bug::CursorIncluded) && store.tail(vault)?.head >= sequence {
            other.cursor.sequence -= 1;
            other.cursor.chain = chain_at(store, vault, pull, sequence - 1)?;
        }
        let page = store.pull(vault, &other, limit)?;
        if bug.is_none() {
            return Ok(Paged::from(page));
        }
        let mut page = decoded(&page)?;
        if let Some((from, to)) = self.unseen.take_if(|_| bug == Some(Bug::OutOfOrder)) {
            let mut at = sequence;
            page.changes.retain(|_| {
                at += 1;
                at <= from || at > to
            });
            page.chain = chain.over(&page.changes);
        }
        page.after = sequence;
        let (opening, count) = (page.encode(), page.changes.len() as u64);
        Ok(Paged { opening, changes: Changes::Whole(Vec::new()), count })
    }
}

fn decoded(page: &PageBytes) -> Result<Page, LogError> {
    let bytes = [&page.opening[..], &page.changes].concat();
    Page::decode(&bytes).map_err(|error| LogError::Fault(error.to_string()))
}

/// The log's chain at a sequence.
fn chain_at(store: &Store<'_>, vault: i64, pull: &Pull, at: u64) -> Result<Chain, LogError> {
    if at == 0 {
        return Ok(Chain::START);
    }
    let cursor = Cursor { sequence: 0, chain: Chain::START, ..pull.cursor };
    let limit = PageLimit { bytes: u64::MAX, changes: at };
    let page = store.pull(vault, &Pull { cursor, bytes: None }, limit)?;
    decoded(&page).map(|page| page.chain)
}
