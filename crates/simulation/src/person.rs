//! The people: they make a vault, join it, and help a device that has stopped.

use crate::server::ORIGIN;
use crate::world::World;
use thoughtstream_core::message::{
    Answer, Command, Failure, Query, SyncCommand, SyncPhase, SyncTrouble,
};

impl World {
    /// Makes a vault on a device, with a new invitation; notes the words.
    ///
    /// # Panics
    /// If the sequencer's store fails.
    pub fn create_vault(&mut self, device: usize) {
        let invitation = self.server.invite().expect("BUG: the store does not fail");
        let (server, name) = (ORIGIN.to_owned(), format!("device {device}"));
        let command = SyncCommand::Create { server, invitation, device: name };
        let made = self.ask(device, Command::Sync(command));
        if matches!(made, Some(Ok(_)))
            && let Some(Answer::Words(words)) = self.query(device, Query::Words)
        {
            self.words.clone_from(&words);
            self.devices[device].words = words;
        }
    }

    /// Joins the vault on a device, by the words.
    pub fn join_vault(&mut self, device: usize) {
        let Some(words) = self.words.clone() else { return };
        let (server, name) = (ORIGIN.to_owned(), format!("device {device}"));
        let join = SyncCommand::Join { server, words: words.clone(), device: name };
        // One that is still about to leave is in the other vault.
        if let Some(Err(Failure::Invalid(_))) = self.ask(device, Command::Sync(join)) {
            return;
        }
        self.devices[device].words = Some(words);
    }

    /// Leaves the vault on a device.
    pub fn leave_vault(&mut self, device: usize) {
        self.left += 1;
        drop(self.ask(device, Command::Sync(SyncCommand::Leave)));
    }

    /// Does for a device what its screen says: tries again, joins again, makes a vault.
    pub fn help(&mut self, device: usize) {
        let Some(Answer::Sync(status)) = self.query(device, Query::Sync) else { return };
        match status.phase {
            SyncPhase::Off => self.come_in(device),
            // Two made a vault each: all agree on the later one.
            _ if self.words.is_some() && self.devices[device].words != self.words => {
                self.leave_vault(device);
                self.come_in(device);
            }
            SyncPhase::Stopped(
                SyncTrouble::PutOut
                | SyncTrouble::NotInvited
                | SyncTrouble::UnknownWords
                | SyncTrouble::Untrusted(_),
            ) if self.devices[device].stops > 1 => {
                self.devices[device].stops = 0;
                if self.devices[device].words == self.words {
                    self.give_up_vault(&status.phase);
                }
                self.leave_vault(device);
                self.come_in(device);
            }
            SyncPhase::Stopped(_) => {
                self.devices[device].stops += 1;
                drop(self.ask(device, Command::Sync(SyncCommand::Now)));
            }
            _ => self.devices[device].stops = 0,
        }
    }

    /// There is no vault of these words (any more): whoever comes next makes one.
    fn give_up_vault(&mut self, phase: &SyncPhase) {
        if let SyncPhase::Stopped(SyncTrouble::UnknownWords | SyncTrouble::NotInvited) = phase {
            self.words = None;
        }
    }

    fn come_in(&mut self, device: usize) {
        if self.words.is_some() { self.join_vault(device) } else { self.create_vault(device) }
    }
}
