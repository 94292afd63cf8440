//! `thoughtstream-sequencer`; `--help` says what it takes.

use std::process::ExitCode;
use thoughtstream_sequencer::config::{Command, Config};
use thoughtstream_sequencer::run::run;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let environment = |name: &str| std::env::var(name).ok();
    let (command, config) = match Config::read(std::env::args().skip(1), &environment) {
        Ok(read) => read,
        Err(error) => return failed(&error),
    };
    if command == Command::Serve {
        // Ten thousand devices that listen are ten thousand descriptors. Without leave for them,
        // fewer can listen, and the rest pull now and then.
        rlimit::increase_nofile_limit(u64::MAX).ok();
    }
    let filter = EnvFilter::try_new(&config.log).unwrap_or_default();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.map_err(|error| error.to_string()) {
        Ok(runtime) => match runtime.block_on(run(command, config)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&error),
        },
        Err(error) => failed(&error),
    }
}

fn failed(error: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("thoughtstream-sequencer: {error}");
    ExitCode::FAILURE
}
