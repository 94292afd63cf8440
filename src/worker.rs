//! The store's worker: the loop around the engine, and who among the tabs may run it.

pub mod run;
mod guest;
mod opening;
pub mod storage;
pub mod tabs;
mod transport;
