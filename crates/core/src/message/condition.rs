//! In what condition the journal is, as every tab is told.

use serde::{Deserialize, Serialize};

/// Whether and where the journal is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// Not open yet.
    Opening,
    /// Kept on this device; `recovered` tells of a damaged file that was set aside.
    Kept { recovered: Option<Recovered> },
    /// In memory only, gone with the last tab; with the reason.
    Memory(MemoryReason),
    /// The files are held by somebody else (another tab that sleeps, a browser that has not let
    /// go yet). Nothing is lost; requests wait.
    Busy,
    /// The file was written by a newer app; it was not touched.
    Newer { found: u32, known: u32 },
    /// The journal cannot be opened; the text says what happened.
    Failed(String),
}

/// Why a journal is in memory only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemoryReason {
    /// The page did not come over HTTPS or from localhost.
    Insecure,
    /// The browser has no Origin Private File System.
    Unsupported,
    /// A private window: the browser refuses.
    Private,
}

/// What was saved out of a damaged file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovered {
    pub entries: u32,
    /// Name under which the damaged file is kept.
    pub aside: String,
}
