//! Bugs of a sequencer, beside those of devices that core knows.

use std::cell::Cell;

/// A sequencer's bug that can be planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// The last change of a push is answered for, but not in the log.
    AnswerBeforeWrite,
    /// A pull goes on behind everything there is: what became visible late is never read.
    PullFromTooFar,
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
