//! Files in and out, with the real diary.

use crate::app;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thoughtstream_tests::{Options, Page, Profile, Stage, diary, in_both, scratch, until};

in_both!(
    the_diary_comes_in_once_and_can_be_scrolled,
    what_is_dropped_comes_in_and_what_is_wrong_is_told_by_line,
    an_export_comes_back_without_loss,
    ten_thousand_strings_survive,
);

/// Chooses a file on the screen for files, and waits for what the report says.
async fn import(page: &Page, file: &Path, summary: &str) {
    app::import(page, file).await;
    page.role("main").containing(summary).appears().await;
}

async fn the_diary_comes_in_once_and_can_be_scrolled(stage: &Stage) {
    let page = stage.open_at("/transfer").await;
    import(&page, &diary(), "3,415 came in.").await;
    import(&page, &diary(), "3,415 were here already.").await;
    app::finds(&page, "parmazan", "my Parmazan cheese").await;
    app::open(&page, "Timeline").await;
    app::is_listed(&page, "eyes").await;
    // From the top to the bottom there are never more rows in the page than a screen needs.
    let mut first_rows = Vec::new();
    for part in 0..=20 {
        let rows = page.run(SCROLL, [json!(f64::from(part) / 20.0)]).await;
        assert!(rows["count"].as_u64().is_some_and(|count| count > 0 && count <= 200), "{rows}");
        first_rows.push(rows["first"].as_u64().expect("the place of a row"));
    }
    assert!(first_rows.is_sorted() && *first_rows.last().unwrap() > 3_300, "{first_rows:?}");
    app::is_listed(&page, "very good health").await;
}

/// Scrolls the list to a part of its height, waits until it shows rows there, and counts them.
const SCROLL: &str = "const part = arguments[0];
    let list = document.querySelector('[role=feed]');
    while (list.scrollHeight <= list.clientHeight
        || getComputedStyle(list).overflowY === 'visible') {
        list = list.parentElement;
    }
    list.scrollTop = part * (list.scrollHeight - list.clientHeight);
    const rows = () => [...document.querySelectorAll('[role=feed] article')];
    const read = () => rows().every((row) => row.ariaBusy !== 'true' && row.textContent);
    do await new Promise(requestAnimationFrame); while (!read());
    return { count: rows().length, first: Number(rows()[0].ariaPosInSet) }";

async fn what_is_dropped_comes_in_and_what_is_wrong_is_told_by_line(stage: &Stage) {
    let page = stage.open_at("/transfer").await;
    page.heading("Import and export").appears().await;
    let lines = [
        r#"{"date": "2021-03-04", "time": "07:30", "zone": "Asia/Tokyo", "text": "by drop #sea"}"#,
        r#"{"date": "2021-02-30", "text": "a day that does not exist"}"#,
        r#"{"date": "2021-03-05"}"#,
        "no JSON at all",
        r#"{"date": "2021-03-06", "text": "the last line", "tags": ["walk"], "starred": true}"#,
    ];
    let drop = "const files = new DataTransfer();
        files.items.add(new File([arguments[0]], 'notes.jsonl'));
        for (const type of ['dragover', 'drop']) document.body.dispatchEvent(
            new DragEvent(type, { dataTransfer: files, bubbles: true, cancelable: true }))";
    page.run(drop, [json!(lines.join("\n"))]).await;
    page.says("2 came in, 3 were refused.").await;
    for line in [2, 3, 4] {
        page.role("listitem").containing(&format!("notes.jsonl, line {line}")).appears().await;
    }
    app::open(&page, "Timeline").await;
    app::is_listed(&page, "by drop").await;
    app::is_listed(&page, "the last line").await;
    app::open(&page, "Tags").await;
    page.link("#sea 1 entry").appears().await;
    page.link("#walk 1 entry").appears().await;
}

async fn an_export_comes_back_without_loss(stage: &Stage) {
    let page = stage.open_at("/transfer").await;
    import(&page, &diary(), "3,415 came in.").await;
    let rich = scratch("import");
    let file = rich.path().join("rich.jsonl");
    let lines = [
        concat!(
            r#"{"date":"2020-02-29","time":"23:50","zone":"Australia/Sydney","#,
            r#""text":"leap","starred":true}"#
        ),
        concat!(
            r##"{"date":"1999-12-31","text":"# CRLF\r\nand a \ttab","##,
            r##""tags":["x y","ümlaut"],"journal":"Work"}"##
        ),
        r#"{"date":"2024-03-10","time":"02:30","zone":"America/New_York","text":"in the gap"}"#,
    ];
    fs::write(&file, lines.join("\n")).expect("a file to import");
    import(&page, &file, "3 came in.").await;
    app::write(&page, "thrown away, but not for good").await;
    page.button("Details").click().await;
    page.button("Move to trash").click().await;
    let exported = export_all(&page, &stage.profile).await;

    for original in &exported {
        let other = Arc::new(Profile::fresh());
        let page = stage.browser_on(&other, Options::default()).await.page();
        page.goto(&format!("{}/transfer", stage.url())).await;
        import(&page, original, "3,419 came in.").await;
        let again = export_all(&page, &other).await;
        for (before, after) in exported.iter().zip(&again) {
            let same = fs::read(before).expect("an export") == fs::read(after).expect("an export");
            assert!(same, "{} and {} differ", before.display(), after.display());
        }
    }
}

/// The journal in both formats.
async fn export_all(page: &Page, profile: &Profile) -> [PathBuf; 2] {
    app::open(page, "Settings").await;
    page.link("Import and export").click().await;
    [
        export(page, profile, "Export as JSON lines (.jsonl)", "jsonl").await,
        export(page, profile, "Export as Markdown (.zip)", "zip").await,
    ]
}

async fn export(page: &Page, profile: &Profile, button: &str, extension: &str) -> PathBuf {
    page.button(button).click().await;
    page.role("link").containing(&format!(".{extension}")).appears().await;
    let mut file = None;
    until("the export is in the downloads", async || {
        file = profile.downloaded(extension);
        file.is_some()
    })
    .await;
    file.expect("BUG: it was found")
}

async fn ten_thousand_strings_survive(stage: &Stage) {
    let texts: Vec<String> = (0..10_000).map(string).collect();
    let lines: Vec<String> = texts
        .iter()
        .map(|text| json!({ "date": "2020-05-17", "text": text }).to_string())
        .collect();
    let folder = scratch("import");
    let file = folder.path().join("strings.jsonl");
    fs::write(&file, lines.join("\n")).expect("a file to import");
    let page = stage.open_at("/transfer").await;
    import(&page, &file, "10,000 came in.").await;
    page.reload().await;
    let exported = export(&page, &stage.profile, "Export as JSON lines (.jsonl)", "jsonl").await;
    let exported = fs::read_to_string(exported).expect("an export");
    let mut found: Vec<String> = exported.lines().map(text_of).collect();
    let mut expected = texts;
    found.sort();
    expected.sort();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
}

fn text_of(line: &str) -> String {
    let value: Value = serde_json::from_str(line).expect("a line of JSON");
    value["text"].as_str().expect("a text").to_owned()
}

/// A string of characters from all over Unicode, another one for each number.
fn string(number: u32) -> String {
    let mut state = u64::from(number) + 1;
    let mut next = || {
        // A linear congruential generator: the same strings in every run.
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u32
    };
    let length = 1 + next() % 24;
    let characters = (0..length).map(|_| {
        loop {
            let plane = [0x80, 0x800, 0x1_0000, 0x11_0000][(next() % 4) as usize];
            if let Some(character) = char::from_u32(next() % plane) {
                break character;
            }
        }
    });
    let text: String = characters.collect();
    // The number makes it another one; it stands first so that no space is at an edge.
    format!("{number}:{text}.")
}
