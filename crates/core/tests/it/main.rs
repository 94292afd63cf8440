//! The journal's laws: what always holds of stamps, edits, search, files and disks.
#![allow(clippy::unwrap_used)] // a test says what it expects by failing

mod stamp;
mod moment;
mod story;
mod once;
mod power;
mod fault;
mod damage;
mod disk;
mod support;
