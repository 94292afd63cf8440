//! The version of a build, and the service worker that keeps it whole.

use crate::finish::dist::{Dist, fill, sha256};
use crate::finish::page::{self, PAGE};
use crate::root::root;
use anyhow::Context;
use serde_json::{Map, Value, json};
use std::fs;

const WORKER: &str = "service-worker.js";
const WORKER_OFF: &str = "service-worker-off.js";
const VERSION: &str = "version.json";

/// Files of the build that a kept version does not need.
const NOT_KEPT: [&str; 4] = [WORKER, WORKER_OFF, VERSION, "robots.txt"];

/// Gives the build its version, which depends on every byte of it and on the label, and writes
/// it into the page, `version.json` and the service worker. Doing it again changes only these.
pub(crate) fn seal(dist: &Dist, label: &str) -> anyhow::Result<()> {
    let worker = template(WORKER)?;
    let blank_page = page::set_version(&dist.read_text(PAGE)?, "")?;
    dist.write(PAGE, blank_page.as_bytes())?;
    let identity = format!("{label}\n{worker}\n{}", Value::Object(hashes(dist)?));
    let version = format!("{}+{}", env!("CARGO_PKG_VERSION"), &sha256(identity.as_bytes())[..12]);

    dist.write(PAGE, page::set_version(&blank_page, &version)?.as_bytes())?;
    let worker = fill(&worker, "VERSION", &json!(version))?;
    let worker = fill(&worker, "FILES", &Value::Object(hashes(dist)?))?;
    dist.write(WORKER, worker.as_bytes())?;
    dist.write(VERSION, format!("{}\n", json!({ "version": version })).as_bytes())
}

/// Makes a build that keeps nothing and removes what an earlier one kept.
pub(crate) fn switch_off(dist: &Dist) -> anyhow::Result<()> {
    dist.write(WORKER, template(WORKER_OFF)?.as_bytes())?;
    let version = concat!(env!("CARGO_PKG_VERSION"), "+development");
    let page = page::set_version(&dist.read_text(PAGE)?, version)?;
    dist.write(PAGE, page.as_bytes())?;
    dist.write(VERSION, format!("{}\n", json!({ "version": version })).as_bytes())
}

/// The files that a kept version consists of.
pub(crate) fn kept(dist: &Dist) -> anyhow::Result<Vec<String>> {
    let mut names = dist.files()?;
    names.retain(|name| {
        let pictures = name.starts_with("pictures/"); // the system's, when it installs the app
        !pictures && !name.ends_with(".br") && !NOT_KEPT.contains(&name.as_str())
    });
    Ok(names)
}

/// The hash of every file that is kept, by the address it is asked for.
fn hashes(dist: &Dist) -> anyhow::Result<Map<String, Value>> {
    let hash = |name: String| {
        let address = if name == PAGE { "/".to_owned() } else { format!("/{name}") };
        Ok((address, sha256(&dist.read(&name)?).into()))
    };
    kept(dist)?.into_iter().map(hash).collect()
}

/// A script as it is written, before a build filled anything in.
fn template(name: &str) -> anyhow::Result<String> {
    let path = root().join("public").join(name);
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}
