//! The real diary: nine and a half years of Samuel Pepys, as they were and 356 years later.

use super::lossless;
use super::support::{departure, import_into};
use std::collections::HashSet;
use std::io::Read;
use thoughtstream_core::port::export::Format;

const ENTRIES: u64 = 3_415;

fn diary() -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/pepys.jsonl.gz");
    std::fs::read(path).unwrap_or_else(|error| panic!("the diary is not at {path}: {error}"))
}

/// The diary with its years moved by 356, which keeps every 29th of February.
fn diary_of_today() -> Vec<u8> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(diary().as_slice()).read_to_string(&mut text).unwrap();
    let moved = text.lines().map(|line| {
        let (before, rest) = line.split_at(r#"{"date": ""#.len());
        let (year, rest) = rest.split_at(4);
        format!("{before}{}{rest}\n", year.parse::<i32>().unwrap() + 356)
    });
    moved.collect::<String>().into_bytes()
}

#[test]
fn it_comes_in_whole_and_once() {
    let mut known = HashSet::new();
    for (name, file) in [("pepys.jsonl.gz", diary()), ("pepys today.jsonl", diary_of_today())] {
        let files = [(name, file)];
        let (arrivals, report) = import_into(&mut known, &files);
        assert_eq!((report.added, report.known, report.refused), (ENTRIES, 0, 0), "{report}");
        assert_eq!(arrivals.len() as u64, ENTRIES);
        let (_, again) = import_into(&mut known, &files);
        assert_eq!((again.added, again.known, again.refused), (0, ENTRIES, 0), "{again}");
    }
}

#[test]
fn it_goes_out_and_comes_back_equal() {
    let (arrivals, _) = import_into(&mut HashSet::new(), &[("a.jsonl", diary_of_today())]);
    let departures: Vec<_> = arrivals.iter().map(departure).collect();
    lossless::check(&departures);
    let zip = super::support::export(Format::Markdown, &departures);
    let archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    let names: HashSet<String> = archive.file_names().map(|n| n.unwrap().to_lowercase()).collect();
    assert_eq!(names.len() as u64, ENTRIES, "every entry has a file of its own");
    let safe = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '/' | '.');
    assert!(names.iter().all(|name| name.chars().all(safe)));
    assert!(
        names.contains("2016/2016-01-01 jan 1st lord s day this morning we living.md"),
        "{:?}",
        names.iter().min()
    );
}
