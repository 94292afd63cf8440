//! What the screen and the engine say to each other about letting a new device in.

use crate::date::Instant;
use serde::{Deserialize, Serialize};

/// What a person can want, on a new device or on one of the vault. Answered by
/// [`super::Answer::Done`]; how it goes on is told by [`super::Event::Link`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkCommand {
    /// On a new device: shows a code. `origin` and `browser` are what the other one is told.
    Show { server: String, device: String, origin: String, browser: String },
    /// On the new device: the vault that let it in is the right one.
    Enter,
    /// On a device of the vault: this code was typed or scanned.
    Take { code: String },
    /// On the device of the vault: lets the new one in, if this is what that one shows.
    LetIn { check: String },
    /// On either: no more of it. A new device that waits is told.
    Stop,
}

/// How it stands with it. Kept in memory only: whoever closes the app begins again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkStatus {
    #[default]
    Idle,
    /// New: no server has answered yet.
    Opening,
    /// New: the code to type, and the text of the picture to scan.
    Showing { code: String, picture: String, until: Instant },
    /// New: the other device has the code; this is to be typed there.
    Checking { check: String, until: Instant },
    /// New: let into the vault that has these devices. Nothing was sent or fetched yet.
    Offered { devices: Vec<String> },
    /// New: the keys and the list of devices are fetched.
    Entering,
    /// Of the vault: the device with that code is looked for.
    Looking,
    /// Of the vault: this is asked for, in the new device's own words.
    Asked { name: String, browser: String, origin: String, until: Instant },
    /// Of the vault: the check code was right, and the new device is put on the list.
    LettingIn { name: String },
    /// Of the vault: done.
    LetIn { name: String },
    /// It came to nothing.
    Failed(LinkTrouble),
}

/// Why it came to nothing. Nobody was let in, and nothing was given away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum LinkTrouble {
    #[error("the two minutes are over: begin again, with a new code")]
    Expired,
    #[error(
        "no device waits with this code: it was mistyped, was used already, or its two minutes \
         are over. If somebody else used it, press “Stop” on the new device"
    )]
    NoCode,
    #[error("the other device did not let this one in")]
    Declined,
    #[error("{0}")]
    Exchange(String),
    #[error("what came from the server cannot be right, and nothing of it was taken: {0}")]
    Untrusted(String),
    #[error("a device of that name is in the vault already, with other keys: put it out first")]
    NameTaken,
    #[error("it asks to borrow this journal, which this version cannot do: update this device")]
    Borrowing,
    #[error("the server refused: {0}")]
    Refused(String),
    #[error("this page may not talk to that server")]
    Blocked,
}
