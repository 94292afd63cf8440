//! What is refused, and what the report says: where, why, and what to do.

use super::support::import;
use proptest::prelude::*;
use std::io::Write;

/// Reads one file, of which nothing but the refusals told is wrong.
fn check(name: &str, content: impl AsRef<[u8]>, expected: &[&str]) {
    let (_, report) = import(&[(name, content.as_ref().to_vec())]);
    let told: Vec<String> = report.refusals.iter().map(ToString::to_string).collect();
    assert_eq!(told, expected);
    assert_eq!(report.refused, expected.len() as u64);
}

#[test]
fn what_is_not_json() {
    let shape = "expected an object such as {\"date\": \"2026-04-24\", \"text\": \"…\"}";
    let no_object = format!("invalid type: string \"text\", {shape}, character 6");
    let control = "control character (\\u0000-\\u001F) found while parsing a string, character 30";
    for (line, said) in [
        ("{\"date\":\"2022-09-02\",\"text\":\"\u{1}\"}", control),
        ("{\"date\":", "EOF while parsing a value, character 8"),
        ("\"text\"", &no_object),
        (r#"{"date":"2022-09-02","text":"\ud800"}"#, "unexpected end of hex escape, character 36"),
        (r#"{"date":"2022-09-02","text":"a"} x"#, "trailing characters, character 34"),
    ] {
        let told = format!(
            "a.jsonl, line 2: it is not a JSON object on one line ({said}): write one entry a line"
        );
        check("a.jsonl", format!("\n{line}"), &[&told]);
    }
}

#[test]
fn lines() {
    for (line, expected) in [
        (r#"{"text":"a"}"#, "it has no date: give it one, such as “date”: 2026-04-24"),
        (r#"{"date":"2022-09-02"}"#, "it has no text: give it one as “text”"),
        (
            r#"{"date":20220902,"text":"a"}"#,
            "its “date” cannot be read: invalid type: integer `20220902`, expected text in quotes",
        ),
        (
            r#"{"date":"2022-09-02","text":"a","text":"b"}"#,
            "its “text” cannot be read: it is there twice",
        ),
        (
            r#"{"date":"2022-09-02","text":"a","tags":[1]}"#,
            "its “tags” cannot be read: invalid type: integer `1`, expected text in quotes",
        ),
        (
            r#"{"date":"2022-09-02","text":"a","starred":1}"#,
            "its “starred” cannot be read: invalid type: integer `1`, expected a boolean",
        ),
        (
            r#"{"date":"1660-02-30","text":"a"}"#,
            "“1660-02-30” is not a date that exists: write it as 2026-04-24",
        ),
        (
            r#"{"date":"yesterday","text":"a"}"#,
            "“yesterday” is not a date that exists: write it as 2026-04-24",
        ),
        (
            r#"{"date":"2022-09-02","time":"25:00","text":"a"}"#,
            "“25:00” is not a time of day: write it as 16:05, 16:05:30 or 16:05:30.250",
        ),
        (
            r#"{"date":"2022-09-02T10:00+99:00","text":"a"}"#,
            "“10:00+99:00” is not a time of day: write it as 16:05, 16:05:30 or 16:05:30.250",
        ),
        (
            r#"{"date":"2022-09-02 10:00","time":"10:00","text":"a"}"#,
            "both its date and its “time” tell a time of day: keep one of them",
        ),
        (
            r#"{"date":"2022-09-02","zone":"Europe/Atlantis","text":"a"}"#,
            "“Europe/Atlantis” is not a time zone: write it as Europe/London",
        ),
        (
            r#"{"date":"2022-09-02","instant":"2021-09-02T10:00Z","text":"a"}"#,
            "“2021-09-02T10:00Z” is not an instant near its date: write it as \
             2026-04-24T16:05:00Z or leave it out",
        ),
    ] {
        check("a.jsonl", format!("\n{line}"), &[&format!("a.jsonl, line 2: {expected}")]);
    }
    let long = format!(r#"{{"date":"2022-09-02","journal":"{}","text":"a"}}"#, "ü".repeat(81));
    check(
        "a.jsonl",
        long,
        &["a.jsonl, line 1: the name “üüüüüüüüüüüüüüüüüüüü…” is longer than 80 characters: \
            shorten it"],
    );
    check(
        "a.jsonl",
        b"\n\n{\"date\":\"\xff\"}",
        &["a.jsonl, line 3: it is not UTF-8 from byte 10 on: save the file as UTF-8"],
    );
    check("a.jsonl", b"\xff\xfe{\0", &["a.jsonl: it is UTF-16: save it as UTF-8"]);
    check("a.json", "[\n{}\n]", &["a.json: it is one JSON array: write one object a line instead"]);
}

#[test]
fn each_line_alone() {
    let good = r#"{"date":"2022-09-02","text":"a"}"#;
    let (arrivals, report) = import(&[("a.jsonl", format!("{good}\nno\n{good}").into_bytes())]);
    assert_eq!((arrivals.len(), report.refused), (2, 1));
}

#[test]
fn pages() {
    for (page, expected) in [
        ("x", "a.md: it has no date: give it one, such as “date”: 2026-04-24"),
        (" \n", "a.md: there is nothing in it"),
        (
            "---\ndate: 2023-02-29\n---\nx",
            "a.md: “2023-02-29” is not a date that exists: write it as 2026-04-24",
        ),
        (
            "---\ndate: [2022-09-02]\n---\nx",
            "a.md: the “date” of its front matter is not what it should be: write one value",
        ),
        (
            "---\ndate: 2022-09-02\nstarred: 5\n---\nx",
            "a.md: the “starred” of its front matter is not what it should be: write true or false",
        ),
        (
            "---\ndate: 2022-09-02\ntags: [[a]]\n---\nx",
            "a.md: the “tags” of its front matter is not what it should be: write them as a list \
             of words",
        ),
        (
            "---\ndate: 2022-09-02\ntitle: \"x\n---\nx",
            "a.md, line 3: its front matter is not YAML (while scanning a quoted scalar, found \
             unexpected end of stream): correct that line",
        ),
    ] {
        check("a.md", page, &[expected]);
    }
    check(
        "2022-09-02.md",
        b"ab\xc3(",
        &["2022-09-02.md: it is not UTF-8 from byte 3 on: save it as UTF-8"],
    );
}

#[test]
fn files() {
    let kind = "files of this kind cannot be read: choose JSON lines (.jsonl), Markdown (.md, \
                .txt), or a .zip or .gz of them";
    for name in ["a.pdf", "jsonl", ""] {
        check(name, "%PDF", &[&format!("{name}: {kind}")]);
    }
    check("a.jsonl", "", &[]);
    check(
        "a.zip",
        "PK\u{3}\u{4}",
        &["a.zip: it is not a whole zip archive (it has no directory): pack it or fetch it again"],
    );
}

#[test]
fn a_text_that_is_too_long() {
    let mb = 1024 * 1024;
    let line = |mb_long: usize| {
        format!("{{\"date\":\"2022-09-02\",\"text\":\"{}\"}}\n", "x".repeat(mb_long * mb))
    };
    let three = line(33) + &line(64) + &line(0);
    let (arrivals, report) = import(&[("a.jsonl", three.into_bytes())]);
    let told: Vec<String> = report.refusals.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "a.jsonl, line 1: its text is 33 MB long, and an entry holds 32 MB: split it",
            "a.jsonl, line 2: it is longer than 64 MB: split it",
        ]
    );
    assert_eq!(arrivals.len(), 1, "the line after them is read");
}

#[test]
fn a_file_made_to_swell() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..100 {
        gzip.write_all(&vec![b' '; 1024 * 1024]).unwrap();
    }
    check(
        "a.jsonl.gz",
        gzip.finish().unwrap(),
        &["a.jsonl.gz, line 1: it cannot be read from here on: it swells to more than 200 times \
           its size"],
    );
}

#[test]
fn a_damaged_archive() {
    let (arrivals, _) = import(&[("2022-09-02.md", b"a text of some length".to_vec())]);
    let departures: Vec<_> = arrivals.iter().map(super::support::departure).collect();
    let format = thoughtstream_core::port::export::Format::Markdown;
    let mut zip = super::support::export(format, &departures);
    // The checksum of the one member, as the directory at the end of the archive has it.
    let directory = zip.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    zip[directory + 16] ^= 1;
    let (_, report) = import(&[("a.zip", zip)]);
    assert!(report.to_string().contains("it is damaged: its checksum is another"), "{report}");
}

#[test]
fn a_thousand_refusals_are_told_and_all_are_counted() {
    let (_, report) = import(&[("a.jsonl", b"x\n".repeat(1_500))]);
    assert_eq!((report.refused, report.refusals.len()), (1_500, 1_000));
    assert!(report.to_string().ends_with("and 500 more were refused\n"));
}

proptest! {
    #[test]
    fn bytes_of_any_kind_are_read_to_the_end(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        begin in prop_oneof![Just(""), Just("PK\u{3}\u{4}"), Just("---\n"), Just("{\"date\":\"")],
        name in prop_oneof![Just("a.jsonl"), Just("2022-09-02.md"), Just("a.zip")],
    ) {
        import(&[(name, [begin.as_bytes(), &bytes].concat())]);
    }

    #[test]
    fn archives_with_bytes_changed_are_read_to_the_end(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        gzip in any::<bool>(),
    ) {
        let mut file = if gzip { a_gzip_file() } else { an_archive() };
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        import(&[("a.jsonl.gz", file)]);
    }

    #[test]
    fn front_matter_of_any_kind_is_read_to_the_end(
        front in "[-:#'\"{}\\[\\]>|&*!a-c,? \n\t]{0,60}",
    ) {
        import(&[("2022-09-02.md", format!("---\n{front}\n---\nx").into_bytes())]);
    }
}

fn a_gzip_file() -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(b"{\"date\":\"2022-09-02\",\"text\":\"a\"}\n").unwrap();
    gzip.finish().unwrap()
}

fn an_archive() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in ["2022-09-02.md", "2022-09-03.md"] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"some text, some more text").unwrap();
    }
    zip.finish().unwrap().into_inner()
}
