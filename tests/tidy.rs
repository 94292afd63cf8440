//! The walls of the architecture and the habits of the code, read from the source itself. Each
//! test names the places that break a rule, and what to do about them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::fs;
use std::path::Path;

/// One source file: its path from the root of the project, and what is in it.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path.starts_with(place))
    }

    /// The lines with their numbers, without comments: those may speak of anything.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().map(without_comment).enumerate().map(|(at, line)| (at + 1, line))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file of the project with one of these endings.
fn sources(endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    collect(root(), "", endings, &mut found);
    assert!(!found.is_empty(), "no file ends in {endings:?}: this test looks in the wrong place");
    found
}

fn collect(folder: &Path, prefix: &str, endings: &[&str], found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{prefix}{name}");
        let made = ["target", "dist", "dist-old", "data", "node_modules"].contains(&path.as_str());
        if made || name.starts_with('.') {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{path}/"), endings, found);
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(Source { path, text: fs::read_to_string(entry.path()).unwrap() });
        }
    }
}

fn rust() -> Vec<Source> {
    sources(&[".rs"])
}

fn without_comment(line: &str) -> &str {
    let starts = line.match_indices("//").map(|(at, _)| at);
    let comment = starts.into_iter().find(|&at| !line[..at].ends_with(':'));
    comment.map_or(line, |at| &line[..at])
}

/// Fails with every place that breaks a rule.
#[track_caller]
fn nothing_in(broken: &[String], advice: &str) {
    assert!(broken.is_empty(), "{advice}:\n  {}\n", broken.join("\n  "));
}

/// The places in some files where one of these words stands in the code.
fn naming(sources: &[Source], words: &[&str], inside: &[&str], except: &[&str]) -> Vec<String> {
    let mut broken = Vec::new();
    for source in sources.iter().filter(|source| source.is_in(inside) && !source.is_in(except)) {
        for (number, line) in source.code() {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                broken.push(format!("{}:{number}: {word}", source.path));
            }
        }
    }
    broken
}

// ---- Walls ----

#[test]
fn core_is_pure() {
    let web = ["web_sys", "js_sys", "wasm_bindgen", "leptos", "target_arch"];
    let world = ["async fn", "tokio", "std::thread", "std::net", "std::env", "std::fs"];
    let chance = ["SystemTime", "std::time", "getrandom", "rand::"];
    let words = [&web[..], &world, &chance].concat();
    let broken = naming(&rust(), &words, &["crates/core/src/"], &["crates/core/src/bin/"]);
    nothing_in(&broken, "core takes time, chance and files as arguments; move this to an edge");
}

#[test]
fn core_depends_on_little() {
    let sealing = ["chacha20poly1305", "ed25519-dalek", "hkdf", "sha2", "x25519-dalek", "zeroize"];
    let known = ["blake3", "miniz_oxide", "postcard", "rusqlite", "serde", "thiserror", "time"];
    let known = [&known[..], &sealing].concat();
    let manifest = read("crates/core/Cargo.toml");
    let (_, rest) = manifest.split_once("\n[dependencies]\n").unwrap();
    let dependencies = rest.split("\n[").next().unwrap().lines();
    let names = dependencies.filter_map(|line| line.split(['=', '.', ' ']).next());
    let names = names.filter(|name| !name.is_empty() && !name.starts_with('#'));
    let broken: Vec<String> =
        names.filter(|name| !known.contains(name)).map(ToOwned::to_owned).collect();
    nothing_in(&broken, "core has a new dependency; see that it is pure, then list it here");
}

#[test]
fn only_schema_store_search_and_engine_touch_sql() {
    let inside = ["crates/core/src/", "src/"];
    let except = [
        "crates/core/src/schema",
        "crates/core/src/store",
        "crates/core/src/search",
        "crates/core/src/engine",
        "src/worker/storage",
    ];
    let broken = naming(&rust(), &["rusqlite"], &inside, &except);
    nothing_in(&broken, "only schema, store, search and engine know SQL; ask the store instead");
}

#[test]
fn the_sequencer_uses_little_of_core() {
    let allowed = ["id", "clock", "change", "wire"];
    let mut broken = Vec::new();
    for source in rust().iter().filter(|source| source.is_in(&["crates/sequencer/src"])) {
        for (number, line) in source.code() {
            let Some((_, path)) = line.split_once("thoughtstream_core::") else { continue };
            let module = path.split([':', ';', ' ', ',']).next();
            if !module.is_some_and(|module| allowed.contains(&module)) {
                broken.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    nothing_in(
        &broken,
        "the sequencer reads no journal: ids, stamps and the wire are all it knows",
    );
}

#[test]
fn the_screen_knows_messages_and_not_the_store() {
    let allowed = ["id", "date", "clock", "message"];
    let mut broken = naming(&rust(), &["crate::worker"], &["src/ui"], &[]);
    for source in rust().iter().filter(|source| source.is_in(&["src/ui"])) {
        for (number, line) in source.code() {
            let Some((_, path)) = line.split_once("thoughtstream_core") else { continue };
            let module = path.trim_start_matches(':').split([':', ';', ' ', ',']).next();
            if !module.is_some_and(|module| allowed.contains(&module)) {
                broken.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    nothing_in(&broken, "ui uses core::{id, date, clock, message} alone, one `use` for each");
}

#[test]
fn parts_know_nothing_of_journals() {
    let words = ["thoughtstream_core", "crate::bridge", "crate::ui::screens", "crate::ui::state"];
    let broken = naming(&rust(), &words, &["src/ui/parts"], &[]);
    nothing_in(&broken, "parts are given labels, signals and callbacks; pass them in");
}

#[test]
fn only_the_screen_knows_leptos() {
    let broken = naming(&rust(), &["leptos"], &["src/"], &["src/ui", "src/bin/app.rs"]);
    nothing_in(&broken, "Leptos belongs to ui; here it would be linked into the workers too");
}

#[test]
fn the_web_is_touched_at_the_edges() {
    let edges = ["src/platform/", "src/bridge", "src/bin/", "src/worker/", "src/porter/"];
    let pure = ["src/worker/session", "src/ui/draft", "src/ui/route", "src/ui/reading"];
    let everywhere = rust();
    let mut broken = naming(&everywhere, &["web_sys", "js_sys"], &pure, &[]);
    let outside = ["src/lib.rs", "crates/", "xtask/"];
    broken.extend(naming(&everywhere, &["web_sys", "js_sys"], &outside, &[]));
    broken.extend(naming(&everywhere, &["web_sys::window", "web_sys::console"], &["src/ui"], &[]));
    broken.extend(naming(&everywhere, &["target_arch"], &["src/ui", "crates/", "xtask/"], &edges));
    nothing_in(&broken, "the browser is reached through platform/, the bridge and DOM handles");
}

#[test]
fn text_never_becomes_markup() {
    let words = ["inner_html", "insert_adjacent_html", "outer_html", "innerHTML", "outerHTML"];
    let broken = naming(&sources(&[".rs", ".js"]), &words, &["src/", "public/"], &[]);
    nothing_in(&broken, "build elements from the text; markup from text is how scripts get in");
}

#[test]
fn there_is_one_sqlite() {
    let known = ["rusqlite", "libsqlite3-sys", "sqlite-wasm-rs", "sqlite-wasm-vfs", "rsqlite-vfs"];
    let lock = read("Cargo.lock");
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = \""));
    let names: Vec<&str> =
        names.map(|name| name.trim_end_matches('"')).filter(|name| name.contains("sql")).collect();
    let twice = known.iter().filter(|one| names.iter().filter(|name| name == one).count() > 1);
    let unknown = names.iter().filter(|name| !known.contains(name));
    let broken: Vec<String> = twice.chain(unknown).map(|name| (*name).to_owned()).collect();
    nothing_in(&broken, "two SQLites cannot be linked; everything goes through rusqlite");
}

// ---- Habits ----

#[test]
fn files_are_short_or_say_why_not() {
    let mut broken = Vec::new();
    for source in sources(&[".rs", ".css", ".js"]) {
        let lines = source.text.lines().count();
        let reasoned = source.text.lines().take(3).any(|line| line.starts_with("// long: "));
        if lines > 400 && !reasoned {
            broken.push(format!("{}: {lines} lines", source.path));
        }
    }
    nothing_in(&broken, "split it, or begin it with `// long: ` and the reason");
}

#[test]
fn lines_fit_a_hundred_columns() {
    let mut broken = Vec::new();
    for source in rust() {
        for (at, line) in source.text.lines().enumerate() {
            if line.chars().count() > 100 {
                broken.push(format!("{}:{}", source.path, at + 1));
            }
        }
    }
    nothing_in(&broken, "break the line; `cargo fmt` leaves long texts and comments alone");
}

#[test]
fn nothing_is_left_for_later() {
    let words = ["TODO", "FIXME", "XXX", "todo!(", "unimplemented!(", "dbg!("];
    let mut broken = Vec::new();
    for source in sources(&[".rs", ".css", ".js", ".html", ".toml", ".md"]) {
        let lines = source.text.lines().enumerate().filter(|_| source.path != "tests/tidy.rs");
        for (at, line) in lines.filter(|(_, line)| words.iter().any(|word| line.contains(word))) {
            broken.push(format!("{}:{}: {}", source.path, at + 1, line.trim()));
        }
    }
    nothing_in(&broken, "do it now, or write it into an issue");
}

#[test]
fn tests_wait_for_what_they_need() {
    let allowed = [
        "tests/harness/wait.rs", // looks again until a deadline: the one place that waits
        "tests/harness/process.rs", // the same, for a process to end
        "tests/browser/kill.rs", // the moment of the kill is chance, nothing waits for it
    ];
    let inside = ["tests/", "crates/core/tests", "crates/serve/tests", "crates/sequencer/tests"];
    let words = ["thread::sleep", "time::sleep", "#[ignore"];
    let except = [&allowed[..], &["tests/tidy.rs"]].concat();
    let broken = naming(&rust(), &words, &inside, &except);
    nothing_in(&broken, "wait for the condition and not for the clock; and run every test");
}

// ---- Styles ----

#[test]
fn every_style_sheet_is_layered_and_linked() {
    let page = read("index.html");
    let mut broken = Vec::new();
    for sheet in sources(&[".css"]) {
        if !sheet.text.starts_with("@layer") && !after_comment(&sheet.text).starts_with("@layer") {
            broken.push(format!("{}: does not begin with @layer", sheet.path));
        }
        if !page.contains(&format!("href=\"{}\"", sheet.path)) {
            broken.push(format!("{}: is not linked in index.html", sheet.path));
        }
    }
    nothing_in(&broken, "a sheet outside the layers wins over all of them; one unlinked is dead");
}

#[test]
fn colours_live_in_tokens() {
    let mut broken = Vec::new();
    for sheet in sources(&[".css"]).iter().filter(|sheet| sheet.path != "styles/tokens.css") {
        for (at, line) in sheet.text.lines().enumerate() {
            if has_raw_colour(line) {
                broken.push(format!("{}:{}: {}", sheet.path, at + 1, line.trim()));
            }
        }
    }
    nothing_in(&broken, "give the colour a meaning in styles/tokens.css and use that");
}

fn after_comment(text: &str) -> &str {
    let comment = text.trim_start().strip_prefix("/*").and_then(|rest| rest.split_once("*/"));
    comment.map_or(text, |(_, rest)| rest.trim_start())
}

fn has_raw_colour(line: &str) -> bool {
    let functions = ["oklch(", "oklab(", "rgb(", "rgba(", "hsl(", "hwb(", "lab(", "lch("];
    let hex = line.match_indices('#').any(|(at, _)| {
        let rest = &line[at + 1..];
        let digits = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
        let ends = !rest[digits..].starts_with(|c: char| c.is_alphanumeric() || "-_".contains(c));
        [3, 4, 6, 8].contains(&digits) && ends
    });
    hex || functions.iter().any(|function| line.contains(function))
}

#[test]
fn a_colour_is_known_when_it_is_seen() {
    for raw in ["color: #fff;", "a { color: #1a2b3c }", "x: rgb(0 0 0)", "x: oklch(0.5 0 0)"] {
        assert!(has_raw_colour(raw), "{raw}");
    }
    for fine in ["color: var(--ink);", "#add-entry { }", "fill: url(#mark)", "#a { }"] {
        assert!(!has_raw_colour(fine), "{fine}");
    }
}

// ---- Documents and versions ----

#[test]
fn every_decision_is_found_from_the_architecture() {
    let map = read("ARCHITECTURE.md");
    let mut broken = Vec::new();
    for source in sources(&[".md"]).iter().filter(|source| source.is_in(&["docs/decisions/"])) {
        let number = source.path.trim_start_matches("docs/decisions/").split('-').next().unwrap();
        if !map.contains(&format!("{number} ")) {
            broken.push(source.path.clone());
        }
    }
    nothing_in(&broken, "name it in ARCHITECTURE.md, or nobody will read it");
}

#[test]
fn versions_that_must_agree_do() {
    let manifest = read("Cargo.toml");
    let (_, rest) = manifest.split_once("wasm-bindgen = \"=").unwrap();
    let version = rest.split('"').next().unwrap();
    let places = [
        ("Trunk.toml", format!("wasm_bindgen = \"{version}\"")),
        ("xtask/src/tools.rs", format!("\"wasm-bindgen\", \"{version}\"")),
    ];
    let broken: Vec<String> = places
        .iter()
        .filter(|(path, text)| !read(path).contains(text))
        .map(|(path, text)| format!("{path}: {text}"))
        .collect();
    nothing_in(&broken, "wasm-bindgen's program must be of the version in Cargo.toml");
}
