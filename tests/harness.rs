//! The parts of the harness, from the processes up to the person.

pub(crate) mod browser;
pub(crate) mod driver;
pub(crate) mod engine;
pub(crate) mod folder;
pub(crate) mod locator;
pub(crate) mod page;
pub(crate) mod process;
pub(crate) mod sequencer;
pub(crate) mod stage;
pub(crate) mod traces;
pub(crate) mod vault;
pub(crate) mod wait;
pub(crate) mod watch;
