//! The test of the tests: each known bug, planted, has to be found within a few lives.

use crate::seeds::OPEN;
use std::panic::catch_unwind;
use thoughtstream_core::planted::{self, Bug};
use thoughtstream_simulation::life::live;

/// Lives in which a bug has to show.
const SEEDS: u64 = 300;

/// Whether any of the lives ends badly; a panic does, too.
fn is_found() -> bool {
    let judged = (0..SEEDS).filter(|seed| !OPEN.contains(seed));
    judged.into_iter().any(|seed| !matches!(catch_unwind(|| live(seed)), Ok(Ok(_))))
}

macro_rules! found {
    ($($name:ident $bug:ident,)*) => {
        $(#[test]
        fn $name() {
            planted::plant(Some(Bug::$bug));
            assert!(is_found(), "{:?} was not found in {SEEDS} lives", Bug::$bug);
        })*
    };
}

found! {
    clock_deaf ClockDeaf,
    cursor_before_rows CursorBeforeRows,
    earlier_wins EarlierWins,
    offer_forgotten OfferForgotten,
    ancestor_forgotten AncestorForgotten,
    chain_unchecked ChainUnchecked,
    loser_not_kept LoserNotKept,
}
