//! Drives real browsers through the built app the way a person would.
//!
//! A [`Stage`] is one journey's world: a server with the build, a browser profile on disk and the
//! browsers that were opened on it. A [`Page`] is one tab; its parts are found by role and
//! accessible name. Everything waits by looking again until a deadline, never by sleeping.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod harness;

pub use harness::browser::Browser;
pub use harness::engine::{Engine, Options};
pub use harness::folder::{Profile, axe, diary, dist, dist_old, scratch, target};
pub use harness::locator::Locator;
pub use harness::page::Page;
pub use harness::sequencer::Sequencer;
pub use harness::stage::{Stage, journey};
pub use harness::traces::{Trace, hits};
pub use harness::vault::{create_vault, is_synced, join_vault};
pub use harness::wait::{patience, until};
pub use thirtyfour::Key;
