//! The folder being finished.

use anyhow::{Context, ensure};
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A folder of files, each known by its path from there, with `/` between the parts.
pub(crate) struct Dist {
    folder: PathBuf,
}

impl Dist {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn read(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        fs::read(self.path(name)).with_context(|| format!("cannot read {name} of the build"))
    }

    pub(crate) fn read_text(&self, name: &str) -> anyhow::Result<String> {
        String::from_utf8(self.read(name)?).with_context(|| format!("{name} is not UTF-8"))
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) -> anyhow::Result<()> {
        fs::write(self.path(name), content).with_context(|| format!("cannot write {name}"))
    }

    pub(crate) fn remove(&self, name: &str) -> anyhow::Result<()> {
        match fs::remove_file(self.path(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {name}"))
            }
            _ => Ok(()),
        }
    }

    /// Writes a file under a name that carries its hash, and gives its address.
    pub(crate) fn write_hashed(
        &self,
        stem: &str,
        extension: &str,
        content: &[u8],
    ) -> anyhow::Result<String> {
        let hash = sha256(content);
        let name = format!("{stem}-{}.{extension}", &hash[..16]);
        self.write(&name, content)?;
        Ok(format!("/{name}"))
    }

    /// Every file, sorted.
    pub(crate) fn files(&self) -> anyhow::Result<Vec<String>> {
        let mut names = Vec::new();
        list(&self.folder, "", &mut names)
            .with_context(|| format!("cannot list {}", self.folder.display()))?;
        names.sort();
        Ok(names)
    }
}

fn list(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

/// The SHA-256 of some bytes, in lower-case hex digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Fills one of the lines that a script leaves to the build, such as `const FILES = {};`.
pub(crate) fn fill(
    script: &str,
    constant: &str,
    value: &serde_json::Value,
) -> anyhow::Result<String> {
    let start = format!("const {constant} = ");
    let mut filled = 0;
    let lines: Vec<String> = script
        .lines()
        .map(|line| match line.split_once(&start) {
            Some((indent, _)) if indent.trim().is_empty() => {
                filled += 1;
                format!("{indent}{start}{value};")
            }
            _ => line.to_owned(),
        })
        .collect();
    ensure!(filled == 1, "`{start}` must stand on one line of the script, not on {filled}");
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::fill;
    use serde_json::json;

    #[test]
    fn a_constant_is_filled_where_it_stands_and_only_there() {
        let script = "// const A = 1;\n  const A = {}; // written by the build\nuse(A);\n";
        let filled = fill(script, "A", &json!({ "x": 1 })).expect("one line to fill");
        assert_eq!(filled, "// const A = 1;\n  const A = {\"x\":1};\nuse(A);\n");
        assert!(fill(script, "B", &json!(1)).is_err());
    }
}
