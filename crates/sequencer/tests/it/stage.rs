//! A sequencer to test: the real router and loop in this process, on either database, with a
//! clock that the test sets.

use axum::Router;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tempfile::TempDir;
use thoughtstream_caller::{Caller, Person, Postgres, device, invited};
use thoughtstream_core::id::Incarnation;
use thoughtstream_sequencer::config::Config;
use thoughtstream_sequencer::hub::Hub;
use thoughtstream_sequencer::log::Log;
use thoughtstream_sequencer::rate::Rate;
use thoughtstream_sequencer::router::router;
use thoughtstream_sequencer::run;
use thoughtstream_sequencer::server::{Caps, serve};
use thoughtstream_sequencer::world::{Machine, World};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Noon of some day; the tests' clock begins there.
pub(crate) const NOON: u64 = 1_777_000_000_000;

/// Which database is behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// A clock that stands until it is moved; chance is the machine's.
#[derive(Debug)]
pub(crate) struct Clock(AtomicU64);

impl Clock {
    pub(crate) fn forward(&self, millis: u64) {
        self.0.fetch_add(millis, Relaxed);
    }
}

impl World for Clock {
    fn now(&self) -> u64 {
        self.0.load(Relaxed)
    }

    fn random(&self, bytes: &mut [u8]) {
        Machine.random(bytes);
    }
}

/// Where the data is: kept while servers come and go.
pub(crate) struct Place {
    pub(crate) config: Config,
    pub(crate) header_patience: Duration,
    _folder: TempDir,
    postgres: Option<Arc<Postgres>>,
}

impl Place {
    pub(crate) fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config { data: folder.path().join("data"), ..Config::default() };
        let door = Rate { per_second: 1_000_000, burst_seconds: 1 };
        (config.rate_door, config.rate_address, config.rate_vault) = (door, door, door);
        let postgres = (kind == Kind::Postgres).then(|| Postgres::shared().unwrap());
        config.database_url = postgres.as_ref().map(|postgres| postgres.database().unwrap());
        let header_patience = Duration::from_secs(10);
        Self { config, header_patience, _folder: folder, postgres }
    }

    /// The same with a PostgreSQL of its own, which nobody else writes to.
    pub(crate) fn alone(mut self) -> Self {
        if self.postgres.is_some() {
            let own = Arc::new(Postgres::start("-c fsync=off").unwrap());
            self.config.database_url = Some(own.database().unwrap());
            self.postgres = Some(own);
        }
        self
    }

    /// Where everything is that a server here writes.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        let postgres = self.postgres.as_ref().map(|postgres| postgres.data());
        [Some(self.config.data.clone()), postgres].into_iter().flatten().collect()
    }

    /// A copy of the place as it is now, with no server on it: a backup.
    pub(crate) fn copy(&self) -> Self {
        let mut copy = Self::new(match self.config.database_url {
            Some(_) => Kind::Postgres,
            None => Kind::Sqlite,
        });
        match (&self.postgres, &self.config.database_url) {
            (Some(postgres), Some(url)) => {
                copy.config.database_url = Some(postgres.copy_of(url).unwrap());
            }
            _ => {
                fs::create_dir(&copy.config.data).unwrap();
                for file in fs::read_dir(&self.config.data).unwrap() {
                    let file = file.unwrap();
                    fs::copy(file.path(), copy.config.data.join(file.file_name())).unwrap();
                }
            }
        }
        copy
    }

    /// Starts a server on this place; several may run on PostgreSQL.
    pub(crate) async fn serve(&self) -> Server {
        let hub = Arc::<Hub>::default();
        let log = run::open(&self.config, Arc::clone(&hub)).await.unwrap();
        let clock = Arc::new(Clock(AtomicU64::new(NOON)));
        let (stop, stopping) = watch::channel(false);
        let world: Arc<dyn World> = Arc::<Clock>::clone(&clock);
        let mut state = run::state(&self.config, Arc::clone(&log), hub, world, stopping.clone());
        state.body_patience = Duration::from_millis(300);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let caps = Caps {
            all: self.config.connections,
            per_address: self.config.connections_per_address,
            exempt: Vec::new(),
            header_patience: self.header_patience,
        };
        let metrics = Arc::clone(&state.metrics);
        let router = router(Arc::new(state));
        let served = tokio::spawn(serve(listener, router.clone(), caps, metrics, stopping));
        Server { address, log, clock, router, served, config: self.config.clone(), stop }
    }
}

/// A running server; it stops when this is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) log: Arc<dyn Log>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) router: Router,
    config: Config,
    stop: watch::Sender<bool>,
    served: JoinHandle<()>,
}

impl Server {
    pub(crate) fn caller(&self) -> Caller {
        Caller::new(self.address)
    }

    pub(crate) async fn invitation(&self) -> Vec<u8> {
        let link = run::invite(&self.config, &*self.log, &*self.clock).await.unwrap();
        invited(&link).unwrap()
    }

    /// Makes a vault with devices 1 and 2.
    pub(crate) async fn vault(&self, number: u64) -> (Person, Incarnation) {
        let person = Person::new(number, &[device(1), device(2)]);
        let invitation = self.invitation().await;
        let created = self.caller().create(&person, invitation).await.unwrap().unwrap();
        (person, created.incarnation)
    }

    /// Stops, and waits until everything has let go of the database.
    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        self.served.await.unwrap();
    }

    /// Comes in as a device.
    pub(crate) async fn enter(&self, person: &Person, number: u64) -> Caller {
        let mut caller = self.caller();
        caller.log_in(person, device(number)).await.unwrap().unwrap();
        caller
    }
}

/// Runs a story on both databases.
macro_rules! on_both {
    ($($name:ident)*) => {
        mod on_sqlite { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::stage::Place::new(crate::stage::Kind::Sqlite)).await;
            }
        )* }
        mod on_postgres { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::stage::Place::new(crate::stage::Kind::Postgres)).await;
            }
        )* }
    };
}
pub(crate) use on_both;
