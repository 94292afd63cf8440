//! # The protocol between a device and a sequencer, version 1
//!
//! A **sequencer** keeps one append-only log of sealed changes for each **vault**, gives each
//! change the next **sequence** (1, 2, 3 … without gaps), and hands them out, unread.
//! This text is enough to write a client; `crates/core/src/wire` is the same in Rust, and its
//! golden vectors (`crates/core/tests/it/wire/golden.txt`) are the bytes of every body.
//!
//! ## Notation
//!
//! Every request and response body opens with one byte, the version, `1`; then its fields follow
//! in the order given here, without names or padding. Nothing may follow after the last.
//!
//! | notation | bytes |
//! | --- | --- |
//! | `name[n]` | exactly n bytes |
//! | `u64` | LEB128: seven bits a byte, lowest first, the top bit set on all but the last |
//! | `bytes`, `text` | a `u64` length, then so many bytes; text is UTF-8 |
//! | `list of x` | a `u64` count, then so many x |
//! | `stamp[16]` | milliseconds since 1970 UTC (6 bytes), counter (2), device (8); big-endian |
//!
//! A reader refuses over-long numbers, counts and lengths that the input cannot hold, stamps after
//! the year 9999, unknown variants, and bytes after the end. Hashes are BLAKE3, signatures
//! Ed25519. `server`, `vault`, `row`, `recovery id`, `incarnation` and `chain` have 16 bytes,
//! `device` has 8. In URLs and headers, bytes are written in lower-case hex.
//!
//! ## Transport
//!
//! HTTP/1.1 under `/v1`, bodies of type `application/octet-stream`. Where a token is asked for, it
//! travels as `Authorization: Bearer <64 hex digits>`; there are no cookies. Everything that is
//! done, is done to the token's vault. Success is always status 200.
//!
//! | request | token | body → answer |
//! | --- | --- | --- |
//! | `GET /v1/limits` | no | → Limits |
//! | `POST /v1/vaults` | no | CreateVault → Created |
//! | `POST /v1/challenge` | no | AskChallenge → Challenge |
//! | `POST /v1/token` | no | AskToken → Token |
//! | `POST /v1/push` | device | Push → Pushed |
//! | `GET /v1/pull?after=…&chain=…&incarnation=…` | yes | → Page |
//! | `GET /v1/live` | yes | → the live stream |
//! | `GET /v1/manifest` | yes | → ManifestIs |
//! | `PUT /v1/manifest` | yes | PutManifest → Done |
//! | `GET /v1/keyring` | yes | → KeyringIs |
//! | `PUT /v1/keyring` | yes | PutKeyring → Done |
//! | `PUT /v1/recovery` | yes | PutRecovery → Done |
//! | `GET /v1/files` | yes | → FileLimits |
//! | `POST /v1/files/ask` | yes | AskFile → FileIs |
//! | `POST /v1/files/part` | device | PutPart → FileIs |
//! | `POST /v1/files/fetch` | yes | AskPart → PartIs |
//! | `POST /v1/files/drop` | device | DropFile → Done |
//! | `POST /v1/rendezvous` | no | Await → Awaited |
//! | `POST /v1/rendezvous/meet` | device | Meet → Met |
//! | `POST /v1/rendezvous/say` | no | Say → Done |
//! | `POST /v1/rendezvous/hear` | no | Hear → Heard |
//! | `POST /v1/leave` | yes | Leave → Done |
//! | `POST /v1/guests` | yes | OpenGuest → Done |
//! | `GET /v1/guests` | device | → GuestsAre |
//! | `POST /v1/guests/end` | yes | EndGuest → Done |
//! | `GET /v1/inbox` | device | → InboxIs |
//! | `POST /v1/inbox/drop` | device | DropItems → Done |
//! | `POST /v1/guest/enter` | no | EnterGuest → GuestIs |
//! | `GET /v1/guest` | a guest's | → GuestStands |
//! | `POST /v1/guest/put` | a guest's | PutItem → GuestStands |
//! | `POST /v1/guest/leave` | a guest's | Done → Done |
//! | `DELETE /v1/vault` | yes | DeleteVault → Done |
//!
//! A token is a **device's**, as the manifest says at each request; or a **recovery** token, which
//! may do all but push: it is there to add a device to the manifest, or to let a guest in; or a
//! **guest's**, which is good for the requests under `/v1/guest` and for nothing else.
//!
//! ## Bodies
//!
//! ```text
//! Limits       server[16] now:u64 row_bytes:u64 batch_changes:u64 batch_bytes:u64
//!              page_bytes:u64 quota_bytes:u64 future_millis:u64
//! CreateVault  invitation:bytes vault[16] manifest:bytes recovery keyring:bytes
//!   recovery   id[16] key[32]
//! Created      incarnation[16]
//! AskChallenge who
//!   who        0 vault[16] device[8]  |  1 recovery_id[16]
//! Challenge    challenge[32] expires:u64
//! AskToken     who challenge[32] signature[64]
//! Token        token[32] expires:u64 vault[16]
//! Push         incarnation[16] changes:list of change
//!   change     row[16] stamp[16] sealed:bytes
//! Pushed       incarnation[16] head:u64 sequences:list of u64
//! Page         incarnation[16] after:u64 head:u64 chain[16] changes:list of change
//! ManifestIs   manifest:bytes
//! PutManifest  expected:u64 manifest:bytes
//! KeyringIs    keyring:bytes
//! PutKeyring   keyring:bytes expected[32]
//! PutRecovery  recovery
//! Leave        device[8]
//! DeleteVault  vault[16]
//! FileLimits   part_bytes:u64 parts:u64 quota_bytes:u64 used_bytes:u64
//! AskFile      address[32]
//! FileIs       there:u64 parts:u64
//! PutPart      address[32] parts:u64 number:u64 sealed:bytes
//! AskPart      address[32] number:u64
//! PartIs       parts:u64 sealed:bytes
//! DropFile     address[32]
//! OpenGuest    guest[16] right[32] until:u64 length:u64 note:bytes sealed:bytes
//! GuestsAre    guests:list of guest
//!   guest      guest[16] until:u64 began:u64 ends:u64 seen:u64 items:u64 note:bytes
//! EndGuest     guest[16]
//! EnterGuest   right[32]
//! GuestIs      token[32] now:u64 ends:u64 vault[16] guest[16] sealed:bytes
//! GuestStands  now:u64 ends:u64
//! PutItem      slot:u64 version:u64 sealed:bytes
//! InboxIs      open:u64 items:list of item
//!   item       guest[16] slot:u64 sealed:bytes
//! DropItems    items:list of name
//!   name       guest[16] slot:u64
//! Await        id[16] ticket[32] message:bytes
//! Awaited      expires:u64
//! Meet         id[16] ticket[32]
//! Met          expires:u64 message:bytes
//! Say          id[16] ticket[32] number:u64 message:bytes
//! Hear         id[16] ticket[32] number:u64
//! Heard        message:bytes
//! Done         (nothing but the version)
//! Refusal      code[1] now:u64 detail:u64 text:text
//! ```
//!
//! Times are milliseconds since 1970 by the sequencer's clock.
//!
//! ## Making a vault
//!
//! An invitation link ends in `#invitation=` and lower-case hex; `invitation` is those
//! bytes. It works once. `vault` and the recovery id are random, chosen by the device. `manifest`
//! may have any version, because a vault is made again, under its old name, on a sequencer that
//! was wiped. The answer names the new log.
//!
//! ## Logging in
//!
//! 1. Ask for a challenge. The answer looks the same whether `who` is known or not. It is good for
//!    one login, for a minute.
//! 2. Sign `"ts-auth-v1"`, `server` (from Limits), `challenge`, `who`, one behind the other, with
//!    the device's auth key, or with the recovery key. Send all three to `/v1/token`.
//! 3. A token lasts 24 hours. It ends early by `leave`, or by a manifest that retires the device.
//!
//! ## The manifest
//!
//! ```text
//! Manifest     1 version:u64 previous[32] signing[32] devices:list of member signature[64]
//!   member     device[8] auth[32] wrap[32] role[1] note:bytes
//! ```
//!
//! It opens with a version byte as bodies do. `version` counts up by one; `previous` is the hash of
//! the whole manifest before it, zeroes in the first; `signing` never changes within a vault;
//! `role` is 0 full, 2 retired; `note` is sealed; devices ascend. The signature is by
//! `signing`, over `"ts-manifest-v1"` and all the manifest's bytes before the signature. A
//! sequencer refuses one that names a device twice, does not verify, has another signing key, or
//! does not follow on the last; devices do the same, so that a sequencer cannot add a device. When
//! `expected` is not the version in force, the answer is Conflict. The keyring is replaced in the
//! same way by its hash.
//!
//! A device that leaves puts a manifest in force on which it is retired, and is out by it; another
//! one is put out in the same way. Whoever then reads a keyring that still lets a retired device in
//! puts one in its place without it, with a new epoch, and seals with that epoch's key from then
//! on. A row of an epoch that a device has no key for is kept, and the keyring read again. The
//! keyring's format is that of `core::seal::keyring`.
//!
//! ## Pushing
//!
//! A push is accepted as a whole or not at all, and is durable when it is answered. A change that
//! the log has already (same row, stamp and sealed bytes) is not written again: its first sequence
//! is the answer, so a push whose answer was lost is simply sent again. The same row and stamp
//! with other bytes is a change of its own; devices settle it. Of each change is checked: its size,
//! its stamp (at most `future_millis` ahead of the sequencer's clock), and its stamp's device (one
//! of the manifest, retired ones included). One push of a vault is done at a
//! time, so sequences become visible in their order.
//!
//! ## Pulling
//!
//! `after`, `chain` and `incarnation` are the **cursor**; `bytes` may ask for smaller pages. The
//! page holds the changes `after + 1`, `after + 2` …, at least one if there is one. The next
//! cursor is the page's incarnation, `after` plus the number of its changes, and its `chain`; it is
//! kept in one transaction with them. A new device starts with zeroes for all three, which fits
//! any log. A device does not skip the sequences of its own pushes.
//!
//! `chain` sums the log up: before sequence 1 it is 16 zero bytes, and after each change the first
//! 16 bytes of `BLAKE3(chain | row | stamp | BLAKE3(sealed))`. A device computes it from what it
//! received and refuses a page that does not end in its own result. By the cursor a sequencer that
//! lost something is noticed: CursorReplaced (wiped: another log), CursorAhead (restored from an
//! older copy), CursorDiverged (restored, and written past). The device then pulls from the start
//! and offers again what it has and the log has not. It never drops anything because of it.
//!
//! ## Photos and files
//!
//! A row names a photo by the hash of its bytes; the bytes travel by themselves, whenever there is
//! time. `address` is 32 bytes that the device derives from the hash with a key of the vault, so
//! equal files are kept once and the sequencer learns nothing of them. A file is sent in parts,
//! sealed one by one, in their order: `there` says how many are there, and the next one has that
//! number. A part that is there already is not written again, whatever is in it; one that comes
//! too early, or says another number of `parts`, is refused as Conflict with `there` as its detail.
//! So an upload that broke off, on this device or another, goes on where it stood. Files have a
//! quota of their own. A file that no entry has any more is dropped by a device; one that has it
//! still asks again before it relies on it.
//!
//! ## Guests
//!
//! A **guest** writes on a machine that is not its own. A device makes a code, whose secret's hash
//! is `right`, and a pass sealed under it (`core::seal::guest`), which `OpenGuest` puts here. Who
//! enters with the secret before `until` gets the pass and a token for `length` (at most four
//! hours); the right is used up by that, and the pass forgotten. A recovery token that opens a
//! guest ends with it. A guest that is not heard for six minutes is out.
//!
//! A guest puts sealed entries into an **inbox**, in **slots** that count up from 0: of each the
//! greatest version is kept, at most 100 of them and 256 KiB each. A slot is finished when a
//! greater one is there or the visit has ended; an empty one says only that. A device takes what
//! is finished into its journal, pushes it as a change of its own, and drops it here only when the
//! log has it. Two devices that do so make the same entry, because its name follows from guest and
//! slot. Ended guests stay on the list for 30 days.
//!
//! ## Meeting a new device
//!
//! A new device is let into a vault by one that is in it; what the two say to each other is
//! `core::seal::exchange`'s and sealed. They meet at a place whose `id` follows from a code that
//! the new device shows. It opens the place with message 0 (`Await`); one device may take it
//! (`Meet`), once; then they speak in turn, `number` 1 and 3 being the taker's, 2 the new
//! device's. Each speaks by a `ticket` of its own, 32 random bytes of its choice, and asks
//! (`Hear`) until the next message is there. A request whose answer was lost is sent again as it
//! was. A place is there for 120 seconds by the sequencer's clock and holds 4,096 bytes of
//! messages; what is unknown, over, taken by another one, or asked for with another ticket, is
//! NotFound alike. A message out of turn is refused as Conflict.
//!
//! ## The live stream
//!
//! The body opens with the version, then come frames, each a `u64` length and so many bytes: a
//! `u64` that is the log's head, or nothing, every 20 seconds, to keep the connection alive. The
//! first frame comes at once. Several heads may be told as one. It says that there is something
//! to pull and no more; a device that cannot hold the stream pulls now and then.
//!
//! ## Refusals
//!
//! Every other status carries a Refusal. Decide by `code`; where the body is no Refusal, the
//! answer comes from a proxy, and the status must do. `now` is there in each, so that a device
//! with a wrong clock finds out.
//!
//! | code | name | status | detail | what to do |
//! | --- | --- | --- | --- | --- |
//! | 1 | Malformed | 400 | – | a bug: report it |
//! | 2 | Version | 400 | version spoken | update the older side |
//! | 3 | Unauthorized | 401 | – | log in; failing that, the device is not in the vault |
//! | 4 | NotFound | 404 | – | there is none for this token |
//! | 5 | Forbidden | 403 | – | this token may not do that |
//! | 6 | StampInFuture | 422 | index of the change | stamp anew by `now` what was never accepted |
//! | 7 | DeviceNotYours | 422 | index of the change | put the device into the manifest first |
//! | 8 | RowTooLarge | 413 | index of the change | keep it here, push the others |
//! | 9 | BatchTooLarge | 413 | the limit | push in smaller parts |
//! | 10 | QuotaFull | 507 | the quota | ask who runs the sequencer |
//! | 11 | CursorReplaced | 409 | – | start from 0, offer again |
//! | 12 | CursorAhead | 409 | head | start from 0, offer again |
//! | 13 | CursorDiverged | 409 | – | start from 0, offer again |
//! | 14 | Conflict | 409 | version in force, 0 for the keyring | read it, do it again on top |
//! | 15 | ManifestRefused | 422 | – | a bug or an attack: report it |
//! | 16 | TooMany | 429 | seconds | wait as `Retry-After` says, with jitter |
//! | 17 | Busy | 503 | seconds | wait as `Retry-After` says, with jitter |
//! | 18 | TooSlow | 408 | – | try again, with less |
//! | 19 | Fault | 500 | – | try again later |
//! | 20 | Method | 405 | – | a bug: report it |
//! | 21 | NotInvited | 403 | – | ask for another invitation |
//! | 22 | Exists | 409 | – | log in instead |

mod codec;
mod files;
mod guest;
mod keys;
mod live;
mod log;
mod login;
mod manifest;
mod refusal;
mod rendezvous;
mod vault;

pub use codec::{Body, Field, Listed, Problem, Reader, VERSION, WireError};
pub(crate) use codec::{put_bytes, put_varint};
pub use files::{AskFile, AskPart, DropFile, FileIs, FileLimits, PartIs, PutPart};
pub use guest::{
    DropItems, EndGuest, EnterGuest, GuestIs, GuestRow, GuestStands, GuestsAre, InboxIs, InboxItem,
    ItemName, OpenGuest, PutItem,
};
pub use keys::{ChallengeBytes, Hash, PublicKey, Secret, Signature};
pub use live::{Frames, Nudge};
pub use log::{Cursor, Page, Pull, Push, Pushed, QueryError, SealedChange};
pub use login::{AskChallenge, AskToken, Challenge, Done, Leave, Token, Who, login_text};
pub use manifest::{Manifest, Member, Role};
pub use refusal::{Code, Refusal};
pub use rendezvous::{
    Await, Awaited, Hear, Heard, Meet, Met, RENDEZVOUS_BYTES, RENDEZVOUS_MESSAGES,
    RENDEZVOUS_MILLIS, Say,
};
pub use vault::{
    CreateVault, Created, DeleteVault, KeyringIs, Limits, ManifestIs, PutKeyring, PutManifest,
    PutRecovery, Recovery,
};
