//! The live stream: a body that does not end, of frames that say only how far the log has got.

use super::codec::{Problem, Reader, VERSION, WireError, put_bytes, put_varint};

/// The longest payload of a frame: a number of 64 bits.
const LONGEST: u64 = 10;

/// What one frame says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nudge {
    /// The log's last sequence; a device that has read less pulls.
    Head(u64),
    /// Nothing new: the connection is alive.
    StillHere,
}

impl Nudge {
    /// The frame's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut payload = Vec::new();
        if let Self::Head(head) = self {
            put_varint(&mut payload, *head);
        }
        let mut frame = Vec::new();
        put_bytes(&mut frame, &payload);
        frame
    }

    /// What opens the stream: the version, and the first frame.
    #[must_use]
    pub fn opening(head: u64) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend_from_slice(&Self::Head(head).encode());
        out
    }
}

/// Puts frames together again from pieces of any size.
#[derive(Debug, Default)]
pub struct Frames {
    opened: bool,
    /// At most one unfinished frame after `next_frame` has said `None`.
    waiting: Vec<u8>,
}

impl Frames {
    /// Takes the next piece of the stream.
    pub fn feed(&mut self, piece: &[u8]) {
        self.waiting.extend_from_slice(piece);
    }

    /// The next whole frame, if there is one.
    ///
    /// # Errors
    /// If this is no live stream, or one of another version: close it.
    pub fn next_frame(&mut self) -> Result<Option<Nudge>, WireError> {
        let mut reader = Reader::new(&self.waiting, "version");
        let nudge = match read_frame(&mut reader, self.opened) {
            Ok(nudge) => nudge,
            Err(WireError { problem: Problem::Ends { .. }, .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let read = reader.so_far();
        self.opened = true;
        self.waiting.drain(..read);
        Ok(Some(nudge))
    }
}

fn read_frame(reader: &mut Reader<'_>, opened: bool) -> Result<Nudge, WireError> {
    if !opened {
        match reader.byte()? {
            VERSION => {}
            version => return Err(reader.wrong(Problem::Version(version))),
        }
    }
    reader.field("frame");
    let length = reader.varint()?;
    if length > LONGEST {
        return Err(reader.wrong(Problem::Frame(length)));
    }
    let payload = reader.take(length as usize)?;
    if payload.is_empty() {
        return Ok(Nudge::StillHere);
    }
    // The payload is whole here: where it ends too early, waiting for more would not help.
    let mut inside = Reader::new(payload, "frame");
    let whole = inside.varint().and_then(|head| inside.end().map(|()| Nudge::Head(head)));
    whole.map_err(|_| reader.wrong(Problem::Varint))
}
