//! What the machine can do at most: the databases and HTTP with nothing around them.

use crate::{COUNT, Figures, SINGLE, note, parts, rate, spread};
use axum::body::Bytes;
use rusqlite::Connection;
use std::time::Instant;
use thoughtstream_caller::Caller;
use thoughtstream_core::wire::SealedChange;
use tokio::net::TcpListener;
use tokio_postgres::NoTls;

/// Batches of a hundred and of a thousand, and single ones, each its own commit.
pub(crate) fn sqlite(payloads: &[SealedChange], figures: &mut Figures) -> anyhow::Result<()> {
    for size in [100, 1000] {
        let folder = tempfile::tempdir()?;
        let database = open(&folder.path().join("floor"))?;
        let began = Instant::now();
        for batch in payloads.chunks(size) {
            insert(&database, batch)?;
        }
        note(figures, &format!("floor sqlite push {size} (per s)"), rate(COUNT, began));
        let began = Instant::now();
        let mut read = database.prepare("SELECT row, stamp, sealed FROM changes ORDER BY place")?;
        let all = read.query_map([], |row| row.get::<_, Vec<u8>>(2))?;
        let count = all.collect::<Result<Vec<_>, _>>()?.len();
        note(figures, "floor sqlite read (per s)", rate(count, began));
    }
    let folder = tempfile::tempdir()?;
    let database = open(&folder.path().join("floor"))?;
    let mut times = Vec::new();
    for batch in payloads.chunks(1).take(SINGLE) {
        let began = Instant::now();
        insert(&database, batch)?;
        times.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    note(figures, "floor sqlite commit p50 (ms)", spread(times).0);
    Ok(())
}

fn open(path: &std::path::Path) -> anyhow::Result<Connection> {
    let database = Connection::open(path)?;
    database.execute_batch(
        "PRAGMA journal_mode = wal; PRAGMA synchronous = FULL;
        CREATE TABLE changes (place INTEGER PRIMARY KEY, row BLOB, stamp BLOB, sealed BLOB);",
    )?;
    Ok(database)
}

fn insert(database: &Connection, batch: &[SealedChange]) -> anyhow::Result<()> {
    let transaction = database.unchecked_transaction()?;
    let sql = "INSERT INTO changes (row, stamp, sealed) VALUES (?1, ?2, ?3)";
    for change in batch {
        database.prepare_cached(sql)?.execute(parts(change))?;
    }
    Ok(transaction.commit()?)
}

/// Binary arrays of a hundred and of a thousand, and single ones.
pub(crate) async fn postgres(
    url: &str,
    payloads: &[SealedChange],
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    drop(tokio::spawn(connection));
    let table = "CREATE TABLE floor (vault bigint, sequence bigint, row_id bytea, stamp bytea,
        sealed bytea, PRIMARY KEY (vault, sequence))";
    let insert = "INSERT INTO floor SELECT $1, $2 + place, row_id, stamp, sealed
        FROM UNNEST($3::bytea[], $4::bytea[], $5::bytea[]) WITH ORDINALITY
            AS new (row_id, stamp, sealed, place) ON CONFLICT DO NOTHING";
    client.batch_execute(table).await?;
    let statement = client.prepare(insert).await?;
    for (vault, size, count) in [(1_i64, 100, COUNT), (2, 1000, COUNT), (3, 1, SINGLE)] {
        let (began, mut times) = (Instant::now(), Vec::new());
        for (number, batch) in payloads.chunks(size).take(count / size).enumerate() {
            let from = (number * size) as i64;
            let rows: Vec<&[u8]> = batch.iter().map(|change| parts(change).0).collect();
            let stamps: Vec<Vec<u8>> =
                batch.iter().map(|change| parts(change).1.to_vec()).collect();
            let sealed: Vec<&[u8]> = batch.iter().map(|change| parts(change).2).collect();
            let one = Instant::now();
            client.execute(&statement, &[&vault, &from, &rows, &stamps, &sealed]).await?;
            times.push(one.elapsed().as_secs_f64() * 1000.0);
        }
        match size {
            1 => note(figures, "floor postgres commit p50 (ms)", spread(times).0),
            _ => note(figures, &format!("floor postgres push {size} (per s)"), rate(count, began)),
        }
    }
    let read = "SELECT row_id, stamp, sealed FROM floor WHERE vault = $1 ORDER BY sequence";
    let read = client.prepare(read).await?;
    for vault in [1_i64, 2] {
        let began = Instant::now();
        let rows = client.query(&read, &[&vault]).await?;
        let sealed: Vec<Vec<u8>> =
            rows.iter().map(|row| row.try_get(2)).collect::<Result<_, _>>()?;
        note(figures, "floor postgres read (per s)", rate(sealed.len(), began));
    }
    Ok(())
}

/// One payload there and back over HTTP.
pub(crate) async fn echo(payloads: &[SealedChange], figures: &mut Figures) -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = axum::Router::new().fallback(async |body: Bytes| body);
    let server = tokio::spawn(async { axum::serve(listener, router).await });
    let mut caller = Caller::new(address);
    let mut times = Vec::new();
    for change in payloads.iter().take(SINGLE) {
        let began = Instant::now();
        let sent = caller.send("POST", "/", change.sealed.clone()).await;
        sent.map_err(anyhow::Error::from_boxed)?;
        times.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    note(figures, "floor echo p50 (ms)", spread(times).0);
    server.abort();
    Ok(())
}
