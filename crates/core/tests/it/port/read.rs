//! What is read, in the spelling of this app and of others.

use super::support::import;

/// Reads one file and compares each entry: its date, time, zone, instant, journal, `*` for a star,
/// mood, location, `!` for the trash, tags and body, without what is not there.
fn check(name: &str, content: impl AsRef<[u8]>, expected: &[&str]) {
    let (arrivals, report) = import(&[(name, content.as_ref().to_vec())]);
    let told: Vec<String> = arrivals
        .iter()
        .map(|arrival| {
            let mut told = vec![arrival.date.to_string()];
            told.extend(arrival.time.map(|time| time.to_string()));
            told.push(arrival.zone.0.clone());
            told.extend(arrival.instant.map(|instant| instant.0.to_string()));
            told.extend(arrival.journal.as_ref().map(|(_, name, _)| name.clone()));
            told.extend(arrival.starred.then(|| "*".into()));
            told.extend(arrival.mood.map(|mood| mood.name().into()));
            told.extend(arrival.location.as_ref().map(|location| {
                let point = location.point.map(|point| format!(" at {point}"));
                format!("<{}{}>", location.label, point.unwrap_or_default())
            }));
            told.extend(arrival.trashed.then(|| "!".into()));
            told.extend((!arrival.tags.is_empty()).then(|| format!("{:?}", arrival.tags)));
            told.push(format!("{:?}", arrival.body));
            told.join(" ")
        })
        .collect();
    assert_eq!(told, expected, "{name}: {report}");
    assert_eq!(report.refused, 0, "{name}: {report}");
}

#[test]
fn json_lines() {
    let line = r#"{"date": "1660-01-01", "text": "Blessed"}"#;
    check("a.jsonl", line, &[r#"1660-01-01 Australia/Sydney "Blessed""#]);
    check(
        "bom, crlf, blank lines.ndjson",
        format!("\u{feff}{line}\r\n\r\n  \n{line}"),
        &[r#"1660-01-01 Australia/Sydney "Blessed""#; 2],
    );
    check(
        "every key.json",
        r##"{"date":"2022-09-02","time":"20:50","zone":"Europe/London","tags":["#a","b c,d","a",""],
            "starred":true,"journal":" Travel ","text":"\u0041\u0000\ud83d\ude00\r\n"}"##
            .replace('\n', ""),
        &[r#"2022-09-02 20:50 Europe/London Travel * ["a", "b c", "d"] "A\0😀\r\n""#],
    );
    check(
        "nulls.jsonl",
        r#"{"date":"2022-09-02","time":null,"zone":null,"tags":null,"starred":null,"text":""}"#,
        &[r#"2022-09-02 Australia/Sydney """#],
    );
    check(
        "a title.jsonl",
        "{\"date\":\"2022-09-02\",\"title\":\"T\",\"text\":\"x\"}\n\
         {\"date\":\"2022-09-02\",\"title\":\"T\",\"text\":\"# T\\nx\"}",
        &[
            r##"2022-09-02 Australia/Sydney "# T\n\nx""##,
            r##"2022-09-02 Australia/Sydney "# T\nx""##,
        ],
    );
}

#[test]
fn dates_as_others_write_them() {
    let line = |rest: &str| format!("{{\"text\":\"x\",{rest}}}");
    for (rest, expected) in [
        (r#""date":"2022-09-02 9:05:07""#, r#"2022-09-02 09:05:07 Australia/Sydney "x""#),
        // UTC says nothing about the writer's clock; the zone does, here the one chosen.
        (
            r#""date":"2021-03-03T20:48:50.1234567Z""#,
            r#"2021-03-04 07:48:50.123 Australia/Sydney 1614804530123 "x""#,
        ),
        (
            r#""date":"2021-03-03 20:48:50Z","zone":"America/New_York""#,
            r#"2021-03-03 15:48:50 America/New_York 1614804530000 "x""#,
        ),
        // An offset keeps the day; it gets the zone chosen, or one named after it.
        (
            r#""date":"2021-03-03T11:48:50+11:00""#,
            r#"2021-03-03 11:48:50 Australia/Sydney 1614732530000 "x""#,
        ),
        (
            r#""date":"2021-03-03T11:48:50-0500""#,
            r#"2021-03-03 11:48:50 Etc/GMT+5 1614790130000 "x""#,
        ),
        (
            r#""date":"2022-04-03","time":"02:30","instant":"2022-04-02T16:30:00Z""#,
            r#"2022-04-03 02:30 Australia/Sydney 1648917000000 "x""#,
        ),
    ] {
        check("a.jsonl", line(rest), &[expected]);
    }
}

#[test]
fn markdown() {
    check("2022-09-02.md", "Hello\n", &[r#"2022-09-02 Australia/Sydney "Hello\n""#]);
    check("2022-09-02 Friday.txt", "\u{feff}a\r\nb", &[r#"2022-09-02 Australia/Sydney "a\nb""#]);
    check(
        "as Joplin writes.md",
        "---\ntitle: A walk\ncreated: 2021-03-03 11:48:50Z\ntags:\n  - out\n  - \"#far\"\n---\n\nx",
        &[concat!(
            "2021-03-03 22:48:50 Australia/Sydney 1614772130000 ",
            r##"["out", "far"] "# A walk\n\nx""##
        )],
    );
    check(
        "lines of Windows.markdown",
        "---\r\nDate: 2022-09-02\r\ntime: 20:50\r\ntimezone: UTC\r\nstarred: yes\r\n---\r\na\r\nb",
        &[r#"2022-09-02 20:50 UTC * "a\nb""#],
    );
    for (tags, expected) in [
        ("a, b c", r#"["a", "b c"] "#),
        ("\"#a #b/c\"", r#"["a", "b/c"] "#),
        ("[a, '#b']", r#"["a", "b"] "#),
        ("", ""),
    ] {
        let page = format!("---\ndate: 2022-09-02\ntags: {tags}\n...\nx");
        check("a.md", page, &[&format!(r#"2022-09-02 Australia/Sydney {expected}"x""#)]);
    }
    // Lines of three hyphens are rules of Markdown as well.
    check("2022-09-02.md", "---\nx\n---\ny", &[r#"2022-09-02 Australia/Sydney "---\nx\n---\ny""#]);
    check("2022-09-02.md", "---\nx", &[r#"2022-09-02 Australia/Sydney "---\nx""#]);
}

#[test]
fn what_is_left_out_is_told() {
    let page =
        b"---\ndate: 2022-09-02\nMood: {a: [1]}\nid: 7\ncreated: 2020-01-01\n---\nx".to_vec();
    let line = br#"{"date":"2022-09-02","text":"x","mood":{"a":[1]},"id":"ABC"}"#.to_vec();
    let (_, report) = import(&[("a.md", page), ("a.jsonl", line)]);
    let left_out: Vec<_> = report.left_out.iter().map(|(key, n)| format!("{key} {n}")).collect();
    assert_eq!(
        (report.refused, left_out.join(", ").as_str()),
        (0, "Mood 1, created 1, id 2, mood 1")
    );
}

#[test]
fn the_same_file_again_changes_nothing() {
    let text = r#"{"date":"2022-09-02","text":"x"}"#;
    let twice = format!("{text}\n{text}\n{{\"date\":\"2022-09-03\",\"text\":\"x\"}}");
    let files = [("a.jsonl", twice.clone().into_bytes())];
    let mut known = std::collections::HashSet::new();
    let (_, first) = super::support::import_into(&mut known, &files);
    let (_, again) = super::support::import_into(&mut known, &files);
    let (_, renamed) = super::support::import_into(&mut known, &[("b.json", twice.into_bytes())]);
    assert_eq!((first.added, first.known), (3, 0), "equal entries of one file are not one");
    assert_eq!((again.added, again.known), (0, 3));
    assert_eq!((renamed.added, renamed.known), (0, 3));
}

#[test]
fn an_archive_of_both() {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, options, content) in [
        ("notes/2022-09-02.md", Default::default(), "one"),
        ("../2022-09-03.md", stored, "two"),
        ("all.jsonl", Default::default(), "{\"date\":\"2022-09-04\",\"text\":\"three\"}\nbad"),
        ("__MACOSX/notes/._2022-09-02.md", stored, "leftover"),
        (".hidden/2022-09-02.md", stored, "leftover"),
        ("photo.jpg", stored, "…"),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    let (arrivals, report) = import(&[("a.zip", zip.finish().unwrap().into_inner())]);
    let bodies: Vec<_> = arrivals.iter().map(|arrival| arrival.body.as_str()).collect();
    assert_eq!(bodies, ["one", "two", "three"]);
    let places: Vec<_> = report.refusals.iter().map(|r| r.place.to_string()).collect();
    assert_eq!(places, ["a.zip/all.jsonl, line 2", "a.zip/photo.jpg"]);
}

/// How it was and where, as this app and others tell it.
#[test]
fn moods_and_locations() {
    const POINT: &str = r#""latitude":-33.8678513,"longitude":151.2"#;
    let line = |rest: &str| format!(r#"{{"date":"2022-09-02","text":"x",{rest}}}"#);
    let read = |rest: &str, told: &str| {
        let expected = format!("2022-09-02 Australia/Sydney {told}\"x\"");
        check("a.jsonl", line(rest), &[&expected]);
    };
    read(r#""mood":"GOOD""#, "good ");
    read(r#""mood":5"#, "great ");
    read(r#""mood":"0""#, "");
    read(r#""location":" Sydney ""#, "<Sydney> ");
    read(&format!(r#""location":"Sydney",{POINT}"#), "<Sydney at -33.867851, 151.2> ");
    read(POINT, "< at -33.867851, 151.2> ");
    read(
        &format!(
            r#""location":{{"country":"Australia","localityName":"Sydney","region":
            {{"radius":75,"center":{{}}}},{POINT},"placeName":"The Rocks"}}"#
        )
        .replace('\n', ""),
        "<The Rocks at -33.867851, 151.2> ",
    );
    read(r#""location":[51.5,-0.25,"x",{}]"#, "< at 51.5, -0.25> ");
    read(r#""location":[]"#, "");
    let page = |rest: &str| format!("---\ndate: 2022-09-02\n{rest}\n---\nx");
    let read = |rest: &str, told: &str| {
        let expected = format!("2022-09-02 Australia/Sydney {told}\"x\"");
        check("a.md", page(rest), &[&expected]);
    };
    read("mood: Low\nlocation: Tower Hill", "low <Tower Hill> ");
    read("lat: 51.5\nlon: -0.25", "< at 51.5, -0.25> ");
    read("location: [51.5, -0.25]", "< at 51.5, -0.25> ");
}

/// What is no mood and no point on the earth is left out, and the report says so.
#[test]
fn what_is_no_mood_is_said() {
    let line = r#"{"date":"2022-09-02","text":"x","mood":"meh","latitude":91,"longitude":0}"#;
    let (arrivals, report) = import(&[("a.jsonl", line.into())]);
    assert_eq!((arrivals[0].mood, &arrivals[0].location), (None, &None));
    let left_out: Vec<&str> = report.left_out.keys().map(String::as_str).collect();
    assert_eq!(left_out, ["latitude", "mood"]);
}
