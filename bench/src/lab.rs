//! Browsers at work: the served site, profiles on disk, and one visit after the other.

use crate::setup::Places;
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use thoughtstream_serve::Server;
use thoughtstream_tests::{Browser, Engine, Options, Page, Profile, until};

/// How long anything may take before the benchmark gives up.
const LIMIT: Duration = Duration::from_secs(900);
/// How long one command to the browser waits before it is given again.
const WAIT_MILLIS: u32 = 10_000;

/// A store that a page can be asked to measure; `query` chooses it.
pub(crate) struct Store {
    pub(crate) name: &'static str,
    query: &'static str,
}

pub(crate) const OURS: Store = Store { name: "ThoughtStream", query: "store=ours" };
pub(crate) const OFFICIAL: Store =
    Store { name: "sqlite-wasm, default", query: "store=sqlite&fts=1" };
pub(crate) const OFFICIAL_BEST: Store =
    Store { name: "sqlite-wasm, WAL FULL", query: "store=sqlite&fts=1&wal=1" };
pub(crate) const OFFICIAL_PLAIN: Store =
    Store { name: "sqlite-wasm, WAL FULL, no search index", query: "store=sqlite&wal=1" };
pub(crate) const DEXIE: Store = Store { name: "Dexie, strict", query: "store=dexie" };
pub(crate) const RAW: Store = Store { name: "raw OPFS", query: "store=raw" };

/// The served site.
pub(crate) struct Lab {
    pub(crate) places: Places,
    pub(crate) repeats: usize,
    server: Mutex<Option<Server>>,
    port: u16,
    /// The script that starts the app's worker.
    worker: String,
}

/// A browser on the page of one store.
pub(crate) struct Visit {
    browser: Browser,
    page: Page,
}

impl Lab {
    pub(crate) fn open(places: Places, repeats: usize) -> anyhow::Result<Self> {
        let server = Server::start(places.site.clone(), 0)?;
        let files = fs::read_dir(&places.site)?.flatten();
        let mut names = files.filter_map(|file| file.file_name().into_string().ok());
        let is_start = |name: &String| {
            name.strip_prefix("worker-").and_then(|rest| rest.strip_suffix(".js")).is_some_and(
                |hash| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
            )
        };
        let worker = names.find(is_start).context("the build has no script for its worker")?;
        let port = server.port();
        Ok(Self { places, repeats, server: Mutex::new(Some(server)), port, worker })
    }

    /// The app's address.
    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Takes the network away.
    pub(crate) fn stop_server(&self) {
        drop(self.server.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Brings the network back, at the same address.
    pub(crate) fn start_server(&self) -> anyhow::Result<()> {
        let server = Server::start(self.places.site.clone(), self.port)?;
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) = Some(server);
        Ok(())
    }

    /// Opens the page of a store in a new browser.
    pub(crate) async fn visit(&self, profile: &Arc<Profile>, store: &Store) -> Visit {
        let visit = Visit::open(profile).await;
        let (url, query, worker) = (self.url(), store.query, &self.worker);
        let page = &visit.page;
        page.goto(&format!("{url}/bench/page.html?{query}&worker=/{worker}")).await;
        let ready = "return globalThis.bench !== undefined";
        until("the page of the store runs", async || page.run(ready, []).await == true).await;
        visit
    }

    /// Fills a new store with batches, and gives back the profile that it is in.
    pub(crate) async fn fill(
        &self,
        store: &Store,
        batches: &[String],
    ) -> anyhow::Result<Arc<Profile>> {
        let profile = Arc::new(Profile::fresh());
        let visit = self.visit(&profile, store).await;
        visit.ask("open", json!([])).await?;
        // One at a time: all of them do not fit into a page.
        for batch in batches {
            visit.ask("insert", json!([[batch]])).await?;
        }
        visit.close().await;
        Ok(profile)
    }
}

impl Visit {
    /// A new browser on a profile, with nothing in it but the browser.
    pub(crate) async fn open(profile: &Arc<Profile>) -> Self {
        let options = Options { unwatched: true, ..Options::default() };
        let browser = Browser::open(Engine::Chromium, options, Arc::clone(profile)).await;
        let page = browser.page();
        Self { browser, page }
    }

    pub(crate) fn page(&self) -> &Page {
        &self.page
    }

    /// Calls a function of `globalThis.bench` and waits for what its promise brings.
    pub(crate) async fn ask(&self, name: &str, arguments: Value) -> anyhow::Result<Value> {
        let begin = "globalThis.outcome = undefined;
            globalThis.asked = bench[arguments[0]](...arguments[1]).then(
                (value) => (globalThis.outcome = { value: value ?? null }),
                (error) => (globalThis.outcome = { error: String(error) }),
            )";
        self.page.run(begin, [json!(name), arguments]).await;
        let wait = "await Promise.race([asked, new Promise((go) => setTimeout(go, arguments[0]))]);
            return globalThis.outcome ?? null";
        let started = Instant::now();
        while started.elapsed() < LIMIT {
            let outcome = self.page.run(wait, [json!(WAIT_MILLIS)]).await;
            if let Some(error) = outcome.get("error") {
                bail!("{name}: {error}");
            }
            if let Some(value) = outcome.get("value") {
                return Ok(value.clone());
            }
        }
        bail!("{name} took longer than {} s", LIMIT.as_secs())
    }

    /// Ends the browser the way a person does, so that it keeps what it has learnt.
    pub(crate) async fn close(self) {
        self.browser.close().await;
    }
}

/// The list, begun at another place in each repeat.
pub(crate) fn rotated<T>(list: &[T], repeat: usize) -> impl Iterator<Item = &T> {
    let (before, after) = list.split_at(repeat % list.len());
    after.iter().chain(before)
}

/// A number in what a page answered.
pub(crate) fn number(value: &Value) -> anyhow::Result<f64> {
    value.as_f64().with_context(|| format!("a number was expected, not {value}"))
}

/// Numbers in what a page answered.
pub(crate) fn numbers(value: &Value) -> anyhow::Result<Vec<f64>> {
    value.as_array().context("a list was expected")?.iter().map(number).collect()
}
