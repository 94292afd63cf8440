//! Import and export: what is read, what is refused and how it is told, and that nothing is lost.
#![allow(clippy::unwrap_used)] // a test says what it expects by failing

mod diary;
mod lossless;
mod read;
mod refused;
mod support;
