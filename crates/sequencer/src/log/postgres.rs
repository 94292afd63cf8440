//! PostgreSQL behind the sequencer: any number of processes may share one database.

mod access;
mod changes;
mod files;
mod guests;
mod pages;
mod nudges;
mod rendezvous;

use super::{
    Answer, Identity, Log, LogError, Login, NewManifest, NewVault, PageLimit, Paged, Placing,
    VaultNumber,
};
use crate::hub::Hub;
use crate::log::files::NewPart;
use crate::log::guests::{Coming, NewGuest};
use crate::log::rendezvous::{Told, Turn};
use crate::session::{Grant, Session};
use changes::Tails;
use deadpool_postgres::{
    Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, Transaction,
};
use nudges::Nudges;
use std::sync::Arc;
use std::time::Duration;
use thoughtstream_core::id::{DeviceId, FileAddress, GuestId, ServerId};
use thoughtstream_core::wire::{
    FileIs, GuestIs, GuestRow, GuestStands, Hash, InboxIs, ItemName, PartIs, Pull, Pushed, PutItem,
    Recovery, Who,
};
use tokio_postgres::types::ToSql;
use tokio_postgres::{NoTls, Row};

/// The steps that made the tables what they are; each runs once, whoever starts first.
const MIGRATIONS: &[&str] = &[
    include_str!("postgres/1-log.sql"),
    include_str!("postgres/2-files.sql"),
    include_str!("postgres/3-rendezvous.sql"),
    include_str!("postgres/4-guests.sql"),
];

/// Held while migrating: "thoughts" as a number. Another process waits for it.
const MIGRATION_LOCK: i64 = 0x7468_6f75_6768_7473;

/// How long a request waits for a free connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// The store on PostgreSQL.
#[derive(Debug)]
pub struct PostgresLog {
    identity: Identity,
    pool: Pool,
    tails: Tails,
    nudges: Nudges,
}

impl PostgresLog {
    /// Connects, migrates, and listens for what other processes push. `random` gives 48 bytes to
    /// a new store.
    ///
    /// # Errors
    /// If the address is none, nobody answers there, or the tables are of a newer version.
    pub async fn open(
        url: &str,
        connections: usize,
        random: [u8; 48],
        hub: Arc<Hub>,
    ) -> Result<Self, LogError> {
        let config: tokio_postgres::Config =
            url.parse().map_err(|error| LogError::Fault(format!("database-url: {error}")))?;
        let recycling_method = RecyclingMethod::Fast;
        let manager =
            Manager::from_config(config.clone(), NoTls, ManagerConfig { recycling_method });
        let pool = Pool::builder(manager)
            .max_size(connections)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            .build()
            .map_err(|error| LogError::Fault(error.to_string()))?;
        let identity = migrate(&pool, random).await?;
        let nudges = Nudges::start(config, pool.clone(), hub);
        Ok(Self { identity, pool, tails: Tails::default(), nudges })
    }

    async fn client(&self) -> Result<Object, LogError> {
        self.pool.get().await.map_err(no_client)
    }

    async fn run(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, LogError> {
        let client = self.client().await?;
        let statement = client.prepare_cached(sql).await.map_err(fault)?;
        client.execute(&statement, values).await.map_err(fault)
    }

    async fn one(
        &self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Row>, LogError> {
        let client = self.client().await?;
        let statement = client.prepare_cached(sql).await.map_err(fault)?;
        client.query_opt(&statement, values).await.map_err(fault)
    }
}

/// Makes the tables what they should be, and gives the store its name if it has none.
async fn migrate(pool: &Pool, random: [u8; 48]) -> Result<Identity, LogError> {
    let mut client = pool.get().await.map_err(no_client)?;
    let transaction = client.transaction().await.map_err(fault)?;
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK])
        .await
        .map_err(fault)?;
    let table = "CREATE TABLE IF NOT EXISTS migrations (step bigint PRIMARY KEY)";
    transaction.batch_execute(table).await.map_err(fault)?;
    let done = transaction.query_one("SELECT count(*) FROM migrations", &[]).await;
    let done = column::<i64>(&done.map_err(fault)?, 0)?;
    let Some(left) = usize::try_from(done).ok().and_then(|done| MIGRATIONS.get(done..)) else {
        let text = format!("the tables are of version {done}, newer than this program: update it");
        return Err(LogError::Fault(text));
    };
    for (step, sql) in (done + 1..).zip(left) {
        transaction.batch_execute(sql).await.map_err(fault)?;
        let note = "INSERT INTO migrations VALUES ($1)";
        transaction.execute(note, &[&step]).await.map_err(fault)?;
    }
    let identity = name(&transaction, random).await?;
    transaction.commit().await.map_err(fault)?;
    Ok(identity)
}

async fn name(transaction: &Transaction<'_>, random: [u8; 48]) -> Result<Identity, LogError> {
    let sql = "INSERT INTO identity VALUES ('server', $1), ('secret', $2) ON CONFLICT DO NOTHING";
    let (server, secret) = random.split_at(16);
    transaction.execute(sql, &[&server, &secret]).await.map_err(fault)?;
    let sql = "SELECT value FROM identity WHERE name = $1";
    let server = transaction.query_one(sql, &[&"server"]).await.map_err(fault)?;
    let secret = transaction.query_one(sql, &[&"secret"]).await.map_err(fault)?;
    Ok(Identity { server: ServerId(array(&server, 0)?), secret: array(&secret, 0)? })
}

fn no_client(error: PoolError) -> LogError {
    match error {
        PoolError::Timeout(_) => LogError::Busy("no connection came free".to_owned()),
        PoolError::Backend(error) => LogError::Busy(describe(&error)),
        other => LogError::Busy(other.to_string()),
    }
}

/// What PostgreSQL says, without its details: those have the values of a statement in them.
#[allow(clippy::needless_pass_by_value, reason = "so that it fits `map_err`")]
fn fault(error: tokio_postgres::Error) -> LogError {
    let text = describe(&error);
    if error.is_closed() { LogError::Busy(text) } else { LogError::Fault(text) }
}

fn describe(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(error) => format!("{} ({})", error.message(), error.code().code()),
        None => error.to_string(),
    }
}

fn column<'a, T: tokio_postgres::types::FromSql<'a>>(
    row: &'a Row,
    at: usize,
) -> Result<T, LogError> {
    row.try_get(at).map_err(fault)
}

fn array<const N: usize>(row: &Row, at: usize) -> Result<[u8; N], LogError> {
    exact(column(row, at)?)
}

fn exact<const N: usize>(bytes: &[u8]) -> Result<[u8; N], LogError> {
    bytes.try_into().map_err(|_| LogError::Fault(format!("a column of {N} bytes has others")))
}

fn number(row: &Row, at: usize) -> Result<u64, LogError> {
    column::<i64>(row, at).map(|number| u64::try_from(number).unwrap_or(0))
}

impl Log for PostgresLog {
    fn identity(&self) -> Identity {
        self.identity
    }

    fn ping(&self) -> Answer<'_, ()> {
        Box::pin(async move { self.one("SELECT 1", &[]).await.map(drop) })
    }

    fn invite(&self, invitation: Hash, expires: u64) -> Answer<'_, ()> {
        Box::pin(self.keep_invitation(invitation, expires))
    }

    fn is_new(&self, now: u64) -> Answer<'_, bool> {
        Box::pin(self.has_nobody(now))
    }

    fn create(&self, vault: NewVault, now: u64) -> Answer<'_, VaultNumber> {
        Box::pin(self.make_vault(vault, now))
    }

    fn login(&self, who: Who) -> Answer<'_, Option<Login>> {
        Box::pin(self.find_login(who))
    }

    fn spend(&self, challenge: Hash, expires: u64) -> Answer<'_, bool> {
        Box::pin(self.use_challenge(challenge, expires))
    }

    fn grant(&self, token: Hash, grant: Grant) -> Answer<'_, ()> {
        Box::pin(self.keep_token(token, grant))
    }

    fn session(&self, token: Hash, now: u64) -> Answer<'_, Option<Session>> {
        Box::pin(self.find_session(token, now))
    }

    fn touch(&self, token: Hash, now: u64) -> Answer<'_, ()> {
        Box::pin(self.note_use(token, now))
    }

    fn push(&self, push: Placing) -> Answer<'_, Pushed> {
        Box::pin(self.append(push))
    }

    fn pull(&self, vault: VaultNumber, pull: Pull, limit: PageLimit) -> Answer<'_, Paged> {
        Box::pin(self.page(vault, pull, limit))
    }

    fn head(&self, vault: VaultNumber) -> Answer<'_, u64> {
        Box::pin(self.last_sequence(vault))
    }

    fn manifest(&self, vault: VaultNumber) -> Answer<'_, (u64, Vec<u8>)> {
        Box::pin(self.read_manifest(vault))
    }

    fn put_manifest(&self, vault: VaultNumber, new: NewManifest) -> Answer<'_, ()> {
        Box::pin(self.replace_manifest(vault, new))
    }

    fn keyring(&self, vault: VaultNumber) -> Answer<'_, Vec<u8>> {
        Box::pin(self.read_keyring(vault))
    }

    fn put_keyring(&self, vault: VaultNumber, expected: Hash, new: Vec<u8>) -> Answer<'_, ()> {
        Box::pin(self.replace_keyring(vault, expected, new))
    }

    fn put_recovery(&self, vault: VaultNumber, recovery: Recovery) -> Answer<'_, ()> {
        Box::pin(self.replace_recovery(vault, recovery))
    }

    fn leave(&self, vault: VaultNumber, device: DeviceId) -> Answer<'_, ()> {
        Box::pin(self.end_tokens(vault, device))
    }

    fn files_bytes(&self, vault: VaultNumber) -> Answer<'_, u64> {
        Box::pin(self.sum_files(vault))
    }

    fn file(&self, vault: VaultNumber, address: FileAddress) -> Answer<'_, Option<FileIs>> {
        Box::pin(self.find_file(vault, address))
    }

    fn put_part(&self, part: NewPart) -> Answer<'_, FileIs> {
        Box::pin(self.append_part(part))
    }

    fn part(&self, vault: VaultNumber, address: FileAddress, number: u64) -> Answer<'_, PartIs> {
        Box::pin(self.find_part(vault, address, number))
    }

    fn drop_file(&self, vault: VaultNumber, address: FileAddress) -> Answer<'_, ()> {
        Box::pin(self.forget_file(vault, address))
    }

    fn forget(&self, token: Hash) -> Answer<'_, ()> {
        Box::pin(self.forget_token(token))
    }

    fn open_guest(&self, guest: NewGuest) -> Answer<'_, ()> {
        Box::pin(self.keep_guest(guest))
    }

    fn guests(&self, vault: VaultNumber) -> Answer<'_, Vec<GuestRow>> {
        Box::pin(self.list_guests(vault))
    }

    fn end_guest(&self, vault: VaultNumber, guest: GuestId, now: u64) -> Answer<'_, ()> {
        Box::pin(self.close_guest(vault, guest, now))
    }

    fn enter_guest(&self, coming: Coming) -> Answer<'_, Option<GuestIs>> {
        Box::pin(self.let_guest_in(coming))
    }

    fn guest(&self, token: Hash, now: u64) -> Answer<'_, Option<GuestStands>> {
        Box::pin(self.hear_guest(token, now))
    }

    fn put_item(&self, token: Hash, item: PutItem, now: u64) -> Answer<'_, Option<GuestStands>> {
        Box::pin(self.keep_item(token, item, now))
    }

    fn leave_guest(&self, token: Hash, now: u64) -> Answer<'_, ()> {
        Box::pin(self.close_visit(token, now))
    }

    fn inbox(&self, vault: VaultNumber, now: u64) -> Answer<'_, InboxIs> {
        Box::pin(self.read_inbox(vault, now))
    }

    fn drop_items(&self, vault: VaultNumber, items: Vec<ItemName>) -> Answer<'_, ()> {
        Box::pin(self.forget_items(vault, items))
    }

    fn meet(&self, turn: Turn) -> Answer<'_, Told> {
        Box::pin(self.take_turn(turn))
    }

    fn delete(&self, vault: VaultNumber) -> Answer<'_, ()> {
        Box::pin(self.delete_vault(vault))
    }

    fn sweep(&self, now: u64) -> Answer<'_, ()> {
        Box::pin(self.throw_away(now))
    }

    fn describe(&self) -> Answer<'_, Vec<String>> {
        Box::pin(self.say_what_it_is())
    }
}
