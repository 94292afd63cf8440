//! What is left of something in a browser's folder: every file is read, and what is packed in a
//! form that is known is opened (`opened`), before it is searched.

mod blocks;
mod opened;

use std::fs;
use std::path::{Path, PathBuf};

/// Something that must not be there.
#[derive(Debug, Clone)]
pub struct Trace {
    pub name: &'static str,
    bytes: Vec<u8>,
}

impl Trace {
    /// These bytes.
    #[must_use]
    pub fn bytes(name: &'static str, bytes: &[u8]) -> Self {
        Self { name, bytes: bytes.to_vec() }
    }

    /// A text, in UTF-8 and in UTF-16.
    #[must_use]
    pub fn text(name: &'static str, text: &str) -> [Self; 2] {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [Self::bytes(name, text.as_bytes()), Self::bytes(name, &wide)]
    }
}

/// The files of a folder in which one of these is found, with its name.
#[must_use]
pub fn hits(folder: &Path, traces: &[Trace]) -> Vec<String> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    let mut hits = Vec::new();
    for file in files {
        // A socket or a lock of a browser that is running cannot be read, and holds nothing.
        let Ok(bytes) = fs::read(&file) else { continue };
        let opened = opened::all(&bytes);
        let views = || std::iter::once(&bytes).chain(&opened);
        for trace in traces {
            if views().any(|view| contains(view, &trace.bytes)) {
                hits.push(format!("{} in {}", trace.name, file.display()));
            }
        }
    }
    hits
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some(first) = wanted.first() else { return false };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        rest = &rest[at..];
        if rest.starts_with(wanted) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => collect(&path, files),
            Ok(kind) if kind.is_file() => files.push(path),
            _ => {}
        }
    }
}
