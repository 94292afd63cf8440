//! A sequencer of the journey's own: the real program, which serves the app as well.

use super::folder;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::TempDir;
use thoughtstream_caller::{Postgres, Process, Recorder};

/// A sequencer with its data; stopped and started again it has the same address.
pub struct Sequencer {
    folder: TempDir,
    database: Option<(Arc<Postgres>, String)>,
    running: Mutex<Option<Process>>,
    port: u16,
    /// Browsers reach it through this.
    recorder: Recorder,
    /// The link that was printed at the first start.
    pub invitation: String,
}

impl Sequencer {
    /// Starts one on its embedded store.
    ///
    /// # Panics
    /// If it does not start; its log says why.
    #[must_use]
    pub fn embedded() -> Self {
        Self::new(None)
    }

    /// Starts one on a PostgreSQL of its own.
    ///
    /// # Panics
    /// If one of the two does not start.
    #[must_use]
    pub fn on_postgres() -> Self {
        let postgres = Postgres::shared().expect("PostgreSQL starts");
        let url = postgres.database().expect("a database");
        Self::new(Some((postgres, url)))
    }

    fn new(database: Option<(Arc<Postgres>, String)>) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the sequencer");
        let mut sequencer = Self {
            folder,
            database,
            running: Mutex::default(),
            port: 0,
            recorder: Recorder::start().expect("a proxy before the sequencer"),
            invitation: String::new(),
        };
        let process = sequencer.launch();
        sequencer.port = process.address.port();
        sequencer.recorder.stand_before(process.address);
        let link = process.invitation.as_ref().expect("a new sequencer invites");
        let (_, invitation) = link.split_once('#').expect("an invitation is in the link");
        sequencer.invitation = format!("{}/#{invitation}", sequencer.url());
        *sequencer.running() = Some(process);
        sequencer
    }

    /// The app's address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.recorder.address.port())
    }

    /// Kills it, as a power cut does.
    pub fn stop(&self) {
        drop(self.running().take());
    }

    /// Starts it again on what it has.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start(&self) {
        *self.running() = Some(self.launch());
    }

    /// Everything that it and browsers said to each other.
    #[must_use]
    pub fn streams(&self) -> Vec<Vec<u8>> {
        self.recorder.streams()
    }

    /// Every file that it has written: its store (or PostgreSQL's whole folder) and its log.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        collect(self.folder.path(), &mut files);
        if let Some((postgres, _)) = &self.database {
            collect(&postgres.data(), &mut files);
        }
        files
    }

    fn launch(&self) -> Process {
        let program = std::env::var_os("THOUGHTSTREAM_SEQUENCER")
            .expect("THOUGHTSTREAM_SEQUENCER is the program; `cargo xtask test` sets it");
        let mut command = Command::new(program);
        command.arg("--listen").arg(format!("127.0.0.1:{}", self.port));
        command.arg("--dist").arg(folder::dist()).args(["--log", "debug"]);
        command.arg("--data").arg(self.folder.path().join("data"));
        if let Some((_, url)) = &self.database {
            command.args(["--database-url", url]);
        }
        Process::start(command, &self.folder.path().join("log")).expect("the sequencer starts")
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Option<Process>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
