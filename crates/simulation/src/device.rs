//! One device: an engine on a disk that can lose power, with a clock that may be wrong.

use std::collections::BTreeMap;
use thoughtstream_core::date::{Instant, Zone, Zones};
use thoughtstream_core::engine::{Engine, Input, Output};
use thoughtstream_core::id::{DeviceId, TabId};
use thoughtstream_core::message::{SyncPhase, SyncStatus};
use thoughtstream_core::seal::Chance as _;
use thoughtstream_disk::crash::{CUTS, Life};
use thoughtstream_disk::{Chance, Disk, Files};

/// The only zone there is.
pub const ZONE: &str = "UTC";

struct Utc;

impl Zones for Utc {
    fn offset_seconds(&self, zone: &Zone, _: Instant) -> Option<i32> {
        (zone.0 == ZONE).then_some(0)
    }
}

/// What a device's clock shows: it may be off, stand, or run fast.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// The true time at which it was set, and what it was set to.
    set: (i64, i64),
    /// Of each true second, in hundredths.
    rate: i64,
}

impl Clock {
    /// A clock that is `off` milliseconds ahead from `now` on, at that rate.
    #[must_use]
    pub fn new(now: i64, off: i64, rate: i64) -> Self {
        Self { set: (now, now + off), rate }
    }

    /// What it shows.
    #[must_use]
    pub fn at(&self, now: i64) -> Instant {
        Instant(self.set.1 + (now - self.set.0) * self.rate / 100)
    }
}

/// A device.
pub struct Device {
    /// None while it is switched off. Dropped before its disk, which is gone only when nobody has
    /// a file of it open.
    pub engine: Option<Engine>,
    pub disk: Disk,
    pub id: DeviceId,
    pub clock: Clock,
    /// Counts its lives: what was meant for an earlier one does not reach it.
    pub life: u32,
    pub tab: TabId,
    pub number: u64,
    /// The last wish for a pause, and the last for a sync.
    pub tickets: [u64; 2],
    /// The stream it listens to: number, token, the head it was told.
    pub listening: Option<(u64, String, u64)>,
    pub connected: bool,
    pub status: Option<SyncStatus>,
    pub stops: u32,
    /// Of the vault that its person brought it into.
    pub words: Option<String>,
}

impl Device {
    /// A device on a disk; off.
    #[must_use]
    pub fn new(files: Files, id: DeviceId, clock: Clock) -> Self {
        Self {
            engine: None,
            disk: Disk::new(files),
            id,
            clock,
            life: 0,
            tab: TabId(0),
            number: 0,
            tickets: [0; 2],
            listening: None,
            connected: true,
            status: None,
            stops: 0,
            words: None,
        }
    }

    /// Switches it on; the outputs are to be carried out.
    ///
    /// # Panics
    /// If the journal cannot be opened: it must survive every crash.
    pub fn open(&mut self, now: i64, chance: &mut Chance) -> Vec<Output> {
        let opened = Engine::open(&self.disk, false, self.id, Box::new(Utc));
        let mut engine = opened.expect("BUG: a journal opens after every crash");
        assert!(engine.recovered().is_none(), "a power cut damaged the file");
        let mut outputs = engine.start();
        let mut seed = [0; 32];
        chance.fill(&mut seed);
        outputs.extend(engine.handle(Input::Seed(seed), self.clock.at(now)));
        self.tab = TabId(chance.next());
        self.number = 0;
        self.engine = Some(engine);
        outputs
    }

    /// Switches it off without a word.
    pub fn drop_dead(&mut self) {
        self.engine = None;
        self.life += 1;
        self.listening = None;
        self.status = None;
    }

    /// Gives the engine an input and cuts the power somewhere meanwhile, or right after.
    pub fn handle_and_die(&mut self, input: Input, now: i64, chance: &mut Chance) {
        let Some(engine) = &mut self.engine else { return };
        let before = self.disk.files();
        self.disk.record();
        drop(engine.handle(input, self.clock.at(now)));
        let ops = self.disk.recorded();
        self.drop_dead();
        let mut life = Life::after(before, &ops);
        for _ in 0..chance.below(ops.len() + 1) {
            life.step();
        }
        let cut = CUTS[chance.below(CUTS.len())];
        self.disk = Disk::new(life.cut(cut, chance));
    }

    /// Whether there is nothing left to do, as far as the device knows.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let status = self.status.as_ref();
        status.is_some_and(|status| status.phase == SyncPhase::Synced && status.waiting == 0)
    }

    /// The files as they are, for a copy of the device.
    #[must_use]
    pub fn files(&self) -> Files {
        let files: BTreeMap<_, _> = self.disk.files();
        files
    }
}
