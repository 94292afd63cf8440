//! The sample journal, `public/sample.jsonl`, as the porter reads it.

use thoughtstream_core::id::JournalId;

/// The journal that the entries of the file come into: its id follows from its name.
pub const JOURNAL: JournalId = JournalId([
    0xb3, 0xf1, 0x79, 0x8f, 0x23, 0x14, 0x68, 0x6b, 0xeb, 0x35, 0xeb, 0x60, 0x2a, 0x7f, 0x0e, 0x9f,
]);

/// No more entries than this are in it.
pub const ENTRIES_MAX: u32 = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use thoughtstream_core::date::{Instant, Zone, Zones};
    use thoughtstream_core::message::Fate;
    use thoughtstream_core::port::import::{Defaults, Import};
    use thoughtstream_core::port::source::Source;

    struct Utc;

    impl Zones for Utc {
        fn offset_seconds(&self, _: &Zone, _: Instant) -> Option<i32> {
            Some(0)
        }
    }

    #[test]
    fn the_file_makes_the_journal_that_the_banner_looks_for() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/public/sample.jsonl");
        let bytes = fs::read(path).expect("the sample is there");
        let files = vec![("sample.jsonl".to_owned(), Source::new(bytes))];
        let defaults = Defaults { zone: Zone("UTC".into()), journal: None };
        let mut import = Import::new(files, defaults, Box::new(Utc));
        let mut count = 0;
        while let Some(batch) = import.next_batch() {
            for arrival in &batch {
                let journal = arrival.journal.as_ref().expect("a journal");
                assert_eq!((journal.0, journal.1.as_str()), (JOURNAL, "Sample journal"));
            }
            count += u32::try_from(batch.len()).expect("a few");
            let fates = batch.iter().map(|_| Fate::Added);
            import.settle(fates.collect());
        }
        assert_eq!(import.report().refused, 0);
        assert!((5..=ENTRIES_MAX).contains(&count));
    }
}
