//! What the screen and the porter say to each other: each message is answered by one.
//!
//! The porter never runs ahead of the journal: it reads the next batch, or writes the next page,
//! only when it is asked to.

pub use thoughtstream_core::port::export::Format;
pub use thoughtstream_core::port::import::{Defaults, Progress};
pub use thoughtstream_core::port::report::{Refusal, Report};

use serde::{Deserialize, Serialize};
use thoughtstream_core::message::{Arrival, Departure, Fate};

/// What the screen says.
#[derive(Debug, Serialize, Deserialize)]
pub enum ToPorter {
    /// Reads the files that come with the message. Answered by [`FromPorter::Batch`] or
    /// [`FromPorter::AllRead`].
    Import(Defaults),
    /// What became of arrivals, in their order; asks for the next batch.
    Next(Vec<Fate>),
    /// What became of the last arrivals; asks for the [`FromPorter::Report`], whether all was read
    /// or not.
    Finish(Vec<Fate>),
    /// Begins to write a file. Answered by [`FromPorter::Written`].
    Export(Format),
    /// Writes entries to the file. Answered by [`FromPorter::Written`].
    Page(Vec<Departure>),
    /// Ends the file. Answered by [`FromPorter::File`].
    Close,
}

/// What the porter says.
#[derive(Debug, Serialize, Deserialize)]
pub enum FromPorter {
    /// It is there; what was said before it was is lost.
    Listening,
    Batch {
        arrivals: Vec<Arrival>,
        progress: Progress,
    },
    AllRead,
    Report(Report),
    Written,
    /// The file comes with the message, as a `Blob`.
    File,
    /// It cannot go on; the text says why.
    Failed(String),
}
