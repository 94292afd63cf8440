//! Devices and a sequencer, together.

mod seeds;
mod story;
