//! What the tests share: the world's zones, chance from a seed, the diary, and a desk to write at.

use jiff::{Timestamp, tz::TimeZone};
use proptest::strategy::Strategy;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use thoughtstream_core::date::{Date, Instant, Time, Zone, Zones};
use thoughtstream_core::engine::{Engine, Input, Output};
use thoughtstream_core::id::{DeviceId, EntryId, JournalId, RequestId, TabId};
use thoughtstream_core::message::{
    Answer, Arrival, Changed, Command, Edit, Event, Failure, Location, MemoryReason, Mood,
    NewEntry, Point, Query, Request, Save,
};
use thoughtstream_core::store::Folder;
pub(crate) use thoughtstream_disk::Chance;

pub(crate) const DEVICE: DeviceId = DeviceId([0x9f, 0x3c, 0x2a, 0x7b, 0xe0, 0x1d, 0x4c, 0x55]);
pub(crate) const SYDNEY: &str = "Australia/Sydney";
/// 2026-04-24, 16:00 in UTC.
pub(crate) const NOW: Instant = Instant(1_777_046_400_000);

/// The zones as jiff knows them.
pub(crate) struct World;

impl Zones for World {
    fn offset_seconds(&self, zone: &Zone, instant: Instant) -> Option<i32> {
        let zone = TimeZone::get(&zone.0).ok()?;
        let instant = Timestamp::from_millisecond(instant.0).ok()?;
        Some(zone.to_offset(instant).seconds())
    }
}

pub(crate) fn zone(name: &str) -> Zone {
    Zone(name.to_owned())
}

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn time(text: &str) -> Time {
    text.parse().unwrap()
}

pub(crate) fn entry_id(number: u64) -> EntryId {
    let mut bytes = [0xe7; 16];
    bytes[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    EntryId(bytes)
}

pub(crate) fn journal_id(number: u8) -> JournalId {
    JournalId([number; 16])
}

/// An entry as a file brings it: on a day, in Sydney.
pub(crate) fn arrival(number: u64, day: &str, body: &str) -> Arrival {
    Arrival {
        id: entry_id(number),
        body: body.to_owned(),
        date: date(day),
        time: None,
        zone: zone(SYDNEY),
        instant: None,
        starred: false,
        mood: None,
        location: None,
        tags: Vec::new(),
        journal: None,
        trashed: false,
        attachments: Vec::new(),
    }
}

/// A number from the environment: how much a test that can go on for ever is to do.
pub(crate) fn setting(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// The real diary, moved by 356 years, a day and a text each.
pub(crate) fn diary() -> &'static [(Date, String)] {
    static DIARY: OnceLock<Vec<(Date, String)>> = OnceLock::new();
    DIARY.get_or_init(|| {
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/pepys.jsonl.gz");
        let packed = std::fs::read(&file)
            .unwrap_or_else(|error| panic!("the diary is needed at {}: {error}", file.display()));
        let mut lines = String::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut lines).unwrap();
        lines.lines().map(diary_line).collect()
    })
}

fn diary_line(line: &str) -> (Date, String) {
    let value: serde_json::Value = serde_json::from_str(line).unwrap();
    let day = date(value["date"].as_str().unwrap());
    let moved = Date::new(day.year() + 356, day.month(), day.day()).unwrap();
    (moved, value["text"].as_str().unwrap().to_owned())
}

/// The diary's entries as arrivals, from the first on.
pub(crate) fn diary_arrivals(count: usize) -> Vec<Arrival> {
    let entries = diary().iter().take(count).zip(1..);
    entries.map(|((day, text), number)| arrival(number, &day.to_string(), text)).collect()
}

/// A folder of the real file system.
pub(crate) struct Directory(pub(crate) PathBuf);

impl Folder for Directory {
    fn names(&self) -> Vec<String> {
        let names = std::fs::read_dir(&self.0).unwrap();
        let names = names.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.ends_with(".sqlite3")).collect()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn open(&self, name: &str) -> rusqlite::Result<rusqlite::Connection> {
        rusqlite::Connection::open(self.0.join(name))
    }

    fn remove(&self, name: &str) -> Result<(), String> {
        for name in [name.to_owned(), format!("{name}-wal"), format!("{name}-journal")] {
            let gone = std::fs::remove_file(self.0.join(name));
            let there = |error: &std::io::Error| error.kind() != std::io::ErrorKind::NotFound;
            gone.err().filter(there).map_or(Ok(()), |error| Err(error.to_string()))?;
        }
        Ok(())
    }
}

/// One tab at the engine.
pub(crate) struct Desk {
    pub(crate) engine: Engine,
    pub(crate) tab: TabId,
    /// The number of the last request.
    pub(crate) number: u64,
    pub(crate) now: Instant,
    /// What the last edit told every tab.
    pub(crate) changed: Option<Changed>,
}

#[expect(clippy::needless_pass_by_value, reason = "what is sent is made where it is sent")]
impl Desk {
    pub(crate) fn at(engine: Engine) -> Self {
        Self { engine, tab: TabId(7), number: 0, now: NOW, changed: None }
    }

    pub(crate) fn in_memory() -> Self {
        let reason = MemoryReason::Private;
        Self::at(Engine::in_memory(DEVICE, Box::new(World), reason).unwrap())
    }

    pub(crate) fn open(folder: &dyn Folder) -> Self {
        Self::at(Engine::open(folder, false, DEVICE, Box::new(World)).unwrap())
    }

    /// Closes the journal and opens it again; the tab stays the same.
    pub(crate) fn reopen(self, folder: &dyn Folder) -> Self {
        let Self { engine, tab, number, now, changed } = self;
        engine.close();
        let engine = Engine::open(folder, false, DEVICE, Box::new(World)).unwrap();
        Self { engine, tab, number, now, changed }
    }

    pub(crate) fn edit(&mut self, edit: Edit) -> Result<Answer, Failure> {
        self.number += 1;
        self.send(self.number, Command::Edit(edit))
    }

    /// Carries out an edit that must succeed.
    pub(crate) fn done(&mut self, edit: Edit) -> Answer {
        self.edit(edit.clone()).unwrap_or_else(|failure| panic!("{edit:?}: {failure}"))
    }

    /// Sends a request under a number of one's own choice.
    pub(crate) fn send(&mut self, number: u64, command: Command) -> Result<Answer, Failure> {
        let id = RequestId { tab: self.tab, number };
        let outputs = self.engine.handle(Input::Request(Request { id, command }), self.now);
        self.changed = outputs.iter().find_map(|output| match output {
            Output::Broadcast(Event::Changed(changed)) => Some(changed.clone()),
            _ => None,
        });
        let answers = outputs.into_iter().find_map(|output| match output {
            Output::Answer { to, answer } if to == id => Some(*answer),
            _ => None,
        });
        answers.expect("every request is answered")
    }

    pub(crate) fn try_ask(&mut self, query: Query) -> Result<Answer, Failure> {
        self.number += 1;
        self.send(self.number, Command::Query(query))
    }

    pub(crate) fn ask(&mut self, query: Query) -> Answer {
        self.try_ask(query.clone()).unwrap_or_else(|failure| panic!("{query:?}: {failure}"))
    }

    /// Lets the engine do its own work until nothing waits.
    pub(crate) fn settle(&mut self) {
        for _ in 0..10_000 {
            let outputs = self.engine.handle(Input::Idle, self.now);
            if outputs.is_empty() {
                return;
            }
            // Work that failed waits longer than any other.
            let failed = |output: &Output| matches!(output, Output::Wake { after_ms: 30_000 });
            assert!(!outputs.iter().any(failed), "the engine's own work failed: {outputs:?}");
        }
        panic!("the engine's own work never ends");
    }

    /// Writes a new entry for a day (or now).
    pub(crate) fn write(&mut self, number: u64, day: Option<&str>, body: &str) -> Answer {
        let journal = JournalId::FIRST;
        let new = NewEntry { journal, zone: zone(SYDNEY), date: day.map(date) };
        let (entry, body) = (entry_id(number), body.to_owned());
        self.done(Edit::Save(Save { entry, body, base: None, new: Some(new) }))
    }

    /// Takes entries in, some at a time.
    pub(crate) fn take_in(&mut self, arrivals: Vec<Arrival>) {
        for batch in arrivals.chunks(500) {
            self.done(Edit::Import(batch.to_vec()));
        }
    }
}

pub(crate) fn any_mood() -> impl Strategy<Value = Option<Mood>> {
    proptest::option::of(proptest::sample::select(Mood::ALL.to_vec()))
}

pub(crate) fn any_point() -> impl Strategy<Value = Option<Point>> {
    let point = (-90_000_000..=90_000_000_i64, -180_000_000..=180_000_000_i64);
    let edge = proptest::sample::select(vec![(0, 0), (-1, 100_000), (90_000_000, -180_000_000)]);
    proptest::option::of(proptest::prop_oneof![3 => point, 1 => edge])
        .prop_map(|point| point.and_then(|(latitude, longitude)| Point::new(latitude, longitude)))
}

pub(crate) fn any_location() -> impl Strategy<Value = Option<Location>> {
    ("[ a-zé日]{0,12}", any_point()).prop_map(|(label, point)| Location::new(&label, point))
}
