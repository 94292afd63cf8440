//! The sequencer itself: the built program, reached as a device reaches it.

use crate::{COUNT, Figures, LENGTH, NOW, SINGLE, note, rate, spread};
use anyhow::{Context, ensure};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use thoughtstream_caller::{Caller, Failure, Person, Process, changes, device, invited};
use thoughtstream_core::id::{Chain, DeviceId, Incarnation};
use thoughtstream_core::wire::{Body, Cursor, Pull, Push, SealedChange};

/// Devices that listen at once, ten fewer to leave room for the one that logs in.
const IDLE: usize = 10_010;

pub(crate) fn failed(error: Failure) -> anyhow::Error {
    anyhow::Error::from_boxed(error)
}

/// Pushes, pulls and single saves on one database, called `name` in the figures.
pub(crate) async fn measure(
    program: &Path,
    url: Option<String>,
    name: &str,
    payloads: &[SealedChange],
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let running = start(program, folder.path(), url.as_deref(), &[])?;
    let embedded = url.is_none();
    for (number, size) in [100, 1000].into_iter().enumerate() {
        let invitation = invite(program, folder.path(), url.as_deref())?;
        let person = Person::new(number as u64, &[device(1), device(2)]);
        let mut caller = Caller::new(running.address);
        let created = caller.create(&person, invitation).await.map_err(failed)?;
        let incarnation = created.map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?.incarnation;
        caller.log_in(&person, device(1)).await.map_err(failed)?.ok().context("no token")?;
        let size_before = stored(folder.path());
        push(&mut caller, incarnation, payloads, size, name, figures).await?;
        if embedded {
            let megabytes = (stored(folder.path()) - size_before) as f64 / 1e6;
            note(
                figures,
                &format!("ours {name} store per 10,000 with the log beside it (MB)"),
                megabytes,
            );
        }
        pull(&mut caller, name, figures).await?;
        if size == 1000 {
            save(&mut caller, incarnation, name, figures).await?;
        }
    }
    note(figures, &format!("ours {name} memory after (MB)"), memory(running.id())?);
    Ok(())
}

/// Memory with ten thousand devices that listen and hear nothing.
pub(crate) async fn idle(program: &Path, figures: &mut Figures) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let many = IDLE.to_string();
    let flags =
        ["--connections-per-address", &many, "--rate-address", &many, "--rate-vault", &many];
    let running = start(program, folder.path(), None, &flags)?;
    let person = Person::new(1, &[device(1)]);
    let mut caller = Caller::new(running.address);
    let invitation = invite(program, folder.path(), None)?;
    caller.create(&person, invitation).await.map_err(failed)?.ok().context("no vault")?;
    caller.log_in(&person, device(1)).await.map_err(failed)?.ok().context("no token")?;
    let token = caller.token.context("no token")?;
    let mut streams = Vec::new();
    for _ in 0..IDLE - 10 {
        let mut stream = Caller::with(running.address, token).live().await.map_err(failed)?;
        stream.until(0).await.map_err(failed)?;
        streams.push(stream);
    }
    note(figures, "ours memory with 10,000 idle (MB)", memory(running.id())?);
    Ok(())
}

async fn push(
    caller: &mut Caller,
    incarnation: Incarnation,
    payloads: &[SealedChange],
    size: usize,
    name: &str,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let bodies: Vec<Vec<u8>> = payloads
        .chunks(size)
        .map(|batch| Push { incarnation, changes: batch.to_vec() }.encode())
        .collect();
    let sent: usize = bodies.iter().map(Vec::len).sum();
    let began = Instant::now();
    for body in bodies {
        let reply = caller.send("POST", "/v1/push", body).await.map_err(failed)?;
        ensure!(reply.status == 200, "a push was refused: {:?}", reply.code());
    }
    note(figures, &format!("ours {name} push {size} (per s)"), rate(COUNT, began));
    let ratio = sent as f64 / (COUNT * LENGTH) as f64;
    note(figures, &format!("ours bytes on the wire, pages of {size} (x sealed)"), ratio);
    Ok(())
}

/// A fresh client: everything in memory, parsed, and its chain checked.
async fn pull(caller: &mut Caller, name: &str, figures: &mut Figures) -> anyhow::Result<()> {
    let began = Instant::now();
    let (mut cursor, mut all) = (Cursor::START, Vec::new());
    while all.len() < COUNT {
        let page = caller.pull(&Pull { cursor, bytes: None }).await.map_err(failed)?;
        let page = page.map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
        cursor = page.next();
        all.extend(page.changes);
    }
    note(figures, &format!("ours {name} pull (per s)"), rate(COUNT, began));
    ensure!(Chain::START.over(&all) == cursor.chain, "another chain than was pulled");
    Ok(())
}

async fn save(
    caller: &mut Caller,
    incarnation: Incarnation,
    name: &str,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let times = save_times(caller, incarnation, device(2), 0).await?;
    note(figures, &format!("ours {name} one save p50 (ms)"), spread(times).0);
    Ok(())
}

/// How long each of a row of single saves takes, in milliseconds; `round` makes them others than
/// those of another round.
pub(crate) async fn save_times(
    caller: &mut Caller,
    incarnation: Incarnation,
    of: DeviceId,
    round: u64,
) -> anyhow::Result<Vec<f64>> {
    let mut times = Vec::new();
    for change in changes(of, NOW, round * SINGLE as u64, SINGLE as u64, LENGTH) {
        let body = Push { incarnation, changes: vec![change] }.encode();
        let began = Instant::now();
        let reply = caller.send("POST", "/v1/push", body).await.map_err(failed)?;
        times.push(began.elapsed().as_secs_f64() * 1000.0);
        ensure!(reply.status == 200, "a push was refused: {:?}", reply.code());
    }
    Ok(times)
}

pub(crate) fn start(
    program: &Path,
    data: &Path,
    url: Option<&str>,
    flags: &[&str],
) -> anyhow::Result<Process> {
    let mut command = Command::new(program);
    command.args(["--listen", "127.0.0.1:0", "--log", "error"]).args(flags);
    command.arg("--data").arg(data);
    command.args(url.into_iter().flat_map(|url| ["--database-url", url]));
    Process::start(command, &data.join("log")).map_err(failed)
}

pub(crate) fn invite(program: &Path, data: &Path, url: Option<&str>) -> anyhow::Result<Vec<u8>> {
    let mut command = Command::new(program);
    command.arg("invite").arg("--data").arg(data);
    command.args(url.into_iter().flat_map(|url| ["--database-url", url]));
    let said = String::from_utf8(command.output()?.stdout)?;
    invited(said.trim()).map_err(failed)
}

fn stored(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| Some(file.metadata().ok()?.len())).sum()
}

fn memory(id: u32) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1000.0)
}
