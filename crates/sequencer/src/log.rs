//! Where the sequencer keeps things: one trait, an embedded SQLite file and PostgreSQL behind it.
//! What both have in common stands here, above all how a push becomes places in a log.

pub mod files;
pub mod guests;
pub mod postgres;
pub mod rendezvous;
pub mod sqlite;

use crate::rules::Checked;
use crate::session::{Grant, Session};
use bytes::Bytes;
use files::NewPart;
use guests::{Coming, NewGuest};
use rendezvous::{Told, Turn};
use std::collections::HashMap;
use std::pin::Pin;
use thoughtstream_core::id::{
    Chain, DeviceId, FileAddress, GuestId, Incarnation, ServerId, VaultId,
};
use thoughtstream_core::wire::{
    Code, FileIs, GuestIs, GuestRow, GuestStands, Hash, InboxIs, ItemName, PartIs, PublicKey, Pull,
    Pushed, PutItem, Recovery, Who,
};
use tokio::sync::mpsc::UnboundedReceiver;

/// What a store answers, now or later.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, LogError>> + Send + 'a>>;

/// A vault's number within one store: what its rows carry instead of its id.
pub type VaultNumber = i64;

/// Why a store did not do something.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LogError {
    /// The request cannot be granted; `detail` as `Code` says.
    #[error("refused: {code:?} ({detail})")]
    Refused { code: Code, detail: u64 },
    /// Too much to do, or the database is not there for the moment: worth another try.
    #[error("the database has no time: {0}")]
    Busy(String),
    /// The database failed. The text has no bodies, tokens or ids of rows in it.
    #[error("the database failed: {0}")]
    Fault(String),
}

impl LogError {
    pub(crate) fn refused(code: Code, detail: u64) -> Self {
        Self::Refused { code, detail }
    }

    /// Whether the database failed, as opposed to a request that is refused.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        !matches!(self, Self::Refused { .. })
    }
}

/// What a store knows of itself: made when it was made, the same for all who share it.
#[derive(Debug, Clone, Copy)]
pub struct Identity {
    pub server: ServerId,
    /// Keys the challenges, so that any process can check what another one gave out.
    pub secret: [u8; 32],
}

/// A vault to be made.
#[derive(Debug, Clone)]
pub struct NewVault {
    /// The hash of the invitation that is used up.
    pub invitation: Hash,
    pub id: VaultId,
    pub incarnation: Incarnation,
    pub manifest: Vec<u8>,
    pub version: u64,
    pub recovery: Recovery,
    pub keyring: Vec<u8>,
}

/// A manifest that takes another one's place.
#[derive(Debug, Clone)]
pub struct NewManifest {
    /// The version in force must be this one …
    pub expected: u64,
    /// … and the manifest in force must have this hash.
    pub previous: Hash,
    pub version: u64,
    pub manifest: Vec<u8>,
}

/// Who may log in by a key, and into which vault.
#[derive(Debug, Clone)]
pub struct Login {
    pub vault: VaultNumber,
    pub id: VaultId,
    pub key: PublicKey,
    pub device: Option<DeviceId>,
}

/// A page on its way: what opens it, and its changes as they come.
#[derive(Debug)]
pub struct Paged {
    pub opening: Vec<u8>,
    pub changes: Changes,
    pub count: u64,
}

/// The bytes of a page's changes.
#[derive(Debug)]
pub enum Changes {
    Whole(Vec<u8>),
    /// In pieces, while the database still reads. An error among them cuts the page off.
    Coming(UnboundedReceiver<Result<Bytes, LogError>>),
}

impl From<PageBytes> for Paged {
    fn from(PageBytes { opening, changes, count }: PageBytes) -> Self {
        Self { opening, changes: Changes::Whole(changes), count }
    }
}

/// A page in memory: what opens it, then its changes.
#[derive(Debug, Clone)]
pub struct PageBytes {
    pub opening: Vec<u8>,
    pub changes: Vec<u8>,
    pub count: u64,
}

/// How much goes into a page.
#[derive(Debug, Clone, Copy)]
pub struct PageLimit {
    pub bytes: u64,
    pub changes: u64,
}

/// A store. Every method is one transaction, durable when it is answered; times are milliseconds
/// since 1970.
pub trait Log: Send + Sync {
    /// What the store is called, and its secret.
    fn identity(&self) -> Identity;

    /// `Ok` if the database answers.
    fn ping(&self) -> Answer<'_, ()>;

    /// Keeps the hash of an invitation.
    fn invite(&self, invitation: Hash, expires: u64) -> Answer<'_, ()>;

    /// Whether nobody has come in yet and nobody is invited.
    fn is_new(&self, now: u64) -> Answer<'_, bool>;

    /// Makes a vault and uses its invitation up. Refuses with `NotInvited` or `Exists`.
    fn create(&self, vault: NewVault, now: u64) -> Answer<'_, VaultNumber>;

    /// Who logs in with which key; `None` where nobody of that name may.
    fn login(&self, who: Who) -> Answer<'_, Option<Login>>;

    /// Marks a challenge as used; `false` if it was already.
    fn spend(&self, challenge: Hash, expires: u64) -> Answer<'_, bool>;

    /// Keeps a token's hash.
    fn grant(&self, token: Hash, grant: Grant) -> Answer<'_, ()>;

    /// Whose token this is, with the manifest as it is now; `None` if nobody's, or no longer.
    fn session(&self, token: Hash, now: u64) -> Answer<'_, Option<Session>>;

    /// Notes that a token was used.
    fn touch(&self, token: Hash, now: u64) -> Answer<'_, ()>;

    /// Appends changes, all or none.
    fn push(&self, push: Placing) -> Answer<'_, Pushed>;

    /// Reads on from a cursor.
    fn pull(&self, vault: VaultNumber, pull: Pull, limit: PageLimit) -> Answer<'_, Paged>;

    /// The log's last sequence.
    fn head(&self, vault: VaultNumber) -> Answer<'_, u64>;

    /// The manifest in force, and its version.
    fn manifest(&self, vault: VaultNumber) -> Answer<'_, (u64, Vec<u8>)>;

    /// Puts a manifest in the place of another. Tokens of devices that it retires end by it.
    fn put_manifest(&self, vault: VaultNumber, new: NewManifest) -> Answer<'_, ()>;

    /// The keyring.
    fn keyring(&self, vault: VaultNumber) -> Answer<'_, Vec<u8>>;

    /// Puts a keyring in the place of the one with that hash.
    fn put_keyring(&self, vault: VaultNumber, expected: Hash, new: Vec<u8>) -> Answer<'_, ()>;

    /// Gives the vault another recovery key; tokens of the former one end.
    fn put_recovery(&self, vault: VaultNumber, recovery: Recovery) -> Answer<'_, ()>;

    /// Deletes a device's tokens.
    fn leave(&self, vault: VaultNumber, device: DeviceId) -> Answer<'_, ()>;

    /// Bytes of all sealed parts of photos and files.
    fn files_bytes(&self, vault: VaultNumber) -> Answer<'_, u64>;

    /// What is there of a file.
    fn file(&self, vault: VaultNumber, address: FileAddress) -> Answer<'_, Option<FileIs>>;

    /// Takes in the next part of a file; one that is there is not written again.
    fn put_part(&self, part: NewPart) -> Answer<'_, FileIs>;

    /// A part of a file.
    fn part(&self, vault: VaultNumber, address: FileAddress, number: u64) -> Answer<'_, PartIs>;

    /// Forgets a file.
    fn drop_file(&self, vault: VaultNumber, address: FileAddress) -> Answer<'_, ()>;

    /// Deletes one token.
    fn forget(&self, token: Hash) -> Answer<'_, ()>;

    /// Keeps a right to come in once. Refuses with `Exists`, or `QuotaFull` if there are too many.
    fn open_guest(&self, guest: NewGuest) -> Answer<'_, ()>;

    /// The guests of a vault.
    fn guests(&self, vault: VaultNumber) -> Answer<'_, Vec<GuestRow>>;

    /// Ends a visit, or takes an unused right back.
    fn end_guest(&self, vault: VaultNumber, guest: GuestId, now: u64) -> Answer<'_, ()>;

    /// Uses a right up; `None` if there is none.
    fn enter_guest(&self, coming: Coming) -> Answer<'_, Option<GuestIs>>;

    /// Notes that a guest was heard; `None` if the token is nobody's, or the visit is over.
    fn guest(&self, token: Hash, now: u64) -> Answer<'_, Option<GuestStands>>;

    /// Keeps what a guest writes; `None` as above.
    fn put_item(&self, token: Hash, item: PutItem, now: u64) -> Answer<'_, Option<GuestStands>>;

    /// Ends the visit whose token this is.
    fn leave_guest(&self, token: Hash, now: u64) -> Answer<'_, ()>;

    /// What the guests of a vault have finished.
    fn inbox(&self, vault: VaultNumber, now: u64) -> Answer<'_, InboxIs>;

    /// Forgets items of the inbox.
    fn drop_items(&self, vault: VaultNumber, items: Vec<ItemName>) -> Answer<'_, ()>;
    /// Does what a device wants of a place to meet another one.
    fn meet(&self, turn: Turn) -> Answer<'_, Told>;

    /// Deletes a vault and everything of it.
    fn delete(&self, vault: VaultNumber) -> Answer<'_, ()>;

    /// Throws away what has expired.
    fn sweep(&self, now: u64) -> Answer<'_, ()>;

    /// What `doctor` should say of the database: a line each.
    fn describe(&self) -> Answer<'_, Vec<String>>;
}

/// A push on its way into a log.
#[derive(Debug, Clone)]
pub struct Placing {
    pub vault: VaultNumber,
    pub incarnation: Incarnation,
    /// Bytes of sealed changes that the vault may hold.
    pub quota: u64,
    pub changes: Vec<Checked>,
}

/// How far a log has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tail {
    pub incarnation: Incarnation,
    pub head: u64,
    pub chain: Chain,
    /// Bytes of sealed changes in it.
    pub bytes: u64,
}

/// A change that is new, and how far the log has got with it.
#[derive(Debug)]
pub struct Placed<'a> {
    pub checked: &'a Checked,
    pub chain: Chain,
    /// Sealed bytes in the log up to and with this change.
    pub bytes: u64,
}

/// What becomes of a push: which changes are new, where each stands, how far the log then is.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The new ones in their order; the first has the sequence after the old head.
    pub fresh: Vec<Placed<'a>>,
    pub tail: Tail,
    pub pushed: Pushed,
}

/// Places a push behind `tail`. `known` has the sequences of those changes that the log has
/// already, by their digests; within the push too, the same change is placed once.
///
/// # Errors
/// Refuses another log than the push is meant for, and what the quota has no room for.
pub fn plan<'a>(
    tail: Tail,
    placing: &'a Placing,
    known: &HashMap<[u8; 16], u64>,
) -> Result<Plan<'a>, LogError> {
    if tail.incarnation != placing.incarnation {
        return Err(LogError::refused(Code::CursorReplaced, 0));
    }
    let mut after = tail;
    let mut fresh = Vec::with_capacity(placing.changes.len());
    let mut placed: HashMap<[u8; 16], u64> = HashMap::with_capacity(placing.changes.len());
    let mut sequences = Vec::with_capacity(placing.changes.len());
    for checked in &placing.changes {
        let there = known.get(&checked.digest).or_else(|| placed.get(&checked.digest));
        if let Some(&sequence) = there {
            sequences.push(sequence);
            continue;
        }
        let change = &checked.change;
        after.head += 1;
        after.bytes = after.bytes.saturating_add(change.sealed.len() as u64);
        after.chain = after.chain.then(&change.row, change.stamp.to_bytes(), &checked.hash);
        placed.insert(checked.digest, after.head);
        sequences.push(after.head);
        fresh.push(Placed { checked, chain: after.chain, bytes: after.bytes });
    }
    if after.bytes > placing.quota && !fresh.is_empty() {
        return Err(LogError::refused(Code::QuotaFull, placing.quota));
    }
    let pushed = Pushed { incarnation: tail.incarnation, head: after.head, sequences };
    Ok(Plan { fresh, tail: after, pushed })
}
