//! Running the journeys through the built app, in real browsers.
//!
//! Some are known to fail on today's app: `tests/browser/open.txt` names them, one a line, with
//! what is the matter. They are not run, and are listed at each run until they are mended. One
//! that fails here is tried twice more, alone: browsers on a busy machine are sometimes late; what
//! passed only then is said.

use crate::root::{cargo, npm_tools, root};
use anyhow::{Context, ensure};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// How often a journey that failed is tried again.
const TRIES: u32 = 2;

/// Runs the journeys with a build and an older one.
pub(crate) fn run(dist: &Path, old: &Path) -> anyhow::Result<()> {
    let open = open_journeys()?;
    for line in &open {
        println!("not run, known to fail: {line}");
    }
    let mut arguments = Vec::new();
    for line in &open {
        let name = line.split_whitespace().next().unwrap_or_default();
        arguments.extend(["--skip", name]);
    }
    let mut failed = failures(&mut command(dist, old, &arguments))?;
    for _ in 0..TRIES {
        let mut still = Vec::new();
        for name in &failed {
            println!("trying again: {name}");
            still.extend(failures(&mut command(dist, old, &["--exact", name]))?);
        }
        failed = still;
    }
    ensure!(failed.is_empty(), "these journeys fail: {}", failed.join(", "));
    Ok(())
}

fn open_journeys() -> anyhow::Result<Vec<String>> {
    let file = root().join("tests/browser/open.txt");
    let text =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.filter(|line| !line.starts_with('#')).map(str::to_owned).collect())
}

fn command(dist: &Path, old: &Path, arguments: &[&str]) -> Command {
    let mut command =
        cargo(&["test", "--package", "thoughtstream-tests", "--test", "browser", "--"]);
    command
        .args(arguments)
        .env("THOUGHTSTREAM_DIST", dist)
        .env("THOUGHTSTREAM_DIST_OLD", old)
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
