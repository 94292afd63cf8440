//! What is the same on all devices once they are in step: for tests, and for whoever doubts it.

use super::Store;
use super::outbox::{self, RowKey};
use crate::change::ChangedRow;
use crate::clock::Stamp;
use crate::date::Time;
use crate::message::Mood;

/// A row that travels, in the version that it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    pub key: RowKey,
    pub stamp: Stamp,
    pub row: ChangedRow,
}

impl Store {
    /// All rows that travel, tombstones included, in an order that is the same everywhere.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn versions(&self) -> rusqlite::Result<Vec<Version>> {
        let mut versions = Vec::new();
        for key in outbox::all_keys(&self.conn)? {
            if let Some((stamp, row)) = outbox::current(&self.conn, &key)? {
                versions.push(Version { key, stamp, row });
            }
        }
        Ok(versions)
    }

    /// BLAKE3 over every row that travels: each column and its stamp, and what is kept aside for
    /// a newer app. Two devices that have read the same log and have nothing to send have the
    /// same. The order of entries, the index and the history are each device's own, and not in it.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn digest(&self) -> rusqlite::Result<[u8; 32]> {
        let mut hasher = blake3::Hasher::new();
        let mut put = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_be_bytes()).update(bytes);
        };
        for Version { stamp, row, .. } in self.versions()? {
            put(&stamp.to_bytes());
            put_row(&row, &mut put);
        }
        for change in self.kept_aside()? {
            put(&change.stamp.to_bytes());
            put(&change.row.0);
            put(&change.sealed);
        }
        Ok(*hasher.finalize().as_bytes())
    }
}

fn put_row(row: &ChangedRow, put: &mut dyn FnMut(&[u8])) {
    match row {
        ChangedRow::Journal(row) => {
            put(&row.id.0);
            put(row.name.as_bytes());
            put(row.colour.name().as_bytes());
            put(&[row.deleted.into()]);
        }
        ChangedRow::Entry(row) => {
            put(&row.id.0);
            put(&row.journal.0);
            put(&row.moment.date.days_since_1970().to_be_bytes());
            put(&row.moment.time.map_or(-1, Time::millis).to_be_bytes());
            put(row.moment.zone.0.as_bytes());
            put(&row.moment.instant.0.to_be_bytes());
            put(row.body.as_bytes());
            put(&[row.starred.into()]);
            put(&row.life.code().to_be_bytes());
            put(&[row.mood.map_or(0, Mood::code)]);
            put(row.location.as_ref().map_or("", |location| &location.label).as_bytes());
            let point = row.location.as_ref().and_then(|location| location.point);
            put(point.map(|point| point.to_string()).unwrap_or_default().as_bytes());
        }
        ChangedRow::Tag(row) => {
            put(&row.entry.0);
            put(row.name.as_bytes());
            put(&[row.on.into()]);
        }
        ChangedRow::Template(row) => {
            put(&row.template.id.0);
            put(row.template.name.as_bytes());
            put(row.template.body.as_bytes());
            put(&[row.deleted.into()]);
        }
        ChangedRow::Attachment(row) => {
            put(&row.id.0);
            put(&row.entry.0);
            put(&row.hash.0);
            put(row.thumb.as_ref().map_or(&[], |thumb| &thumb.0[..]));
            put(row.name.as_bytes());
            put(row.media.as_bytes());
            put(&row.bytes.to_be_bytes());
            put(&row.width.to_be_bytes());
            put(&row.height.to_be_bytes());
            put(&row.added.0.to_be_bytes());
            put(row.caption.as_bytes());
            put(&[row.removed.into()]);
        }
    }
}
