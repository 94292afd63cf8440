//! What kind of file something is, by its name and its first bytes.

/// What is said of a file of no known kind.
pub(crate) const UNKNOWN: &str = "files of this kind cannot be read: \
     choose JSON lines (.jsonl), Markdown (.md, .txt), or a .zip or .gz of them";

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Zip,
    Gzip,
    Lines,
    Page,
    Unknown,
}

impl Kind {
    /// Archives are known by how they begin, the rest by how their names end.
    pub(crate) fn of(name: &str, head: &[u8]) -> Self {
        let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match extension.as_deref() {
            _ if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") => Self::Zip,
            _ if head.starts_with(b"\x1f\x8b") => Self::Gzip,
            Some("jsonl" | "ndjson" | "json") => Self::Lines,
            Some("md" | "markdown" | "txt") => Self::Page,
            _ => Self::Unknown,
        }
    }
}

/// Why a file that begins like this has no entry on any line.
pub(crate) fn not_lines(first: &[u8]) -> Option<&'static str> {
    if first.starts_with(b"\xff\xfe") || first.starts_with(b"\xfe\xff") {
        Some("it is UTF-16: save it as UTF-8")
    } else if first.starts_with(b"[") {
        Some("it is one JSON array: write one object a line instead")
    } else {
        None
    }
}
