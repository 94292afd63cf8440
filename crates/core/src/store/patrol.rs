//! Looking through the whole file while the journal is in use: in slices so short that no save
//! waits for one. SQLite's own check takes a table in one go, however large it is.
//!
//! Every row of every table is read by its key and its values are looked at, then every index is
//! counted from end to end: a broken page is met on the way.

use super::check::{self, Table};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

/// Most rows of one slice.
const SLICE_ROWS: usize = 200;
/// Bytes after which a slice ends: some milliseconds of work.
const SLICE_BYTES: usize = 128 << 10;

/// How far the look through the file has come.
#[derive(Debug, Default)]
pub struct Patrol {
    /// Number of the table, by name.
    table: u32,
    stage: Stage,
}

/// How far it has come in the table.
#[derive(Debug)]
enum Stage {
    /// The rows after this key, or all.
    Rows { after: Vec<Value> },
    /// The index of this number.
    Index(u32),
}

impl Default for Stage {
    fn default() -> Self {
        Self::Rows { after: Vec::new() }
    }
}

impl Patrol {
    /// Looks at the next slice; whether there is more.
    pub(super) fn step(&mut self, conn: &Connection) -> rusqlite::Result<bool> {
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 \
                   ORDER BY name LIMIT 1 OFFSET ?1";
        let name: Option<String> =
            conn.query_row(sql, [self.table], |row| row.get(0)).optional()?;
        let Some(name) = name else { return Ok(false) };
        self.stage = match &self.stage {
            Stage::Rows { after } => match rows(conn, &name, after)? {
                Some(after) => Stage::Rows { after },
                None => Stage::Index(0),
            },
            Stage::Index(number) if count_index(conn, &name, *number)? => Stage::Index(number + 1),
            Stage::Index(_) => {
                self.table += 1;
                Stage::default()
            }
        };
        Ok(true)
    }
}

/// Reads the rows of a table after a key; the key of the last one, if there are more.
fn rows(conn: &Connection, name: &str, after: &[Value]) -> rusqlite::Result<Option<Vec<Value>>> {
    let known = check::table(name);
    let Some(Table { columns, key, .. }) = known.or_else(|| of_shelf(name)) else {
        return Ok(None);
    };
    let keys = columns[..*key].join(", ");
    let mut sql = format!("SELECT {} FROM {name}", columns.join(", "));
    if !after.is_empty() {
        let marks = vec!["?"; *key].join(", ");
        sql += &format!(" WHERE ({keys}) > ({marks})");
    }
    sql += &format!(" ORDER BY {keys} LIMIT {SLICE_ROWS}");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(after))?;
    let (mut count, mut bytes, mut last) = (0, 0, Vec::new());
    while let Some(row) = rows.next()? {
        if let Some(table) = known {
            check::check_row(table.name, table.columns, row)?;
        }
        for at in 0..columns.len() {
            bytes += row.get_ref(at)?.as_bytes_or_null().ok().flatten().map_or(8, <[u8]>::len);
        }
        count += 1;
        if count == SLICE_ROWS || bytes >= SLICE_BYTES {
            last = (0..*key).map(|at| row.get(at)).collect::<Result<_, _>>()?;
            break;
        }
    }
    Ok((!last.is_empty()).then_some(last))
}

/// The tables behind a shelf, as FTS5 makes them; what is in them is its own affair.
fn of_shelf(name: &str) -> Option<&'static Table> {
    const DATA: Table = check::table_of("", 3, 1, &["id", "block"]);
    const SIZES: Table = check::table_of("", 3, 1, &["id", "sz"]);
    const TERMS: Table = check::table_of("", 3, 2, &["segid", "term", "pgno"]);
    const CONFIG: Table = check::table_of("", 3, 1, &["k", "v"]);
    let (_, part) = name.rsplit_once('_')?;
    match part {
        "data" => Some(&DATA),
        "docsize" => Some(&SIZES),
        "idx" => Some(&TERMS),
        "config" => Some(&CONFIG),
        _ => None,
    }
}

/// Reads an index of a table from end to end; `false` if there is none of this number.
fn count_index(conn: &Connection, table: &str, number: u32) -> rusqlite::Result<bool> {
    let sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 \
               ORDER BY name LIMIT 1 OFFSET ?2";
    let found: Option<(String, Option<String>)> =
        conn.query_row(sql, (table, number), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((index, sql)) = found else { return Ok(false) };
    // The condition keeps SQLite from counting in another index that is shorter.
    let part = sql.as_deref().and_then(|sql| sql.split_once(" WHERE ")).map_or("1", |(_, p)| p);
    let sql = format!("SELECT count(*) FROM {table} INDEXED BY {index} WHERE {part}");
    conn.query_row(&sql, [], |_| Ok(()))?;
    Ok(true)
}
