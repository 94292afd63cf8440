//! A newer app, of which only its rows are seen: a table that this app does not know, and columns
//! that it does not.

use crate::server::Server;
use thoughtstream_core::change::ChangedRow;
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::id::DeviceId;
use thoughtstream_core::seal::{Base, Content, KeyRing, Later, Packer, PlainRow, Recovery};
use thoughtstream_core::wire::{Push, SealedChange, Who};
use thoughtstream_sequencer::log::{LogError, Placing};
use thoughtstream_sequencer::rules::check_push;
use thoughtstream_sequencer::session::{Session, Standing};

impl Server {
    /// Appends a row of a newer app, stamped by `device`: one of an unknown table, or `known` with
    /// another column. `None` if there is no vault of these words yet.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn write_newer(
        &self,
        words: &str,
        stamp: Stamp,
        known: Option<ChangedRow>,
        key: [u8; 16],
    ) -> Result<Option<()>, LogError> {
        let Ok(recovery) = Recovery::from_words(words) else { return Ok(None) };
        self.lock().write(|store| {
            let Some(login) = store.login(&Who::Recovery { id: recovery.id() })? else {
                return Ok(None);
            };
            let ring = KeyRing::from_bytes(&store.keyring(login.vault)?).ok();
            let keys = ring.and_then(|ring| ring.open_by_words(login.id, &recovery).ok());
            let Some(keys) = keys else { return Ok(None) };
            let row = PlainRow { base: Base::None, content: content(known, key) };
            let Ok((row, sealed)) = keys.seal_version(&Packer::default(), &row, stamp) else {
                return Ok(None);
            };
            let incarnation = store.tail(login.vault)?.incarnation;
            let push = Push { incarnation, changes: vec![SealedChange { row, stamp, sealed }] };
            let session = session(login.vault, login.id, stamp.device());
            let checked = check_push(push, &session, &self.limits(), self.time());
            let Ok(changes) = checked else { return Ok(None) };
            let quota = u64::MAX;
            store.push(&Placing { vault: login.vault, incarnation, quota, changes })?;
            Ok(Some(()))
        })
    }
}

fn content(known: Option<ChangedRow>, key: [u8; 16]) -> Content {
    let cell = |bytes: &[u8]| [&[bytes.len() as u8], bytes].concat();
    let later = Later { schema: 99, columns: cell(&[1, 2, 3]), texts: cell(b"later") };
    match known {
        Some(row) => Content::Known(row, later),
        None => {
            let cells = Later { columns: cell(&key), ..later };
            Content::Unknown { table: "photographs".to_owned(), cells }
        }
    }
}

fn session(vault: i64, id: thoughtstream_core::id::VaultId, device: DeviceId) -> Session {
    let standing = Standing::Full(device);
    Session { vault, id, standing, roster: [device].into(), expires: u64::MAX, touched: 0 }
}
