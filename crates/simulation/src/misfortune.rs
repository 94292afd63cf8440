//! What goes wrong, besides the network: clocks, crashes, copies, and the sequencer's own fate.

use crate::device::Clock;
use crate::server::Copy;
use crate::world::World;
use thoughtstream_core::change::ChangedRow;
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::message::{Answer, Query};

const YEAR: i64 = 365 * 86_400_000;
const MINUTE: i64 = 60_000;

/// What a seed's sequencer and devices may suffer. Not everything in one life: a copied device
/// that has to join again puts its twin out, as both have one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Nothing but the network, crashes and clocks; a newer app writes, too.
    Plain,
    /// The sequencer is put back to older states.
    Restored,
    /// It is wiped, and devices leave and come back.
    Wiped,
    /// Devices are copied, and the sequencer is put back.
    Copied,
}

pub(crate) const PLANS: [Plan; 4] = [Plan::Plain, Plan::Restored, Plan::Wiped, Plan::Copied];

/// Devices at most.
const DEVICES_MAX: usize = 12;

impl World {
    /// Something goes wrong.
    pub(crate) fn suffer(&mut self, plan: Plan, copies: &mut Vec<Copy>) {
        let device = self.chance.below(self.devices.len());
        match self.chance.below(20) {
            0..3 => self.crash(device),
            3..9 => {
                let connected = !self.devices[device].connected;
                self.connect(device, connected);
            }
            9..12 => self.change_clock(device),
            12..14 => {
                self.server.restart().expect("BUG: the store does not fail");
                self.hang_up();
            }
            _ => self.suffer_by_plan(plan, device, copies),
        }
    }

    fn suffer_by_plan(&mut self, plan: Plan, device: usize, copies: &mut Vec<Copy>) {
        match plan {
            Plan::Plain => self.hear_from_newer_app(device),
            Plan::Restored => self.put_server_back(copies),
            Plan::Copied if self.chance.one_in(3) => self.copy_device(device),
            Plan::Copied => self.put_server_back(copies),
            Plan::Wiped if self.chance.one_in(3) => {
                self.server.wipe().expect("BUG: there is memory for a little store");
                self.hang_up();
                self.words = None;
            }
            Plan::Wiped => {
                self.leave_vault(device);
                // Whoever has the words of a vault that nobody is in any more is in it.
            }
        }
    }

    fn put_server_back(&mut self, copies: &mut Vec<Copy>) {
        if self.chance.one_in(3) {
            return self.lose_last_seconds();
        }
        if copies.is_empty() || self.chance.one_in(2) {
            copies.push(self.server.copy().expect("BUG: there is memory for a little store"));
            return;
        }
        let copy = &copies[self.chance.below(copies.len())];
        self.server.restore(copy).expect("BUG: a copy opens");
        self.restored += 1;
        self.hang_up();
    }

    /// Its disk did not keep what it had promised to: what was accepted just now has not yet come
    /// back to who pushed it, and no cursor tells that it is gone.
    fn lose_last_seconds(&mut self) {
        let copy = self.server.copy().expect("BUG: there is memory for a little store");
        let (pushes, longest) = (self.pushes, 1 + self.chance.below(5_000));
        for _ in 0..longest {
            if self.pushes > pushes {
                break;
            }
            self.pass(1);
        }
        self.server.restore(&copy).expect("BUG: a copy opens");
        self.restored += 1;
        self.hang_up();
    }

    /// Cuts a device off, or connects it again.
    pub(crate) fn connect(&mut self, device: usize, connected: bool) {
        self.devices[device].connected = connected;
        if connected {
            drop(self.handle(device, thoughtstream_core::engine::Input::Online));
        }
    }

    fn change_clock(&mut self, device: usize) {
        let off = match self.chance.below(8) {
            0 => YEAR,
            1 => -YEAR,
            2 => 3 * MINUTE,
            3 => 7 * MINUTE,
            4 => -40 * MINUTE,
            _ => 0,
        };
        let rate = [100, 100, 0, 1_000, 60][self.chance.below(5)];
        self.devices[device].clock = Clock::new(self.now, off, rate);
    }

    fn copy_device(&mut self, device: usize) {
        let original = &self.devices[device];
        if self.devices.len() >= DEVICES_MAX || original.engine.is_none() {
            return;
        }
        let (files, id, mut clock) = (original.files(), original.id, original.clock);
        let words = original.words.clone();
        // By late clocks both count on from the same stamp.
        let late = self.chance.one_in(2);
        if late {
            clock = Clock::new(self.now, -YEAR, 100);
            self.devices[device].clock = clock;
        }
        let copy = self.add(files, id, clock);
        if let Some(Answer::Devices(all)) = self.query(device, Query::Devices) {
            self.shared.extend(all.iter().filter(|one| one.this).map(|one| one.id));
        }
        self.devices[copy].words = words;
        if late {
            self.write_both(device, copy);
        }
    }

    fn hear_from_newer_app(&mut self, device: usize) {
        let Some(words) = self.words.clone() else { return };
        let id = self.devices[device].id;
        self.newer += 1;
        let Some(stamp) = Stamp::new(self.now, 0xf000 + self.newer, id) else { return };
        let mut key = [9; 16];
        key[0] = self.chance.below(4) as u8;
        let mut known = None;
        let mut entries = self.entries(device);
        if !entries.is_empty() && self.chance.one_in(2) {
            let (_, mut row) = entries.swap_remove(self.chance.below(entries.len()));
            row.body.push_str(" and columns of a newer app");
            known = Some(ChangedRow::Entry(row));
        }
        self.server.set_time(self.now);
        let written = self.server.write_newer(&words, stamp, known, key);
        written.expect("BUG: the store does not fail");
        self.nudge();
    }
}
