//! The screen in two files: what the first start needs, and the screens that are opened seldom.
//!
//! `src/ui/later/part.rs` marks where the second begins. The linker keeps the links between all
//! functions (`build.rs`); by them wasm-split takes out what is reached from there alone. The first
//! file then goes through wasm-bindgen again, as Trunk did it with the whole. wasm-split's loader
//! becomes a part of the script that wasm-bindgen writes: the two import each other, and no file
//! can carry the hash of one that carries its own.

use crate::finish::dist::Dist;
use crate::root::{program, root, run};
use anyhow::{Context, ensure};
use std::path::PathBuf;
use std::{env, fs};
use wasm_split_cli_support::{Options, transform};

/// The file of the screens that are opened seldom, until it is named by its content.
pub(crate) const LATER: &str = "later.wasm";

const LOADER: &str = "./loader.js";
const SCRIPT: &str = "app.js";

/// Replaces the screen that Trunk built by its two files.
pub(crate) fn split(dist: &Dist) -> anyhow::Result<()> {
    let whole = target().join("wasm32-unknown-unknown/release/app.wasm");
    let whole = fs::read(&whole).with_context(|| format!("cannot read {}", whole.display()))?;
    let folder = target().join("split");
    let first = folder.join("app.wasm");
    let mut options = Options::new(&whole);
    (options.output_dir, options.main_out_path) = (&folder, &first);
    (options.link_name, options.main_module) = (LOADER, SCRIPT);
    let made = transform(options).map_err(|error| anyhow::anyhow!("wasm-split: {error:?}"))?;
    let [later] = &made.split_modules[..] else {
        anyhow::bail!("the screen became {} files beside the first", made.split_modules.len());
    };
    fs::copy(later, dist.path(LATER)).with_context(|| format!("cannot write {LATER}"))?;
    let mut bindgen = program("wasm-bindgen");
    // The second file shares the table of functions, which the linker made.
    bindgen.args(["--keep-lld-exports", "--target", "web", "--no-typescript"]);
    bindgen.args(["--out-name", "app", "--out-dir"]);
    run(bindgen.arg(dist.path("")).arg(&first))?;
    let loader = folder.join(LOADER);
    let loader = fs::read_to_string(&loader).context("wasm-split wrote no loader")?;
    let file = later.file_name().context("wasm-split gave no name")?.to_string_lossy();
    let loader = loader.replace(&format!("./{file}"), LATER);
    ensure!(loader.contains(LATER), "the loader of wasm-split does not name {file}");
    let script = join(&dist.read_text(SCRIPT)?, &loader)?;
    dist.write(SCRIPT, script.as_bytes())
}

/// The script with the loader in it, in place of its import.
fn join(script: &str, loader: &str) -> anyhow::Result<String> {
    let import = format!(" from \"{LOADER}\"");
    let line = script.lines().find(|line| line.contains(&import));
    let line = line.context("wasm-bindgen's script does not import the loader")?;
    let name = line.trim_end_matches(';').strip_suffix(&import);
    let name = name.and_then(|name| name.strip_prefix("import * as "));
    let name = name.with_context(|| format!("this import is of another kind: {line}"))?;
    let exported: Vec<&str> = loader
        .lines()
        .filter_map(|line| line.strip_prefix("export const ")?.split_once(" = "))
        .map(|(name, _)| name)
        .collect();
    let own = loader.lines().filter(|line| !line.starts_with("import "));
    let own: Vec<&str> = own.map(|line| line.strip_prefix("export ").unwrap_or(line)).collect();
    let (before, after) = script.split_once(line).unwrap_or_default();
    let (own, exported) = (own.join("\n"), exported.join(", "));
    Ok(format!("{before}{after}\n{own}\nconst {name} = {{ {exported} }};\n"))
}

fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn the_loader_becomes_a_part_of_the_script() {
        let script = "import * as import1 from \"./loader.js\"\nuse(import1);\n";
        let loader = "import { initSync } from \"app.js\";\nconst a = 1;\nexport const load = a;\n";
        let joined = join(script, loader).expect("an import to replace");
        let expected = "\nuse(import1);\n\nconst a = 1;\nconst load = a;\n\
                        const import1 = { load };\n";
        assert_eq!(joined, expected);
        assert!(join("use(1);", loader).is_err());
    }
}
