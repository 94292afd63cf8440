//! The release build: `dist/`, and from it `dist-old/`, the same app under another version.

use crate::finish;
use crate::root::{program, root, run};
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// What makes wasm smallest: the standard library is compiled with the app, for size, and a panic
/// is a bare trap without the texts that would go with it. docs/decisions/0003-build.md has the
/// figures. Rust calls all of it unstable, hence the first line; the toolchain is pinned.
const SMALL: [(&str, &str); 6] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    ("CARGO_UNSTABLE_PANIC_IMMEDIATE_ABORT", "true"),
    ("CARGO_PROFILE_RELEASE_PANIC", "immediate-abort"),
    (
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        // The last two: SHA-512 in its short form, which signs a login and no more.
        "--cfg thoughtstream_split -Zunstable-options -Zlocation-detail=none -Zfmt-debug=none \
         --cfg sha2_backend=\"soft\" --cfg sha2_backend_soft=\"compact\"",
    ),
];

/// Builds the app in release mode and says where it is.
pub(crate) fn release() -> anyhow::Result<PathBuf> {
    let dist = root().join("dist");
    let mut trunk = program("trunk");
    trunk.args(["build", "--release", "--dist"]).arg(&dist);
    // Trunk takes NO_COLOR for a flag of its own and refuses most of its values.
    trunk.env_remove("NO_COLOR").envs(SMALL);
    // The hook calls this very program: cargo would build another one, with all of the above.
    run(trunk.env("THOUGHTSTREAM_XTASK", env::current_exe()?))?;
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
