//! Journals that arrive: as entries they are merged, column by column, by the device whose own edit
//! was not seen yet when the other version came. They have no history, so the versions that a merge
//! may go back to are kept apart, and only as long as the journal is in the outbox.

use super::super::outbox::{self, Mark, RowKey};
use super::super::{Writer, meta};
use super::{Arrived, Arriving};
use crate::change::{ChangedRow, JournalRow};
use crate::clock::Stamp;
use crate::id::{DeviceId, JournalId};
use crate::merge;
use crate::seal::{Base, Content, PlainRow};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};

impl Writer<'_> {
    /// Takes in one version of a journal; see [`Writer::receive`].
    pub(super) fn receive_journal(
        &self,
        arriving: &Arriving,
        row: &JournalRow,
        device: DeviceId,
        fresh: &mut dyn FnMut() -> Stamp,
    ) -> rusqlite::Result<Arrived> {
        let (key, stamp) = (RowKey::of(&arriving.row), arriving.stamp);
        let arrived = match (outbox::current(&self.tx, &key)?, self.mark(&key)?) {
            (Some((at, ChangedRow::Journal(here))), Some(mark))
                if mark.is_edit(at) && at != stamp && !arriving.follows(at) =>
            {
                if stamp < at && (mark.knows(stamp) || stamp.device() == device) {
                    return Ok(Arrived::Nothing);
                }
                self.merge_journals(&key, mark, (at, &here), (arriving, row), fresh)?
            }
            _ => self.receive_small(&arriving.row, stamp)?,
        };
        if self.mark(&key)?.is_none() {
            let sql = "DELETE FROM meta WHERE key >= ?1 AND key < ?1 || '~'";
            self.tx.prepare_cached(sql)?.execute([prefix(row.id)])?;
        }
        Ok(arrived)
    }

    fn merge_journals(
        &self,
        key: &RowKey,
        mark: Mark,
        (at, here): (Stamp, &JournalRow),
        (arriving, row): (&Arriving, &JournalRow),
        fresh: &mut dyn FnMut() -> Stamp,
    ) -> rusqlite::Result<Arrived> {
        let stamp = arriving.stamp;
        let mut base = None;
        for one in arriving.bases.iter().copied().chain(mark.base) {
            base = base.or(self.kept_journal(row.id, one)?);
        }
        let (lesser, greater) = if stamp < at { (row, here) } else { (here, row) };
        let merged = merge::merge_journals(base.as_ref(), lesser, greater);
        let seen = Mark { other: mark.other.max(Some(stamp)), ..mark };
        if merged == *greater && stamp < at {
            self.set_mark(key, seen)?;
            return Ok(Arrived::Nothing);
        }
        if merged == *greater {
            self.put_journal(row, stamp)?;
            self.forget_mark(key)?;
            return Ok(Arrived::Shown);
        }
        // Others may have this version, and make theirs of it.
        self.keep_journal(here, at)?;
        self.put_journal(&merged, fresh())?;
        self.set_mark(key, Mark { base: seen.sent.or(seen.base), sent: None, ..seen })?;
        Ok(Arrived::Shown)
    }

    /// Keeps the version of a journal that is about to be written over, if there is one.
    pub(in crate::store) fn keep_journal_as_is(&self, id: JournalId) -> rusqlite::Result<()> {
        match outbox::current(&self.tx, &RowKey::journal(id))? {
            Some((at, ChangedRow::Journal(row))) => self.keep_journal(&row, at),
            _ => Ok(()),
        }
    }

    fn keep_journal(&self, row: &JournalRow, at: Stamp) -> rusqlite::Result<()> {
        let plain = PlainRow::new(Base::None, ChangedRow::Journal(row.clone()));
        // Laid out as for the wire, so that no column can be forgotten here.
        let Ok(bytes) = plain.to_bytes() else { return Ok(()) };
        self.tx.prepare_cached(meta::SET)?.execute(params![kept_under(row.id, at), bytes])?;
        Ok(())
    }

    fn kept_journal(&self, id: JournalId, at: Stamp) -> rusqlite::Result<Option<JournalRow>> {
        let sql = "SELECT value FROM meta WHERE key = ?1";
        let mut statement = self.tx.prepare_cached(sql)?;
        let kept = statement.query_row([kept_under(id, at)], |row| row.get(0)).optional()?;
        let Some(Value::Blob(bytes)) = kept else { return Ok(None) };
        Ok(match PlainRow::of_bytes(&bytes).map(|plain| plain.content) {
            Ok(Content::Known(ChangedRow::Journal(row), _)) => Some(row),
            _ => None,
        })
    }
}

impl Arriving {
    /// Whether it was made of this version, and of no other.
    fn follows(&self, at: Stamp) -> bool {
        self.stamp > at && self.bases.contains(&at)
    }
}

impl Mark {
    /// Whether a version is one that this row's was made of.
    fn knows(&self, stamp: Stamp) -> bool {
        [self.base, self.other].contains(&Some(stamp))
    }
}

fn prefix(id: JournalId) -> String {
    format!("journal:{id}:")
}

fn kept_under(id: JournalId, at: Stamp) -> String {
    format!("{}{at}", prefix(id))
}
