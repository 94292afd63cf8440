//! Photos and files on their way to other devices: sealed, in parts, by addresses that tell
//! nothing of what is in them.

use super::codec::fields;
use crate::id::FileAddress;

fields! {
    /// The answer to `GET /v1/files`: what there is room for.
    body FileLimits {
        /// The longest `sealed` of one part, in bytes.
        part_bytes: u64,
        /// The most parts of one file.
        parts: u64,
        /// Bytes of sealed parts in a vault, and how many are there now.
        quota_bytes: u64,
        used_bytes: u64,
    }
}

fields! {
    /// `POST /v1/files/ask`: what is there of a file.
    body AskFile {
        address: FileAddress,
    }
}

fields! {
    /// What is there of a file: so many parts, from the first on, of so many. None of none, if the
    /// file is not known.
    body FileIs {
        there: u64,
        parts: u64,
    }
}

fields! {
    /// `POST /v1/files/part`: the next part of a file. One that is there already is not written
    /// again. Answered by a `FileIs`.
    body PutPart {
        address: FileAddress,
        /// Of how many; the same in each of them.
        parts: u64,
        /// Which one, counted from 0.
        number: u64,
        sealed: Vec<u8>,
    }
}

fields! {
    /// `POST /v1/files/fetch`: one part of a file.
    body AskPart {
        address: FileAddress,
        number: u64,
    }
}

fields! {
    /// The answer to an `AskPart`.
    body PartIs {
        /// Of how many it is one.
        parts: u64,
        sealed: Vec<u8>,
    }
}

fields! {
    /// `POST /v1/files/drop`: forgets a file that no entry has any more.
    body DropFile {
        address: FileAddress,
    }
}
