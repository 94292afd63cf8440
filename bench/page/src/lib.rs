//! What a page of the benchmark can ask of the app's own worker, through the app's own bridge.
//!
//! Whatever a peer gets as a ready JavaScript object is made ready here beforehand as well
//! (`prepare`, `read`), so that the clock sees the same on both sides: from the call on the UI
//! thread, over the worker, back to the UI thread.

use js_sys::Function;
use serde::Deserialize;
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use thoughtstream::bridge::Bridge;
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::date::{Instant, Month, Time, Zone};
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::{
    Answer, Arrival, Command, Edit, Event, Failure, Fate, Query, Save, Search,
};
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

/// The page's connection to the worker in `globalThis.thoughtstream`.
#[wasm_bindgen]
pub struct Client {
    bridge: Bridge,
    prepared: RefCell<VecDeque<Vec<Arrival>>>,
    versions: RefCell<HashMap<EntryId, Stamp>>,
}

/// An entry of the generated journal.
#[derive(Deserialize)]
struct Line {
    id: String,
    /// Milliseconds since 1970 in UTC.
    time: i64,
    body: String,
}

#[wasm_bindgen]
impl Client {
    /// Connects; `on_indexing` is called with the number of entries that wait for the index.
    #[wasm_bindgen(constructor)]
    pub fn new(on_indexing: Function) -> Self {
        let bridge = Bridge::connect(move |event| {
            if let Event::Indexing { waiting } = event {
                // A callback that throws is a defect of the page, which then waits in vain.
                let _ = on_indexing.call1(&JsValue::NULL, &waiting.into());
            }
        });
        Self { bridge, prepared: RefCell::default(), versions: RefCell::default() }
    }

    /// Reads a batch of entries, to be taken in later.
    pub fn prepare(&self, batch: &str) -> Result<(), JsError> {
        let lines: Vec<Line> = serde_json::from_str(batch)?;
        let arrivals = lines.into_iter().map(arrival).collect::<Result<_, _>>()?;
        self.prepared.borrow_mut().push_back(arrivals);
        Ok(())
    }

    /// Takes in the batch that was prepared first.
    pub async fn import(&self) -> Result<(), JsError> {
        let batch = self.prepared.borrow_mut().pop_front().unwrap_or_default();
        let expected = batch.len();
        match self.ask(Command::Edit(Edit::Import(batch))).await? {
            Answer::Arrived(fates) if fates == vec![Fate::Added; expected] => Ok(()),
            other => Err(unexpected(&other)),
        }
    }

    /// How many entries are not in the index yet.
    pub async fn unindexed(&self) -> Result<u32, JsError> {
        match self.ask(Command::Query(Query::Status)).await? {
            Answer::Status(status) => Ok(status.unindexed),
            other => Err(unexpected(&other)),
        }
    }

    /// The newest entries of all; how many there were.
    pub async fn newest(&self, limit: u32) -> Result<usize, JsError> {
        let month = Month { year: 9999, month: 12 };
        let query = Query::Rows { journal: None, month, skip: 0, limit };
        match self.ask(Command::Query(query)).await? {
            Answer::Rows(rows) => Ok(rows.len()),
            other => Err(unexpected(&other)),
        }
    }

    /// Reads an entry as an editor does, to know the version that the next save is based on.
    pub async fn read(&self, id: &str) -> Result<(), JsError> {
        let entry = id.parse::<EntryId>()?;
        match self.ask(Command::Query(Query::Entry { entry })).await? {
            Answer::Entry(Some(found)) => {
                self.versions.borrow_mut().insert(entry, found.modified_at);
                Ok(())
            }
            other => Err(unexpected(&other)),
        }
    }

    /// Saves another text of an entry that was read; resolves when it is durable.
    pub async fn save(&self, id: &str, body: String) -> Result<(), JsError> {
        let entry = id.parse::<EntryId>()?;
        let base = self.versions.borrow().get(&entry).copied();
        let save = Save { entry, body, base, new: None };
        match self.ask(Command::Edit(Edit::Save(save))).await? {
            Answer::Saved { .. } => Ok(()),
            other => Err(unexpected(&other)),
        }
    }

    /// Finds the newest entries with these words; how many there were.
    pub async fn search(&self, text: String, limit: u32) -> Result<usize, JsError> {
        let search = Search { text, limit, ..Search::default() };
        match self.ask(Command::Query(Query::Search(search))).await? {
            Answer::Found(found) if found.waiting == 0 => Ok(found.hits.len()),
            other => Err(unexpected(&other)),
        }
    }

    async fn ask(&self, command: Command) -> Result<Answer, Failure> {
        self.bridge.ask(command).await
    }
}

fn arrival(line: Line) -> Result<Arrival, JsError> {
    let instant = Instant(line.time);
    let (date, millis) = instant.utc_parts();
    Ok(Arrival {
        id: line.id.parse()?,
        body: line.body,
        date,
        time: Time::from_millis(millis),
        zone: Zone::utc(),
        instant: Some(instant),
        starred: false,
        mood: None,
        location: None,
        tags: Vec::new(),
        journal: None,
        trashed: false,
        attachments: Vec::new(),
    })
}

fn unexpected(answer: &Answer) -> JsError {
    let text = format!("{answer:?}");
    JsError::new(&format!("the worker answered {}", text.chars().take(200).collect::<String>()))
}
