//! A PostgreSQL of one's own: made in a temporary folder, reached by a socket in it, gone with
//! this value, and with the process, however that ends.

use crate::Failure;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tempfile::TempDir;

/// Runs the server until its own input ends, which it does when whoever started it is gone.
const GUARD: &str = r#"
set -e
PATH="$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' ':')"
initdb -D "$1/data" -U postgres -A trust -E UTF8 --locale=C >"$1/initdb.log"
postgres -D "$1/data" -k "$1" -c listen_addresses= \
    -c max_connections=200 $2 2>"$1/server.log" &
server=$!
cat >/dev/null || true
kill -INT $server
wait $server || true
"#;

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    folder: TempDir,
    guard: Child,
    databases: AtomicU64,
}

static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());

impl Postgres {
    /// The one that all tests of a process share; it stops when the last one lets go.
    ///
    /// # Errors
    /// As `start`.
    pub fn shared() -> Result<Arc<Self>, Failure> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = shared.upgrade() {
            return Ok(running);
        }
        // Tests kill our own processes, never this one: it may leave the flushing to others.
        let running = Arc::new(Self::start("-c fsync=off")?);
        *shared = Arc::downgrade(&running);
        Ok(running)
    }

    /// Starts a server with these options besides.
    ///
    /// # Errors
    /// If PostgreSQL's server programs are not installed, or do not start; with what they say.
    pub fn start(options: &str) -> Result<Self, Failure> {
        let folder = tempfile::Builder::new().prefix("postgres-").tempdir()?;
        // PostgreSQL refuses to run as root, so there it runs as the user that its package made.
        let is_root = fs::metadata("/proc/self")?.uid() == 0;
        let mut command = Command::new(if is_root { "runuser" } else { "env" });
        if is_root {
            let owned = Command::new("chown").arg("postgres").arg(folder.path()).status()?;
            if !owned.success() {
                return Err("there is no user `postgres`: install postgresql".into());
            }
            command.args(["-u", "postgres", "--"]);
        }
        command.args(["sh", "-c", GUARD, "sh"]).arg(folder.path()).arg(options);
        let guard = command.current_dir("/").stdin(Stdio::piped()).spawn()?;
        let mut server = Self { folder, guard, databases: AtomicU64::new(0) };
        server.wait()?;
        Ok(server)
    }

    /// Waits until it answers.
    fn wait(&mut self) -> Result<(), Failure> {
        while !self.ready()? {
            if let Some(status) = self.guard.try_wait()? {
                let said = fs::read_to_string(self.folder.path().join("server.log"));
                return Err(format!("PostgreSQL ended: {status}: {said:?}").into());
            }
        }
        Ok(())
    }

    /// Asks once. The asking itself takes a few milliseconds, so the caller does not spin.
    fn ready(&self) -> Result<bool, Failure> {
        let mut asked = Command::new("pg_isready");
        asked.args(["-q", "-t", "1", "-U", "postgres", "-h"]).arg(self.folder.path());
        Ok(asked.status()?.success())
    }

    /// Makes a new, empty database and gives its address.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn database(&self) -> Result<String, Failure> {
        self.create("template1")
    }

    /// Makes a copy of a database that nobody uses at the moment.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn copy_of(&self, address: &str) -> Result<String, Failure> {
        let (_, name) = address.rsplit_once('/').ok_or("no name of a database in the address")?;
        self.create(name)
    }

    fn create(&self, template: &str) -> Result<String, Failure> {
        let name = format!("test{}", self.databases.fetch_add(1, Relaxed));
        let mut made = Command::new("createdb");
        made.args(["-U", "postgres", "-h"]).arg(self.folder.path());
        made.args(["-T", template]).arg(&name);
        if !made.status()?.success() {
            return Err(format!("createdb {name} failed").into());
        }
        let folder = self.folder.path().display().to_string().replace('/', "%2F");
        Ok(format!("postgres://postgres@{folder}/{name}"))
    }

    /// Where its files are: for who looks for words in them.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        Path::new(self.folder.path()).join("data")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        self.guard.wait().ok();
    }
}
