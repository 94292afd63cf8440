//! What people do to their journals, and what the model has to know of it.

use crate::device::ZONE;
use crate::world::World;
use thoughtstream_core::change::{ChangedRow, EntryRow, Life};
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::date::{Date, Zone};
use thoughtstream_core::id::{EntryId, JournalId};
use thoughtstream_core::message::{Answer, Colour, Command, Edit, Mood, NewEntry, Query, Save};

/// Entries that are written into: few, so that devices meet.
const ENTRIES_MAX: usize = 24;
const TAGS: [&str; 3] = ["home", "sea", "bread"];

impl World {
    /// Somebody does something on a device.
    pub(crate) fn edit_something(&mut self, device: usize) {
        let entries = self.entries(device);
        let live: Vec<_> = entries.iter().filter(|(_, row)| row.life != Life::Deleted).collect();
        let many = entries.len() >= ENTRIES_MAX;
        if live.is_empty() || (!many && self.chance.one_in(8)) {
            return self.write_new(device);
        }
        let (stamp, row) = live[self.chance.below(live.len())].clone();
        let entry = row.id;
        let edit = match self.chance.below(100) {
            0..55 => return self.write_on(device, stamp, &row),
            55..59 => Edit::Star { entry, starred: !row.starred },
            59..62 => Edit::Mood { entry, mood: Mood::of_code(self.chance.below(6) as i64) },
            62..74 => self.tag(entry),
            74..79 => Edit::Trash { entry },
            79..82 => Edit::Restore { entry },
            82..86 => return self.delete(device, &row),
            86..90 => self.redate(entry),
            90..94 => self.put_into(device, entry),
            94..98 => self.name_journal(),
            _ => return self.delete_journal(device),
        };
        drop(self.ask(device, Command::Edit(edit)));
    }

    /// The entries of a device, tombstones included.
    pub(crate) fn entries(&self, device: usize) -> Vec<(Stamp, EntryRow)> {
        let Some(engine) = &self.devices[device].engine else { return Vec::new() };
        let versions = engine.versions().expect("BUG: the disk does not fail");
        let entry = |row| match row {
            ChangedRow::Entry(row) => Some(row),
            _ => None,
        };
        let versions = versions.into_iter();
        versions.filter_map(|one| Some((one.stamp, entry(one.row)?))).collect()
    }

    fn write_new(&mut self, device: usize) {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.chance.next().to_be_bytes());
        let entry = EntryId(id);
        let word = self.model.new_word(entry, self.now);
        let body = format!("w{word}");
        let zone = Zone(ZONE.into());
        let new = Some(NewEntry { journal: JournalId::FIRST, zone, date: None });
        self.save(device, word, "", Save { entry, body, base: None, new });
    }

    fn write_on(&mut self, device: usize, stamp: Stamp, row: &EntryRow) {
        let word = self.model.new_word(row.id, self.now);
        let body = self.reworded(&row.body, word);
        let save = Save { entry: row.id, body, base: Some(stamp), new: None };
        self.save(device, word, &row.body, save);
    }

    /// People write into the same entry on two devices, and name the same journal.
    pub(crate) fn write_both(&mut self, one: usize, other: usize) {
        let mut entries = self.entries(one);
        entries.retain(|(_, row)| row.life != Life::Deleted);
        if entries.is_empty() {
            return;
        }
        let (stamp, row) = entries.swap_remove(self.chance.below(entries.len()));
        for device in [one, other] {
            self.write_on(device, stamp, &row);
            let edit = self.name_journal();
            drop(self.ask(device, Command::Edit(edit)));
        }
    }

    /// A text with a new word in it: added somewhere, in place of another, or for many.
    fn reworded(&mut self, body: &str, word: u64) -> String {
        let mut words: Vec<String> = body.split(' ').map(str::to_owned).collect();
        let at = self.chance.below(words.len() + 1);
        let word = format!("w{word}");
        match self.chance.below(8) {
            0 if at < words.len() => words[at] = word,
            1 if at < words.len() && words.len() > 3 => {
                words.truncate(at);
                words.push(word);
            }
            2 => words.push(format!("\n\n{word}")),
            _ => words.insert(at, word),
        }
        words.join(" ")
    }

    fn save(&mut self, device: usize, word: u64, before: &str, save: Save) {
        self.model.saving(before, &save.body);
        let answer = self.ask(device, Command::Edit(Edit::Save(save)));
        if let Some(Ok(Answer::Saved { .. })) = answer {
            self.model.saved(word);
        }
    }

    fn delete(&mut self, device: usize, row: &EntryRow) {
        let entry = row.id;
        let mut texts = vec![row.body.clone()];
        if let Some(Answer::Revisions(kept)) = self.query(device, Query::Revisions { entry }) {
            texts.extend(kept.into_iter().map(|one| one.body));
        }
        self.model.deleting(entry, &texts, self.now);
        drop(self.ask(device, Command::Edit(Edit::Delete { entry })));
    }

    fn tag(&mut self, entry: EntryId) -> Edit {
        let name = TAGS[self.chance.below(TAGS.len())].to_owned();
        Edit::Tag { entry, name, on: !self.chance.one_in(3) }
    }

    fn redate(&mut self, entry: EntryId) -> Edit {
        let date = Date::from_days(20_000 + self.chance.below(50) as i64);
        Edit::Redate { entry, date, time: None, zone: Zone(ZONE.into()) }
    }

    fn put_into(&mut self, device: usize, entry: EntryId) -> Edit {
        let journal = self.some_journal(device);
        Edit::Move { entry, journal }
    }

    fn name_journal(&mut self) -> Edit {
        let journal = JournalId([self.chance.below(3) as u8 + 1; 16]);
        let name = format!("Journal {}", self.chance.below(1_000));
        let colour = Colour::ALL[self.chance.below(Colour::ALL.len())];
        Edit::SaveJournal { journal, name, colour }
    }

    fn delete_journal(&mut self, device: usize) {
        let journal = self.some_journal(device);
        let edit = Edit::DeleteJournal { journal, into: JournalId::FIRST };
        drop(self.ask(device, Command::Edit(edit)));
    }

    fn some_journal(&mut self, device: usize) -> JournalId {
        match self.query(device, Query::Journals) {
            Some(Answer::Journals(all)) if !all.is_empty() => all[self.chance.below(all.len())].id,
            _ => JournalId::FIRST,
        }
    }
}
