//! The journal: one synchronous, deterministic engine without a web, a clock or chance in it.
//!
//! In reading order: what things are called (`id`), when (`date`, `clock`), what an edit becomes
//! (`change`), what the screen and the engine say (`message`), how it is stored and found
//! (`schema`, `store`, `search`), the engine itself, what photos say of themselves (`photo`), and
//! the files it reads and writes (`port`);
//! then what other devices are told: how it travels (`wire`), how it is sealed (`seal`), how two
//! versions become one (`merge`), and the talk with a sequencer (`session`; on a borrowed machine
//! `guest`).

pub mod id;
pub mod date;
pub mod clock;
pub mod change;
pub mod merge;
pub mod wire;
pub mod message;
pub mod session;
pub mod guest;
pub mod photo;
pub mod place;
pub mod text;
pub mod search;
#[cfg(feature = "store")]
pub mod planted;
#[cfg(feature = "store")]
pub mod schema;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "store")]
pub mod engine;
pub mod port;
pub mod seal;
