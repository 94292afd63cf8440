//! Devices and a sequencer, together.

mod planted;
mod seeds;
mod story;
