//! A small static server for the built app: the security headers on every answer, lasting caches
//! for files whose names carry their hash, and the shell for every screen's address.
//!
//! It runs on a thread of its own, so that a test can start it, give it another build to serve
//! and stop it, whether the test is asynchronous or not.

mod answer;
pub mod headers;
mod server;

pub use answer::{Body, answer};
pub use headers::Policy;
pub use server::Server;
