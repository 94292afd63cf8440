//! The timeline of the whole journal under the wheel, then jumps to anywhere in it.

use crate::figure::{Figure, Goal, Series};
use crate::lab::{Lab, OURS, Visit, number, numbers};
use crate::stats::Spread;
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::sync::Arc;
use thoughtstream_tests::{Page, Profile, until};

const PROBE: &str = include_str!("../../peers/probe-scroll.js");
/// Turns of the wheel, each of more than half a screen.
const TURNS: usize = 300;
const TURN_PIXELS: u32 = 480;
const JUMPS: usize = 40;
const ROWS_MAX: f64 = 200.0;
const FRAME_MILLIS: f64 = 16.7;
/// Memory is flat if it has not grown by more than this, in MB.
const GROWTH_MAX: f64 = 4.0;

/// Measures scrolling in the store of the profile.
pub(crate) async fn measure(lab: &Lab, profile: &Arc<Profile>) -> anyhow::Result<Vec<Figure>> {
    let names = ["event to frame", "between frames", "jump to rows", "rows", "memory growth"];
    let mut series = names.map(|_| Series::new(OURS.name));
    for _ in 0..lab.repeats {
        for (series, spread) in series.iter_mut().zip(run(lab, profile).await?) {
            series.runs.push(spread);
        }
    }
    let [events, frames, jumps, rows, growth] = series;
    let limit =
        |what, series: &Series, limit| vec![Goal { what, measured: series.middle().p95, limit }];
    let event_goals = limit("p95, ms", &events, FRAME_MILLIS);
    let row_goals = limit("rows in the page", &rows, ROWS_MAX);
    let growth_goals = limit("MB after scrolling", &growth, GROWTH_MAX);
    let figure = |name, unit, series, goals| Figure { name, unit, series: vec![series], goals };
    Ok(vec![
        figure("scrolling, event to frame", "ms", events, event_goals),
        figure("scrolling, between frames", "ms", frames, vec![]),
        figure("scrolling, jump until rows are read", "ms", jumps, vec![]),
        figure("scrolling, most rows in the page", "rows", rows, row_goals),
        figure("scrolling, growth of memory", "MB", growth, growth_goals),
    ])
}

async fn run(lab: &Lab, profile: &Arc<Profile>) -> anyhow::Result<[Spread; 5]> {
    let visit = Visit::open(profile).await;
    let page = visit.page();
    page.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": PROBE })).await;
    page.goto(&format!("{}/timeline", lab.url())).await;
    let shown = "return document.querySelector('article:not([aria-busy])') !== null";
    until("the timeline is there", async || page.run(shown, []).await == true).await;
    wheel(page, TURNS / 10).await?; // what is made once is made now
    let before = heap(page).await?;
    let wasm_before = number(&end(page).await["wasm"])?;
    page.run("scrolled.events.length = scrolled.frames.length = 0; scrolled.begin()", []).await;
    wheel(page, TURNS).await?;
    let seen = end(page).await;
    // The row that the keyboard is at stays in the page, wherever the others are.
    let last = "return Math.max(...Array.from(document.querySelectorAll('article'),
        (row) => Number(row.ariaPosInSet)))";
    let last = number(&page.run(last, []).await)?;
    ensure!(last > 30.0, "the wheel did not move the timeline: its last row is {last}");
    page.run("scrolled.begin()", []).await; // for the rows; the times have been taken
    let mut jumps = Vec::with_capacity(JUMPS);
    for number_of_jump in 0..JUMPS {
        let part = json!((number_of_jump * 7 % JUMPS) as f32 / JUMPS as f32);
        jumps.push(number(&page.run("return scrolled.jump(arguments[0])", [part]).await)?);
    }
    let after = end(page).await;
    let rows = number(&after["rows"])?;
    let wasm = number(&after["wasm"])? - wasm_before;
    let growth = (heap(page).await? - before + wasm) / 1e6;
    visit.close().await;
    Ok([
        Spread::of(&numbers(&seen["events"])?),
        Spread::of(&numbers(&seen["frames"])?),
        Spread::of(&jumps),
        Spread::once(rows),
        Spread::once(growth.max(0.0)),
    ])
}

async fn end(page: &Page) -> Value {
    page.run("return scrolled.end()", []).await
}

/// Turns the wheel over the list, which has another pane beside it in a wide window.
async fn wheel(page: &Page, turns: usize) -> anyhow::Result<()> {
    let middle =
        "const { left, width } = document.querySelector('article').getBoundingClientRect();
        return left + width / 2";
    let x = number(&page.run(middle, []).await)?;
    for _ in 0..turns {
        let turn = json!({ "type": "mouseWheel", "x": x, "y": 500,
                           "deltaX": 0, "deltaY": TURN_PIXELS });
        page.cdp("Input.dispatchMouseEvent", turn).await;
    }
    Ok(())
}

/// Bytes of the page's JavaScript heap that are in use after the garbage is gone.
async fn heap(page: &Page) -> anyhow::Result<f64> {
    page.cdp("HeapProfiler.collectGarbage", json!({})).await;
    page.cdp("Performance.enable", json!({})).await;
    let answer = page.cdp("Performance.getMetrics", json!({})).await;
    let metrics = answer["metrics"].as_array().context("no metrics")?;
    let used = metrics.iter().find(|metric| metric["name"] == "JSHeapUsedSize");
    number(&used.context("no size of the heap")?["value"])
}
