//! The real program, started as a person starts it, and killed as the power does.

use crate::stage::Place;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running program. Dropping it kills it, without a word of warning.
pub(crate) struct Process {
    pub(crate) address: SocketAddr,
    /// What its first words invited to, if it was a new place.
    pub(crate) invitation: Option<Vec<u8>>,
    child: Child,
}

pub(crate) fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_thoughtstream-sequencer"))
}

impl Process {
    /// Starts it on a place; what it logs goes to `log`.
    pub(crate) fn start(place: &Place, log: &Path, flags: &[&str]) -> Self {
        let mut command = program();
        command.args(["--listen", "127.0.0.1:0", "--rate-door", "1000", "--log", "debug"]);
        command.args(["--rate-address", "100000", "--rate-vault", "100000"]);
        command.arg("--data").arg(&place.config.data).args(flags);
        if let Some(url) = &place.config.database_url {
            command.args(["--database-url", url]);
        }
        let log = fs::File::options().create(true).append(true).open(log).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (mut invitation, mut port) = (None, None);
        while port.is_none() {
            let line = lines.next().expect("it ended before it served; its log says why").unwrap();
            if let Some((_, hex)) = line.split_once("#invitation=") {
                invitation = Some(unhex(hex));
            }
            port = line.strip_prefix("ThoughtStream is at http://localhost:").map(str::to_owned);
        }
        let port: u16 = port.unwrap().parse().unwrap();
        Self { address: SocketAddr::from(([127, 0, 0, 1], port)), invitation, child }
    }

    /// kill -9.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn terminate(mut self) -> bool {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap().success()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

pub(crate) fn unhex(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2);
    pairs.map(|two| u8::from_str_radix(str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}
