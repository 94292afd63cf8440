//! Photos and files go out with the journal and come back with it.

use super::support::import;
use crate::files::{attach, attachments, content, hash, put, read};
use crate::support::{Desk, World};
use thoughtstream_core::date::Instant;
use thoughtstream_core::message::{Answer, Attach, Edit, Query};
use thoughtstream_core::port::enclosed::file_name;
use thoughtstream_core::port::export::{Export, Format};
use thoughtstream_core::port::import::{Defaults, Import};
use thoughtstream_core::port::source::Source;

/// A journal with photos that are named in all ways that are hard to write down.
fn journal() -> (Desk, Vec<Vec<u8>>) {
    let mut desk = Desk::in_memory();
    let names = ["IMG 1.JPG", "a | b 100%.png", "", "ø\u{2028}\".heic", "no ending"];
    let files: Vec<Vec<u8>> = (1..=5).map(|seed| content(140_000, seed)).collect();
    for ((name, bytes), id) in names.into_iter().zip(&files).zip(1..) {
        desk.write(id.into(), Some("2024-02-29"), &format!("day {id}"));
        let thumb = content(90, 100 + id);
        put(&mut desk, bytes).unwrap();
        put(&mut desk, &thumb).unwrap();
        let caption = format!("100%7C | sure: {id} - \u{1f6a3}");
        let (name, thumb) = (name.to_owned(), Some(hash(&thumb)));
        let added = Some(Instant(1_700_000_000_000 + i64::from(id)));
        let it = attach(id, id.into(), bytes);
        let it = Attach { name, thumb, caption, added, ..it };
        desk.done(Edit::Attach(Box::new(it)));
    }
    (desk, files)
}

fn export(desk: &mut Desk, format: Format) -> Vec<u8> {
    let mut export = Export::new(format, Box::new(World));
    let Answer::Departures(all) = desk.ask(Query::Export { after: None, limit: 500 }) else {
        panic!()
    };
    for attachment in all.iter().flat_map(|it| &it.attachments) {
        for name in [Some(attachment.hash), attachment.thumb].into_iter().flatten() {
            let bytes = read(desk, name).unwrap();
            export.add_file(&file_name(name, &attachment.name), &bytes).unwrap();
        }
    }
    export.add(&all).unwrap();
    let mut file = export.take();
    file.extend(export.finish());
    file
}

/// Reads files as the screen does: what is enclosed is put before the next batch is asked for.
fn take_in(desk: &mut Desk, files: Vec<(String, Vec<u8>)>) -> String {
    let files = files.into_iter().map(|(name, bytes)| (name, Source::new(bytes))).collect();
    let defaults = Defaults { zone: crate::support::zone("Europe/London"), journal: None };
    let mut import = Import::new(files, defaults, Box::new(World));
    while let Some(arrivals) = import.next_batch() {
        if !arrivals.is_empty() {
            let Answer::Arrived(fates) = desk.done(Edit::Import(arrivals)) else { panic!() };
            import.settle(fates);
        }
        if let Some(bytes) = import.take_enclosed() {
            put(desk, &bytes).unwrap();
        }
    }
    import.report().to_string()
}

#[test]
fn an_archive_brings_every_file_back() {
    let (mut desk, files) = journal();
    let archive = export(&mut desk, Format::Markdown);
    let mut other = Desk::in_memory();
    let report = take_in(&mut other, vec![("a.zip".into(), archive.clone())]);
    assert_eq!(report, "5 added, 0 already here, 0 refused\n");
    for (bytes, number) in files.iter().zip(1..) {
        let sent = attachments(&mut desk, number).remove(0);
        assert_eq!(attachments(&mut other, number), [sent], "{number}");
        assert_eq!(read(&mut other, hash(bytes)).as_ref(), Some(bytes));
    }
    assert_eq!(export(&mut other, Format::Markdown), archive, "the same bytes once more");
    // Other programs find the files, under the names of their contents.
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let name = file_name(hash(&files[0]), "IMG 1.JPG");
    assert!(name.ends_with(".jpg"));
    let mut unpacked = Vec::new();
    std::io::copy(&mut zip.by_name(&name).unwrap(), &mut unpacked).unwrap();
    assert_eq!(unpacked, files[0]);
}

#[test]
fn lines_point_to_files_that_come_beside_them_or_say_what_is_missing() {
    let (mut desk, files) = journal();
    let lines = export(&mut desk, Format::JsonLines);
    let archive = export(&mut desk, Format::Markdown);
    let mut other = Desk::in_memory();
    let report = take_in(&mut other, vec![("a.jsonl".into(), lines.clone())]);
    assert!(report.contains("choose the .zip that has it as well” (5 times)"), "{report}");
    assert!(attachments(&mut other, 1).is_empty());
    let mut third = Desk::in_memory();
    let both = vec![("a.jsonl".into(), lines), ("b.zip".into(), archive)];
    let report = take_in(&mut third, both);
    assert!(report.starts_with("5 added, 5 already here, 0 refused"), "{report}");
    assert_eq!(read(&mut third, hash(&files[4])).as_ref(), Some(&files[4]));
    assert_eq!(attachments(&mut third, 5).len(), 1);
}

#[test]
fn what_is_no_attachment_is_left_out_and_told() {
    for text in ["", "x", "files/12.jpg | 1 | 2 | 3 | 4 | 5 | 6 | 7", "a | b"] {
        let line =
            format!("{{\"date\":\"2024-01-01\",\"text\":\"t\",\"attachments\":[\"{text}\"]}}\n");
        let (arrivals, report) = import(&[("a.jsonl", line.into_bytes())]);
        assert!(arrivals[0].attachments.is_empty());
        assert_eq!(report.left_out.get("attachments"), Some(&1), "{text}");
    }
}
