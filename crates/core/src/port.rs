//! Files in and out: the journal as JSON lines and as Markdown with front matter.
//!
//! [`import::Import`] reads files of any size, a batch of entries at a time, and keeps a
//! [`report::Report`] of what it could not take in; [`export::Export`] writes what the journal
//! hands it. Both are lossless for each other. A file becomes entries in these steps: bytes
//! (`source`), lines or members of an archive (`jsonl`, `archive`, `markdown`), what each says of
//! itself (`record`), when that was (`when`), and the arrival it is for the journal (`intake`).

pub mod import;
pub mod export;
pub mod report;
pub mod source;
mod kind;
mod directory;
mod unpack;
mod archive;
mod pack;
mod json;
mod jsonl;
mod markdown;
mod yaml;
pub mod enclosed;
mod record;
mod when;
mod intake;

/// The checksum of zip and PNG over some bytes.
pub(crate) fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = unpack::Crc::new();
    crc.update(bytes);
    crc.sum()
}
