//! The engine on native SQLite: takes in the batches it is named, indexes them, saves edits, and
//! prints the milliseconds of each as one line of JSON.
//!
//! Usage: `thoughtstream-bench-floor FOLDER SAVES BATCH.json …`, the folder being new and on the
//! disk that the browsers' profiles are on.

use anyhow::{Context, bail, ensure};
use rusqlite::Connection;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::{Instant as Watch, SystemTime, UNIX_EPOCH};
use std::{env, fs};
use thoughtstream_core::date::{Instant, Month, Time, Zone, Zones};
use thoughtstream_core::engine::{Engine, Input, Output};
use thoughtstream_core::id::{DeviceId, EntryId, RequestId, TabId};
use thoughtstream_core::message::{Answer, Arrival, Command, Edit, Event, Query, Request, Save};
use thoughtstream_core::store::Folder;

fn main() -> anyhow::Result<()> {
    let mut arguments = env::args().skip(1);
    let folder = arguments.next().context("a folder is expected first")?;
    let saves: usize = arguments.next().context("then how many saves")?.parse()?;
    let mut batches = Vec::new();
    for file in arguments {
        let lines: Vec<Line> = serde_json::from_slice(&fs::read(&file)?)?;
        batches.push(lines);
    }
    let edits: Vec<(EntryId, String)> = batches
        .iter()
        .flatten()
        .map(|line| Ok((line.id.parse()?, line.body.clone())))
        .collect::<anyhow::Result<_>>()?;
    let arrivals: Vec<Vec<Arrival>> = batches
        .into_iter()
        .map(|batch| batch.into_iter().map(arrival).collect())
        .collect::<anyhow::Result<_>>()?;

    let mut desk = Desk::open(folder.into())?;
    let begin = Watch::now();
    for batch in arrivals {
        desk.ask(Command::Edit(Edit::Import(batch)))?;
    }
    let month = Month { year: 9999, month: 12 };
    let rows = Query::Rows { journal: None, month, skip: 0, limit: 50 };
    desk.ask(Command::Query(rows))?;
    let listed = millis(begin);
    desk.index()?;
    let searchable = millis(begin);
    let saved = desk.save(&edits, saves)?;
    let answer = serde_json::json!({ "listed": listed, "searchable": searchable, "saves": saved });
    println!("{answer}");
    Ok(())
}

/// An entry of the generated journal.
#[derive(Deserialize)]
struct Line {
    id: String,
    time: i64,
    body: String,
}

fn arrival(line: Line) -> anyhow::Result<Arrival> {
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

/// The engine, and whoever asks it.
struct Desk {
    engine: Engine,
    asked: u64,
}

impl Desk {
    fn open(folder: PathBuf) -> anyhow::Result<Self> {
        let device = DeviceId([0x9f, 0x3c, 0x2a, 0x7b, 0xe0, 0x1d, 0x4c, 0x55]);
        let engine = Engine::open(&Disk(folder), false, device, Box::new(Utc))?;
        Ok(Self { engine, asked: 0 })
    }

    fn ask(&mut self, command: Command) -> anyhow::Result<Answer> {
        self.asked += 1;
        let id = RequestId { tab: TabId(1), number: self.asked };
        for output in self.engine.handle(Input::Request(Request { id, command }), now()?) {
            if let Output::Answer { answer, .. } = output {
                return Ok((*answer)?);
            }
        }
        bail!("the engine did not answer")
    }

    /// Lets the engine work on its own until everything is in the index.
    fn index(&mut self) -> anyhow::Result<()> {
        loop {
            let outputs = self.engine.handle(Input::Idle, now()?);
            ensure!(!outputs.is_empty(), "the engine stopped before it had indexed everything");
            if outputs.contains(&Output::Broadcast(Event::Indexing { waiting: 0 })) {
                return Ok(());
            }
        }
    }

    /// Edits scattered entries, one durable save after the other.
    fn save(&mut self, entries: &[(EntryId, String)], count: usize) -> anyhow::Result<Vec<f64>> {
        let mut times = Vec::with_capacity(count);
        for number in 0..count {
            let (entry, body) = &entries[number * 7919 % entries.len()];
            let entry = *entry;
            let Answer::Entry(Some(found)) = self.ask(Command::Query(Query::Entry { entry }))?
            else {
                bail!("an entry is missing")
            };
            let body = format!("{body} And so to bed, {number}.");
            let save = Save { entry, body, base: Some(found.modified_at), new: None };
            let begin = Watch::now();
            self.ask(Command::Edit(Edit::Save(save)))?;
            times.push(millis(begin));
        }
        Ok(times)
    }
}

fn now() -> anyhow::Result<Instant> {
    Ok(Instant(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis().try_into()?))
}

fn millis(begin: Watch) -> f64 {
    begin.elapsed().as_secs_f64() * 1000.0
}

/// The only zone of the generated journal.
struct Utc;

impl Zones for Utc {
    fn offset_seconds(&self, zone: &Zone, _: Instant) -> Option<i32> {
        (*zone == Zone::utc()).then_some(0)
    }
}

/// A folder of the machine.
struct Disk(PathBuf);

impl Folder for Disk {
    fn names(&self) -> Vec<String> {
        let files = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let names = files.filter_map(|file| file.file_name().into_string().ok());
        names.filter(|name| name.ends_with(".sqlite3")).collect()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }

    fn open(&self, name: &str) -> rusqlite::Result<Connection> {
        Connection::open(self.0.join(name))
    }

    fn remove(&self, name: &str) -> Result<(), String> {
        fs::remove_file(self.0.join(name)).map_err(|error| error.to_string())
    }
}
