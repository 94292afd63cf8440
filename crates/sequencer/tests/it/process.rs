//! The real program on a place.

use crate::stage::Place;
use std::path::Path;
use std::process::Command;
use thoughtstream_caller::Process;

pub(crate) fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_thoughtstream-sequencer"))
}

/// Starts it on a place; what it logs goes to `log`.
pub(crate) fn start(place: &Place, log: &Path) -> Process {
    let mut command = program();
    command.args(["--listen", "127.0.0.1:0", "--rate-door", "1000", "--log", "debug"]);
    command.args(["--rate-address", "100000", "--rate-vault", "100000"]);
    command.arg("--data").arg(&place.config.data);
    if let Some(url) = &place.config.database_url {
        command.args(["--database-url", url]);
    }
    Process::start(command, log).unwrap()
}
