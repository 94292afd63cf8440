//! The journal's laws: what always holds of stamps, edits, search, files and disks.
#![allow(clippy::unwrap_used)] // a test says what it expects by failing

mod damage;
mod erased;
mod fault;
mod location;
mod files;
mod guest;
mod merge;
mod migrate;
mod model;
mod moment;
mod once;
mod photo;
mod port;
mod power;
mod seal;
mod search;
mod stamp;
mod story;
mod support;
mod together;
mod wire;
