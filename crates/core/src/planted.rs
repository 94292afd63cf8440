//! Known bugs, for the test of the tests: each is a way in which sync has gone wrong somewhere. The
//! simulation plants one at a time and has to find it. Without the feature `planted` there are
//! none, and nothing of this is in the program.

/// A bug that can be planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// The cursor is durable before the rows that it stands behind.
    CursorBeforeRows,
    /// An accepted push clears the outbox, of rows that were changed meanwhile as well.
    OutboxWithoutStamps,
    /// Of two versions with one stamp, whichever came last stays.
    TieToTheLast,
    /// Of two versions with one stamp, this device's own stays.
    TieKeptLocal,
    /// The clock does not take note of what others wrote.
    ClockDeaf,
    /// A version that comes in takes the place of a later one.
    EarlierWins,
    /// The cursor goes on to the sequence of a push of one's own.
    SkipToOwnPush,
    /// A merge does not look for the version that both were made of.
    AncestorForgotten,
    /// The version that loses is not kept.
    LoserNotKept,
    /// A page's chain is not compared.
    ChainUnchecked,
    /// After a wipe nothing is offered again.
    OfferForgotten,
    /// A clock's repair also stamps anew what was accepted.
    AcceptedRestamped,
    /// A clock's repair goes back behind what was accepted.
    RepairTooFar,
    /// A tombstone does not take a living entry's place.
    TombstoneIgnored,
    /// What was accepted and then lost by the sequencer is not offered again.
    LostPushUnnoticed,
    /// A row that is only offered again counts as edited here.
    OfferIsEdit,
    /// What has this device's name is taken for known, whatever copy of it wrote it.
    CopyTakenForSelf,
}

#[cfg(feature = "planted")]
thread_local! {
    static PLANTED: std::cell::Cell<Option<Bug>> = const { std::cell::Cell::new(None) };
}

/// Plants a bug in all engines of this thread, in place of the one that was planted before.
#[cfg(feature = "planted")]
pub fn plant(bug: Option<Bug>) {
    PLANTED.set(bug);
}

/// Whether this bug is planted.
#[cfg(feature = "planted")]
#[must_use]
pub fn is_planted(bug: Bug) -> bool {
    PLANTED.get() == Some(bug)
}

#[cfg(not(feature = "planted"))]
pub(crate) const fn is_planted(_: Bug) -> bool {
    false
}
