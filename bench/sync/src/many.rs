//! Many at once: sixteen vaults that save single changes, with and without listeners, and two
//! thousand connections that never finish their headers.

use crate::ours::{failed, invite, save_times, start};
use crate::{Figures, LENGTH, NOW, note, parts, shares};
use anyhow::{Context, ensure};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;
use thoughtstream_caller::{Caller, Person, Process, changes, device};
use thoughtstream_core::id::Incarnation;
use thoughtstream_core::wire::{Body, Push, SealedChange};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_postgres::NoTls;

const VAULTS: u64 = 16;
/// Changes that each of them saves, one after the other.
const EACH: usize = 150;
/// Connections that say `GET / HTTP/1.1` and then a letter now and then.
const SLOW: usize = 2_000;

/// A device that is logged in, and what its pushes name.
struct Member {
    caller: Caller,
    incarnation: Incarnation,
}

/// Bare commits from as many connections, and the sequencer with and without listeners.
pub(crate) async fn vaults(
    program: &Path,
    url: &str,
    bare: &str,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    note(figures, "floor postgres 16 at once (per s)", commits(bare).await?);
    let folder = tempfile::tempdir()?;
    let running = start(program, folder.path(), Some(url), &[])?;
    for (name, listeners) in [("without listeners", false), ("with listeners", true)] {
        let mut members = Vec::new();
        let mut streams = Vec::new();
        for number in 0..VAULTS {
            let invitation = invite(program, folder.path(), Some(url))?;
            let seed = number + if listeners { 1000 } else { 2000 };
            let member = join(running.address, seed, invitation).await?;
            if listeners {
                let token = member.caller.token.context("no token")?;
                let listener = Caller::with(running.address, token);
                let mut stream = listener.live().await.map_err(failed)?;
                stream.until(0).await.map_err(failed)?;
                streams.push(tokio::spawn(async move { while stream.nudge().await.is_ok() {} }));
            }
            members.push(member);
        }
        let rate = all_at_once(members).await?;
        note(figures, &format!("ours postgres 16 at once, {name} (per s)"), rate);
        streams.iter().for_each(tokio::task::JoinHandle::abort);
    }
    Ok(())
}

async fn join(address: SocketAddr, seed: u64, invitation: Vec<u8>) -> anyhow::Result<Member> {
    let person = Person::new(seed, &[device(1)]);
    let mut caller = Caller::new(address);
    let created = caller.create(&person, invitation).await.map_err(failed)?;
    let incarnation = created.map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?.incarnation;
    caller.log_in(&person, device(1)).await.map_err(failed)?.ok().context("no token")?;
    Ok(Member { caller, incarnation })
}

async fn all_at_once(members: Vec<Member>) -> anyhow::Result<f64> {
    let mut tasks = JoinSet::new();
    let began = Instant::now();
    for mut member in members {
        tasks.spawn(async move {
            for change in changes(device(1), NOW, 0, EACH as u64, LENGTH) {
                let push = Push { incarnation: member.incarnation, changes: vec![change] };
                let reply = member.caller.send("POST", "/v1/push", push.encode()).await;
                let reply = reply.map_err(failed)?;
                ensure!(reply.status == 200, "a push was refused: {:?}", reply.code());
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(crate::rate(VAULTS as usize * EACH, began))
}

/// The same changes, each an `INSERT` of its own, from as many connections.
async fn commits(url: &str) -> anyhow::Result<f64> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    drop(tokio::spawn(connection));
    client
        .batch_execute(
            "CREATE TABLE IF NOT EXISTS bare (vault bigint, sequence bigint, row_id bytea,
            stamp bytea, sealed bytea, PRIMARY KEY (vault, sequence)); TRUNCATE bare",
        )
        .await?;
    let mut connections = Vec::new();
    for _ in 0..VAULTS {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        drop(tokio::spawn(connection));
        let statement = client.prepare("INSERT INTO bare VALUES ($1, $2, $3, $4, $5)").await?;
        connections.push((client, statement));
    }
    let all: Vec<SealedChange> = changes(device(1), NOW, 0, EACH as u64, LENGTH);
    let mut tasks = JoinSet::new();
    let began = Instant::now();
    for (vault, (client, statement)) in (0_i64..).zip(connections) {
        let all = all.clone();
        tasks.spawn(async move {
            for (sequence, change) in (0_i64..).zip(&all) {
                let (row, stamp, sealed) = parts(change);
                client
                    .execute(&statement, &[&vault, &sequence, &row, &stamp.to_vec(), &sealed])
                    .await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(crate::rate(VAULTS as usize * EACH, began))
}

/// How long others wait while so many connections dawdle.
pub(crate) async fn slow_headers(program: &Path, figures: &mut Figures) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let many = (SLOW + 100).to_string();
    let flags = ["--connections-per-address", &many, "--rate-vault", &many];
    let running = start(program, folder.path(), None, &flags)?;
    let invitation = invite(program, folder.path(), None)?;
    let mut member = join(running.address, 1, invitation).await?;
    let mut round =
        async |from: u64| save_times(&mut member.caller, member.incarnation, device(1), from).await;
    let alone = p99(round(0).await?);
    let dawdlers = dawdle(&running).await?;
    let beside = p99(round(1).await?);
    note(figures, "ours sqlite one save p99, alone (ms)", alone);
    note(figures, "ours sqlite one save p99, beside 2,000 slow headers (ms)", beside);
    drop(dawdlers);
    Ok(())
}

async fn dawdle(running: &Process) -> anyhow::Result<Vec<TcpStream>> {
    let mut streams = Vec::with_capacity(SLOW);
    for _ in 0..SLOW {
        let mut stream = TcpStream::connect(running.address).await?;
        stream.write_all(b"GET /v1/limits HTTP/1.1\r\nhost: localhost\r\nx-slow: ").await?;
        streams.push(stream);
    }
    Ok(streams)
}

fn p99(times: Vec<f64>) -> f64 {
    let [p99] = shares(times, [0.99]);
    p99
}
