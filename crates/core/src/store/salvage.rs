//! Saving what can be read of a damaged file into a new one beside it.
//!
//! Each table is read from the front as far as it goes, then from the back, then in halves of
//! what lies between, so that a broken page costs the rows on it and no others. Everything goes
//! into the new file in one transaction: a salvage that is cut off leaves an empty file, and is
//! done again at the next start.

use super::{Folder, Numbered, OpenError, Store};
use crate::message::Recovered;
use crate::schema;
use crate::text;
use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior, params_from_iter};

/// How many ranges are tried in one table: a limit on time, reached only in a file of ruins.
const ATTEMPTS_MAX: u32 = 20_000;

/// Columns of `entries` that every version has; the first is the key it is read by.
const ENTRY_COLUMNS: [&str; 13] = [
    "place", "id", "journal", "date", "time", "zone", "instant", "body", "words", "starred",
    "life", "written_at", "modified_at",
];

/// The tables without a row number, with their columns.
const OTHER_TABLES: [(&str, &[&str]); 4] = [
    ("journals", &["id", "name", "colour", "deleted", "modified_at"]),
    ("entry_tags", &["entry", "tag", "name", "deleted", "modified_at"]),
    ("revisions", &["entry", "modified_at", "body"]),
    ("meta", &["key", "value"]),
];

/// Reads a damaged file into the next one, and says what came of it.
pub(super) fn salvage(
    folder: &dyn Folder,
    damaged: Numbered,
) -> Result<(Store, Recovered), OpenError> {
    let old = folder.open(&damaged.name())?;
    // A connection of its own for the new file: nothing can write to the old one through it.
    let mut new = folder.open(&damaged.next().name())?;
    schema::examine(&new)?;
    schema::configure(&new)?;
    let tx = new.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in schema::STEPS {
        tx.execute_batch(step)?;
    }
    let mut entries = Entries { old: &old, new: &tx, saved: 0, attempts: 0 };
    entries.read(i64::MIN, i64::MAX)?;
    let saved = entries.saved;
    for (table, columns) in OTHER_TABLES {
        copy_table(&old, &tx, table, columns)?;
    }
    derive(&tx)?;
    tx.pragma_update(None, "application_id", schema::APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", schema::VERSION)?;
    tx.commit()?;
    Ok((Store { conn: new }, Recovered { entries: saved, aside: damaged.name() }))
}

struct Entries<'a> {
    old: &'a Connection,
    new: &'a Connection,
    saved: u32,
    attempts: u32,
}

impl Entries<'_> {
    /// Reads the places from `first` to `last`, around whatever is broken.
    fn read(&mut self, first: i64, last: i64) -> rusqlite::Result<()> {
        self.attempts += 1;
        if first > last || self.attempts > ATTEMPTS_MAX {
            return Ok(());
        }
        let (front, whole) = self.pass(first, last, "ASC")?;
        if whole {
            return Ok(());
        }
        let first = front.map_or(first, |place| place.saturating_add(1));
        let (back, _) = self.pass(first, last, "DESC")?;
        let last = back.map_or(last, |place| place.saturating_sub(1));
        if first >= last {
            return Ok(());
        }
        let middle = first.midpoint(last);
        self.read(first, middle)?;
        self.read(middle + 1, last)
    }

    /// One run through a range; the last place it read, and whether it came to the end.
    fn pass(&mut self, first: i64, last: i64, way: &str) -> rusqlite::Result<(Option<i64>, bool)> {
        let columns = ENTRY_COLUMNS.join(", ");
        let sql = format!(
            "SELECT {columns} FROM entries WHERE place >= ?1 AND place <= ?2 ORDER BY place {way}"
        );
        let Ok(mut statement) = self.old.prepare_cached(&sql) else { return Ok((None, false)) };
        let Ok(mut rows) = statement.query([first, last]) else { return Ok((None, false)) };
        let mut reached = None;
        loop {
            match rows.next() {
                Ok(None) => return Ok((reached, true)),
                Err(_) => return Ok((reached, false)),
                Ok(Some(row)) => {
                    let values: Vec<Value> =
                        (0..ENTRY_COLUMNS.len()).map_while(|i| row.get(i).ok()).collect();
                    if let Some(Value::Integer(place)) = values.first() {
                        reached = Some(*place);
                    }
                    self.saved += keep_entry(self.new, &values)?;
                }
            }
        }
    }
}

/// Writes an entry that is sound: its text is text and its columns are of their types.
fn keep_entry(new: &Connection, values: &[Value]) -> rusqlite::Result<u32> {
    use Value::{Blob, Integer, Null, Text};
    let sound = matches!(values, [
        Integer(_), Blob(id), Blob(journal), Text(_), Text(_) | Null, Text(_), Integer(_),
        Text(_), Integer(_), Integer(_), Integer(_), Text(_), Text(_),
    ] if id.len() == 16 && journal.len() == 16);
    if !sound {
        return Ok(0);
    }
    insert(new, "entries", &ENTRY_COLUMNS, values)
}

fn copy_table(
    old: &Connection,
    new: &Connection,
    table: &str,
    columns: &[&str],
) -> rusqlite::Result<()> {
    for way in ["ASC", "DESC"] {
        let sql =
            format!("SELECT {} FROM {table} ORDER BY {} {way}", columns.join(", "), columns[0]);
        let Ok(mut statement) = old.prepare(&sql) else { return Ok(()) };
        let Ok(mut rows) = statement.query([]) else { return Ok(()) };
        loop {
            match rows.next() {
                Ok(None) => return Ok(()),
                Err(_) => break,
                Ok(Some(row)) => {
                    let values: Vec<Value> =
                        (0..columns.len()).map_while(|i| row.get(i).ok()).collect();
                    if values.len() == columns.len() {
                        insert(new, table, columns, &values)?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn insert(
    new: &Connection,
    table: &str,
    columns: &[&str],
    values: &[Value],
) -> rusqlite::Result<u32> {
    let marks = vec!["?"; columns.len()].join(", ");
    let sql = format!("INSERT OR IGNORE INTO {table} ({}) VALUES ({marks})", columns.join(", "));
    let added = new.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(u32::from(added > 0))
}

/// Makes anew what follows from the rows: the days, the tags of the texts, and journals that
/// entries name but that could not be read.
fn derive(new: &Connection) -> rusqlite::Result<()> {
    new.execute_batch(
        "DELETE FROM days;
         INSERT INTO days (date, journal, entries, words)
         SELECT date, journal, count(*), sum(words) FROM entries WHERE life = 0
         GROUP BY date, journal;
         INSERT OR IGNORE INTO journals (id, name, colour, deleted, modified_at)
         SELECT journal, 'Recovered ' || substr(hex(journal), 1, 4), 'slate', 0, max(modified_at)
         FROM entries WHERE life <> 2 GROUP BY journal;",
    )?;
    let mut select = new.prepare("SELECT id, body FROM entries WHERE body LIKE '%#%'")?;
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
