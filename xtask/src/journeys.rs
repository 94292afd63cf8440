//! Running the journeys through the built app, in real browsers.
//!
//! Two run at a time, and browsers that compete for a small machine are sometimes late. So one
//! that fails is run once more, alone; what passed only then is said.

use crate::root::{cargo, npm_tools, root, run as run_cargo};
use anyhow::{Context, ensure};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs the journeys with a build and an older one.
pub(crate) fn run(dist: &Path, old: &Path) -> anyhow::Result<()> {
    run_cargo(&mut cargo(&["build", "--quiet", "--package", "thoughtstream-sequencer"]))?;
    let failed = failures(&mut command("browser", dist, old, &[]))?;
    let mut still = Vec::new();
    for name in &failed {
        println!("once more, alone: {name}");
        still.extend(failures(&mut command("browser", dist, old, &["--exact", name]))?);
    }
    ensure!(still.is_empty(), "these journeys fail: {}", still.join(", "));
    Ok(())
}

/// Runs the one that checks nothing and takes pictures.
pub(crate) fn pictures(dist: &Path) -> anyhow::Result<()> {
    run_cargo(&mut command("pictures", dist, dist, &[]))
}

fn command(target: &str, dist: &Path, old: &Path, arguments: &[&str]) -> Command {
    let mut command = cargo(&["test", "--package", "thoughtstream-tests", "--test", target, "--"]);
    command
        .args(arguments)
        .env("THOUGHTSTREAM_DIST", dist)
        .env("THOUGHTSTREAM_DIST_OLD", old)
        .env("THOUGHTSTREAM_SEQUENCER", root().join("target/debug/thoughtstream-sequencer"))
        .env("THOUGHTSTREAM_AXE", npm_tools().join("node_modules/axe-core/axe.min.js"));
    command
}

/// Runs the tests, passes on what they print, and gives the names of those that failed.
fn failures(command: &mut Command) -> anyhow::Result<Vec<String>> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
    let output = child.stdout.take().context("the tests have no output")?;
    let mut failed = Vec::new();
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        let name = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED"));
        failed.extend(name.map(str::to_owned));
    }
    let status = child.wait()?;
    ensure!(status.success() || !failed.is_empty(), "the journeys could not be run ({status})");
    Ok(failed)
}
