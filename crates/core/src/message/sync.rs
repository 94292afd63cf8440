//! What the screen and the engine say to each other about syncing.

use super::{GuestsCommand, LinkCommand};
use crate::clock::Stamp;
use crate::date::{Date, Instant};
use crate::id::{DeviceId, EntryId};
use serde::{Deserialize, Serialize};

/// What a person can want of the sync. Answered by [`super::Answer::Done`] as soon as it is begun
/// and kept; how it goes on is told by [`super::Event::Sync`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncCommand {
    /// Makes a vault on a sequencer. `server` is its origin, as `https://journal.example`.
    Create { server: String, invitation: String, device: String },
    /// Joins the vault that the recovery words belong to.
    Join { server: String, words: String, device: String },
    /// The recovery words were written down: from now on this device does not know them.
    WordsChecked,
    /// Syncs at once, also after something stopped it.
    Now,
    /// Leaves the vault; the journal stays here. The server is told first; where it does not
    /// answer, or this is asked for a second time, the device leaves without.
    Leave,
    /// What [`SyncStatus::copied`] told is settled.
    CopySettled,
    /// Lets another device in no more, and seals with a new key from then on.
    PutOut { device: DeviceId },
    /// Lets guests in, or ends their visits.
    Guests(GuestsCommand),
    /// Gives a device another name, for all devices.
    Rename { device: DeviceId, name: String },
    /// Makes other recovery words; the old ones let nobody in any more.
    NewWords,
    /// The person has seen [`SyncStatus::newcomers`].
    NewcomersSeen,
    /// Lets a new device in, or asks to be let in.
    Link(LinkCommand),
}

/// How it stands with the sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncStatus {
    pub phase: SyncPhase,
    /// The sequencer's origin; empty while there is no vault, and none is being joined.
    pub server: String,
    /// The sequencer has said that the vault is there.
    pub made: bool,
    /// Rows whose newest version the sequencer does not have yet.
    pub waiting: u32,
    /// When everything was last known to be the same here and there.
    pub synced_at: Option<Instant>,
    /// The recovery words are still to be written down.
    pub words_unchecked: bool,
    /// Something was written under this device's name that it does not know: it was copied, or put
    /// back from a backup.
    pub copied: bool,
    /// The vault on the server has no room for more photos and files; words go on.
    pub files_full: bool,
    /// Devices that came to the vault without this one's doing, and were not looked at yet.
    pub newcomers: Vec<Device>,
    /// Grows with every change of the list of devices.
    pub listed: u32,
    /// Changes from a newer app that are kept aside until this one is updated.
    pub later: u32,
}

/// What the sync is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncPhase {
    /// There is no vault: the journal lives on this device alone.
    Off,
    /// A vault is being made or joined; `unheard` while no sequencer answers there.
    Entering { unheard: bool },
    /// The server is being told that this device leaves.
    Leaving,
    /// Changes come in or go out; of `total` so many are done.
    Busy { done: u64, total: u64 },
    /// Nothing waits, as far as the sequencer has told.
    Synced,
    /// The sequencer does not answer; it is tried again by itself.
    Offline,
    /// It does not go on by itself; the trouble says what to do.
    Stopped(SyncTrouble),
}

/// Why the sync stopped. Nothing is lost: everything is on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SyncTrouble {
    #[error("the invitation is not valid here, or was used before: ask for another one")]
    NotInvited,
    #[error("the server knows no vault of these recovery words: check the words and the address")]
    UnknownWords,
    #[error("the words are not right: {0}")]
    BadWords(String),
    #[error("the server does not let this device in any more: join again by the recovery words")]
    PutOut,
    #[error(
        "this device has left, but the server has not heard of it: on another device, put it out \
         of the vault, for until then it is on the list"
    )]
    StillListed,
    #[error(
        "this page may not talk to that address: open the app from there, or let the server that \
         it came from allow it (its setting is called connect-origin)"
    )]
    Blocked,
    #[error(
        "the keys of the vault cannot be read on this device: leave it, and join again by the \
         recovery words"
    )]
    NoKeys,
    #[error("the vault on the server is full: ask whoever runs it for more room")]
    Full,
    #[error("an entry is too large for the server: part it into several")]
    TooLarge,
    #[error("the server speaks another version: update the app, or the server")]
    Version,
    #[error("what came from the server cannot be right, and nothing of it was taken: {0}")]
    Untrusted(String),
    #[error("the server refused: {0}")]
    Refused(String),
}

/// A device of the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub id: DeviceId,
    pub name: String,
    /// What it said of itself when it was let in; empty if it made the vault or
    /// came by the recovery words.
    pub browser: String,
    pub linked_at: Option<Instant>,
    /// When the last of what it wrote and is here was written.
    pub wrote_at: Option<Instant>,
    /// Whether it is the one that this is shown on.
    pub this: bool,
    /// It is to be put out, and the server has not heard of it yet.
    pub going: bool,
}

/// An entry whose newest version waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub entry: EntryId,
    pub date: Date,
    pub excerpt: String,
    pub modified_at: Stamp,
}
