//! The columns of an entry that came with version 2: how the writer was, and where.

use super::text_cell;
use crate::change::EntryRow;
use crate::message::{Location, Mood, Point};
use crate::seal::SealError;
use crate::seal::bytes::{unzigzag, zigzag};
use crate::wire::{Reader, put_bytes, put_varint};

/// Whether an entry has anything in the columns that came with version 2.
pub(super) fn is_in(row: &EntryRow) -> bool {
    row.mood.is_some() || row.location.is_some()
}

/// Writes them, behind what came with version 1.
pub(super) fn put(row: &EntryRow, columns: &mut Vec<u8>, texts: &mut Vec<u8>) {
    let mood = row.mood.map(|mood| vec![mood.code()]);
    put_bytes(columns, &mood.unwrap_or_default());
    let location = row.location.as_ref();
    let mut point = Vec::new();
    if let Some(there) = location.and_then(|location| location.point) {
        put_varint(&mut point, zigzag(there.latitude().into()));
        put_varint(&mut point, zigzag(there.longitude().into()));
    }
    put_bytes(columns, &point);
    put_bytes(texts, location.map_or("", |location| &location.label).as_bytes());
}

/// Reads them.
pub(super) fn read(
    columns: &mut Reader<'_>,
    texts: &mut Reader<'_>,
) -> Result<(Option<Mood>, Option<Location>), SealError> {
    Ok((mood(columns)?, location(columns, texts)?))
}

fn mood(columns: &mut Reader<'_>) -> Result<Option<Mood>, SealError> {
    match columns.bytes()? {
        [] => Ok(None),
        [code] => Mood::of_code((*code).into()).map(Some).ok_or_else(|| columns.damaged()),
        _ => Err(columns.damaged()),
    }
}

fn location(
    columns: &mut Reader<'_>,
    texts: &mut Reader<'_>,
) -> Result<Option<Location>, SealError> {
    let point = match columns.bytes()? {
        [] => None,
        bytes => {
            let mut reader = Reader::new(bytes, "point in a row");
            let (latitude, longitude) = (unzigzag(reader.varint()?), unzigzag(reader.varint()?));
            reader.end()?;
            Some(Point::new(latitude, longitude).ok_or_else(|| columns.damaged())?)
        }
    };
    let label = text_cell(texts)?;
    let location = Location::new(&label, point);
    // A label that is not as it is kept would come out as another.
    match &location {
        Some(location) if location.label != label => Err(texts.damaged()),
        None if !label.is_empty() => Err(texts.damaged()),
        _ => Ok(location),
    }
}
