//! The sequencer: puts the sealed changes of a person's devices in order, and hands them out.
//!
//! In reading order: what may be asked (`rules`, `session`), where things are kept (`log`, with
//! SQLite and PostgreSQL behind it), what a process has in memory (`hub`), and what stands around
//! it: settings, the way in, the server. `rules` and `log::sqlite::SqliteLog` are synchronous and
//! take time and chance as arguments: a simulation drives the very same ones without a network.
//!
//! The protocol is specified in `thoughtstream_core::wire`.

pub mod rules;
pub mod session;
pub mod log;
pub mod hub;
pub mod world;
pub mod rate;
pub mod metrics;
pub mod config;
mod auth;
pub mod answer;
mod handlers;
pub mod router;
pub mod server;
mod doctor;
pub mod run;
