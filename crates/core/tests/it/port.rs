//! Import and export: what is read, what is refused and how it is told, and that nothing is lost.

mod diary;
mod enclosed;
mod lossless;
mod read;
mod refused;
mod support;
mod through;
