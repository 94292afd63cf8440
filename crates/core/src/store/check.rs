//! Looking for damage: SQLite's own check of the file's structure, then whether every value can be
//! what its column holds. A flipped bit in the middle of a date breaks no page, but it would fail
//! every list that shows the day.

use crate::clock::Stamp;
use crate::date::{Date, Time};
use crate::message::Point;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, ffi};
use std::str::FromStr;

/// A table, the version with which it came, and its columns.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) since: u32,
    /// How many of the columns, from the first, are its key.
    pub(super) key: usize,
    pub(super) columns: &'static [&'static str],
    /// The version that added columns, and how many there were before it.
    pub(super) grown: Option<(u32, usize)>,
}

impl Table {
    /// The columns that it has in a file of this version.
    fn columns_in(&self, version: u32) -> &'static [&'static str] {
        match self.grown {
            Some((since, before)) if version < since => &self.columns[..before],
            _ => self.columns,
        }
    }
}

/// What cannot be made again from something else.
pub(super) const KEPT: [Table; 7] = [
    Table {
        name: "entries",
        since: 1,
        key: 1,
        columns: &[
            "place",
            "id",
            "journal",
            "date",
            "time",
            "zone",
            "instant",
            "body",
            "words",
            "starred",
            "life",
            "written_at",
            "modified_at",
            "mood",
            "location",
            "latitude",
            "longitude",
        ],
        grown: Some((6, 13)),
    },
    table_of("journals", 1, 1, &["id", "name", "colour", "deleted", "modified_at"]),
    table_of("entry_tags", 1, 2, &["entry", "tag", "name", "deleted", "modified_at"]),
    table_of("revisions", 1, 2, &["entry", "modified_at", "body"]),
    table_of("meta", 1, 1, &["key", "value"]),
    table_of("templates", 6, 1, &["id", "name", "body", "deleted", "modified_at"]),
    table_of(
        "attachments",
        7,
        1,
        &[
            "id",
            "entry",
            "hash",
            "thumb",
            "name",
            "media",
            "bytes",
            "width",
            "height",
            "added",
            "caption",
            "removed",
            "modified_at",
        ],
    ),
];

/// What is derived from the entries, or made again with the sequencer's help.
const DERIVED: [Table; 6] = [
    table_of("text_tags", 1, 2, &["entry", "tag", "name"]),
    table_of("days", 2, 2, &["date", "journal", "entries", "words"]),
    table_of("shelves", 3, 1, &["year"]),
    table_of("unindexed", 4, 1, &["place"]),
    table_of("outbox", 5, 2, &["kind", "key", "base", "other", "sent"]),
    table_of("later", 5, 2, &["row", "stamp", "sealed"]),
];

/// A table whose columns are those it came with.
pub(super) const fn table_of(
    name: &'static str,
    since: u32,
    key: usize,
    columns: &'static [&'static str],
) -> Table {
    Table { name, since, key, columns, grown: None }
}

/// Looks through a whole file of this version.
pub(super) fn check(conn: &Connection, version: u32) -> rusqlite::Result<()> {
    quick_check(conn)?;
    for table in KEPT.iter().chain(&DERIVED).filter(|table| table.since <= version) {
        check_values(conn, table, table.columns_in(version))?;
    }
    Ok(())
}

/// What is known of the table of this name.
pub(super) fn table(name: &str) -> Option<&'static Table> {
    KEPT.iter().chain(&DERIVED).find(|table| table.name == name)
}

/// `PRAGMA quick_check`, its complaint turned into the error that it is.
fn quick_check(conn: &Connection) -> rusqlite::Result<()> {
    // A page that could not be read for a moment is not a broken page: it is looked at twice, and
    // a disk that goes on refusing to read it is a trouble of its own.
    let mut verdict = String::new();
    for _ in 0..2 {
        verdict = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if verdict == "ok" {
            return Ok(());
        }
    }
    let code = verdict.split_once("error code=").and_then(|(_, code)| {
        code.split(|c: char| !c.is_ascii_digit()).next()?.parse::<i32>().ok()
    });
    let refused = code.filter(|code| code & 0xff == ffi::SQLITE_IOERR);
    Err(sqlite_error(refused.unwrap_or(ffi::SQLITE_CORRUPT), verdict))
}

/// A complaint of SQLite's own check, as the error that it is.
pub(super) fn damage(verdict: String) -> rusqlite::Error {
    sqlite_error(ffi::SQLITE_CORRUPT, verdict)
}

fn check_values(conn: &Connection, table: &Table, columns: &[&str]) -> rusqlite::Result<()> {
    let sql = format!("SELECT {} FROM {}", columns.join(", "), table.name);
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        check_row(table.name, columns, row)?;
    }
    Ok(())
}

/// Looks at the values of one row of a table, read in the order of these columns.
pub(super) fn check_row(name: &str, columns: &[&str], row: &Row<'_>) -> rusqlite::Result<()> {
    for (i, column) in columns.iter().enumerate() {
        if !is_sound(column, row.get_ref(i)?) {
            let what = format!("a {column} of {name} cannot be read");
            return Err(sqlite_error(ffi::SQLITE_CORRUPT, what));
        }
    }
    Ok(())
}

/// Whether a value can be what the column of this name holds.
pub(super) fn is_sound(column: &str, value: ValueRef<'_>) -> bool {
    use ValueRef::{Blob, Integer, Null, Text};
    match (column, value) {
        ("id" | "journal" | "entry", Blob(id)) => id.len() == 16,
        ("date", Text(text)) => reads::<Date>(text),
        ("time", Text(text)) => reads::<Time>(text),
        ("time", Null) => true,
        ("written_at" | "modified_at", Text(text)) => reads::<Stamp>(text),
        ("zone" | "body" | "name" | "tag" | "colour" | "key" | "media" | "caption", Text(text)) => {
            std::str::from_utf8(text).is_ok()
        }
        ("hash" | "thumb", Blob(hash)) => hash.len() == 32,
        ("thumb", Null) => true,
        ("bytes", Integer(count)) => count >= 0,
        ("width" | "height", Integer(length)) => u32::try_from(length).is_ok(),
        ("place", Integer(place)) => place >= 0,
        ("words" | "entries", Integer(count)) => u32::try_from(count).is_ok(),
        ("starred" | "deleted" | "removed", Integer(flag)) => flag == 0 || flag == 1,
        ("life", Integer(life)) => (0..=2).contains(&life),
        ("instant" | "year" | "added", Integer(_)) => true,
        ("value", Integer(_) | Blob(_)) => true,
        ("mood" | "location" | "latitude" | "longitude", Null) => true,
        ("mood", Integer(mood)) => (1..=5).contains(&mood),
        ("location", Text(text)) => std::str::from_utf8(text).is_ok(),
        ("latitude", Integer(parts)) => Point::new(parts, 0).is_some(),
        ("longitude", Integer(parts)) => Point::new(0, parts).is_some(),
        ("kind", Integer(kind)) => (0..=4).contains(&kind),
        ("key" | "sealed", Blob(_)) => true,
        ("row", Blob(id)) => id.len() == 16,
        ("base" | "other" | "sent", Null) => true,
        ("base" | "other" | "sent" | "stamp", Text(text)) => reads::<Stamp>(text),
        ("value", Text(text)) => std::str::from_utf8(text).is_ok(),
        _ => false,
    }
}

fn reads<T: FromStr>(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.parse::<T>().is_ok())
}

fn sqlite_error(code: i32, what: String) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), Some(what))
}
