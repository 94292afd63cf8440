//! Guests on borrowed machines: a right to come in once, a token with an end, and an inbox to
//! which they write and which they cannot read.

use super::codec::{Listed, fields};
use super::keys::{Hash, Secret};
use crate::id::{GuestId, VaultId};

fields! {
    /// `POST /v1/guests`: lets a guest in, once.
    body OpenGuest {
        guest: GuestId,
        /// The hash of the secret that lets in. The sequencer never knows the secret before it is
        /// used, and then it is used up.
        right: Hash,
        /// Whoever comes later is not let in.
        until: u64,
        /// How long the visit may last, in milliseconds.
        length: u64,
        /// What it is for, sealed: opaque to the sequencer.
        note: Vec<u8>,
        /// What the guest is given on coming in, sealed under the secret.
        sealed: Vec<u8>,
    }
}

fields! {
    /// A guest, as the vault's devices are told.
    part GuestRow {
        guest: GuestId,
        until: u64,
        /// When it came in; 0 before.
        began: u64,
        /// When the visit ends or has ended; 0 before it began.
        ends: u64,
        /// When it was heard last.
        seen: u64,
        /// Entries that it has written.
        items: u64,
        note: Vec<u8>,
    }
}

impl Listed for GuestRow {}

fields! {
    /// The answer to `GET /v1/guests`.
    body GuestsAre {
        guests: Vec<GuestRow>,
    }
}

fields! {
    /// `POST /v1/guests/end`: ends a visit, or takes a right back that nobody has used.
    body EndGuest {
        guest: GuestId,
    }
}

fields! {
    /// `POST /v1/guest/enter`: uses a right up.
    body EnterGuest {
        right: Secret,
    }
}

fields! {
    /// The answer to an `EnterGuest`.
    body GuestIs {
        token: Secret,
        now: u64,
        ends: u64,
        vault: VaultId,
        guest: GuestId,
        sealed: Vec<u8>,
    }
}

fields! {
    /// A visit is still open, and until when.
    body GuestStands {
        now: u64,
        ends: u64,
    }
}

fields! {
    /// `POST /v1/guest/put`: the newest version of what is written in a slot.
    body PutItem {
        /// Counts entries from 0; a greater one closes those before it.
        slot: u64,
        /// Counts versions; an earlier one than is there changes nothing.
        version: u64,
        sealed: Vec<u8>,
    }
}

fields! {
    /// An entry that a guest has finished.
    part InboxItem {
        guest: GuestId,
        slot: u64,
        sealed: Vec<u8>,
    }
}

impl Listed for InboxItem {}

fields! {
    /// The answer to `GET /v1/inbox`: what is finished and was not dropped.
    body InboxIs {
        /// Visits that are open: more may come.
        open: u64,
        items: Vec<InboxItem>,
    }
}

fields! {
    /// Names an item of the inbox.
    part ItemName {
        guest: GuestId,
        slot: u64,
    }
}

impl Listed for ItemName {}

fields! {
    /// `POST /v1/inbox/drop`: these are in the log now.
    body DropItems {
        items: Vec<ItemName>,
    }
}
