//! What is served: the build, beside it the pages of the peers, and the empty Leptos page.

use anyhow::{Context, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The peers, and what bundles them; pinned, because a figure is of one version.
pub(crate) const PEERS: [(&str, &str); 3] =
    [("@sqlite.org/sqlite-wasm", "3.53.4-build2"), ("dexie", "4.4.7"), ("esbuild", "0.28.2")];

const WASM: &str = "wasm32-unknown-unknown";

/// Where a file's name carries its hash, the server lets browsers keep it: the peers' files are
/// kept like the app's own.
const KEPT: &str = "0000000000000000";

/// The folders that were made.
pub(crate) struct Places {
    /// The build with the folder `bench` beside its files.
    pub(crate) site: PathBuf,
    pub(crate) empty: PathBuf,
    pub(crate) data: PathBuf,
    /// The program that is the native floor.
    pub(crate) native: PathBuf,
}

/// The folder of the workspace.
pub(crate) fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("BUG: the benchmark is a folder of the workspace")
}

/// Fetches and builds everything that is measured besides the app itself.
pub(crate) fn prepare(dist: &Path) -> anyhow::Result<Places> {
    let target = thoughtstream_tests::target();
    let folder = target.join("bench");
    let (site, empty) = (folder.join("site"), folder.join("empty"));
    let bench = site.join("bench");
    refresh(dist, &site)?;
    fs::create_dir_all(&bench)?;
    fs::create_dir_all(&empty)?;
    install_peers(&folder)?;
    bundle_peers(&folder, &bench)?;
    let source = root().join("bench/peers");
    for name in ["page.html", "page.js", "ours.js", "blank.html"] {
        fs::copy(source.join(name), bench.join(name))?;
    }
    fs::copy(source.join("empty.html"), empty.join("index.html"))?;
    fs::copy(source.join("start.js"), empty.join("start.js"))?;
    wasm(&target, "thoughtstream_bench_page", "client", &bench)?;
    wasm(&target, "thoughtstream_bench_empty", "empty", &empty)?;
    shrink(&empty.join("empty_bg.wasm"))?;
    fs::rename(empty.join("empty_bg.wasm"), empty.join(format!("empty-{KEPT}.wasm")))?;
    fs::rename(empty.join("empty.js"), empty.join(format!("empty-{KEPT}.js")))?;
    cargo(&["build", "--profile", "bench", "--package", "thoughtstream-bench-floor"])?;
    let native = target.join("release/thoughtstream-bench-floor");
    Ok(Places { data: bench.join("data"), site, empty, native })
}

/// Puts the build's files into the site; what the benchmark added to it stays.
fn refresh(dist: &Path, site: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(site).into_iter().flatten() {
        let path = entry?.path();
        if path.is_file() {
            fs::remove_file(path)?;
        }
    }
    copy(dist, site)
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

fn install_peers(folder: &Path) -> anyhow::Result<()> {
    let npm = folder.join("npm");
    let wanted = PEERS.map(|(name, version)| format!("{name}@{version}"));
    let mark = npm.join("installed");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted.join(" ")) {
        return Ok(());
    }
    eprintln!("installing {}: the peers, and what bundles them", wanted.join(", "));
    fs::create_dir_all(&npm)?;
    let mut command = Command::new("npm");
    command.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&npm);
    run(command.args(&wanted))?;
    fs::write(mark, wanted.join(" "))?;
    Ok(())
}

fn bundle_peers(folder: &Path, bench: &Path) -> anyhow::Result<()> {
    let modules = folder.join("npm/node_modules");
    let names = ["dexie.js", "sqlite.js", "sqlite-worker.js", "raw.js", "raw-worker.js"];
    let sources = names.map(|name| root().join("bench/peers").join(name));
    let mut command = Command::new(modules.join(".bin/esbuild"));
    command.env("NODE_PATH", &modules).args(sources);
    command.args(["--bundle", "--minify", "--format=esm", "--log-level=warning"]);
    run(command.arg(format!("--outdir={}", bench.display())))?;
    let wasm = modules.join("@sqlite.org/sqlite-wasm/dist/sqlite3.wasm");
    fs::copy(wasm, bench.join(format!("sqlite3-{KEPT}.wasm")))?;
    fs::rename(bench.join("sqlite-worker.js"), bench.join(format!("sqlite-worker-{KEPT}.js")))?;
    Ok(())
}

/// Builds a library of ours for the browser and joins it with its script.
fn wasm(target: &Path, library: &str, name: &str, folder: &Path) -> anyhow::Result<()> {
    let package = library.replace('_', "-");
    cargo(&["build", "--release", "--target", WASM, "--package", &package])?;
    let built = target.join(WASM).join("release").join(format!("{library}.wasm"));
    let mut command = Command::new("wasm-bindgen");
    command.args(["--target", "web", "--no-typescript", "--out-name", name, "--out-dir"]);
    run(command.arg(folder).arg(built))
}

/// Makes the wasm as small as the app's own is made, with the features that it says it uses.
fn shrink(wasm: &Path) -> anyhow::Result<()> {
    let tool = root().join("target/tools/node_modules/.bin/wasm-opt");
    ensure!(tool.exists(), "wasm-opt is not installed; run `cargo xtask setup`");
    let mut command = Command::new(tool);
    command.args(["-Oz", "--strip-debug", "--strip-producers"]);
    run(command.arg(wasm).arg("--output").arg(wasm))
}

fn cargo(arguments: &[&str]) -> anyhow::Result<()> {
    run(Command::new("cargo").current_dir(root()).args(arguments))
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    // Standard output is for the figures alone.
    command.stdout(std::io::stderr());
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    ensure!(status.success(), "{name} failed ({status})");
    Ok(())
}
