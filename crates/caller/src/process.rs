//! The sequencer's program, started as a person starts it, and killed as the power does.

use crate::Failure;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running program. Dropping it kills it, without a word of warning.
#[derive(Debug)]
pub struct Process {
    pub address: SocketAddr,
    /// The link in its first words, if it was a new place.
    pub invitation: Option<String>,
    child: Child,
}

impl Process {
    /// Starts it, reads its first words, and is back when it serves; what it logs goes to `log`.
    ///
    /// # Errors
    /// If it ends before; with what it logged.
    pub fn start(mut command: Command, log: &Path) -> Result<Self, Failure> {
        let file = fs::File::options().create(true).append(true).open(log)?;
        let mut child = command.stdout(Stdio::piped()).stderr(file).spawn()?;
        let output = child.stdout.take().ok_or("its output cannot be read")?;
        let (mut invitation, mut port) = (None, None);
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        while port.is_none()
            && let Some(line) = lines.next()
        {
            port = line.strip_prefix("ThoughtStream is at http://localhost:").map(str::to_owned);
            invitation = invitation.or(line.contains("#invitation=").then_some(line));
        }
        let Some(port) = port else {
            child.wait()?;
            let said = fs::read_to_string(log)?;
            return Err(format!("the sequencer ended before it served: {said}").into());
        };
        let address = SocketAddr::from(([127, 0, 0, 1], port.parse()?));
        Ok(Self { address, invitation, child })
    }

    /// The system's number of it.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// kill -9, as a power cut is one.
    pub fn kill(self) {
        drop(self);
    }

    /// Asks it to end, waits until it has, and says whether it did so in good order.
    ///
    /// # Errors
    /// If it cannot be asked.
    pub fn terminate(mut self) -> Result<bool, Failure> {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status()?;
        Ok(asked.success() && self.child.wait()?.success())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The bytes of the invitation at the end of a link.
///
/// # Errors
/// If it is no link of a sequencer.
pub fn invited(link: &str) -> Result<Vec<u8>, Failure> {
    let (_, hex) = link.split_once("#invitation=").ok_or("no invitation is in this link")?;
    let pairs = hex.as_bytes().chunks(2);
    pairs.map(|two| Ok(u8::from_str_radix(str::from_utf8(two)?, 16)?)).collect()
}
