//! Many devices, one sequencer, a bad network, bad clocks and crashes: all from one seed.
//!
//! In reading order: the sequencer (`server`, over `log`), a device (`device`), what joins them in
//! one order of events (`world`, `network`), the people who use them (`person`, `edits`), what has
//! to come of it (`lineage`, `model`), and a life from a seed (`life`).
//! `docs/decisions/0014-simulation.md` says what is simulated and what is not.

pub mod bug;
mod log;
pub mod server;
pub mod device;
pub mod network;
pub mod world;
mod edits;
mod misfortune;
mod newer;
mod lineage;
pub mod model;
pub mod person;
pub mod life;
