//! The journal: one synchronous, deterministic engine without a web, a clock or chance in it.
//!
//! In reading order: what things are called (`id`), when (`date`, `clock`), what an edit becomes
//! (`change`), what the screen and the engine say (`message`), how it is stored and found
//! (`schema`, `store`, `search`), the engine itself, the files it reads and writes (`port`), and
//! what other devices are told: sealed so that nobody else reads it (`seal`), and made one with
//! what was written here meanwhile (`merge`).

pub mod id;
pub mod date;
pub mod clock;
pub mod change;
pub mod message;
pub mod place;
pub mod text;
pub mod search;
#[cfg(feature = "store")]
pub mod schema;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "store")]
pub mod engine;
pub mod port;
pub mod seal;
pub mod merge;
