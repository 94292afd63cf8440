//! Saving what can be read of a damaged file into a new one beside it.
//!
//! Entries are read through SQLite, from the front as far as it goes, then from the back, then in
//! halves of what lies between, so that a broken page costs the rows on it and no others. What it
//! cannot reach any more, because the way to it is broken, is looked for page by page beneath it.
//! Everything goes into the new file in one transaction: a salvage that is cut off leaves an
//! empty file, and is done again at the next start. The damaged file is only read.

mod entries;
mod raw;

use super::check::{KEPT, Table, is_sound};
use super::{Folder, Numbered, OpenError, Store, outbox};
use crate::message::Recovered;
use crate::schema;
use crate::text;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, TransactionBehavior, params_from_iter};
use std::collections::BTreeSet;

/// Reads a damaged file into the next one, and says what came of it.
pub(super) fn salvage(
    folder: &dyn Folder,
    damaged: Numbered,
) -> Result<(Store, Recovered), OpenError> {
    let aside = damaged.name();
    let mut new = folder.open(&damaged.next().name())?;
    schema::configure(&new)?;
    let tx = new.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in schema::STEPS {
        tx.execute_batch(step)?;
    }
    let whole = {
        let old = folder.open(&aside)?;
        schema::open_to_read(&old)?;
        let any = "SELECT count(*) FROM sqlite_schema";
        let any = readable(old.query_row(any, [], |_| Ok(())))?.is_some();
        for table in KEPT.iter().filter(|table| any && table.name != "entries") {
            copy_table(&old, &tx, table)?;
        }
        any && entries::read(&old, &tx)?
    };
    if !whole {
        raw::read(folder, &aside, &tx)?;
        entries::mend(&tx)?;
    }
    derive(&tx)?;
    let sql = "SELECT count(*) FROM entries WHERE life <> 2";
    let entries = tx.query_row(sql, [], |row| row.get(0))?;
    schema::sign(&tx)?;
    tx.commit()?;
    Ok((
        Store { conn: new, synced: false, in_flight: BTreeSet::new(), files_to_make: None },
        Recovered { entries, aside },
    ))
}

/// Copies the sound rows of a table, from the front and from the back.
fn copy_table(old: &Connection, new: &Connection, table: &Table) -> rusqlite::Result<()> {
    let Table { name, columns, .. } = table;
    for way in ["ASC", "DESC"] {
        let sql =
            format!("SELECT {} FROM {name} ORDER BY {} {way}", columns.join(", "), columns[0]);
        let Some(mut statement) = readable(old.prepare(&sql))? else { return Ok(()) };
        let mut rows = statement.query([])?;
        loop {
            match readable(rows.next())? {
                Some(None) => return Ok(()),
                None => break,
                Some(Some(row)) => {
                    let sound = |(i, column): (usize, &&str)| {
                        let value = row.get_ref(i).ok()?;
                        is_sound(column, value).then(|| owned(value))
                    };
                    let values: Option<Vec<Value>> =
                        columns.iter().enumerate().map(sound).collect();
                    if let Some(values) = values {
                        insert(new, name, columns, &values)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// What could be read of the damaged file; `None` where it is broken.
///
/// # Errors
/// If it is the disk that has trouble: the salvage is then done again another time.
pub(super) fn readable<T>(read: rusqlite::Result<T>) -> rusqlite::Result<Option<T>> {
    use rusqlite::ErrorCode::{CannotOpen, DiskFull, SystemIoFailure};
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) => match error.sqlite_error_code() {
            Some(CannotOpen | DiskFull | SystemIoFailure) => Err(error),
            _ => Ok(None),
        },
    }
}

/// A value of its own; bytes that are no text any more show as `�` among those that are.
fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}

fn insert(
    new: &Connection,
    table: &str,
    columns: &[&str],
    values: &[Value],
) -> rusqlite::Result<()> {
    let marks = vec!["?"; columns.len()].join(", ");
    let sql = format!("INSERT OR IGNORE INTO {table} ({}) VALUES ({marks})", columns.join(", "));
    new.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(())
}

/// Makes anew what follows from the rows: the days, the tags of the texts, journals that entries
/// name but that could not be read, and a clock that is behind none of them.
fn derive(new: &Connection) -> rusqlite::Result<()> {
    new.execute_batch(
        "DELETE FROM days;
         INSERT INTO days (date, journal, entries, words)
         SELECT date, journal, count(*), sum(words) FROM entries WHERE life = 0
         GROUP BY date, journal;
         INSERT INTO unindexed (place) SELECT place FROM entries WHERE life <> 2;
         INSERT OR IGNORE INTO journals (id, name, colour, deleted, modified_at)
         SELECT journal, 'Recovered ' || substr(hex(journal), 1, 4), 'slate', 0, max(modified_at)
         FROM entries WHERE life <> 2 GROUP BY journal;
         UPDATE journals SET deleted = 0
         WHERE id IN (SELECT journal FROM entries WHERE life <> 2);
         INSERT INTO meta (key, value) SELECT 'clock', max(modified_at) FROM entries
         WHERE true HAVING count(*) > 0
         ON CONFLICT (key) DO UPDATE SET value = max(value, excluded.value);",
    )?;
    offer_again(new)?;
    let mut select = new.prepare("SELECT id, body FROM entries WHERE instr(body, '#')")?;
    let sql = "INSERT OR IGNORE INTO text_tags (entry, tag, name) VALUES (?1, ?2, ?3)";
    let mut tag = new.prepare(sql)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
        for name in text::tags(&body) {
            tag.execute((&id, text::tag_key(name), name))?;
        }
    }
    Ok(())
}

/// What waited to be sent is not known any more: everything is offered to the vault again, and its
/// log is read from the start, which brings back what could not be read here.
fn offer_again(new: &Connection) -> rusqlite::Result<()> {
    let sql = "SELECT count(*) FROM meta WHERE key = 'vault'";
    if new.query_row(sql, [], |row| row.get(0))? {
        new.execute_batch("DELETE FROM meta WHERE key = 'cursor'")?;
        outbox::offer_all(new)?;
    }
    Ok(())
}
