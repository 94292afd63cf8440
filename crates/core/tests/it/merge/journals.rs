//! Journals: what one side changed and the other did not stays.

use thoughtstream_core::change::JournalRow;
use thoughtstream_core::id::JournalId;
use thoughtstream_core::merge::merge_journals;
use thoughtstream_core::message::Colour::{self, Blue, Clay, Green};

fn row((name, colour, deleted): (&str, Colour, bool)) -> JournalRow {
    JournalRow { id: JournalId([5; 16]), name: name.to_owned(), colour, deleted }
}

#[test]
fn each_column_for_itself() {
    let base = ("Travels", Clay, false);
    // The lesser stamp's version, the greater's, what they come to.
    for (lesser, greater, expected) in [
        (("Trips", Clay, false), ("Travels", Blue, false), ("Trips", Blue, false)),
        (("Travels", Blue, false), ("Trips", Clay, false), ("Trips", Blue, false)),
        (("Trips", Blue, false), ("Ways", Clay, false), ("Ways", Blue, false)),
        (("Trips", Green, false), ("Ways", Blue, false), ("Ways", Blue, false)),
        (("Travels", Clay, true), ("Trips", Clay, false), ("Trips", Clay, true)),
        (("Trips", Blue, false), base, ("Trips", Blue, false)),
        (base, base, base),
    ] {
        let merged = merge_journals(Some(&row(base)), &row(lesser), &row(greater));
        assert_eq!(merged, row(expected), "{lesser:?} and {greater:?}");
        let alone = merge_journals(None, &row(lesser), &row(greater));
        assert_eq!(alone, row(greater), "nobody can tell who changed what");
    }
}
