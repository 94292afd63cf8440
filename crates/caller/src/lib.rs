//! A device's side of the protocol without a journal: keys, manifests, logging in, calls. For
//! tests and measurements, whose keys may be guessed; and a PostgreSQL of their own to run on.

mod call;
mod person;
mod postgres;

pub use call::{Called, Caller, Reply, Stream};
pub use person::{Person, changes, device, sealed};
pub use postgres::Postgres;

/// Anything that goes wrong in a test or a measurement, in words.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
