//! The commands themselves, each a short list of steps.

use crate::root::{cargo, run};
use crate::{build, journeys, tools};
use std::ffi::OsString;

const SEQUENCER: &str = "thoughtstream-sequencer";

/// Installs all that building and testing need.
pub(crate) fn setup() -> anyhow::Result<()> {
    tools::install(tools::BUILD)?;
    tools::install(tools::TEST)
}

/// Builds the app in release mode and runs the sequencer, which serves it, until it is interrupted.
/// Its other settings may be given as variables; `THOUGHTSTREAM_DATABASE_URL` for one.
pub(crate) fn serve(port: u16) -> anyhow::Result<()> {
    tools::install(tools::BUILD)?;
    let dist = build::release()?;
    let listen = format!("127.0.0.1:{port}");
    let sequencer = ["run", "--quiet", "--profile", "server", "--package", SEQUENCER, "--"];
    run(cargo(&sequencer).args(["serve", "--listen", &listen, "--dist"]).arg(dist))
}

/// Builds `dist/`, and `dist-old/` for a test of the update.
pub(crate) fn build(old: bool) -> anyhow::Result<()> {
    tools::install(tools::BUILD)?;
    let dist = build::release()?;
    if old {
        build::relabel(&dist)?;
    }
    Ok(())
}

/// Runs every test: first those that need no browser, then the journeys through the built app.
pub(crate) fn test() -> anyhow::Result<()> {
    setup()?;
    run(&mut cargo(&["test", "--workspace", "--exclude", "thoughtstream-tests"]))?;
    let dist = build::release()?;
    let old = build::relabel(&dist)?;
    run(&mut cargo(&["test", "--package", "thoughtstream-tests", "--lib", "--test", "tidy"]))?;
    journeys::run(&dist, &old)
}

/// Takes the pictures of the README and of the manifest anew, of the real diary.
pub(crate) fn pictures() -> anyhow::Result<()> {
    setup()?;
    let dist = build::release()?;
    journeys::pictures(&dist)
}

/// Measures the built app beside its peers; what the arguments are is for the bench to say.
pub(crate) fn bench(arguments: &[OsString]) -> anyhow::Result<()> {
    setup()?;
    let dist = build::release()?;
    run(cargo(&["run", "--quiet", "--package", "thoughtstream-bench", "--"])
        .args(arguments)
        .env("THOUGHTSTREAM_DIST", dist))
}

/// Lives through seeds of the simulation; what the arguments are is for it to say.
pub(crate) fn simulate(arguments: &[OsString]) -> anyhow::Result<()> {
    let simulation = ["run", "--quiet", "--package", "thoughtstream-simulation", "--"];
    run(cargo(&simulation).args(arguments))
}

/// Checks all that a change has to pass.
pub(crate) fn ci() -> anyhow::Result<()> {
    tools::install(tools::BUILD)?;
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    let strict = ["--", "-D", "warnings"];
    run(cargo(&["clippy", "--workspace", "--all-targets"]).args(strict))?;
    let app = ["clippy", "--package", "thoughtstream", "--lib", "--bins", "--target", tools::WASM];
    run(cargo(&app).args(strict))?;
    let doc = ["doc", "--workspace", "--no-deps", "--document-private-items"];
    run(cargo(&doc).env("RUSTDOCFLAGS", "-D warnings"))?;
    test()
}
