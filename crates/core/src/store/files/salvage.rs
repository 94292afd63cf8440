//! Saving what can be read of a damaged file of photos into the next one.
//!
//! Pieces are read from the front as far as it goes, then from the back. What is whole after that
//! is told by its hash, so nothing that is shown later can be half of a picture.

use super::{TABLES, VERSION, configure, name};
use crate::date::Instant;
use crate::id::FileHash;
use crate::schema;
use crate::store::salvage::readable;
use crate::store::{Folder, OpenError};
use rusqlite::{Connection, params};

/// Pieces that are written in one transaction: some megabytes.
const PIECES: usize = 64;

/// Reads the file of this number into the next, and attaches that.
pub(super) fn salvage(
    conn: &Connection,
    folder: &dyn Folder,
    number: u32,
) -> Result<(), OpenError> {
    let old = folder.open(&name(number))?;
    schema::open_to_read(&old)?;
    conn.execute("ATTACH ?1 AS files", [folder.path(&name(number + 1))])?;
    configure(conn)?;
    conn.execute_batch(TABLES)?;
    for way in ["ASC", "DESC"] {
        if copy(&old, conn, way)? {
            break;
        }
    }
    judge(conn)?;
    conn.execute_batch(&format!("PRAGMA files.user_version = {VERSION}"))?;
    Ok(())
}

/// Copies the pieces that can be read; whether it came to the end.
fn copy(old: &Connection, new: &Connection, way: &str) -> rusqlite::Result<bool> {
    let sql = format!("SELECT hash, number, bytes FROM pieces ORDER BY id {way}");
    let Some(mut statement) = readable(old.prepare(&sql))? else { return Ok(false) };
    let mut rows = statement.query([])?;
    loop {
        let tx = new.unchecked_transaction()?;
        for _ in 0..PIECES {
            match readable(rows.next())? {
                Some(Some(row)) => {
                    let piece = (|| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))();
                    let read: Option<([u8; 32], u32, Vec<u8>)> = readable(piece)?;
                    let Some((hash, number, bytes)) = read else { continue };
                    let sql = "INSERT OR IGNORE INTO files.pieces (hash, number, bytes) \
                               VALUES (?1, ?2, ?3)";
                    tx.prepare_cached(sql)?.execute(params![hash, number, bytes])?;
                }
                end => {
                    tx.commit()?;
                    return Ok(end.is_some());
                }
            }
        }
        tx.commit()?;
    }
}

/// Lists what is whole; what is not may come again, from the sequencer or by hand.
fn judge(conn: &Connection) -> rusqlite::Result<()> {
    let mut hashes = conn.prepare("SELECT DISTINCT hash FROM files.pieces")?;
    let hashes: Vec<[u8; 32]> =
        hashes.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for hash in hashes.into_iter().map(FileHash) {
        let (mut hasher, mut bytes, mut pieces) = (blake3::Hasher::new(), 0, 0);
        let sql = "SELECT bytes FROM files.pieces WHERE hash = ?1 ORDER BY number";
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query([hash.0])?;
        while let Some(row) = rows.next()? {
            let piece: Vec<u8> = row.get(0)?;
            hasher.update(&piece);
            bytes += i64::try_from(piece.len()).unwrap_or(0);
            pieces += 1;
        }
        drop(rows);
        if *hasher.finalize().as_bytes() == hash.0 {
            let sql = "INSERT INTO files.contents (hash, bytes, pieces, whole, since, sent) \
                       VALUES (?1, ?2, ?3, 1, ?4, 0)";
            conn.execute(sql, params![hash.0, bytes, pieces, Instant(0).0])?;
        } else {
            conn.execute("DELETE FROM files.pieces WHERE hash = ?1", [hash.0])?;
        }
    }
    Ok(())
}
