//! The release build: `dist/`, and from it `dist-old/`, the same app under another version.

use crate::finish;
use crate::root::{program, root, run};
use anyhow::Context;
use std::fs;
use std::path::{Path, PathBuf};

/// Builds the app in release mode and says where it is.
pub(crate) fn release() -> anyhow::Result<PathBuf> {
    let dist = root().join("dist");
    // Trunk takes NO_COLOR for a flag of its own and refuses most of its values.
    run(program("trunk").env_remove("NO_COLOR").args(["build", "--release", "--dist"]).arg(&dist))?;
    Ok(dist)
}

/// Packs a finished build again as another version, which takes a second and not minutes.
pub(crate) fn relabel(dist: &Path) -> anyhow::Result<PathBuf> {
    let old = root().join("dist-old");
    if old.exists() {
        fs::remove_dir_all(&old).with_context(|| format!("cannot replace {}", old.display()))?;
    }
    copy(dist, &old)?;
    finish::relabel(&old, "old")?;
    Ok(old)
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
