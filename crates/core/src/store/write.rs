//! Writing: one transaction for a row, what is derived from it, the clock and the request.

use super::outbox::{self, RowKey};
use super::{Meta, Store, shelves};
use crate::change::{Change, ChangedRow, EntryRow, JournalRow, Life, TagRow};
use crate::clock::{Clock, Stamp};
use crate::date::Moment;
use crate::id::{EntryId, JournalId, RequestId};
use crate::message::{Location, Mood, Place, Point};
use crate::text;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::collections::BTreeSet;

/// An open transaction; dropped without [`Writer::commit`], it leaves everything as it was.
pub struct Writer<'a> {
    pub(super) tx: Transaction<'a>,
    /// Whether there is a vault, so that edits have to be sent.
    pub(super) synced: bool,
    pub(super) in_flight: &'a BTreeSet<RowKey>,
}

/// What is known of a stored entry before another version of it is written.
#[derive(Debug, Clone)]
pub struct Stored {
    pub row: EntryRow,
    pub place: Place,
    pub words: u32,
    pub written_at: Stamp,
    pub modified_at: Stamp,
}

impl Store {
    /// Begins to write.
    ///
    /// # Errors
    /// If the database cannot be locked.
    pub fn write(&mut self) -> rusqlite::Result<Writer<'_>> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok(Writer { tx, synced: self.synced, in_flight: &self.in_flight })
    }
}

impl Writer<'_> {
    /// Makes everything written durable, together with the clock that stamped it and the request
    /// that asked for it.
    ///
    /// # Errors
    /// If the storage refuses; nothing is written then.
    pub fn commit(self, clock: &Clock, request: RequestId) -> rusqlite::Result<()> {
        Meta::save(&self.tx, clock, request)?;
        self.tx.commit()
    }

    /// An entry as it is stored, tombstones included.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn stored(&self, id: EntryId) -> rusqlite::Result<Option<Stored>> {
        stored(&self.tx, id)
    }

    /// Whether an entry of this id is here, tombstones included, and whether it is one.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn life(&self, id: EntryId) -> rusqlite::Result<Option<Life>> {
        let mut statement = self.tx.prepare_cached("SELECT life FROM entries WHERE id = ?1")?;
        statement.query_row([id.0], |row| Ok(Life::of_code(row.get(0)?))).optional()
    }

    /// Writes one version of one row, made on this device.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn apply(&self, change: &Change) -> rusqlite::Result<()> {
        match &change.row {
            ChangedRow::Entry(row) => match self.stored(row.id)? {
                Some(old) => {
                    if self.track(&change.row, Some(old.modified_at))? {
                        self.keep_version(&old.row, old.modified_at, false)?;
                    }
                    self.update_entry(row, &old, change.modified_at)
                }
                None => self.insert_entry(row, change.modified_at),
            },
            ChangedRow::Journal(row) => {
                if self.track_small(&change.row)? {
                    self.keep_journal_as_is(row.id)?;
                }
                self.put_journal(row, change.modified_at)
            }
            ChangedRow::Tag(row) => {
                // A tag is never merged, so that no ancestor of it is needed.
                self.track_small(&change.row)?;
                self.put_tag(row, change.modified_at)
            }
            ChangedRow::Template(row) => {
                self.track_small(&change.row)?;
                self.put_template(row, change.modified_at)
            }
            ChangedRow::Attachment(row) => {
                self.track_small(&change.row)?;
                self.put_attachment(row, change.modified_at)
            }
        }
    }

    /// Notes an edit of a journal or a tag; see [`Writer::track`].
    fn track_small(&self, row: &ChangedRow) -> rusqlite::Result<bool> {
        if !self.synced {
            return Ok(false);
        }
        let base = outbox::version(&self.tx, &RowKey::of(row))?;
        self.track(row, base)
    }

    /// Inserts an entry of this device's making that is known not to be here yet.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn insert_entry(&self, row: &EntryRow, modified_at: Stamp) -> rusqlite::Result<()> {
        if self.synced {
            self.set_mark(&RowKey::entry(row.id), outbox::Mark::default())?;
        }
        self.put_new_entry(row, modified_at)
    }

    pub(super) fn put_new_entry(&self, row: &EntryRow, modified_at: Stamp) -> rusqlite::Result<()> {
        let place = self.free_place(&row.moment)?;
        let words = text::words(&row.body);
        let sql = "INSERT INTO entries (place, id, journal, date, time, zone, instant, body, \
                   words, starred, life, written_at, modified_at, mood, location, latitude, \
                   longitude) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?13, ?14, ?15, \
                   ?16)";
        let (label, latitude, longitude) = location_columns(row.location.as_ref());
        self.tx.prepare_cached(sql)?.execute(params![
            place.0,
            row.id.0,
            row.journal.0,
            row.moment.date.to_string(),
            row.moment.time.map(|time| time.to_string()),
            row.moment.zone.0,
            row.moment.instant.0,
            row.body,
            words,
            row.starred,
            row.life.code(),
            modified_at.to_string(),
            row.mood.map(Mood::code),
            label,
            latitude,
            longitude,
        ])?;
        if row.life != Life::Deleted {
            shelves::wait(&self.tx, place)?;
        }
        self.set_text_tags(row.id, "", &row.body)?;
        self.count(row, words, 1)
    }

    pub(super) fn update_entry(
        &self,
        row: &EntryRow,
        old: &Stored,
        at: Stamp,
    ) -> rusqlite::Result<()> {
        if row.body != old.row.body {
            let sql = "UPDATE entries SET body = ?2, words = ?3, written_at = ?4 WHERE place = ?1";
            let words = text::words(&row.body);
            let values = params![old.place.0, row.body, words, at.to_string()];
            self.tx.prepare_cached(sql)?.execute(values)?;
            self.set_text_tags(row.id, &old.row.body, &row.body)?;
        }
        let mut place = old.place;
        if row.moment != old.row.moment {
            place = self.move_entry(row, old)?;
        }
        self.update_marks(place, row, old, at)?;
        let words = if row.body == old.row.body { old.words } else { text::words(&row.body) };
        if (row.life, row.journal, row.moment.date, words)
            != (old.row.life, old.row.journal, old.row.moment.date, old.words)
        {
            self.count(&old.row, old.words, -1)?;
            self.count(row, words, 1)?;
        }
        if row.body != old.row.body || place != old.place {
            shelves::wait(&self.tx, place)?;
        }
        if row.life == Life::Deleted {
            self.erase(row.id, old.place)?;
        }
        Ok(())
    }

    /// Moves an entry to the place of its new moment, and takes its line off the old shelf.
    fn move_entry(&self, row: &EntryRow, old: &Stored) -> rusqlite::Result<Place> {
        let same = Place::first_at(&row.moment) == Place::first_at(&old.row.moment);
        let place = if same { old.place } else { self.free_place(&row.moment)? };
        if place != old.place {
            shelves::take_off(&self.tx, old.place)?;
        }
        let sql = "UPDATE entries SET place = ?2, date = ?3, time = ?4, zone = ?5, instant = ?6 \
                   WHERE place = ?1";
        self.tx.prepare_cached(sql)?.execute(params![
            old.place.0,
            place.0,
            row.moment.date.to_string(),
            row.moment.time.map(|time| time.to_string()),
            row.moment.zone.0,
            row.moment.instant.0,
        ])?;
        Ok(place)
    }

    /// Writes the columns that are small, touching an index only where its column changed.
    fn update_marks(
        &self,
        place: Place,
        row: &EntryRow,
        old: &Stored,
        at: Stamp,
    ) -> rusqlite::Result<()> {
        let stamp = at.to_string();
        if (row.mood, &row.location) != (old.row.mood, &old.row.location) {
            let sql = "UPDATE entries SET mood = ?2, location = ?3, latitude = ?4, longitude = ?5 \
                       WHERE place = ?1";
            let (label, latitude, longitude) = location_columns(row.location.as_ref());
            let mood = row.mood.map(Mood::code);
            let values = params![place.0, mood, label, latitude, longitude];
            self.tx.prepare_cached(sql)?.execute(values)?;
        }
        if (row.journal, row.starred, row.life) == (old.row.journal, old.row.starred, old.row.life)
        {
            let sql = "UPDATE entries SET modified_at = ?2 WHERE place = ?1";
            self.tx.prepare_cached(sql)?.execute(params![place.0, stamp])?;
            return Ok(());
        }
        let sql = "UPDATE entries SET journal = ?2, starred = ?3, life = ?4, modified_at = ?5 \
                   WHERE place = ?1";
        let values = params![place.0, row.journal.0, row.starred, row.life.code(), stamp];
        self.tx.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Removes what a tombstone must not keep. One that others do not know of yet keeps the
    /// versions before it until it has come back: if somebody changed the entry meanwhile, only
    /// they tell whether the text was changed, which brings it back, or something else. Without a
    /// vault there is nobody to wait for.
    fn erase(&self, id: EntryId, place: Place) -> rusqlite::Result<()> {
        shelves::take_off(&self.tx, place)?;
        self.erase_soon(place)?;
        if self.has_vault()? && self.mark(&RowKey::entry(id))?.is_some() {
            return Ok(());
        }
        self.tx.prepare_cached("DELETE FROM revisions WHERE entry = ?1")?.execute([id.0])?;
        Ok(())
    }

    /// The first free place at a moment: behind those that came at the same millisecond.
    fn free_place(&self, moment: &Moment) -> rusqlite::Result<Place> {
        let sql = "SELECT max(place) FROM entries WHERE place >= ?1 AND place < ?2";
        let mut statement = self.tx.prepare_cached(sql)?;
        let mut place = Place::first_at(moment);
        loop {
            let ties = place.ties();
            let last: Option<i64> = statement.query_row([place.0, ties.end], |row| row.get(0))?;
            match last {
                None => return Ok(place),
                Some(last) if last + 1 < ties.end => return Ok(Place(last + 1)),
                // 16,384 of one millisecond: go on in the next one.
                Some(_) => place = Place(ties.end),
            }
        }
    }

    /// Adds an entry to (or, with -1, takes it from) what was written on its day.
    fn count(&self, row: &EntryRow, words: u32, sign: i64) -> rusqlite::Result<()> {
        if row.life != Life::Live {
            return Ok(());
        }
        let date = row.moment.date.to_string();
        let sql = "INSERT INTO days (date, journal, entries, words) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT (date, journal) DO UPDATE SET \
                   entries = entries + excluded.entries, words = words + excluded.words";
        let values = params![date, row.journal.0, sign, sign * i64::from(words)];
        self.tx.prepare_cached(sql)?.execute(values)?;
        if sign < 0 {
            let sql = "DELETE FROM days WHERE date = ?1 AND journal = ?2 AND entries <= 0";
            self.tx.prepare_cached(sql)?.execute(params![date, row.journal.0])?;
        }
        Ok(())
    }

    fn set_text_tags(&self, id: EntryId, old: &str, new: &str) -> rusqlite::Result<()> {
        let (old, new) = (text::tags(old), text::tags(new));
        if old == new {
            return Ok(());
        }
        self.tx.prepare_cached("DELETE FROM text_tags WHERE entry = ?1")?.execute([id.0])?;
        let sql = "INSERT OR IGNORE INTO text_tags (entry, tag, name) VALUES (?1, ?2, ?3)";
        let mut statement = self.tx.prepare_cached(sql)?;
        for name in new {
            statement.execute(params![id.0, text::tag_key(name), name])?;
        }
        Ok(())
    }

    pub(super) fn put_tag(&self, row: &TagRow, at: Stamp) -> rusqlite::Result<()> {
        let sql = "INSERT INTO entry_tags (entry, tag, name, deleted, modified_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (entry, tag) DO UPDATE SET \
                   name = excluded.name, deleted = excluded.deleted, \
                   modified_at = excluded.modified_at";
        let key = text::tag_key(&row.name);
        let values = params![row.entry.0, key, row.name, !row.on, at.to_string()];
        self.tx.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    pub(super) fn put_journal(&self, row: &JournalRow, at: Stamp) -> rusqlite::Result<()> {
        let sql = "INSERT INTO journals (id, name, colour, deleted, modified_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET \
                   name = excluded.name, colour = excluded.colour, deleted = excluded.deleted, \
                   modified_at = excluded.modified_at";
        let values = params![row.id.0, row.name, row.colour.name(), row.deleted, at.to_string()];
        self.tx.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// The journals that are there, by id.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn journals(&self) -> rusqlite::Result<Vec<JournalRow>> {
        super::read::journals(&self.tx)
    }

    /// The entries of a journal, whatever their life.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn entries_of(&self, journal: JournalId) -> rusqlite::Result<Vec<EntryId>> {
        let sql = "SELECT id FROM entries WHERE journal = ?1";
        let mut statement = self.tx.prepare_cached(sql)?;
        statement.query_map([journal.0], |row| Ok(EntryId(row.get(0)?)))?.collect()
    }

    /// The tags that an entry was given by hand.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn tags_of(&self, id: EntryId) -> rusqlite::Result<Vec<String>> {
        let sql = "SELECT name FROM entry_tags WHERE entry = ?1 AND deleted = 0";
        let mut statement = self.tx.prepare_cached(sql)?;
        statement.query_map([id.0], |row| row.get(0))?.collect()
    }

    /// The entries in the trash.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn trashed(&self) -> rusqlite::Result<Vec<EntryId>> {
        let mut statement = self.tx.prepare_cached("SELECT id FROM entries WHERE life = 1")?;
        statement.query_map([], |row| Ok(EntryId(row.get(0)?)))?.collect()
    }
}

/// An entry as it is stored, tombstones included.
pub(super) fn stored(conn: &Connection, id: EntryId) -> rusqlite::Result<Option<Stored>> {
    let sql = "SELECT place, journal, date, time, zone, instant, body, words, starred, life, \
               written_at, modified_at, mood, location, latitude, longitude \
               FROM entries WHERE id = ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Stored {
            place: Place(row.get(0)?),
            row: EntryRow {
                id,
                journal: JournalId(row.get(1)?),
                moment: super::read::moment(row, 2)?,
                body: row.get(6)?,
                starred: row.get(8)?,
                life: Life::of_code(row.get(9)?),
                mood: super::read::mood(row, 12)?,
                location: super::read::location(row, 13)?,
            },
            words: row.get(7)?,
            written_at: super::read::stamp(row, 10)?,
            modified_at: super::read::stamp(row, 11)?,
        })
    };
    statement.query_row([id.0], read).optional()
}

/// A location as it stands in its three columns.
fn location_columns(location: Option<&Location>) -> (Option<&str>, Option<i32>, Option<i32>) {
    let label = location.map(|location| location.label.as_str()).filter(|label| !label.is_empty());
    let point = location.and_then(|location| location.point);
    (label, point.map(Point::latitude), point.map(Point::longitude))
}
