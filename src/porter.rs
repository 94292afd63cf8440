//! The porter: the worker that reads and writes files, so that neither the screen nor the store
//! waits for them. It is started when a file is chosen and ends when it is done.

pub mod message;
pub mod link;
pub mod run;
pub mod sample;
mod parcel;
mod blob;
mod photo;
