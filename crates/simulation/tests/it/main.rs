//! Devices and a sequencer, together.

mod files;
mod planted;
mod seeds;
mod story;
