//! Ten thousand texts on their whole way: saved, closed, opened, read, exported and taken in again.

use super::lossless;
use crate::support::Desk;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use thoughtstream_core::id::{EntryId, JournalId};
use thoughtstream_core::message::{Answer, Arrival, Departure, Edit, Place, Query, Save};
use thoughtstream_core::text::tag_key;
use thoughtstream_disk::{Disk, Files};

/// An entry as a file would bring it.
fn arrival(sent: &Departure, journal: u8) -> Arrival {
    let Departure { id, body, moment, starred, trashed, mood, location, tags, .. } = sent.clone();
    let instant = Some(moment.instant);
    let journal = Some((JournalId([journal; 16]), sent.journal.clone(), sent.colour));
    let (date, time, zone) = (moment.date, moment.time, moment.zone);
    let attachments = Vec::new();
    Arrival {
        id,
        body,
        date,
        time,
        zone,
        instant,
        starred,
        mood,
        location,
        tags,
        journal,
        trashed,
        attachments,
    }
}

/// Keeps entries in a journal, whose file is closed and opened before they are asked for.
fn kept(sent: &[Departure]) -> Vec<Departure> {
    let disk = Disk::new(Files::new());
    let mut desk = Desk::open(&disk);
    let mut arrivals: Vec<Arrival> = sent.iter().zip(1..).map(|(s, n)| arrival(s, n)).collect();
    // Every second text is typed, the others come in with their entries.
    for arrival in arrivals.iter_mut().step_by(2) {
        arrival.body = "draft".into();
    }
    desk.take_in(arrivals);
    for Departure { id, body, .. } in sent.iter().step_by(2).cloned() {
        desk.done(Edit::Save(Save { entry: id, body, base: None, new: None }));
    }
    let mut desk = desk.reopen(&disk);
    match desk.ask(Query::Export { after: None, limit: 500 }) {
        Answer::Departures(kept) => kept,
        other => panic!("{other:?}"),
    }
}

/// Tags as a set, under the keys by which they are one.
fn tags(entry: &Departure) -> BTreeSet<String> {
    entry.tags.iter().map(|tag| tag_key(tag)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// 200 journals of 50 entries each.
    #[test]
    fn every_text_comes_back(
        sent in proptest::collection::vec(lossless::any_departure(), 50),
    ) {
        let mut kept = kept(&sent);
        prop_assert_eq!(kept.len(), sent.len());
        let by_id: BTreeMap<EntryId, &Departure> = kept.iter().map(|e| (e.id, e)).collect();
        for sent in &sent {
            let kept = by_id[&sent.id];
            prop_assert_eq!(&kept.body, &sent.body);
            prop_assert_eq!(&kept.moment, &sent.moment);
            prop_assert_eq!((kept.starred, kept.trashed), (sent.starred, sent.trashed));
            prop_assert_eq!(tags(kept), tags(sent));
            // Journals whose names differ in case alone are one, which has the first one's name.
            prop_assert_eq!(kept.journal.to_lowercase(), sent.journal.to_lowercase());
        }
        // A place is the device's own, and no file tells it.
        kept.iter_mut().for_each(|entry| entry.place = Place(0));
        lossless::check(&kept);
    }
}
