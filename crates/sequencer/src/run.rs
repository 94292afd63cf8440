//! From settings to a running sequencer, and the other commands.

use crate::config::{Command, Config};
use crate::hub::Hub;
use crate::log::postgres::PostgresLog;
use crate::log::sqlite::Served;
use crate::log::{Log, LogError};
use crate::rate::Rates;
use crate::router::{State, router};
use crate::rules::FUTURE_MILLIS;
use crate::server::{Caps, HEADER_PATIENCE, serve};
use crate::world::{Machine, World, random};
use crate::{config, doctor};
use std::sync::Arc;
use std::time::Duration;
use thoughtstream_core::wire::{Hash, Limits, Secret};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How long a body may take to come.
const BODY_PATIENCE: Duration = Duration::from_secs(30);
/// How often what has expired is thrown away.
const SWEEP: Duration = Duration::from_secs(600);

/// Why the program ends before its time.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("{0}")]
    Log(#[from] LogError),
    #[error("listen: {address}: {error}")]
    Listen { address: std::net::SocketAddr, error: std::io::Error },
    #[error("data: {folder}: {error}; choose another folder with --data")]
    Data { folder: String, error: std::io::Error },
    #[error("{0}")]
    Other(String),
}

/// Does what the command says.
///
/// # Errors
/// Says what is wrong and which setting it belongs to.
pub async fn run(command: Command, config: Config) -> Result<(), RunError> {
    match command {
        Command::Help => print!("{}", config::usage()),
        Command::Health => doctor::health(&config).await?,
        Command::Doctor => {
            let log = open(&config, Arc::default()).await?;
            doctor::examine(&config, &*log, &Machine).await?;
        }
        Command::Invite => {
            let log = open(&config, Arc::default()).await?;
            println!("{}", invite(&config, &*log, &Machine).await?);
        }
        Command::Serve => serve_until_told(config).await?,
    }
    Ok(())
}

/// Opens the store that the settings name.
///
/// # Errors
/// As the stores.
pub async fn open(config: &Config, hub: Arc<Hub>) -> Result<Arc<dyn Log>, RunError> {
    let random = random::<48>(&Machine);
    if let Some(url) = &config.database_url {
        let log = PostgresLog::open(url, config.database_connections, random, hub).await?;
        return Ok(Arc::new(log));
    }
    let folder = config.data.display().to_string();
    std::fs::create_dir_all(&config.data).map_err(|error| RunError::Data { folder, error })?;
    Ok(Arc::new(Served::open(&config.data.join("sequencer.sqlite"), random)?))
}

/// Makes an invitation and gives its link: whoever has it may make one vault.
///
/// # Errors
/// The store's.
pub async fn invite(config: &Config, log: &dyn Log, world: &dyn World) -> Result<String, LogError> {
    let invitation = Secret(random(world));
    let expires = world.now().saturating_add(config.invitation_hours.saturating_mul(3_600_000));
    log.invite(Hash::of(&invitation.0), expires.min(i64::MAX as u64)).await?;
    Ok(format!("{}/#invitation={}", config.url(), invitation.to_hex()))
}

/// What the router works with, from the settings.
#[must_use]
pub fn state(
    config: &Config,
    log: Arc<dyn Log>,
    hub: Arc<Hub>,
    world: Arc<dyn World>,
    stopping: watch::Receiver<bool>,
) -> State {
    let limits = Limits {
        server: log.identity().server,
        now: 0,
        row_bytes: config.row_bytes,
        batch_changes: config.batch_changes,
        batch_bytes: config.batch_bytes,
        page_bytes: config.page_bytes,
        quota_bytes: config.quota_bytes,
        future_millis: FUTURE_MILLIS,
    };
    State {
        log,
        hub,
        world,
        metrics: Arc::default(),
        rates: Rates::new(config.rate_address, config.rate_door, config.rate_vault),
        limits,
        files_quota: config.files_bytes,
        trusted_proxies: config.trusted_proxies.clone(),
        allow_origins: config.allow_origins.clone(),
        dist: config.dist.clone(),
        policy: config.policy.clone(),
        body_patience: BODY_PATIENCE,
        stopping,
    }
}

async fn serve_until_told(mut config: Config) -> Result<(), RunError> {
    let hub = Arc::<Hub>::default();
    let log = open(&config, Arc::clone(&hub)).await?;
    let listener = listen(config.listen).await?;
    // With port 0 only the listener knows it.
    config.listen = listener.local_addr().unwrap_or(config.listen);
    let (stop, stopping) = watch::channel(false);
    let state = Arc::new(state(&config, Arc::clone(&log), hub, Arc::new(Machine), stopping));
    if let Some(address) = config.metrics {
        let listener = listen(address).await?;
        drop(tokio::spawn(serve_metrics(listener, &config, &state)));
    }
    drop(tokio::spawn(sweep(Arc::clone(&log))));
    if log.is_new(Machine.now()).await? {
        println!("Nobody is here yet. Open this link to make the first vault; it works once:");
        println!("{}", invite(&config, &*log, &Machine).await?);
    }
    println!("ThoughtStream is at {}", config.url());
    let caps = caps(&config);
    let (metrics, stopping) = (Arc::clone(&state.metrics), state.stopping.clone());
    let served = tokio::spawn(serve(listener, router(state), caps, metrics, stopping));
    until_told().await?;
    tracing::info!("stopping");
    stop.send_replace(true);
    served.await.map_err(|error| RunError::Other(error.to_string()))
}

fn caps(config: &Config) -> Caps {
    Caps {
        all: config.connections,
        per_address: config.connections_per_address,
        exempt: config.trusted_proxies.clone(),
        header_patience: HEADER_PATIENCE,
    }
}

async fn listen(address: std::net::SocketAddr) -> Result<TcpListener, RunError> {
    TcpListener::bind(address).await.map_err(|error| RunError::Listen { address, error })
}

fn serve_metrics(
    listener: TcpListener,
    config: &Config,
    state: &State,
) -> impl Future<Output = ()> + use<> {
    let shown = Arc::clone(&state.metrics);
    let router =
        axum::Router::new().route("/metrics", axum::routing::get(async move || shown.text()));
    // Its connections are not those that people's devices need, so they are counted apart.
    serve(listener, router, caps(config), Arc::default(), state.stopping.clone())
}

async fn sweep(log: Arc<dyn Log>) {
    loop {
        if let Err(error) = log.sweep(Machine.now()).await {
            tracing::warn!(%error, "what has expired stays a little longer");
        }
        tokio::time::sleep(SWEEP).await;
    }
}

async fn until_told() -> Result<(), RunError> {
    let other = |error: std::io::Error| RunError::Other(error.to_string());
    let mut terminate = signal(SignalKind::terminate()).map_err(other)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(other)?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
