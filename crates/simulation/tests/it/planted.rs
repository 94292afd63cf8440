//! The test of the tests: each known bug, planted, has to be found within a few lives.

use std::panic::catch_unwind;
use thoughtstream_core::planted::{self, Bug};
use thoughtstream_simulation::bug::{self, Bug as Sequencers};
use thoughtstream_simulation::life::live;

/// Lives in which a bug has to show.
const SEEDS: u64 = 300;
/// Every fourth life has copied devices; bugs that only they can meet are not looked for elsewhere.
const COPIED: (u64, usize) = (3, 4);
const ALL: (u64, usize) = (0, 1);

/// Whether any of the lives ends badly; a panic does, too.
fn is_found((from, step): (u64, usize)) -> bool {
    let judged = (from..SEEDS).step_by(step);
    judged.into_iter().any(|seed| !matches!(catch_unwind(|| live(seed)), Ok(Ok(_))))
}

macro_rules! found {
    ($plant:path, $($name:ident $bug:expr, $lives:expr;)*) => {
        $(#[test]
        fn $name() {
            $plant(Some($bug));
            assert!(is_found($lives), "{:?} was not found in {SEEDS} lives", $bug);
        })*
    };
}

found! {
    planted::plant,
    ancestor_forgotten Bug::AncestorForgotten, ALL;
    chain_unchecked Bug::ChainUnchecked, ALL;
    clock_deaf Bug::ClockDeaf, ALL;
    copy_taken_for_self Bug::CopyTakenForSelf, COPIED;
    cursor_before_rows Bug::CursorBeforeRows, ALL;
    earlier_wins Bug::EarlierWins, ALL;
    loser_not_kept Bug::LoserNotKept, ALL;
    offer_forgotten Bug::OfferForgotten, ALL;
    offer_is_edit Bug::OfferIsEdit, ALL;
    outbox_without_stamps Bug::OutboxWithoutStamps, ALL;
    repair_too_far Bug::RepairTooFar, ALL;
    skip_to_own_push Bug::SkipToOwnPush, ALL;
    tie_kept_local Bug::TieKeptLocal, COPIED;
    tie_to_the_last Bug::TieToTheLast, COPIED;
    tombstone_ignored Bug::TombstoneIgnored, ALL;
}

found! {
    bug::plant,
    answer_before_durable Sequencers::AnswerBeforeDurable, ALL;
    cursor_included Sequencers::CursorIncluded, ALL;
    out_of_order Sequencers::OutOfOrder, ALL;
    placed_twice Sequencers::PlacedTwice, ALL;
    pull_from_too_far Sequencers::PullFromTooFar, ALL;
    sequence_taken_twice Sequencers::SequenceTakenTwice, ALL;
}
