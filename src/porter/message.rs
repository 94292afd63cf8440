//! What the screen and the porter say to each other: each message is answered by one.
//!
//! The porter never runs ahead of the journal: it reads the next batch, or writes the next page,
//! only when it is asked to.

pub use thoughtstream_core::port::enclosed::file_name;
pub use thoughtstream_core::port::export::Format;
pub use thoughtstream_core::port::import::{Defaults, Progress};
pub use thoughtstream_core::port::report::{Refusal, Report};

use serde::{Deserialize, Serialize};
use thoughtstream_core::id::FileHash;
use thoughtstream_core::message::{Arrival, Bytes, Departure, Fate};

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
    /// Writes the next piece of a photo or file to the file. Answered by [`FromPorter::Written`].
    Enclose { name: String, bytes: Bytes, last: bool },
    /// Ends the file. Answered by [`FromPorter::File`].
    Close,
    /// Makes the photo or file that comes with the message ready to be attached. Answered by
    /// [`FromPorter::Prepared`].
    Prepare { keep_place: bool },
    /// Asks for a piece of what is ready. Answered by [`FromPorter::Piece`].
    Piece { side: Side, number: u32 },
}

/// What a piece is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    Whole,
    /// The small picture.
    Thumb,
}

/// A photo or file that is ready to be attached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    pub hash: FileHash,
    pub thumb: Option<FileHash>,
    pub name: String,
    pub media: String,
    pub width: u32,
    pub height: u32,
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
    /// A photo or file, which the journal has to have before it is asked for more.
    Enclosed {
        hash: FileHash,
    },
    AllRead,
    Report(Report),
    Written,
    /// The file comes with the message, as a `Blob`.
    File,
    Prepared(Prepared),
    Piece {
        bytes: Bytes,
        last: bool,
    },
    /// It cannot go on; the text says why.
    Failed(String),
}
