//! Compressed twins of the files, and what they weigh against what was promised.

use crate::finish::dist::Dist;
use crate::finish::parts::Parts;
use crate::finish::version;
use anyhow::Context;
use brotli::enc::{BrotliEncoderParams, backward_references::BrotliEncoderMode};
use std::thread;

const COMPRESSIBLE: [&str; 8] =
    [".html", ".js", ".json", ".css", ".wasm", ".svg", ".webmanifest", ".txt"];

/// Most bytes of brotli for each group of files.
const UI_BYTES_MAX: u64 = 170_000;
const WHOLE_UI_BYTES_MAX: u64 = 260_000;
const WORKER_BYTES_MAX: u64 = 480_000;
const FIRST_VISIT_BYTES_MAX: u64 = 600_000;

/// Writes a `.br` beside every file that gets smaller by it.
pub(crate) fn compress(dist: &Dist) -> anyhow::Result<()> {
    let names = dist.files()?;
    let plain = names.iter().filter(|name| COMPRESSIBLE.iter().any(|end| name.ends_with(end)));
    thread::scope(|scope| {
        let threads: Vec<_> =
            plain.map(|name| scope.spawn(move || compress_one(dist, name))).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.into_iter().try_for_each(join)
    })
}

fn compress_one(dist: &Dist, name: &str) -> anyhow::Result<()> {
    let plain = dist.read(name)?;
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        mode: BrotliEncoderMode::BROTLI_MODE_GENERIC,
        size_hint: plain.len(),
        ..BrotliEncoderParams::default()
    };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut plain.as_slice(), &mut small, &parameters)
        .with_context(|| format!("cannot compress {name}"))?;
    let twin = format!("{name}.br");
    if small.len() < plain.len() { dist.write(&twin, &small) } else { dist.remove(&twin) }
}

/// Prints the size of each group of files and whether it is within what was promised.
pub(crate) fn print(dist: &Dist, parts: &Parts) -> anyhow::Result<()> {
    let mut first_visit = version::kept(dist)?;
    first_visit.push("service-worker.js".to_owned());
    println!("{:<34} {:>10} {:>10} {:>10}", "bytes", "raw", "brotli", "at most");
    print_row(dist, "UI wasm and script", &parts.app.files(), Some(UI_BYTES_MAX))?;
    if let Some(later) = &parts.later {
        let [script, wasm] = parts.app.files();
        print_row(
            dist,
            "  with what comes later",
            &[script, wasm, later],
            Some(WHOLE_UI_BYTES_MAX),
        )?;
    }
    print_row(dist, "worker", &parts.worker.files(), Some(WORKER_BYTES_MAX))?;
    print_row(dist, "porter", &parts.porter.files(), None)?;
    print_row(dist, "style sheet", &[&parts.style], None)?;
    let all: Vec<&String> = first_visit.iter().collect();
    print_row(dist, "first visit, all that is kept", &all, Some(FIRST_VISIT_BYTES_MAX))
}

fn print_row(dist: &Dist, what: &str, files: &[&String], most: Option<u64>) -> anyhow::Result<()> {
    let (mut raw, mut small) = (0, 0);
    for file in files {
        let name = file.trim_start_matches('/');
        let bytes = dist.path(name).metadata()?.len();
        raw += bytes;
        small += dist.path(&format!("{name}.br")).metadata().map_or(bytes, |twin| twin.len());
    }
    let limit = most.map(|most| most.to_string()).unwrap_or_default();
    let verdict = if most.is_some_and(|most| small > most) { "  TOO MUCH" } else { "" };
    println!("{what:<34} {raw:>10} {small:>10} {limit:>10}{verdict}");
    Ok(())
}
