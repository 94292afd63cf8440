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

const BLANK: &str = "a blank page";

/// What one run has measured.
struct Scrolled {
    wheel: Wheel,
    blank: Wheel,
    jumps: Spread,
    rows: Spread,
    growth: Spread,
}

/// Milliseconds to the end of the frame that shows a turn of the wheel, and between frames.
struct Wheel {
    /// From the browser's time stamp, which is older than any page can know of the turn.
    stamped: Spread,
    /// From when the page hears of it: what the page itself takes.
    heard: Spread,
    frames: Spread,
}

/// Measures scrolling in the store of the profile.
pub(crate) async fn measure(lab: &Lab, profile: &Arc<Profile>) -> anyhow::Result<Vec<Figure>> {
    let mut runs = Vec::new();
    for _ in 0..lab.repeats {
        runs.push(run(lab, profile).await?);
    }
    let series = |who, part: fn(&Scrolled) -> &Spread| Series {
        who,
        runs: runs.iter().map(|run| *part(run)).collect(),
    };
    let ours = |part| series(OURS.name, part);
    let figure = |name, unit, series: Vec<Series>, goal: Option<(&'static str, f64)>| {
        let measured = series[0].middle().p95;
        let goals = goal.map(|(what, limit)| Goal { what, measured, limit });
        Figure { name, unit, series, goals: goals.into_iter().collect() }
    };
    Ok(vec![
        figure(
            "scrolling, event heard to frame",
            "ms",
            vec![ours(|run| &run.wheel.heard), series(BLANK, |run| &run.blank.heard)],
            Some(("p95, ms", FRAME_MILLIS)),
        ),
        figure(
            "scrolling, event's time stamp to frame",
            "ms",
            vec![ours(|run| &run.wheel.stamped), series(BLANK, |run| &run.blank.stamped)],
            None,
        ),
        figure(
            "scrolling, between frames",
            "ms",
            vec![ours(|run| &run.wheel.frames), series(BLANK, |run| &run.blank.frames)],
            None,
        ),
        figure("scrolling, jump until rows are read", "ms", vec![ours(|run| &run.jumps)], None),
        figure(
            "scrolling, most rows in the page",
            "rows",
            vec![ours(|run| &run.rows)],
            Some(("rows in the page", ROWS_MAX)),
        ),
        figure(
            "scrolling, growth of memory",
            "MB",
            vec![ours(|run| &run.growth)],
            Some(("MB after scrolling", GROWTH_MAX)),
        ),
    ])
}

async fn run(lab: &Lab, profile: &Arc<Profile>) -> anyhow::Result<Scrolled> {
    let visit = Visit::open(profile).await;
    let page = visit.page();
    page.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": PROBE })).await;
    page.goto(&format!("{}/bench/blank.html", lab.url())).await;
    page.run("document.body.style.height = '1000000px'", []).await;
    let blank = turns(page, 400.0).await?;
    page.goto(&format!("{}/timeline", lab.url())).await;
    let shown = "return document.querySelector('article:not([aria-busy])') !== null";
    until("the timeline is there", async || page.run(shown, []).await == true).await;
    let middle =
        "const { left, width } = document.querySelector('article').getBoundingClientRect();
        return left + width / 2";
    // The list has another pane beside it in a wide window.
    let x = number(&page.run(middle, []).await)?;
    wheel(page, x, TURNS / 10).await; // what is made once is made now
    let before = heap(page).await?;
    let wasm_before = number(&end(page).await["wasm"])?;
    let wheel = turns(page, x).await?;
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
    Ok(Scrolled {
        wheel,
        blank,
        jumps: Spread::of(&jumps),
        rows: Spread::once(rows),
        growth: Spread::once(growth.max(0.0)),
    })
}

/// Measures the turns of the wheel at this distance from the left.
async fn turns(page: &Page, x: f64) -> anyhow::Result<Wheel> {
    page.run("scrolled.begin()", []).await;
    wheel(page, x, TURNS).await;
    let seen = end(page).await;
    let spread = |name: &str| anyhow::Ok(Spread::of(&numbers(&seen[name])?));
    Ok(Wheel { stamped: spread("events")?, heard: spread("heard")?, frames: spread("frames")? })
}

async fn end(page: &Page) -> Value {
    page.run("return scrolled.end()", []).await
}

/// Turns the wheel.
async fn wheel(page: &Page, x: f64, turns: usize) {
    for _ in 0..turns {
        let turn = json!({ "type": "mouseWheel", "x": x, "y": 500,
                           "deltaX": 0, "deltaY": TURN_PIXELS });
        page.cdp("Input.dispatchMouseEvent", turn).await;
    }
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
