//! A vault's log: changes on their way in and out, and how far a device has read.

use super::codec::{Field, Listed, fields, put_bytes, put_varint};
use super::refusal::Code;
use crate::clock::Stamp;
use crate::id::{Chain, Incarnation, RowId};
use std::fmt::Write as _;

fields! {
    /// One version of one row, as it travels: sealed, so that nothing but its size is told.
    part SealedChange {
        row: RowId,
        stamp: Stamp,
        /// Opaque to this module and to the sequencer.
        sealed: Vec<u8>,
    }
}

impl Listed for SealedChange {}

impl SealedChange {
    /// What a change takes besides its sealed bytes, at most: row, stamp, length.
    pub const OVERHEAD: usize = 42;

    /// Appends a change that is held in pieces, as a `SealedChange` would be.
    pub fn write_parts(row: &RowId, stamp: [u8; 16], sealed: &[u8], out: &mut Vec<u8>) {
        row.write(out);
        out.extend_from_slice(&stamp);
        put_bytes(out, sealed);
    }
}

fields! {
    /// `POST /v1/push`: all or nothing, and the same again gets the same answer.
    body Push {
        /// The log they are meant for; another one refuses them.
        incarnation: Incarnation,
        changes: Vec<SealedChange>,
    }
}

fields! {
    /// The answer to a `Push`.
    body Pushed {
        incarnation: Incarnation,
        /// The log's last sequence now. It says nothing of what others wrote before it: a device
        /// goes on pulling from where it was.
        head: u64,
        /// Of each change in the order they came; of one that was there already, its first.
        sequences: Vec<u64>,
    }
}

fields! {
    /// The answer to a pull: the changes `after + 1`, `after + 2` … without a gap.
    body Page {
        incarnation: Incarnation,
        after: u64,
        /// The log's last sequence. The page is the last one if it reaches it.
        head: u64,
        /// The chain at the end of this page: with `after` plus their number, the next cursor.
        chain: Chain,
        changes: Vec<SealedChange>,
    }
}

impl Page {
    /// The bytes of a page before its `count` changes, so that these need not be copied behind
    /// it: what `SealedChange::write_parts` makes of them follows.
    #[must_use]
    pub fn opening(cursor: &Cursor, head: u64, chain: Chain, count: u64) -> Vec<u8> {
        let mut out = vec![super::VERSION];
        cursor.incarnation.write(&mut out);
        cursor.sequence.write(&mut out);
        head.write(&mut out);
        chain.write(&mut out);
        put_varint(&mut out, count);
        out
    }

    /// Where the next pull goes on.
    #[must_use]
    pub fn next(&self) -> Cursor {
        let sequence = self.after.saturating_add(self.changes.len() as u64);
        Cursor { incarnation: self.incarnation, sequence, chain: self.chain }
    }
}

impl Chain {
    /// The chain before sequence 1.
    pub const START: Self = Self([0; 16]);

    /// The chain one change further on. Takes the BLAKE3 of the sealed bytes and not the bytes,
    /// so that a sequencer hashes each change once for this and for finding it again.
    #[must_use]
    pub fn then(&self, row: &RowId, stamp: [u8; 16], sealed_hash: &[u8; 32]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.0).update(&row.0).update(&stamp).update(sealed_hash);
        let mut chain = [0; 16];
        hasher.finalize_xof().fill(&mut chain);
        Self(chain)
    }

    /// The chain after these changes.
    #[must_use]
    pub fn over<'a>(self, changes: impl IntoIterator<Item = &'a SealedChange>) -> Self {
        changes.into_iter().fold(self, |chain, change| {
            let hash = blake3::hash(&change.sealed);
            chain.then(&change.row, change.stamp.to_bytes(), hash.as_bytes())
        })
    }
}

/// How far a device has read: the log, the sequence, and the chain up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub incarnation: Incarnation,
    pub sequence: u64,
    pub chain: Chain,
}

impl Cursor {
    /// Before everything, in whatever log there is.
    pub const START: Self =
        Self { incarnation: Incarnation([0; 16]), sequence: 0, chain: Chain::START };

    /// Where this log has got to compares with the cursor: `None` if the cursor lies in it.
    ///
    /// `chain` is the log's chain at the cursor's sequence, if it reaches so far.
    #[must_use]
    pub fn trouble(&self, log: Incarnation, head: u64, chain: Option<Chain>) -> Option<Code> {
        let anywhere = self.incarnation == Self::START.incarnation && self.sequence == 0;
        if self.incarnation != log && !anywhere {
            return Some(Code::CursorReplaced);
        }
        match chain {
            _ if self.sequence > head => Some(Code::CursorAhead),
            Some(chain) if chain == self.chain => None,
            _ => Some(Code::CursorDiverged),
        }
    }
}

/// The question of `GET /v1/pull`: where to go on, and how many bytes to send at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pull {
    pub cursor: Cursor,
    /// The sequencer's own limit holds besides; `None` leaves it at that.
    pub bytes: Option<u64>,
}

/// A pull's query that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("in the query, `{0}` is missing, twice, unknown or not what is expected there")]
pub struct QueryError(&'static str);

impl Pull {
    /// The query behind `?`.
    #[must_use]
    pub fn to_query(&self) -> String {
        let Cursor { incarnation, sequence, chain } = self.cursor;
        let mut query = format!("after={sequence}&chain={chain}&incarnation={incarnation}");
        if let Some(bytes) = self.bytes {
            // Writing to a String cannot fail.
            let _ = write!(query, "&bytes={bytes}");
        }
        query
    }

    /// Reads the query behind `?`.
    ///
    /// # Errors
    /// Names the part that is missing, given twice, unknown, or not a number or an id.
    pub fn from_query(query: &str) -> Result<Self, QueryError> {
        let (mut after, mut chain, mut incarnation, mut bytes) = (None, None, None, None);
        for part in query.split('&') {
            match part.split_once('=') {
                Some(("after", value)) => once(&mut after, value, "after")?,
                Some(("chain", value)) => once(&mut chain, value, "chain")?,
                Some(("incarnation", value)) => once(&mut incarnation, value, "incarnation")?,
                Some(("bytes", value)) => once(&mut bytes, value, "bytes")?,
                _ => return Err(QueryError("after, chain, incarnation or bytes")),
            }
        }
        let cursor = Cursor {
            incarnation: incarnation.ok_or(QueryError("incarnation"))?,
            sequence: after.ok_or(QueryError("after"))?,
            chain: chain.ok_or(QueryError("chain"))?,
        };
        Ok(Self { cursor, bytes })
    }
}

fn once<T: std::str::FromStr>(
    slot: &mut Option<T>,
    value: &str,
    name: &'static str,
) -> Result<(), QueryError> {
    let read = value.parse().map_err(|_| QueryError(name))?;
    match slot.replace(read) {
        None => Ok(()),
        Some(_) => Err(QueryError(name)),
    }
}
