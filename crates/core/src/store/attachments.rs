//! Photos and files of entries: the rows. Their bytes are the matter of `files`.

use super::read::{date, stamp};
use super::{Store, Writer};
use crate::change::{AttachmentRow, ChangedRow};
use crate::clock::Stamp;
use crate::date::{Date, Instant, Month};
use crate::id::{AttachmentId, EntryId, FileHash};
use crate::message::{Attachment, MonthCount, Picture, Place};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A row's columns, as [`read`] reads them.
const COLUMNS: &str = "a.id, a.entry, a.hash, a.thumb, a.name, a.media, a.bytes, a.width, \
                       a.height, a.added, a.caption, a.removed, a.modified_at";

/// Which of its bytes are on this device.
const HERE: &str = "EXISTS (SELECT 1 FROM files.contents WHERE hash = a.hash AND whole), \
                    EXISTS (SELECT 1 FROM files.contents WHERE hash = a.thumb AND whole)";

/// The pictures of the gallery, and the entries they belong to.
const PICTURES: &str = "FROM attachments a JOIN entries e ON e.id = a.entry \
                        WHERE a.removed = 0 AND e.life = 0 AND substr(a.media, 1, 6) = 'image/'";

impl Store {
    /// The attachments of an entry, in the order in which they came.
    ///
    /// # Errors
    /// If the database cannot be read; so for all of this file.
    pub fn attachments(&self, entry: EntryId) -> rusqlite::Result<Vec<Attachment>> {
        let sql = format!(
            "SELECT {COLUMNS}, {HERE} FROM attachments a WHERE a.entry = ?1 AND a.removed = 0 \
             ORDER BY a.added, a.id"
        );
        self.conn.prepare_cached(&sql)?.query_map([entry.0], shown)?.collect()
    }

    /// How many pictures each month has, newest month first.
    pub fn pictures_outline(&self) -> rusqlite::Result<Vec<MonthCount>> {
        let sql = format!(
            "SELECT substr(e.date, 1, 7) || '-01' AS month, count(*) {PICTURES} \
             GROUP BY month ORDER BY month DESC"
        );
        let count = |row: &Row<'_>| {
            let first: Date = date(row, 0)?;
            Ok(MonthCount { month: first.in_month(), entries: row.get(1)? })
        };
        self.conn.prepare_cached(&sql)?.query_map([], count)?.collect()
    }

    /// Pictures, those of the newest entry first, from the end of `month` on.
    pub fn pictures(&self, month: Month, skip: u32, limit: u32) -> rusqlite::Result<Vec<Picture>> {
        let sql = format!(
            "SELECT {COLUMNS}, {HERE}, e.date {PICTURES} AND e.place < ?1 \
             ORDER BY e.place DESC, a.added, a.id LIMIT ?2 OFFSET ?3"
        );
        let picture = |row: &Row<'_>| Ok(Picture { attachment: shown(row)?, date: date(row, 15)? });
        let values = params![Place::end_of(month).0, limit, skip];
        self.conn.prepare_cached(&sql)?.query_map(values, picture)?.collect()
    }
}

impl Writer<'_> {
    /// An attachment as it is stored, removed ones included.
    pub fn attachment(&self, id: AttachmentId) -> rusqlite::Result<Option<AttachmentRow>> {
        Ok(current(&self.tx, &id.0)?.map(|(_, row)| row))
    }

    /// The attachments of an entry that are not removed.
    pub fn attachments_of(&self, entry: EntryId) -> rusqlite::Result<Vec<AttachmentRow>> {
        let sql =
            format!("SELECT {COLUMNS} FROM attachments a WHERE a.entry = ?1 AND a.removed = 0");
        let rows = |row: &Row<'_>| Ok(read(row)?.1);
        self.tx.prepare_cached(&sql)?.query_map([entry.0], rows)?.collect()
    }

    pub(super) fn put_attachment(&self, row: &AttachmentRow, at: Stamp) -> rusqlite::Result<()> {
        let sql = "INSERT OR REPLACE INTO attachments (id, entry, hash, thumb, name, media, \
                   bytes, width, height, added, caption, removed, modified_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        self.tx.prepare_cached(sql)?.execute(params![
            row.id.0,
            row.entry.0,
            row.hash.0,
            row.thumb.map(|thumb| thumb.0),
            row.name,
            row.media,
            i64::try_from(row.bytes).unwrap_or(i64::MAX),
            row.width,
            row.height,
            row.added.0,
            row.caption,
            row.removed,
            at.to_string(),
        ])?;
        if !row.removed {
            // Somebody may have let the sequencer drop it meanwhile.
            let sql = "UPDATE files.contents SET sent = 0 WHERE sent AND hash IN (?1, ?2)";
            let values = params![row.hash.0, row.thumb.map(|thumb| thumb.0)];
            self.tx.prepare_cached(sql)?.execute(values)?;
        }
        Ok(())
    }
}

/// The stamp that a row carries now, if it is there.
pub(super) fn version(conn: &Connection, key: &[u8]) -> rusqlite::Result<Option<Stamp>> {
    let sql = "SELECT modified_at FROM attachments WHERE id = ?1";
    conn.prepare_cached(sql)?.query_row([key], |row| stamp(row, 0)).optional()
}

/// A row as it is now, with its stamp.
pub(super) fn current(
    conn: &Connection,
    key: &[u8],
) -> rusqlite::Result<Option<(Stamp, AttachmentRow)>> {
    let sql = format!("SELECT {COLUMNS} FROM attachments a WHERE a.id = ?1");
    conn.prepare_cached(&sql)?.query_row([key], read).optional()
}

/// The same, as what travels.
pub(super) fn travelling(
    conn: &Connection,
    key: &[u8],
) -> rusqlite::Result<Option<(Stamp, ChangedRow)>> {
    Ok(current(conn, key)?.map(|(stamp, row)| (stamp, ChangedRow::Attachment(row))))
}

fn read(row: &Row<'_>) -> rusqlite::Result<(Stamp, AttachmentRow)> {
    let attachment = AttachmentRow {
        id: AttachmentId(row.get(0)?),
        entry: EntryId(row.get(1)?),
        hash: FileHash(row.get(2)?),
        thumb: row.get::<_, Option<[u8; 32]>>(3)?.map(FileHash),
        name: row.get(4)?,
        media: row.get(5)?,
        bytes: row.get::<_, i64>(6)?.unsigned_abs(),
        width: row.get(7)?,
        height: row.get(8)?,
        added: Instant(row.get(9)?),
        caption: row.get(10)?,
        removed: row.get(11)?,
    };
    Ok((stamp(row, 12)?, attachment))
}

fn shown(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    let (_, read) = read(row)?;
    let (here, thumb_here) = (row.get(13)?, row.get(14)?);
    let AttachmentRow { id, entry, hash, thumb, name, media, bytes, width, height, .. } = read;
    let AttachmentRow { added, caption, .. } = read;
    Ok(Attachment {
        id,
        entry,
        hash,
        thumb,
        name,
        media,
        bytes,
        width,
        height,
        added,
        caption,
        here,
        thumb_here,
    })
}
