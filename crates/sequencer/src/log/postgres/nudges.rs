//! News between processes: what one has pushed or revoked, the others hear by LISTEN/NOTIFY.
//!
//! NOTIFY takes a lock that all of a database share, so it is never sent within a push: what is to
//! be said is collected, the newest of each vault, and said at most every few milliseconds.

use super::fault;
use crate::hub::Hub;
use crate::log::{LogError, VaultNumber};
use deadpool_postgres::Pool;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls};

const CHANNEL: &str = "thoughtstream";
/// Between two NOTIFYs.
const REST: Duration = Duration::from_millis(4);
/// Before connecting again.
const RETRY: Duration = Duration::from_secs(1);

/// What is new of a vault.
#[derive(Debug, Clone, Copy, Default)]
struct News {
    head: u64,
    /// Tokens or the manifest changed.
    access: bool,
}

#[derive(Debug, Default)]
struct Unsaid {
    news: Mutex<HashMap<VaultNumber, News>>,
    some: Notify,
}

/// The two tasks that tell and hear; they end with this.
#[derive(Debug)]
pub(super) struct Nudges {
    unsaid: Arc<Unsaid>,
    tasks: [JoinHandle<()>; 2],
}

impl Nudges {
    pub(super) fn start(config: Config, pool: Pool, hub: Arc<Hub>) -> Self {
        let unsaid = Arc::new(Unsaid::default());
        let teller = tokio::spawn(tell(Arc::clone(&unsaid), pool));
        let listener = tokio::spawn(listen(config, hub));
        Self { unsaid, tasks: [teller, listener] }
    }

    /// Tells the others how far a log has got.
    pub(super) fn say(&self, vault: VaultNumber, head: u64) {
        self.note(vault, |news| news.head = news.head.max(head));
    }

    /// Tells the others that what they know of a vault's tokens is no longer so.
    pub(super) fn forget(&self, vault: VaultNumber) {
        self.note(vault, |news| news.access = true);
    }

    fn note(&self, vault: VaultNumber, change: impl FnOnce(&mut News)) {
        let mut news = self.unsaid.news.lock().unwrap_or_else(PoisonError::into_inner);
        change(news.entry(vault).or_default());
        self.unsaid.some.notify_one();
    }
}

impl Drop for Nudges {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn tell(unsaid: Arc<Unsaid>, pool: Pool) {
    loop {
        unsaid.some.notified().await;
        let news = std::mem::take(&mut *unsaid.news.lock().unwrap_or_else(PoisonError::into_inner));
        let said: Vec<String> = news
            .iter()
            .map(|(vault, news)| format!("{vault} {} {}", news.head, u8::from(news.access)))
            .collect();
        if let Err(error) = notify(&pool, &said).await {
            tracing::warn!(%error, "other processes were not told; their devices pull later");
        }
        tokio::time::sleep(REST).await;
    }
}

async fn notify(pool: &Pool, said: &[String]) -> Result<(), LogError> {
    let client = pool.get().await.map_err(super::no_client)?;
    let sql = "SELECT count(pg_notify($1, line)) FROM UNNEST($2::text[]) AS line";
    let statement = client.prepare_cached(sql).await.map_err(fault)?;
    client.execute(&statement, &[&CHANNEL, &said]).await.map(drop).map_err(fault)
}

async fn listen(config: Config, hub: Arc<Hub>) {
    loop {
        if let Err(error) = listen_once(&config, &hub).await {
            tracing::warn!(%error, "no longer hears other processes; connects again");
        }
        tokio::time::sleep(RETRY).await;
    }
}

/// Listens until the connection ends.
async fn listen_once(config: &Config, hub: &Hub) -> Result<(), LogError> {
    let (client, mut connection) = config.connect(NoTls).await.map_err(fault)?;
    let mut greeting = Some(Box::pin(greet(client, hub)));
    let mut listening = None;
    loop {
        tokio::select! {
            client = async { greeting.as_mut().expect("BUG: polled while it is there").await },
                if greeting.is_some() =>
            {
                greeting = None;
                listening = Some(client?);
            }
            message = std::future::poll_fn(|context| connection.poll_message(context)) => {
                match message {
                    Some(Ok(AsyncMessage::Notification(said))) => hear(said.payload(), hub),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(fault(error)),
                    None => {
                        drop(listening);
                        return Err(LogError::Busy("the connection ended".to_owned()));
                    }
                }
            }
        }
    }
}

/// Begins to listen, then looks after what may have been said before: every vault that somebody
/// waits for.
async fn greet(client: Client, hub: &Hub) -> Result<Client, LogError> {
    client.batch_execute(&format!("LISTEN {CHANNEL}")).await.map_err(fault)?;
    let watched = hub.watched();
    let sql = "SELECT number, head FROM vaults WHERE number = ANY($1)";
    for row in client.query(sql, &[&watched]).await.map_err(fault)? {
        hub.nudge(super::column(&row, 0)?, super::number(&row, 1)?);
    }
    watched.into_iter().for_each(|vault| hub.forget(vault));
    Ok(client)
}

fn hear(payload: &str, hub: &Hub) {
    let mut parts = payload.split(' ');
    let (vault, head) = (parts.next(), parts.next());
    let Some(vault) = vault.and_then(|vault| vault.parse().ok()) else { return };
    if let Some(head) = head.and_then(|head| head.parse().ok()) {
        hub.nudge(vault, head);
    }
    if parts.next() == Some("1") {
        hub.forget(vault);
    }
}
