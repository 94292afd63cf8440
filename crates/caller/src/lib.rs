//! A device's side of the protocol without a journal: keys, manifests, logging in, calls. For
//! tests and measurements, whose keys may be guessed; the sequencer's program, and a PostgreSQL
//! of their own to run it on.

mod call;
mod person;
mod postgres;
mod process;
mod recorder;

pub use call::{Called, Caller, Reply, Stream};
pub use person::{Person, changes, device, sealed};
pub use postgres::Postgres;
pub use process::{Process, invited};
pub use recorder::{Recorder, readable};

/// Anything that goes wrong in a test or a measurement, in words.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
