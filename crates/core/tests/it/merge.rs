//! Merging: what both sides wrote is there, and every device comes to the same.

mod cases;
mod devices;
mod journals;
mod laws;

use crate::support::{DEVICE, NOW, SYDNEY, zone};
use thoughtstream_core::change::{EntryRow, Life};
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::date::{Date, Moment};
use thoughtstream_core::id::{EntryId, JournalId};

fn row(body: &str) -> EntryRow {
    let date = Date::new(2026, 4, 25).unwrap();
    EntryRow {
        id: EntryId([3; 16]),
        journal: JournalId::FIRST,
        moment: Moment { date, time: None, zone: zone(SYDNEY), instant: NOW },
        body: body.to_owned(),
        starred: false,
        life: Life::Live,
        mood: None,
        location: None,
    }
}

fn stamp(millis: i64) -> Stamp {
    Stamp::new(millis, 0, DEVICE).unwrap()
}
