//! The entries of a damaged file: those that are sound, and those that can be mended.

use super::super::check::{KEPT, is_sound};
use super::{insert, owned, readable};
use crate::change::Life;
use crate::clock::Clock;
use crate::id::{DeviceId, JournalId};
use crate::message::Place;
use crate::text;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, params, params_from_iter};

/// How many ranges are tried: a limit on time, reached only in a file of ruins.
const ATTEMPTS_MAX: u32 = 20_000;

/// The columns, beginning with the place.
pub(super) fn columns() -> &'static [&'static str] {
    KEPT[0].columns
}

/// Reads all entries that SQLite reaches; whether they are all there and sound. Those that are
/// not wait in a table of their own for [`mend`].
pub(super) fn read(old: &Connection, new: &Connection) -> rusqlite::Result<bool> {
    let selected = selected(old)?;
    let mut reader = Reader { old, new, selected, attempts: 0, whole: true };
    // No place is negative; halving would not come to an end on that side of zero.
    reader.range(0, i64::MAX)?;
    Ok(reader.whole)
}

/// The columns as they can be selected: a file of an earlier version has none of those that came
/// later.
fn selected(old: &Connection) -> rusqlite::Result<String> {
    let all = columns().join(", ");
    let sql = format!("SELECT {all} FROM entries LIMIT 0");
    if readable(old.prepare(&sql))?.is_some() {
        return Ok(all);
    }
    let (first, later) = columns().split_at(KEPT[0].grown.map_or(columns().len(), |(_, n)| n));
    let later = later.iter().map(|column| format!(", NULL AS {column}"));
    Ok(first.join(", ") + &later.collect::<String>())
}

struct Reader<'a> {
    old: &'a Connection,
    new: &'a Connection,
    selected: String,
    attempts: u32,
    whole: bool,
}

impl Reader<'_> {
    /// Reads the places from `first` to `last`, around whatever is broken.
    fn range(&mut self, first: i64, last: i64) -> rusqlite::Result<()> {
        self.attempts += 1;
        if first > last || self.attempts > ATTEMPTS_MAX {
            return Ok(());
        }
        let (front, whole) = self.pass(first, last, "ASC")?;
        if whole {
            return Ok(());
        }
        self.whole = false;
        let first = front.map_or(first, |place| place.saturating_add(1));
        let (back, _) = self.pass(first, last, "DESC")?;
        let last = back.map_or(last, |place| place.saturating_sub(1));
        if first >= last {
            return Ok(());
        }
        let middle = first.midpoint(last);
        self.range(first, middle)?;
        self.range(middle + 1, last)
    }

    /// One run through a range; the last place it read, and whether it came to the end.
    fn pass(&mut self, first: i64, last: i64, way: &str) -> rusqlite::Result<(Option<i64>, bool)> {
        let columns = &self.selected;
        let sql = format!(
            "SELECT {columns} FROM entries WHERE place >= ?1 AND place <= ?2 ORDER BY place {way}"
        );
        let statement = readable(self.old.prepare_cached(&sql))?;
        let Some(mut statement) = statement else { return Ok((None, false)) };
        let mut rows = statement.query([first, last])?;
        let mut reached = None;
        loop {
            match readable(rows.next())? {
                Some(None) => return Ok((reached, true)),
                None => return Ok((reached, false)),
                Some(Some(row)) => {
                    let values = (0..self::columns().len()).map(|i| row.get_ref(i));
                    let values = values.collect::<Result<Vec<_>, _>>()?;
                    reached = values[0].as_i64().ok().or(reached);
                    self.whole &= keep(self.new, &values)?;
                }
            }
        }
    }
}

/// Writes an entry, or, if it is not sound, sets it aside for [`mend`]; whether it was.
fn keep(new: &Connection, values: &[ValueRef<'_>]) -> rusqlite::Result<bool> {
    let sound = columns().iter().zip(values).all(|(column, value)| is_sound(column, *value));
    let values: Vec<Value> = values.iter().map(|value| owned(*value)).collect();
    if sound {
        insert(new, "entries", columns(), &values)?;
    } else {
        set_aside(new, &values)?;
    }
    Ok(sound)
}

/// Sets an entry aside, unless it is no entry, or there is one of its name already.
pub(super) fn set_aside(new: &Connection, values: &[Value]) -> rusqlite::Result<()> {
    let [Value::Integer(_), Value::Blob(id), _, _, _, _, _, Value::Text(_), ..] = values else {
        return Ok(());
    };
    let known = "SELECT count(*) FROM entries WHERE id = ?1";
    if id.len() != 16 || new.prepare_cached(known)?.query_row([id], |row| row.get(0))? {
        return Ok(());
    }
    new.execute_batch("CREATE TEMP TABLE IF NOT EXISTS aside AS SELECT * FROM entries WHERE 0")?;
    let marks = vec!["?"; columns().len()].join(", ");
    let sql = format!("INSERT INTO aside ({}) VALUES ({marks})", columns().join(", "));
    new.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(())
}

/// Brings in what was set aside: of each entry the newest version, with what is not sound in it
/// replaced by what is known or harmless.
pub(super) fn mend(new: &Connection) -> rusqlite::Result<()> {
    new.execute_batch("CREATE TEMP TABLE IF NOT EXISTS aside AS SELECT * FROM entries WHERE 0")?;
    let sql = format!(
        "SELECT {} FROM aside ORDER BY (modified_at GLOB '[0-9]*Z-*') DESC, modified_at DESC",
        columns().join(", ")
    );
    let mut statement = new.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut values = Vec::new();
        for (i, column) in columns().iter().enumerate() {
            let value = row.get_ref(i)?;
            let place = Place(row.get(0)?);
            let mended = (!is_sound(column, value)).then(|| substitute(column, place, row));
            values.push(mended.unwrap_or_else(|| owned(value)));
        }
        values[0] = free_place(new, row.get(0)?)?;
        insert(new, "entries", columns(), &values)?;
    }
    drop(rows);
    drop(statement);
    new.execute_batch("DROP TABLE temp.aside")
}

fn substitute(column: &str, place: Place, row: &rusqlite::Row<'_>) -> Value {
    let noon = || place.date().days_since_1970() * 86_400_000 + 43_200_000;
    match column {
        "journal" => Value::Blob(JournalId::FIRST.0.to_vec()),
        "date" => Value::Text(place.date().to_string()),
        "time" | "mood" | "location" | "latitude" | "longitude" => Value::Null,
        "zone" => Value::Text("UTC".into()),
        "instant" => Value::Integer(noon()),
        "words" => Value::Integer(text::words(&row.get::<_, String>(7).unwrap_or_default()).into()),
        "life" => Value::Integer(Life::Live.code()),
        "written_at" | "modified_at" => {
            Value::Text(Clock::new(DeviceId([0; 8])).last().to_string())
        }
        _ => Value::Integer(0),
    }
}

/// The place itself, or the next one that nobody has.
fn free_place(new: &Connection, place: i64) -> rusqlite::Result<Value> {
    let mut place = place.max(0);
    let taken = "SELECT count(*) FROM entries WHERE place = ?1";
    while new.prepare_cached(taken)?.query_row(params![place], |row| row.get(0))? {
        place += 1;
    }
    Ok(Value::Integer(place))
}
