//! The parts of the app: three programs of wasm, a boot script, one style sheet.

use crate::finish::dist::{Dist, fill};
use crate::finish::page;
use crate::finish::split::LATER;
use crate::root::{npm_tools, program, run};
use anyhow::{Context, ensure};
use serde_json::json;
use std::fs;

/// What rustc emits and every browser this is made for reads. Never `--all-features`: it makes
/// wasm-opt emit what browsers refuse.
const WASM_FEATURES: [&str; 8] = [
    "bulk-memory",
    "bulk-memory-opt",
    "nontrapping-float-to-int",
    "sign-ext",
    "mutable-globals",
    "reference-types",
    "multivalue",
    "call-indirect-overlong",
];

const PROGRAMS: [&str; 3] = ["app", "worker", "porter"];

/// The addresses of the parts, each with its hash in it.
pub(crate) struct Parts {
    pub(crate) boot: String,
    pub(crate) style: String,
    pub(crate) app: Program,
    /// The screens that are opened seldom; in the everyday build they are in the first file.
    pub(crate) later: Option<String>,
    pub(crate) worker: Program,
    pub(crate) porter: Program,
}

/// One program: the script that wasm-bindgen wrote for it, which in a worker also starts it, and
/// its wasm.
pub(crate) struct Program {
    pub(crate) script: String,
    pub(crate) wasm: String,
}

impl Program {
    /// Its files.
    pub(crate) fn files(&self) -> [&String; 2] {
        [&self.script, &self.wasm]
    }
}

/// Makes the wasm of every program as small as it gets.
pub(crate) fn shrink(dist: &Dist) -> anyhow::Result<()> {
    let wasm_opt = npm_tools().join("node_modules/.bin/wasm-opt");
    ensure!(wasm_opt.exists(), "wasm-opt is not installed; run `cargo xtask setup`");
    let programs = PROGRAMS.iter().map(|name| format!("{name}_bg.wasm"));
    for name in programs.chain([LATER.to_owned()]) {
        let wasm = dist.path(&name);
        let mut command = program(&wasm_opt);
        command.args(WASM_FEATURES.map(|feature| format!("--enable-{feature}")));
        command.args(["-Oz", "--strip-debug", "--strip-producers"]);
        // The first kilobyte of memory is the last of the stack: nothing is found there but by a
        // program that has run out of it. A place in a struct then fits into the instruction.
        command.arg("--low-memory-unused");
        run(command.arg(&wasm).arg("--output").arg(&wasm))?;
    }
    Ok(())
}

/// Names every part by its content; whatever refers to another is named after that one.
pub(crate) fn name(dist: &Dist, offline: bool) -> anyhow::Result<Parts> {
    let start = dist.read_text("start-worker.js")?;
    let later = if offline { Some(name_later(dist)?) } else { None };
    let app = name_program(dist, "app", None)?;
    let worker = name_program(dist, "worker", Some(&start))?;
    let porter = name_program(dist, "porter", Some(&start))?;
    dist.remove("start-worker.js")?;

    let boot = dist.read_text("boot.js")?;
    let files = json!({
        "app": app.script, "appWasm": app.wasm, "worker": worker.script, "workerWasm": worker.wasm,
        "porter": porter.script, "porterWasm": porter.wasm,
    });
    let boot = fill(&fill(&boot, "FILES", &files)?, "OFFLINE", &json!(offline))?;
    let boot = dist.write_hashed("boot", "js", boot.as_bytes())?;
    dist.remove("boot.js")?;
    Ok(Parts { boot, style: name_style(dist)?, app, later, worker, porter })
}

/// Names the second file of the screen, and tells the script of the first.
fn name_later(dist: &Dist) -> anyhow::Result<String> {
    let named = dist.write_hashed("later", "wasm", &dist.read(LATER)?)?;
    let script = dist.read_text("app.js")?;
    dist.write("app.js", script.replace(LATER, &named).as_bytes())?;
    dist.remove(LATER)?;
    Ok(named)
}

fn name_program(dist: &Dist, name: &str, start: Option<&str>) -> anyhow::Result<Program> {
    let (script, wasm) = (format!("{name}.js"), format!("{name}_bg.wasm"));
    let mut text =
        dist.read_text(&script).with_context(|| format!("trunk did not build `{name}`"))?;
    // A C function that was left out or never there becomes an import that no browser resolves.
    ensure!(!text.contains("from \"env\""), "{name} imports a C function that is not linked");
    let wasm_named = dist.write_hashed(name, "wasm", &dist.read(&wasm)?)?;
    if let Some(start) = start {
        ensure!(text.contains("__wbg_init as default"), "start-worker.js cannot start {script}");
        text += &fill(start, "WASM", &json!(wasm_named))?;
    }
    let named = dist.write_hashed(name, "js", text.as_bytes())?;
    dist.remove(&script)?;
    dist.remove(&wasm)?;
    Ok(Program { script: named, wasm: wasm_named })
}

/// Makes one style sheet of all that the page links, in their order: one request, and one file
/// in the service worker's hands, where there were thirty.
fn name_style(dist: &Dist) -> anyhow::Result<String> {
    let mut style = String::new();
    for sheet in page::style_sheets(&dist.read_text("index.html")?) {
        let name = sheet.trim_start_matches('/');
        style += dist.read_text(name)?.trim();
        style += "\n";
        fs::remove_file(dist.path(name))?;
    }
    dist.write_hashed("style", "css", style.as_bytes())
}
