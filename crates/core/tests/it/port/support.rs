//! Runs an import the way the app does, with the world's zones from jiff.

use crate::support::World;
use std::collections::HashSet;
use thoughtstream_core::date::{Moment, Zone};
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::{Arrival, Departure, Fate};
use thoughtstream_core::port::export::{Export, Format};
use thoughtstream_core::port::import::{Defaults, Import};
use thoughtstream_core::port::report::Report;
use thoughtstream_core::port::source::Source;

/// Imports files into a journal that knows `known`; answers all arrivals and the report.
pub(crate) fn import_into(
    known: &mut HashSet<EntryId>,
    files: &[(&str, Vec<u8>)],
) -> (Vec<Arrival>, Report) {
    let files = files.iter().map(|(name, bytes)| {
        let source = Source::new(bytes.clone());
        ((*name).to_owned(), source)
    });
    let defaults = Defaults { zone: Zone("Australia/Sydney".into()), journal: None };
    let mut import = Import::new(files.collect(), defaults, Box::new(World));
    let mut arrivals = Vec::new();
    while let Some(batch) = import.next_batch() {
        let fate = |arrival: &Arrival| match known.insert(arrival.id) {
            true => Fate::Added,
            false => Fate::Known,
        };
        let fates = batch.iter().map(fate).collect();
        arrivals.extend(batch);
        import.settle(fates);
    }
    let report = import.report().clone();
    let told = report.added + report.known + report.refused;
    assert_eq!(import.progress().entries, told);
    assert!(import.progress().bytes <= import.progress().bytes_total);
    (arrivals, report)
}

/// Imports files into an empty journal.
pub(crate) fn import(files: &[(&str, Vec<u8>)]) -> (Vec<Arrival>, Report) {
    import_into(&mut HashSet::new(), files)
}

/// Writes entries to a file, a page at a time.
pub(crate) fn export(format: Format, departures: &[Departure]) -> Vec<u8> {
    let mut export = Export::new(format, Box::new(World));
    let mut file = Vec::new();
    for page in departures.chunks(100) {
        export.add(page).unwrap();
        file.extend(export.take());
    }
    file.extend(export.finish());
    file
}

/// What the journal would hand out of what came in.
pub(crate) fn departure(arrival: &Arrival) -> Departure {
    let Arrival { date, time, zone, .. } = arrival.clone();
    let mut moment = Moment::on(date, time, zone, &World).expect("a zone that is known");
    moment.instant = arrival.instant.unwrap_or(moment.instant);
    let journal = arrival.journal.clone();
    let (_, journal, colour) = journal.unwrap_or_else(|| {
        let id = thoughtstream_core::id::JournalId::FIRST;
        (id, "Journal".into(), thoughtstream_core::message::Colour::Clay)
    });
    Departure {
        place: thoughtstream_core::message::Place(0),
        id: arrival.id,
        body: arrival.body.clone(),
        moment,
        starred: arrival.starred,
        trashed: arrival.trashed,
        mood: arrival.mood,
        location: arrival.location.clone(),
        tags: arrival.tags.clone(),
        journal,
        colour,
        attachments: Vec::new(),
    }
}
