//! What a first visit weighs, compressed by brotli at its highest level as it is served.

use crate::figure::{Figure, Goal, Series};
use crate::stats::Spread;
use anyhow::Context;
use serde_json::{Map, Value};
use std::fs;
use std::path::Path;

/// Weighs the build, by the list of files that the service worker keeps.
pub(crate) fn measure(dist: &Path) -> anyhow::Result<Vec<Figure>> {
    let script = fs::read_to_string(dist.join("service-worker.js"))?;
    let line = script.lines().find_map(|line| line.strip_prefix("const FILES = "));
    let files = line.and_then(|line| line.split_once("};")).context("no list of kept files")?.0;
    let files: Map<String, Value> = serde_json::from_str(&format!("{files}}}"))?;
    let kept: Vec<&str> =
        files.keys().map(|path| if path == "/" { "index.html" } else { &path[1..] }).collect();
    let starting = |prefixes: &[&str]| -> anyhow::Result<f64> {
        let wanted = kept.iter().filter(|name| prefixes.iter().any(|it| name.starts_with(it)));
        wanted.map(|name| weigh(dist, name)).sum()
    };
    let ui = starting(&["app-", "boot-"])?;
    let worker = starting(&["worker-"])?;
    let all = starting(&[""])? + weigh(dist, "service-worker.js")?;
    Ok(vec![
        figure("UI wasm and script", ui, 170.0),
        figure("worker", worker, 349.0),
        figure("whole first visit", all, 600.0),
    ])
}

fn figure(name: &'static str, bytes: f64, limit: f64) -> Figure {
    let runs = vec![Spread::once(bytes / 1000.0)];
    Figure {
        name,
        unit: "kB brotli",
        goals: vec![Goal { what: "kB, brotli 11", measured: bytes / 1000.0, limit }],
        series: vec![Series { who: "ThoughtStream", runs }],
    }
}

/// The bytes of a file as it travels.
fn weigh(dist: &Path, name: &str) -> anyhow::Result<f64> {
    let plain = dist.join(name);
    let small = dist.join(format!("{name}.br"));
    let file = if small.exists() { small } else { plain };
    let bytes = fs::metadata(&file).with_context(|| format!("no {}", file.display()))?.len();
    #[expect(clippy::cast_precision_loss, reason = "a file of this size is no first visit")]
    Ok(bytes as f64)
}
