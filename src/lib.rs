//! ThoughtStream in the browser: the edge around the engine of `thoughtstream-core`.
//!
//! Three programs share this library, each a thread of its own: the screen (`bin/app.rs`), the
//! store's worker (`bin/worker.rs`), and the worker for imports and exports (`bin/porter.rs`).
//! In reading order: what the browser provides (`platform`), what threads and tabs say to each
//! other (`bridge`), the loop around the engine (`worker`), files in and out (`porter`), and what
//! the reader sees (`ui`).

pub mod platform;
pub mod bridge;
// SQLite's file system for the browser exists nowhere else.
#[cfg(all(feature = "store", target_arch = "wasm32"))]
pub mod worker;
pub mod porter;
#[cfg(feature = "screen")]
pub mod ui;
