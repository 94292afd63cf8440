//! `cargo xtask bench`: every figure of the promise, each with its peers and floors measured in
//! the same run on the same data. One JSON line per figure; the table goes to docs/benchmarks.md.

mod figure;
mod figures;
mod journal;
mod lab;
mod report;
mod setup;
mod stats;

use anyhow::Context;
use figure::Figure;
use figures::{bytes, large, scroll, start, stores, sync};
use journal::{BATCH, Diary};
use lab::Lab;
use lexopt::prelude::{Long, ValueExt};
use std::fs;
use std::process::Command;
use std::thread;
use thoughtstream_tests::{diary, dist};
use time::OffsetDateTime;

const USAGE: &str = "\
cargo xtask bench [--repeats 5]  measure everything and write docs/benchmarks.md
                  [--only NAME]  only stores, large, start, scroll, bytes or sync; writes nothing
                  [--quick]      once, on little data, to see that it works; writes nothing";

const GROUPS: [&str; 6] = ["stores", "large", "start", "scroll", "bytes", "sync"];

/// How much is measured.
struct Extent {
    repeats: usize,
    only: Option<String>,
    quick: bool,
}

impl Extent {
    fn wants(&self, group: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == group)
    }

    /// Entries of the large journal, entries of the small one, saves.
    fn sizes(&self) -> (usize, usize, usize) {
        if self.quick { (6_000, 2_000, 50) } else { (100_000, 10_000, 500) }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let Some(extent) = extent()? else {
        println!("{USAGE}");
        return Ok(());
    };
    let dist = dist();
    let lab = Lab::open(setup::prepare(&dist)?, extent.repeats)?;
    let diary = Diary::read(&diary())?;
    let (entries, few, saves) = extent.sizes();
    let today = OffsetDateTime::now_utc().unix_timestamp() / 86_400;
    journal::write(&diary, &lab.places.data, entries, today)?;
    let batches = |entries: usize| -> Vec<String> {
        (0..entries.div_ceil(BATCH)).map(|number| number.to_string()).collect()
    };

    let mut figures = Vec::new();
    if extent.wants("bytes") {
        add(&mut figures, bytes::measure(&dist)?);
    }
    if extent.wants("stores") {
        add(&mut figures, stores::measure(&lab, &batches(few), saves).await?);
    }
    if extent.wants("sync") {
        add(&mut figures, sync::measure(&lab, few).await?);
    }
    if ["large", "start", "scroll"].iter().any(|group| extent.wants(group)) {
        let (all, queries) = (batches(entries), diary.queries());
        let ours = large::fill(&lab, &all).await?;
        if extent.wants("large") {
            add(&mut figures, large::measure(&lab, &ours, &all, &queries).await?);
        }
        if extent.wants("start") {
            add(&mut figures, start::measure(&lab, &ours).await?);
        }
        if extent.wants("scroll") {
            add(&mut figures, scroll::measure(&lab, &ours).await?);
        }
    }
    if !extent.quick && extent.only.is_none() {
        let file = setup::root().join("docs/benchmarks.md");
        fs::write(&file, report::document(&figures, &conditions(&extent)))?;
        eprintln!("the table is in docs/benchmarks.md");
    }
    Ok(())
}

fn extent() -> anyhow::Result<Option<Extent>> {
    let mut extent = Extent { repeats: 5, only: None, quick: false };
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("repeats") => extent.repeats = arguments.value()?.parse()?,
            Long("only") => extent.only = Some(arguments.value()?.string()?),
            Long("quick") => (extent.quick, extent.repeats) = (true, 1),
            Long("help") => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    if let Some(only) = &extent.only {
        anyhow::ensure!(GROUPS.contains(&only.as_str()), "no figures named {only}\n{USAGE}");
    }
    anyhow::ensure!(extent.repeats > 0, "at least one repeat is needed");
    Ok(Some(extent))
}

/// Tells a group of figures as soon as it is measured.
fn add(all: &mut Vec<Figure>, figures: Vec<Figure>) {
    for figure in &figures {
        println!("{}", figure.json());
    }
    all.extend(figures);
}

/// What the numbers depend on, without naming a machine.
fn conditions(extent: &Extent) -> Vec<String> {
    let peers = setup::PEERS.map(|(name, version)| format!("{name} {version}")).join(", ");
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown").to_owned();
    vec![
        format!(
            "{}, ThoughtStream {}",
            OffsetDateTime::now_utc().date(),
            env!("CARGO_PKG_VERSION")
        ),
        format!("{}, headless; {peers}", browser().unwrap_or_default()),
        format!("a virtual machine with {cores} cores and a virtual disk; load at the end: {load}"),
        format!("{} repeats", extent.repeats),
    ]
}

fn browser() -> anyhow::Result<String> {
    let output = Command::new("chromium").arg("--version").output().context("no Chromium")?;
    Ok(String::from_utf8_lossy(&output.stdout).split(" built").next().unwrap_or("").trim().into())
}
