//! One WebDriver process: started on a free port, killed with its browser when dropped.

use super::engine::{Engine, Options};
use super::folder::Profile;
use super::process;
use super::wait::until;
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

pub(crate) struct Driver {
    child: Child,
    port: u16,
    profile: PathBuf,
}

impl Driver {
    /// Starts the engine's driver and waits until it listens.
    pub(crate) async fn start(engine: Engine, options: &Options, profile: &Profile) -> Self {
        let port = free_port();
        let log = File::create(profile.log()).expect("a file for the driver's log");
        let errors = log.try_clone().expect("a file for the driver's log");
        let program = engine.driver();
        let child = Command::new(program)
            .args(engine.driver_arguments(port, free_port()))
            .envs(options.zone.map(|zone| ("TZ", zone)))
            .envs(engine.environment(profile))
            .stdout(Stdio::from(log))
            .stderr(Stdio::from(errors))
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}; `cargo xtask test` installs it"));
        let driver = Self { child, port, profile: profile.path() };
        until(&format!("{program} listens on port {port}"), async || {
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
        })
        .await;
        driver
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// SIGKILL to the browser and its driver; returns when the last of them is gone.
    pub(crate) fn kill(self) {
        drop(self);
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let id = self.child.id();
        process::kill_family(id, &self.profile);
        self.child.wait().ok();
        process::await_end(id, &self.profile);
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("BUG: a bound socket has an address").port()
}
