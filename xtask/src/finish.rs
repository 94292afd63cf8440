//! What Trunk leaves undone: files named by their content, the boot script, the service worker.
//!
//! It runs as Trunk's last hook, on the staged files, for `trunk serve` as for a release. In order:
//! the screen is cut in two (`split`), the wasm is made small, the parts of the app are named
//! (`parts`), the page refers to them
//! (`page`), the whole is given a version and a service worker (`version`), and what a browser
//! may ask for is compressed (`sizes`).

mod dist;
mod page;
mod parts;
mod sizes;
mod split;
mod version;

use anyhow::Context;
use dist::Dist;
use std::env;
use std::path::{Path, PathBuf};

/// Finishes the build that Trunk is about to publish.
pub(crate) fn from_trunk() -> anyhow::Result<()> {
    let staging = env::var_os("TRUNK_STAGING_DIR")
        .context("no TRUNK_STAGING_DIR: trunk runs this as a hook; try `cargo xtask build`")?;
    let release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    let label = env::var("THOUGHTSTREAM_VERSION_LABEL").unwrap_or_default();
    finish(PathBuf::from(staging), release, &label)
}

fn finish(folder: PathBuf, release: bool, label: &str) -> anyhow::Result<()> {
    let dist = Dist::new(folder);
    if release {
        split::split(&dist)?;
        parts::shrink(&dist)?;
    }
    let parts = parts::name(&dist, release)?;
    page::refer(&dist, &parts)?;
    if !release {
        // The everyday loop: a kept version would stand between a change and the screen.
        return version::switch_off(&dist);
    }
    page::refuse_inline(&dist)?;
    version::seal(&dist, label)?;
    sizes::compress(&dist)?;
    sizes::print(&dist, &parts)
}

/// Gives a finished build another version and nothing else.
pub(crate) fn relabel(folder: &Path, label: &str) -> anyhow::Result<()> {
    let dist = Dist::new(folder.to_owned());
    version::seal(&dist, label)?;
    sizes::compress(&dist)
}
