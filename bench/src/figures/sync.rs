//! Two browsers and a sequencer: how soon an edit of the one is seen in the other, and how long a
//! new device takes to have everything, beside a local import of the same.

use crate::figure::{Figure, Goal, Series, of};
use crate::lab::Lab;
use crate::stats::Spread;
use anyhow::Context;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use thoughtstream_tests::{
    Browser, Engine, Options, Page, Profile, Sequencer, create_vault, is_synced, join_vault, until,
};

/// Edits whose way is measured.
const EDITS: usize = 60;
const SEEN: &str = "an edit seen in another browser";
const ARRIVED: &str = "a new device";
const IMPORT: &str = "local import of the same";

/// Notes when a star comes into the timeline or leaves it.
const WATCH: &str = "globalThis.seen = [];
    let starred = document.querySelector('.day__star') !== null;
    new MutationObserver(() => {
        const now = document.querySelector('.day__star') !== null;
        if (now !== starred) seen.push(performance.timeOrigin + performance.now());
        starred = now;
    }).observe(document.body, { subtree: true, childList: true })";
const STAR: &str = "const at = performance.timeOrigin + performance.now();
    document.querySelector('button[aria-label=Star]').click();
    return at";

/// Both figures; the batches of entries lie in the lab's data.
pub(crate) async fn measure(lab: &Lab, entries: usize) -> anyhow::Result<Vec<Figure>> {
    let file = lines(&lab.places.data, entries)?;
    let mut seen = Series::new("ThoughtStream");
    let (mut arrived, mut import) = (Series::new(ARRIVED), Series::new(IMPORT));
    for _ in 0..lab.repeats {
        let sequencer = Sequencer::embedded();
        let (first, second) = (device(&sequencer).await, device(&sequencer).await);
        let began = Instant::now();
        take_in(&first.1, &file, entries).await;
        import.runs.push(Spread::once(began.elapsed().as_secs_f64() * 1000.0));
        let words = create_vault(&first.1, &sequencer).await;
        is_synced(&first.1).await;
        let began = Instant::now();
        join_vault(&second.1, &words).await;
        is_synced(&second.1).await;
        is_searchable(&second.1).await;
        arrived.runs.push(Spread::once(began.elapsed().as_secs_f64() * 1000.0));
        seen.runs.push(Spread::of(&edits(&first.1, &second.1, &sequencer).await?));
        first.0.close().await;
        second.0.close().await;
    }
    let goal = |what, measured, limit| Goal { what, measured, limit };
    let middle = seen.middle();
    let goals = vec![goal("ms p50", middle.p50, 25.0), goal("ms p95", middle.p95, 60.0)];
    let seen = Figure { name: SEEN, unit: "ms", series: vec![seen], goals };
    let series = vec![arrived, import];
    let ratio = series[0].against(of(&series, IMPORT), |run| run.p50);
    let goals = vec![goal("time : local import of the same", ratio, 1.5)];
    Ok(vec![seen, Figure { name: "everything on a new device", unit: "ms", series, goals }])
}

async fn device(sequencer: &Sequencer) -> (Browser, Page) {
    let options = Options { unwatched: true, ..Options::default() };
    let browser = Browser::open(Engine::Chromium, options, Arc::new(Profile::fresh())).await;
    let page = browser.page();
    page.goto(&sequencer.url()).await;
    page.textbox("Entry").appears().await;
    (browser, page)
}

async fn take_in(page: &Page, file: &Path, entries: usize) {
    let origin = page.run("return location.origin", []).await;
    page.goto(&format!("{}/transfer", origin.as_str().unwrap_or_default())).await;
    page.role("file").type_text(&file.to_string_lossy()).await;
    let told =
        format!("return document.body.innerText.replaceAll(',', '').includes('{entries} came in')");
    until("everything came in", async || page.run(&told, []).await == json!(true)).await;
    is_searchable(page).await;
}

/// Waits until nothing waits for the index any more.
async fn is_searchable(page: &Page) {
    let open = "document.querySelector('a[href=\"/search\"]').click()";
    page.run(open, []).await;
    page.searchbox("Search").type_text("th").await;
    let whole = "return document.querySelector('.hit') !== null
        && document.querySelector('.waiting') === null";
    until("all of it is found", async || page.run(whole, []).await == json!(true)).await;
}

async fn edits(first: &Page, second: &Page, sequencer: &Sequencer) -> anyhow::Result<Vec<f64>> {
    let timeline = format!("{}/timeline", sequencer.url());
    for page in [first, second] {
        page.goto(&timeline).await;
        page.role("article").inside("feed").appears().await;
    }
    first.run("document.querySelector('article a').click()", []).await;
    first.button("Star").appears().await;
    second.run(WATCH, []).await;
    let mut times = Vec::new();
    for number in 0..EDITS {
        let began = first.run(STAR, []).await.as_f64().context("a time")?;
        let count = json!(number + 1);
        until("it is seen", async || second.run("return seen.length", []).await == count).await;
        let seen = second.run("return seen.at(-1)", []).await.as_f64().context("a time")?;
        times.push(seen - began);
    }
    Ok(times)
}

/// The entries as a file to import.
fn lines(data: &Path, entries: usize) -> anyhow::Result<PathBuf> {
    let path = data.join("entries.jsonl");
    let mut file = fs::File::create(&path)?;
    let mut written = 0;
    for number in 0.. {
        let batch = fs::read(data.join(format!("{number}.json")))?;
        let batch: Vec<Value> = serde_json::from_slice(&batch)?;
        for entry in batch.into_iter().take(entries - written) {
            let millis = entry["time"].as_i64().context("a time")?;
            let moment = time::OffsetDateTime::from_unix_timestamp(millis / 1000)?;
            let (id, date, text) = (&entry["id"], moment.date().to_string(), &entry["body"]);
            let line = json!({ "id": id, "date": date, "text": text });
            writeln!(file, "{line}")?;
            written += 1;
        }
        if written >= entries {
            break;
        }
    }
    Ok(path)
}
