//! Rows by the names that they have in the outbox.

use super::{ATTACHMENT, ENTRY, JOURNAL, RowKey, TEMPLATE};
use crate::change::{ChangedRow, JournalRow, TagRow, TemplateRow};
use crate::clock::Stamp;
use crate::id::{EntryId, JournalId, TemplateId};
use crate::message::{Colour, Template};
use crate::store::{attachments, read, write};
use rusqlite::{Connection, OptionalExtension, Row};

/// All templates, those that were deleted too, for [`read_template`].
pub(in crate::store) const TEMPLATES: &str =
    "SELECT modified_at, id, name, body, deleted FROM templates";

/// The stamp that a row carries now, if it is there.
pub(in crate::store) fn version(
    conn: &Connection,
    key: &RowKey,
) -> rusqlite::Result<Option<Stamp>> {
    let read = |row: &Row<'_>| read::stamp(row, 0);
    let found = match key.kind {
        JOURNAL => {
            let sql = "SELECT modified_at FROM journals WHERE id = ?1";
            conn.prepare_cached(sql)?.query_row([&key.key], read)
        }
        ENTRY => {
            let sql = "SELECT modified_at FROM entries WHERE id = ?1";
            conn.prepare_cached(sql)?.query_row([&key.key], read)
        }
        TEMPLATE => {
            let sql = "SELECT modified_at FROM templates WHERE id = ?1";
            conn.prepare_cached(sql)?.query_row([&key.key], read)
        }
        ATTACHMENT => return attachments::version(conn, &key.key),
        _ => {
            let sql = "SELECT modified_at FROM entry_tags WHERE entry = ?1 AND tag = ?2";
            conn.prepare_cached(sql)?.query_row(tag_parts(&key.key), read)
        }
    };
    found.optional()
}

/// A row as it is now, with its stamp.
pub(in crate::store) fn current(
    conn: &Connection,
    key: &RowKey,
) -> rusqlite::Result<Option<(Stamp, ChangedRow)>> {
    match key.kind {
        JOURNAL => {
            let sql = "SELECT modified_at, id, name, colour, deleted FROM journals WHERE id = ?1";
            conn.prepare_cached(sql)?.query_row([&key.key], read_journal).optional()
        }
        ENTRY => {
            let Ok(id) = <[u8; 16]>::try_from(&key.key[..]) else { return Ok(None) };
            let stored = write::stored(conn, EntryId(id))?;
            Ok(stored.map(|stored| (stored.modified_at, ChangedRow::Entry(stored.row))))
        }
        TEMPLATE => {
            let sql = [TEMPLATES, " WHERE id = ?1"].concat();
            let read = |row: &Row<'_>| {
                read_template(row).map(|(stamp, row)| (stamp, ChangedRow::Template(row)))
            };
            conn.prepare_cached(&sql)?.query_row([&key.key], read).optional()
        }
        ATTACHMENT => attachments::travelling(conn, &key.key),
        _ => {
            let sql = "SELECT modified_at, entry, name, deleted FROM entry_tags \
                       WHERE entry = ?1 AND tag = ?2";
            conn.prepare_cached(sql)?.query_row(tag_parts(&key.key), read_tag).optional()
        }
    }
}

fn read_journal(row: &Row<'_>) -> rusqlite::Result<(Stamp, ChangedRow)> {
    let journal = JournalRow {
        id: JournalId(row.get(1)?),
        name: row.get(2)?,
        colour: Colour::named(&row.get::<_, String>(3)?),
        deleted: row.get(4)?,
    };
    Ok((read::stamp(row, 0)?, ChangedRow::Journal(journal)))
}

fn read_tag(row: &Row<'_>) -> rusqlite::Result<(Stamp, ChangedRow)> {
    let off: bool = row.get(3)?;
    let tag = TagRow { entry: EntryId(row.get(1)?), name: row.get(2)?, on: !off };
    Ok((read::stamp(row, 0)?, ChangedRow::Tag(tag)))
}

/// Reads the columns of [`TEMPLATES`].
pub(in crate::store) fn read_template(row: &Row<'_>) -> rusqlite::Result<(Stamp, TemplateRow)> {
    let (id, name, body) = (TemplateId(row.get(1)?), row.get(2)?, row.get(3)?);
    let template = Template { id, name, body };
    Ok((read::stamp(row, 0)?, TemplateRow { template, deleted: row.get(4)? }))
}

/// A tag's key: the entry, and the tag.
pub(super) fn tag_parts(key: &[u8]) -> (&[u8], String) {
    let (entry, tag) = key.split_at(key.len().min(16));
    (entry, String::from_utf8_lossy(tag).into_owned())
}
