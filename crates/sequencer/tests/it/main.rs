//! The sequencer from outside: over HTTP, on both databases, killed, flooded and lied to.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod access;
mod borrowed;
mod canary;
mod device;
mod devices;
mod edge;
mod files;
mod fuzz;
mod guests;
mod hostile;
mod kill;
mod link;
mod matrix;
mod process;
mod rendezvous;
mod restored;
mod stage;
mod stories;
mod writers;
