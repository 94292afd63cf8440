//! Two versions of a journal, column by column, as an entry's.

use super::Columns;
use crate::change::JournalRow;

/// Merges two concurrent versions of one journal, of which `greater` has the greater stamp. `base`
/// is the version that both were made from; without it the greater one's columns stay.
#[must_use]
pub fn merge_journals(
    base: Option<&JournalRow>,
    lesser: &JournalRow,
    greater: &JournalRow,
) -> JournalRow {
    let mut columns = Columns { clash: false };
    // Named one by one: a new column has to be thought of here.
    let JournalRow { id, name, colour, deleted } = greater;
    JournalRow {
        id: *id,
        name: columns.pick(base.map(|row| &row.name), &lesser.name, name),
        colour: columns.pick(base.map(|row| &row.colour), &lesser.colour, colour),
        deleted: columns.pick(base.map(|row| &row.deleted), &lesser.deleted, deleted),
    }
}
