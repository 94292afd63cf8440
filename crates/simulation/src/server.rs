//! The sequencer of a simulation: the real router, rules and embedded store, on a clock and
//! chance of ours, called without a network.

use crate::log::SimLog;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request as HttpRequest, header};
use http_body_util::BodyExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use thoughtstream_core::seal::{Chance as _, Recovery as Words};
use thoughtstream_core::session::{Reply, Request};
use thoughtstream_core::wire::{
    Body as _, Cursor, Hash, Limits, Page, Pull, SealedChange, Secret, Who,
};
use thoughtstream_disk::Chance;
use thoughtstream_sequencer::config::Config;
use thoughtstream_sequencer::hub::Hub;
use thoughtstream_sequencer::log::sqlite::SqliteLog;
use thoughtstream_sequencer::log::{Log, LogError, PageLimit, Tail};
use thoughtstream_sequencer::rate::Rate;
use thoughtstream_sequencer::router::router;
use thoughtstream_sequencer::run;
use thoughtstream_sequencer::world::World;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tower::ServiceExt;

/// Where the sequencer is, for devices.
pub const ORIGIN: &str = "https://sequencer.example";

/// The sequencer's time and chance.
struct Sky {
    now: AtomicU64,
    chance: Mutex<Chance>,
}

impl World for Sky {
    fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    fn random(&self, bytes: &mut [u8]) {
        self.chance.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes);
    }
}

/// A running sequencer.
pub struct Server {
    runtime: Runtime,
    sky: Arc<Sky>,
    log: Arc<SimLog>,
    router: Router,
    /// Keeps the router from thinking that the process ends.
    _going_on: watch::Sender<bool>,
    config: Config,
}

/// A store that was put aside.
pub struct Copy(SqliteLog);

impl Server {
    /// A sequencer with an empty store. `batch` and `page` are its limits: changes in a push, and
    /// bytes in a page.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn new(mut chance: Chance, batch: u64, page: u64) -> Result<Self, LogError> {
        let log = new_store(&mut chance)?;
        let free = Rate { per_second: 1_000_000, burst_seconds: 1 };
        let config = Config {
            batch_changes: batch,
            page_bytes: page,
            rate_address: free,
            rate_vault: free,
            rate_door: free,
            ..Config::default()
        };
        let sky = Arc::new(Sky { now: AtomicU64::new(0), chance: Mutex::new(chance) });
        let runtime = Builder::new_current_thread().enable_time().build();
        let runtime = runtime.map_err(|error| LogError::Fault(error.to_string()))?;
        let (log, router, going_on) = start(log, &sky, &config)?;
        Ok(Self { runtime, sky, log, router, _going_on: going_on, config })
    }

    /// Puts the sequencer's clock.
    pub fn set_time(&self, now: i64) {
        self.sky.now.store(u64::try_from(now).unwrap_or(0), Ordering::Relaxed);
    }

    pub(crate) fn time(&self) -> u64 {
        self.sky.now()
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, SqliteLog> {
        self.log.lock()
    }

    pub(crate) fn limits(&self) -> Limits {
        let log: Arc<dyn Log> = self.log.clone();
        let (_, stopping) = watch::channel(false);
        run::state(&self.config, log, Arc::default(), self.sky.clone(), stopping).limits
    }

    /// A new invitation.
    ///
    /// # Errors
    /// The store's.
    pub fn invite(&self) -> Result<String, LogError> {
        let mut random = [0; 32];
        self.sky.random(&mut random);
        let invitation = Secret(random);
        self.log.lock().write(|store| store.invite(Hash::of(&invitation.0), i64::MAX as u64))?;
        Ok(format!("{ORIGIN}/#invitation={}", invitation.to_hex()))
    }

    /// Answers a request. Of a body that does not end the first piece is given.
    #[must_use]
    pub fn call(&self, request: &Request) -> Reply {
        let path = request.url.strip_prefix(ORIGIN).unwrap_or("/");
        let mut http = HttpRequest::builder().method(request.method.name()).uri(path);
        if let Some(token) = &request.token {
            http = http.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let Ok(http) = http.body(Body::from(request.body.clone())) else {
            return Reply::Unreachable;
        };
        let endless = path == "/v1/live";
        self.runtime.block_on(async {
            let Ok(response) = self.router.clone().oneshot(http).await;
            let status = response.status().as_u16();
            let retry_after = retry_after(response.headers());
            let mut body = response.into_body();
            let body = if endless && status == 200 {
                let frame = body.frame().await.and_then(Result::ok);
                frame.and_then(|frame| frame.into_data().ok()).map(|data| data.to_vec())
            } else {
                body.collect().await.ok().map(|body| body.to_bytes().to_vec())
            };
            let body = body.unwrap_or_default();
            Reply::Answer { status, body, retry_after }
        })
    }

    /// The last sequence of the vault that this token may read.
    #[must_use]
    pub fn head(&self, token: &str) -> Option<u64> {
        let token = Hash::of(&Secret::from_hex(token)?.0);
        let now = self.sky.now();
        let log = self.log.lock();
        log.read(|store| {
            let session = store.session(token, now)?;
            session.map(|session| store.tail(session.vault)).transpose()
        })
        .ok()
        .flatten()
        .map(|tail| tail.head)
    }

    /// The whole log of the vault with these words; empty if there is none.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn whole_log(&self, words: &str) -> Result<Vec<SealedChange>, LogError> {
        let Ok(recovery) = Words::from_words(words) else { return Ok(Vec::new()) };
        self.lock().read(|store| {
            let Some(login) = store.login(&Who::Recovery { id: recovery.id() })? else {
                return Ok(Vec::new());
            };
            let Tail { incarnation, .. } = store.tail(login.vault)?;
            let cursor = Cursor { incarnation, ..Cursor::START };
            let limit = PageLimit { bytes: u64::MAX, changes: u64::MAX >> 1 };
            let page = store.pull(login.vault, &Pull { cursor, bytes: None }, limit)?;
            let page = Page::decode(&[page.opening, page.changes].concat());
            page.map(|page| page.changes).map_err(|error| LogError::Fault(error.to_string()))
        })
    }

    /// A copy of the store as it is.
    ///
    /// # Errors
    /// If there is no room.
    pub fn copy(&self) -> Result<Copy, LogError> {
        self.log.lock().copy().map(Copy)
    }

    /// Goes on with a copy, as if everything since had not been.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn restore(&mut self, copy: &Copy) -> Result<(), LogError> {
        self.begin_with(copy.0.copy()?)
    }

    /// Goes on with nothing.
    ///
    /// # Errors
    /// If there is no room for that.
    pub fn wipe(&mut self) -> Result<(), LogError> {
        let mut chance = self.sky.chance.lock().unwrap_or_else(PoisonError::into_inner);
        let log = new_store(&mut chance)?;
        drop(chance);
        self.begin_with(log)
    }

    /// Stops and starts again, on the same store.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn restart(&mut self) -> Result<(), LogError> {
        let log = self.log.after_restart()?;
        self.begin_with(log)
    }

    fn begin_with(&mut self, log: SqliteLog) -> Result<(), LogError> {
        (self.log, self.router, self._going_on) = start(log, &self.sky, &self.config)?;
        Ok(())
    }
}

fn new_store(chance: &mut Chance) -> Result<SqliteLog, LogError> {
    let mut random = [0; 48];
    chance.fill(&mut random);
    SqliteLog::in_memory(random)
}

type Started = (Arc<SimLog>, Router, watch::Sender<bool>);

fn start(log: SqliteLog, sky: &Arc<Sky>, config: &Config) -> Result<Started, LogError> {
    let log = Arc::new(SimLog::new(log)?);
    let (going_on, stopping) = watch::channel(false);
    let (shared, world): (Arc<dyn Log>, Arc<dyn World>) = (log.clone(), sky.clone());
    let state = run::state(config, shared, Arc::<Hub>::default(), world, stopping);
    Ok((log, router(Arc::new(state)), going_on))
}

fn retry_after(headers: &HeaderMap) -> Option<u32> {
    headers.get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()
}
