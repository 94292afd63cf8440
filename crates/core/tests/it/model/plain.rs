//! The journal as plainly as it can be told: maps in memory, and what each edit does to them.

use crate::support::World;
use std::collections::BTreeMap;
use thoughtstream_core::change::Life;
use thoughtstream_core::clock::{Clock, Stamp};
use thoughtstream_core::date::{Date, Instant, Moment, Time};
use thoughtstream_core::id::{DeviceId, EntryId, JournalId, TemplateId};
use thoughtstream_core::message::{
    Answer, Arrival, Colour, Edit, Failure, Fate, Location, Mood, NAME_CHARS_MAX, Save, Template,
    starters,
};

#[derive(Debug, Clone)]
pub(super) struct Plain {
    pub(super) entries: BTreeMap<EntryId, Text>,
    pub(super) journals: BTreeMap<JournalId, (String, Colour)>,
    pub(super) templates: BTreeMap<TemplateId, Template>,
    /// Counts what is done, so that what came later is known.
    steps: u64,
}

/// An entry, or what is left of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) body: String,
    pub(super) moment: Moment,
    /// When it came to its moment: of one millisecond, what came later stands later.
    came: u64,
    pub(super) journal: JournalId,
    pub(super) starred: bool,
    pub(super) life: Life,
    pub(super) mood: Option<Mood>,
    pub(super) location: Option<Location>,
    /// When it was changed last, tags aside.
    pub(super) touched: u64,
    /// Tags by hand, by the key under which they are one.
    pub(super) tags: BTreeMap<String, String>,
    /// The texts that another was written over, newest last.
    pub(super) kept: Vec<Kept>,
}

/// A version that another was written over.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kept {
    pub(super) body: String,
    pub(super) mood: Option<Mood>,
    pub(super) location: Option<Location>,
}

impl Text {
    /// What orders the timeline.
    pub(super) fn order(&self) -> (Date, i64, u64) {
        (self.moment.date, self.moment.time.map_or(0, Time::millis), self.came)
    }
}

/// A stamp that says nothing: the model does not know how the clock ticks.
pub(super) fn no_stamp() -> Stamp {
    Clock::new(DeviceId([0; 8])).last()
}

fn invalid() -> Failure {
    Failure::Invalid(String::new())
}

impl Plain {
    pub(super) fn new() -> Self {
        let first = (JournalId::FIRST, ("Journal".to_owned(), Colour::Clay));
        let templates = starters().into_iter().map(|template| (template.id, template)).collect();
        let journals = BTreeMap::from([first]);
        Self { entries: BTreeMap::new(), journals, templates, steps: 0 }
    }

    /// Does what the edit asks for; a save with a base is one of who has seen the last version.
    pub(super) fn edit(&mut self, edit: Edit, now: Instant) -> Result<Answer, Failure> {
        match edit {
            Edit::Save(save) => return self.save(save, now),
            Edit::Import(arrivals) => return Ok(self.import(arrivals)),
            Edit::Redate { entry, date, time, zone } => {
                let moment = Moment::on(date, time, zone, &World).ok_or_else(invalid)?;
                self.change(entry, |text| text.moment = moment)?;
            }
            Edit::Move { entry, journal } => {
                self.need(journal)?;
                self.change(entry, |text| text.journal = journal)?;
            }
            Edit::Star { entry, starred } => self.change(entry, |text| text.starred = starred)?,
            Edit::Mood { entry, mood } => self.change(entry, |text| text.mood = mood)?,
            Edit::Location { entry, location } => {
                self.change(entry, |text| text.location = location)?;
            }
            Edit::Tag { entry, name, on } => self.tag(entry, &name, on)?,
            Edit::Trash { entry } => self.change(entry, |text| text.life = Life::Trashed)?,
            Edit::Restore { entry } => self.change(entry, |text| text.life = Life::Live)?,
            Edit::Delete { entry } => self.change(entry, erase)?,
            Edit::EmptyTrash => {
                let trashed = self.entries.values_mut().filter(|text| text.life == Life::Trashed);
                trashed.for_each(erase);
            }
            Edit::SaveJournal { journal, name, colour } => {
                self.save_journal(journal, &name, colour)?;
            }
            Edit::DeleteJournal { journal, into } => self.delete_journal(journal, into)?,
            Edit::SaveTemplate(template) => {
                let name = template.name.trim().to_owned();
                if name.is_empty() {
                    return Err(invalid());
                }
                self.templates.insert(template.id, Template { name, ..template });
            }
            Edit::DeleteTemplate { template } => {
                self.templates.remove(&template).ok_or(Failure::NoTemplate)?;
            }
            Edit::Together(_) => unreachable!("together.rs tells of these"),
            // These have stories of their own, in `files`.
            Edit::Attach(_)
            | Edit::Detach { .. }
            | Edit::Reattach { .. }
            | Edit::Caption { .. } => return Err(invalid()),
        }
        Ok(Answer::Done)
    }

    fn step(&mut self) -> u64 {
        self.steps += 1;
        self.steps
    }

    fn save(&mut self, save: Save, now: Instant) -> Result<Answer, Failure> {
        let Save { entry, body, base, new } = save;
        if self.entries.contains_key(&entry) {
            let text = self.entries.get_mut(&entry).unwrap();
            let gone = text.life == Life::Deleted;
            if base.is_none() && !gone && text.body != body && !text.body.is_empty() {
                let (body, mood) = (text.body.clone(), text.mood);
                text.kept.push(Kept { body, mood, location: text.location.clone() });
            }
            text.life = if gone { Life::Live } else { text.life };
            let step = self.step();
            let text = self.entries.get_mut(&entry).unwrap();
            text.touched = if gone || text.body != body { step } else { text.touched };
            text.body = body;
            return Ok(Answer::Saved { stamp: no_stamp() });
        }
        let new = new.ok_or(Failure::NoEntry)?;
        let mut moment = Moment::at(now, new.zone, &World);
        if let Some(date) = new.date.filter(|date| *date != moment.date) {
            moment = Moment::on(date, None, moment.zone, &World).unwrap();
        }
        let there = self.journals.contains_key(&new.journal);
        let journal = if there { new.journal } else { self.first_journal() };
        self.put(entry, body, moment, journal);
        Ok(Answer::Saved { stamp: no_stamp() })
    }

    /// Puts an entry where none is, or where one was.
    fn put(&mut self, id: EntryId, body: String, moment: Moment, journal: JournalId) -> &mut Text {
        let touched = self.step();
        let (tags, kept) = (BTreeMap::new(), Vec::new());
        let (starred, life, came) = (false, Life::Live, touched);
        let mut text = Text {
            body,
            moment,
            came,
            journal,
            starred,
            life,
            mood: None,
            location: None,
            touched,
            tags,
            kept,
        };
        if let Some(old) = self.entries.get(&id) {
            text.came = came_to(old, &text, touched);
        }
        self.entries.insert(id, text);
        self.entries.get_mut(&id).unwrap()
    }

    fn change(&mut self, id: EntryId, change: impl FnOnce(&mut Text)) -> Result<(), Failure> {
        let step = self.step();
        let old = self.entries.get(&id).filter(|text| text.life != Life::Deleted);
        let old = old.ok_or(Failure::NoEntry)?;
        let mut text = old.clone();
        change(&mut text);
        if text != *old {
            (text.touched, text.came) = (step, came_to(old, &text, step));
            self.entries.insert(id, text);
        }
        Ok(())
    }

    fn tag(&mut self, entry: EntryId, name: &str, on: bool) -> Result<(), Failure> {
        let text = self.entries.get_mut(&entry).filter(|text| text.life != Life::Deleted);
        let text = text.ok_or(Failure::NoEntry)?;
        let name = name.trim_start_matches('#');
        if name.is_empty() {
            return Err(invalid());
        }
        match on {
            true => text.tags.insert(name.to_lowercase(), name.to_owned()),
            false => text.tags.remove(&name.to_lowercase()),
        };
        Ok(())
    }

    fn first_journal(&self) -> JournalId {
        *self.journals.keys().next().unwrap()
    }

    fn need(&self, journal: JournalId) -> Result<(), Failure> {
        self.journals.contains_key(&journal).then_some(()).ok_or(Failure::NoJournal)
    }

    fn journal_named(&self, name: &str) -> Option<JournalId> {
        let named =
            |(_, (other, _)): &(_, &(String, _))| other.to_lowercase() == name.to_lowercase();
        self.journals.iter().find(named).map(|(id, _)| *id)
    }

    fn save_journal(&mut self, id: JournalId, name: &str, colour: Colour) -> Result<(), Failure> {
        let name = name.trim();
        let taken = self.journal_named(name).is_some_and(|other| other != id);
        if taken || name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            return Err(invalid());
        }
        self.journals.insert(id, (name.to_owned(), colour));
        Ok(())
    }

    fn delete_journal(&mut self, journal: JournalId, into: JournalId) -> Result<(), Failure> {
        self.need(into)?;
        self.need(journal)?;
        if journal == into {
            return Err(Failure::NoJournal);
        }
        let mut moved: Vec<&mut Text> =
            self.entries.values_mut().filter(|text| text.journal == journal).collect();
        moved.sort_by_key(|text| text.order());
        for text in moved {
            self.steps += 1;
            (text.journal, text.touched) = (into, self.steps);
        }
        self.journals.remove(&journal);
        Ok(())
    }

    fn import(&mut self, arrivals: Vec<Arrival>) -> Answer {
        // Where entries without a journal go does not change in the middle of a batch.
        let first = self.first_journal();
        Answer::Arrived(arrivals.into_iter().map(|arrival| self.take_in(arrival, first)).collect())
    }

    fn take_in(&mut self, arrival: Arrival, first: JournalId) -> Fate {
        if self.entries.get(&arrival.id).is_some_and(|text| text.life != Life::Deleted) {
            return Fate::Known;
        }
        let Some(moment) = Moment::on(arrival.date, arrival.time, arrival.zone, &World) else {
            return Fate::Refused(String::new());
        };
        let journal = arrival.journal.map_or(first, |(id, name, colour)| {
            let known = self.journal_named(&name).unwrap_or(id);
            self.journals.entry(known).or_insert((name, colour));
            known
        });
        let text = self.put(arrival.id, arrival.body, moment, journal);
        text.starred = arrival.starred;
        (text.mood, text.location) = (arrival.mood, arrival.location);
        text.life = if arrival.trashed { Life::Trashed } else { Life::Live };
        text.tags = arrival.tags.into_iter().map(|name| (name.to_lowercase(), name)).collect();
        Fate::Added
    }
}

fn erase(text: &mut Text) {
    (text.life, text.starred) = (Life::Deleted, false);
    (text.mood, text.location) = (None, None);
    text.body.clear();
    text.tags.clear();
    text.kept.clear();
}

/// When a text came to its moment: now, if the moment is another.
fn came_to(old: &Text, new: &Text, now: u64) -> u64 {
    let (old, new) = ((old.order(), old.came), new.order());
    if (old.0.0, old.0.1) == (new.0, new.1) { old.1 } else { now }
}
