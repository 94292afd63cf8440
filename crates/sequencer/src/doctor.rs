//! `doctor` and `health`: is everything as it should be, and what to do if not.

use crate::config::Config;
use crate::log::Log;
use crate::run::RunError;
use crate::world::World;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The day this was written: a clock before it is wrong.
const EARLIEST: u64 = 1_763_942_400_000;

/// Prints what is found, a line each; warnings say what to do.
///
/// # Errors
/// If there is something to be done, after everything was printed.
pub(crate) async fn examine(
    config: &Config,
    log: &dyn Log,
    world: &dyn World,
) -> Result<(), RunError> {
    let mut lines = vec!["settings: understood".to_owned()];
    log.ping().await?;
    lines.extend(log.describe().await?.into_iter().map(|line| format!("database: {line}")));
    lines.push(clock(world.now()));
    if config.database_url.is_none() {
        lines.push(disk(config));
    }
    if config.public_url.is_none() && !config.listen.ip().is_loopback() {
        lines.push("WARNING: others can reach it: set --public-url for the links.".to_owned());
    }
    if config.url().starts_with("http://") && !config.url().contains("://localhost") {
        lines.push("WARNING: browsers need https: put a proxy with TLS before it.".to_owned());
    }
    let warnings = lines.iter().filter(|line| line.contains("WARNING")).count();
    lines.iter().for_each(|line| println!("{line}"));
    match warnings {
        0 => Ok(()),
        some => Err(RunError::Other(format!("{some} things to look after"))),
    }
}

fn clock(now: u64) -> String {
    if now < EARLIEST {
        return "clock: WARNING: it is years late: devices' changes will be refused. Set it, and \
            keep it set by NTP."
            .to_owned();
    }
    format!("clock: {} seconds since 1970", now / 1000)
}

/// Writes and removes a file: whether there is room and leave to is seen by doing it.
fn disk(config: &Config) -> String {
    let path = config.data.join("doctor.tmp");
    let written = std::fs::write(&path, vec![0; 1 << 20]).and_then(|()| std::fs::remove_file(path));
    match written {
        Ok(()) => format!("disk: {} can be written to", config.data.display()),
        Err(error) => format!(
            "disk: WARNING: {} cannot be written to ({error}): make room or give leave.",
            config.data.display()
        ),
    }
}

/// Asks the running server whether it is ready.
///
/// # Errors
/// If it does not say so within a few seconds.
pub(crate) async fn health(config: &Config) -> Result<(), RunError> {
    let asked = tokio::time::timeout(Duration::from_secs(5), ask(config.listen.port())).await;
    match asked {
        Ok(Ok(answer)) if answer.starts_with("HTTP/1.1 200") => Ok(()),
        Ok(Ok(answer)) => {
            let line = answer.lines().next().unwrap_or_default().to_owned();
            Err(RunError::Other(format!("not ready: {line}")))
        }
        Ok(Err(error)) => Err(RunError::Other(format!("not ready: {error}"))),
        Err(_) => Err(RunError::Other("not ready: no answer".to_owned())),
    }
}

async fn ask(port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream
        .write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}
