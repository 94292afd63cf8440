//! The columns of a photo or file.

use super::{id, mark, number, number_cell, text_cell};
use crate::change::AttachmentRow;
use crate::date::Instant;
use crate::id::{AttachmentId, EntryId, FileHash};
use crate::seal::SealError;
use crate::seal::bytes::{unzigzag, zigzag};
use crate::wire::{Reader, put_bytes};

/// Writes all but the first column, which every row begins with.
pub(super) fn put(row: &AttachmentRow, columns: &mut Vec<u8>, texts: &mut Vec<u8>) {
    put_bytes(columns, &row.entry.0);
    put_bytes(columns, &row.hash.0);
    put_bytes(columns, row.thumb.as_ref().map_or(&[], |thumb| &thumb.0[..]));
    for count in [row.bytes, row.width.into(), row.height.into(), zigzag(row.added.0)] {
        put_bytes(columns, &number(count));
    }
    put_bytes(columns, &[u8::from(row.removed)]);
    for text in [&row.name, &row.media, &row.caption] {
        put_bytes(texts, text.as_bytes());
    }
}

/// Reads what [`put`] wrote.
pub(super) fn read(
    columns: &mut Reader<'_>,
    texts: &mut Reader<'_>,
) -> Result<AttachmentRow, SealError> {
    Ok(AttachmentRow {
        id: AttachmentId(id(columns)?),
        entry: EntryId(id(columns)?),
        hash: hash(columns)?.ok_or_else(|| columns.damaged())?,
        thumb: hash(columns)?,
        bytes: number_cell(columns)?,
        width: short(columns)?,
        height: short(columns)?,
        added: Instant(unzigzag(number_cell(columns)?)),
        removed: mark(columns)?,
        name: text_cell(texts)?,
        media: text_cell(texts)?,
        caption: text_cell(texts)?,
    })
}

/// A file's hash, or nothing.
fn hash(columns: &mut Reader<'_>) -> Result<Option<FileHash>, SealError> {
    match columns.bytes()? {
        [] => Ok(None),
        bytes => bytes.try_into().map(|hash| Some(FileHash(hash))).map_err(|_| columns.damaged()),
    }
}

fn short(columns: &mut Reader<'_>) -> Result<u32, SealError> {
    u32::try_from(number_cell(columns)?).map_err(|_| columns.damaged())
}
