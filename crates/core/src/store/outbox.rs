//! The outbox: which rows have a version that the sequencer does not have yet, and what that
//! version was made of.
//!
//! A row enters it with the first edit after it was in step, and its version until then is kept
//! as the ancestor of a later merge. Further edits change nothing here, so that a row is pushed
//! once, in its newest version. When the sequencer has accepted a version the row stays until
//! that version comes back in a pull: only then has everything been seen that was written before.

mod rows;

pub(super) use rows::{TEMPLATES, current, read_template, version};

use super::read::stamp_or_none;
use super::{Store, Writer};
use crate::change::ChangedRow;
use crate::clock::Stamp;
use crate::id::{EntryId, JournalId};
use crate::planted::{Bug, is_planted};
use crate::text;
use rows::tag_parts;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The name of a row in this store: the number of its table, and its primary key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowKey {
    kind: u8,
    key: Vec<u8>,
}

const JOURNAL: u8 = 0;
const ENTRY: u8 = 1;
const TAG: u8 = 2;
const TEMPLATE: u8 = 3;
const ATTACHMENT: u8 = 4;

impl RowKey {
    /// The name of a row.
    #[must_use]
    pub fn of(row: &ChangedRow) -> Self {
        match row {
            ChangedRow::Journal(row) => Self::journal(row.id),
            ChangedRow::Entry(row) => Self::entry(row.id),
            ChangedRow::Tag(row) => {
                let key = [&row.entry.0[..], text::tag_key(&row.name).as_bytes()].concat();
                Self { kind: TAG, key }
            }
            ChangedRow::Template(row) => Self { kind: TEMPLATE, key: row.template.id.0.to_vec() },
            ChangedRow::Attachment(row) => Self { kind: ATTACHMENT, key: row.id.0.to_vec() },
        }
    }

    /// The name of a journal's row.
    pub(super) fn journal(id: JournalId) -> Self {
        Self { kind: JOURNAL, key: id.0.to_vec() }
    }

    /// The name of an entry's row.
    #[must_use]
    pub fn entry(id: EntryId) -> Self {
        Self { kind: ENTRY, key: id.0.to_vec() }
    }
}

/// A row's place in the outbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// The version that was changed first. If it is the one that the row has now, the row is only
    /// offered: nothing was changed.
    pub(super) base: Option<Stamp>,
    /// A version from elsewhere that was merged into it since.
    pub(super) other: Option<Stamp>,
    /// The version that the sequencer accepted.
    pub(super) sent: Option<Stamp>,
}

impl Mark {
    /// Whether the row, whose version is `now`, was changed here, and not only offered.
    pub(super) fn is_edit(&self, now: Stamp) -> bool {
        self.base != Some(now) || is_planted(Bug::OfferIsEdit)
    }
}

/// A row on its way out.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    pub key: RowKey,
    pub modified_at: Stamp,
    /// The versions that it was made of: none, one, or two.
    pub bases: Vec<Stamp>,
    pub row: ChangedRow,
}

impl Store {
    /// How many rows wait to be sent.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn waiting(&self) -> rusqlite::Result<u32> {
        let sql = "SELECT count(*) FROM outbox WHERE sent IS NULL";
        self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))
    }

    /// The next rows to send, at least one if one waits: at most `count`, and no more once their
    /// texts have reached `bytes`.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn outgoing(&self, count: u64, bytes: u64) -> rusqlite::Result<Vec<Outgoing>> {
        let sql = "SELECT kind, key, base, other FROM outbox WHERE sent IS NULL \
                   ORDER BY kind, key LIMIT ?1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([i64::try_from(count).unwrap_or(i64::MAX)])?;
        let (mut found, mut size) = (Vec::new(), 0);
        while size < bytes
            && let Some(row) = rows.next()?
        {
            let key = RowKey { kind: row.get(0)?, key: row.get(1)? };
            let Some((modified_at, changed)) = current(&self.conn, &key)? else { continue };
            size += match &changed {
                ChangedRow::Entry(row) => row.body.len() as u64,
                ChangedRow::Template(row) => row.template.body.len() as u64,
                ChangedRow::Journal(_) | ChangedRow::Tag(_) | ChangedRow::Attachment(_) => 0,
            };
            size += 128;
            let bases = [stamp_or_none(row, 2)?, stamp_or_none(row, 3)?];
            let made_of = |base: &Stamp| *base != modified_at;
            let bases = bases.into_iter().flatten().filter(made_of).collect();
            found.push(Outgoing { key, modified_at, bases, row: changed });
        }
        Ok(found)
    }

    /// Entries whose newest version waits to be sent, the latest edit first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn waiting_entries(&self, limit: u32) -> rusqlite::Result<Vec<crate::message::Waiting>> {
        let sql = "SELECT id, date, body, modified_at FROM outbox \
                   JOIN entries ON outbox.kind = 1 AND entries.id = outbox.key \
                   WHERE sent IS NULL AND life <> 2 ORDER BY modified_at DESC LIMIT ?1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let read = |row: &Row<'_>| {
            Ok(crate::message::Waiting {
                entry: EntryId(row.get(0)?),
                date: super::read::date(row, 1)?,
                excerpt: text::excerpt(&row.get::<_, String>(2)?, 80),
                modified_at: super::read::stamp(row, 3)?,
            })
        };
        statement.query_map([limit], read)?.collect()
    }
}

impl Writer<'_> {
    /// Notes that a row has a version of this device's making. Returns whether the version before,
    /// `base`, is one that others may know, and so has to be kept as an ancestor.
    pub(super) fn track(&self, row: &ChangedRow, base: Option<Stamp>) -> rusqlite::Result<bool> {
        if !self.synced {
            return Ok(false);
        }
        let key = RowKey::of(row);
        let before = self.mark(&key)?;
        let mark = match before {
            None => Mark { base, ..Mark::default() },
            Some(Mark { sent: Some(sent), .. }) => Mark { base: Some(sent), ..Mark::default() },
            // Offered so far, changed now: what it had is the base.
            Some(mark) if mark.base == base => return Ok(base.is_some()),
            Some(_) => return Ok(self.in_flight.contains(&key)),
        };
        self.set_mark(&key, mark)?;
        Ok(true)
    }

    /// Notes which versions the sequencer has accepted; rows that were changed meanwhile go on
    /// waiting.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn accepted(&self, sent: &[(RowKey, Stamp)]) -> rusqlite::Result<()> {
        let sql = "UPDATE outbox SET sent = ?3 WHERE kind = ?1 AND key = ?2";
        let mut statement = self.tx.prepare_cached(sql)?;
        if let Some(last) = sent.iter().map(|(_, stamp)| *stamp).max() {
            self.note_accepted(last)?;
        }
        for (key, stamp) in sent {
            let same = version(&self.tx, key)? == Some(*stamp);
            if is_planted(Bug::OutboxWithoutStamps) {
                self.forget_mark(key)?;
            } else if same {
                statement.execute(params![key.kind, key.key, stamp.to_string()])?;
            } else {
                self.accepted_before_edit(key, *stamp)?;
            }
        }
        Ok(())
    }

    /// A version that was changed while it was under way, and kept: the change was made of it.
    pub(super) fn accepted_before_edit(&self, key: &RowKey, stamp: Stamp) -> rusqlite::Result<()> {
        let sql = "UPDATE outbox SET base = ?3, other = NULL WHERE kind = ?1 AND key = ?2 \
                   AND kind = 1 AND sent IS NULL AND (base IS NULL OR base < ?3) \
                   AND EXISTS (SELECT 1 FROM revisions \
                   WHERE entry = ?2 AND modified_at = ?3 AND marks IS NOT NULL)";
        let values = params![key.kind, key.key, stamp.to_string()];
        self.tx.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Puts every row into the outbox: into a new vault, or because a sequencer may have lost
    /// some. Those that it has leave the outbox again when they come in a pull.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn offer_all(&self) -> rusqlite::Result<()> {
        offer_all(&self.tx)
    }

    /// Offers again what was accepted and has not come back, although the log was read to its end:
    /// a sequencer that was restored from a copy has lost it.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn offer_lost(&self) -> rusqlite::Result<()> {
        if is_planted(Bug::LostPushUnnoticed) {
            return Ok(());
        }
        self.tx.execute_batch("UPDATE outbox SET sent = NULL WHERE sent IS NOT NULL")
    }

    /// There is no vault any more. What was edited stays marked, with what it was made of: if this
    /// device comes back, a text that nobody has read must not be taken for an old one.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn offer_nothing(&self) -> rusqlite::Result<()> {
        self.tx.execute_batch(
            "UPDATE outbox SET sent = NULL; DELETE FROM later;
             DELETE FROM revisions WHERE entry IN (SELECT id FROM entries WHERE life = 2)",
        )
    }

    /// The rows that no sequencer has accepted, with the stamps they carry.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn never_accepted(&self) -> rusqlite::Result<Vec<(RowKey, Stamp)>> {
        let all = is_planted(Bug::AcceptedRestamped);
        let sql = "SELECT kind, key FROM outbox WHERE sent IS NULL OR ?1";
        let mut statement = self.tx.prepare_cached(sql)?;
        let keys =
            statement.query_map([all], |row| Ok(RowKey { kind: row.get(0)?, key: row.get(1)? }));
        let mut found = Vec::new();
        for key in keys?.collect::<Result<Vec<_>, _>>()? {
            if let Some(stamp) = version(&self.tx, &key)? {
                found.push((key, stamp));
            }
        }
        Ok(found)
    }

    /// Gives a row another stamp, and nothing else.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn restamp(&self, key: &RowKey, stamp: Stamp) -> rusqlite::Result<()> {
        let (old, stamp) = (version(&self.tx, key)?, stamp.to_string());
        // What was only offered stays so.
        let sql = "UPDATE outbox SET base = ?4 WHERE kind = ?1 AND key = ?2 AND base = ?3";
        let old = old.map(|old| old.to_string());
        self.tx.prepare_cached(sql)?.execute(params![key.kind, key.key, old, stamp])?;
        match key.kind {
            JOURNAL => {
                let sql = "UPDATE journals SET modified_at = ?2 WHERE id = ?1";
                self.tx.prepare_cached(sql)?.execute(params![key.key, stamp])?;
            }
            ENTRY => {
                let sql = "UPDATE entries SET modified_at = ?2, written_at = min(written_at, ?2) \
                           WHERE id = ?1";
                self.tx.prepare_cached(sql)?.execute(params![key.key, stamp])?;
            }
            TEMPLATE => {
                let sql = "UPDATE templates SET modified_at = ?2 WHERE id = ?1";
                self.tx.prepare_cached(sql)?.execute(params![key.key, stamp])?;
            }
            ATTACHMENT => {
                let sql = "UPDATE attachments SET modified_at = ?2 WHERE id = ?1";
                self.tx.prepare_cached(sql)?.execute(params![key.key, stamp])?;
            }
            _ => {
                let sql = "UPDATE entry_tags SET modified_at = ?3 WHERE entry = ?1 AND tag = ?2";
                let (entry, tag) = tag_parts(&key.key);
                self.tx.prepare_cached(sql)?.execute(params![entry, tag, stamp])?;
            }
        }
        Ok(())
    }

    pub(super) fn mark(&self, key: &RowKey) -> rusqlite::Result<Option<Mark>> {
        let sql = "SELECT base, other, sent FROM outbox WHERE kind = ?1 AND key = ?2";
        let read = |row: &Row<'_>| {
            Ok(Mark {
                base: stamp_or_none(row, 0)?,
                other: stamp_or_none(row, 1)?,
                sent: stamp_or_none(row, 2)?,
            })
        };
        self.tx.prepare_cached(sql)?.query_row(params![key.kind, key.key], read).optional()
    }

    pub(super) fn set_mark(&self, key: &RowKey, mark: Mark) -> rusqlite::Result<()> {
        let sql = "INSERT OR REPLACE INTO outbox (kind, key, base, other, sent) \
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let text = |stamp: Option<Stamp>| stamp.map(|stamp| stamp.to_string());
        let (base, other, sent) = (text(mark.base), text(mark.other), text(mark.sent));
        let values = params![key.kind, key.key, base, other, sent];
        self.tx.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    pub(super) fn forget_mark(&self, key: &RowKey) -> rusqlite::Result<()> {
        let sql = "DELETE FROM outbox WHERE kind = ?1 AND key = ?2";
        self.tx.prepare_cached(sql)?.execute(params![key.kind, key.key])?;
        if key.kind == ENTRY {
            let sql = "DELETE FROM revisions WHERE entry = ?1 \
                       AND (SELECT life FROM entries WHERE id = ?1) = 2";
            self.tx.prepare_cached(sql)?.execute([&key.key])?;
        }
        Ok(())
    }
}

/// Puts every row into the outbox that is not in it, as unchanged: a row that is offered must not
/// be merged with the old versions of itself that come by when a log is read from its start.
pub(super) fn offer_all(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(
        "UPDATE outbox SET sent = NULL;
         INSERT OR IGNORE INTO outbox (kind, key, base) SELECT 0, id, modified_at FROM journals;
         INSERT OR IGNORE INTO outbox (kind, key, base) SELECT 1, id, modified_at FROM entries;
         INSERT OR IGNORE INTO outbox (kind, key, base)
         SELECT 2, CAST(entry || CAST(tag AS BLOB) AS BLOB), modified_at FROM entry_tags;
         INSERT OR IGNORE INTO outbox (kind, key, base) SELECT 3, id, modified_at FROM templates;
         INSERT OR IGNORE INTO outbox (kind, key, base) SELECT 4, id, modified_at
             FROM attachments;",
    )
}

/// The names of all rows, in order.
pub(super) fn all_keys(conn: &Connection) -> rusqlite::Result<Vec<RowKey>> {
    let sql = "SELECT 0 AS kind, id AS key FROM journals UNION ALL SELECT 1, id FROM entries \
               UNION ALL SELECT 2, CAST(entry || CAST(tag AS BLOB) AS BLOB) FROM entry_tags \
               UNION ALL SELECT 3, id FROM templates \
               UNION ALL SELECT 4, id FROM attachments ORDER BY kind, key";
    let mut statement = conn.prepare_cached(sql)?;
    let read = |row: &Row<'_>| Ok(RowKey { kind: row.get(0)?, key: row.get(1)? });
    statement.query_map([], read)?.collect()
}
