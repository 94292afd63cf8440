//! Edits: what the person did becomes stamped changes, written in one transaction.

use super::{Engine, failure};
use crate::change::{Change, ChangedRow, EntryRow, JournalRow, Life, TagRow, TemplateRow};
use crate::clock::{Clock, Stamp};
use crate::date::{Instant, Moment, Zones};
use crate::id::{EntryId, JournalId, RequestId, TabId, TemplateId};
use crate::message::{
    Answer, BODY_BYTES_MAX, Changed, Colour, Edit, Failure, LABEL_CHARS_MAX, Location,
    NAME_CHARS_MAX, Save, TEMPLATE_BYTES_MAX, Template,
};
use crate::store::{OpenError, Stored, Writer};

/// The request number of the engine's own writing.
const OWN: RequestId = RequestId { tab: TabId(0), number: 0 };

/// What an edit came to, before it is durable.
pub(super) type Outcome = Result<(Answer, Changed), EditError>;

/// Why an edit was given up.
pub(super) enum EditError {
    Failure(Failure),
    Sqlite(rusqlite::Error),
}

impl From<Failure> for EditError {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<rusqlite::Error> for EditError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// One edit under way: the transaction, the clock that stamps, the time.
pub(super) struct Editing<'a> {
    pub(super) writer: &'a Writer<'a>,
    pub(super) clock: &'a mut Clock,
    pub(super) zones: &'a dyn Zones,
    pub(super) now: Instant,
    /// What stamps are made by; see [`Engine::right`].
    pub(super) right_now: Instant,
}

impl Engine {
    /// The journal that every database begins with.
    pub(super) fn make_first_journal(&mut self) -> Result<(), OpenError> {
        if !self.store.journals()?.is_empty() {
            return Ok(());
        }
        let writer = self.store.write()?;
        // Stamped as of 1970: any name that a person gave the first journal elsewhere wins.
        let modified_at = Clock::new(self.clock.device()).last();
        let row = JournalRow {
            id: JournalId::FIRST,
            name: "Journal".into(),
            colour: Colour::Clay,
            deleted: false,
        };
        writer.apply(&Change { modified_at, row: ChangedRow::Journal(row) })?;
        writer.commit(&self.clock, OWN)?;
        Ok(())
    }

    /// Carries out an edit once, however often it is sent.
    pub(super) fn edit(
        &mut self,
        edit: Edit,
        id: RequestId,
        now: Instant,
    ) -> (Result<Answer, Failure>, Changed) {
        match self.try_edit(edit, id, now) {
            Ok((answer, changed)) => (Ok(answer), changed),
            Err(EditError::Failure(failure)) => (Err(failure), Changed::default()),
            Err(EditError::Sqlite(error)) => (Err(failure(&error)), Changed::default()),
        }
    }

    fn try_edit(&mut self, edit: Edit, id: RequestId, now: Instant) -> Outcome {
        if id.number <= self.store.last_request(id.tab)? {
            return Ok((self.answer_again(&edit)?, Changed::default()));
        }
        let size = size(&edit);
        let right_now = self.right(now);
        let writer = self.store.write()?;
        let (clock, zones) = (&mut self.clock, &*self.zones);
        let mut editing = Editing { writer: &writer, clock, zones, now, right_now };
        let (answer, changed) = editing.carry_out(edit)?;
        writer.commit(&self.clock, id)?;
        self.owed += size + 64 * 1024;
        if changed.attachments {
            self.sync.lane.wake();
        }
        if changed != Changed::default() {
            self.waiting = self.store.unindexed()?;
        }
        Ok((answer, changed))
    }

    /// The answer to a request that was carried out, but whose answer was lost with its owner.
    fn answer_again(&self, edit: &Edit) -> Result<Answer, EditError> {
        Ok(match edit {
            Edit::Save(save) => match self.store.entry(save.entry)? {
                Some(entry) if entry.body == save.body => {
                    Answer::Saved { stamp: entry.modified_at }
                }
                // Another text was written over it since: the tab's next one is not based on that.
                Some(_) => {
                    let never = Clock::new(self.clock.device()).last();
                    Answer::Saved { stamp: save.base.unwrap_or(never) }
                }
                None => return Err(Failure::NoEntry.into()),
            },
            Edit::Import(arrivals) => {
                Answer::Arrived(vec![crate::message::Fate::Known; arrivals.len()])
            }
            _ => Answer::Done,
        })
    }
}

impl Editing<'_> {
    pub(super) fn carry_out(&mut self, edit: Edit) -> Outcome {
        match edit {
            Edit::Save(save) => self.save(save),
            Edit::Redate { entry, date, time, zone } => {
                let unknown =
                    || Failure::Invalid(format!("the time zone “{}” is not known", zone.0));
                let moment =
                    Moment::on(date, time, zone.clone(), self.zones).ok_or_else(unknown)?;
                self.change_entry(entry, |row| row.moment = moment)
            }
            Edit::Move { entry, journal } => {
                self.need_journal(journal)?;
                self.change_entry(entry, |row| row.journal = journal)
            }
            Edit::Star { entry, starred } => self.change_entry(entry, |row| row.starred = starred),
            Edit::Mood { entry, mood } => self.change_entry(entry, |row| row.mood = mood),
            Edit::Location { entry, location } => {
                let location = location.as_ref().map(tidy_location).transpose()?.flatten();
                self.change_entry(entry, |row| row.location = location)
            }
            Edit::Tag { entry, name, on } => self.tag(entry, &name, on),
            Edit::Trash { entry } => self.change_entry(entry, |row| row.life = Life::Trashed),
            Edit::Restore { entry } => self.change_entry(entry, |row| row.life = Life::Live),
            Edit::Delete { entry } => self.delete(entry),
            Edit::EmptyTrash => {
                for entry in self.writer.trashed()? {
                    self.delete(entry)?;
                }
                Ok((Answer::Done, Changed::everything()))
            }
            Edit::SaveJournal { journal, name, colour } => {
                self.save_journal(journal, &name, colour)
            }
            Edit::DeleteJournal { journal, into } => self.delete_journal(journal, into),
            Edit::SaveTemplate(template) => self.save_template(template),
            Edit::DeleteTemplate { template } => self.delete_template(template),
            Edit::Import(arrivals) => self.import(arrivals),
            Edit::Together(edits) => self.together(edits),
            Edit::Attach(attach) => self.attach(&attach),
            Edit::Detach { attachment } => {
                self.change_attachment(attachment, |row| row.removed = true)
            }
            Edit::Reattach { attachment } => {
                self.change_attachment(attachment, |row| row.removed = false)
            }
            Edit::Caption { attachment, caption } => {
                self.change_attachment(attachment, |row| row.caption = caption)
            }
        }
    }

    pub(super) fn save(&mut self, save: Save) -> Outcome {
        if save.body.len() > BODY_BYTES_MAX {
            let limit = BODY_BYTES_MAX >> 20;
            let why =
                format!("a text of over {limit} MB is too long: part it into several entries");
            return Err(Failure::Invalid(why).into());
        }
        let Some(old) = self.writer.stored(save.entry)? else { return self.create(save) };
        if old.row.life == Life::Deleted {
            return self.revive(save, &old);
        }
        if old.row.body == save.body {
            let stamp = old.written_at.max(save.base.unwrap_or(old.written_at));
            return Ok((Answer::Saved { stamp }, Changed::default()));
        }
        if save.base.is_none_or(|base| old.written_at > base) && !old.row.body.is_empty() {
            self.writer.keep_version(&old.row, old.modified_at, true)?;
        }
        let mut row = old.row;
        row.body = save.body;
        let (stamp, mut changed) = self.write(row)?;
        changed.outline = false;
        Ok((Answer::Saved { stamp }, changed))
    }

    fn create(&mut self, save: Save) -> Outcome {
        let Some(new) = save.new else { return Err(Failure::NoEntry.into()) };
        let mut moment = Moment::at(self.now, new.zone, self.zones);
        if let Some(date) = new.date.filter(|date| *date != moment.date) {
            let other = Moment::on(date, None, moment.zone.clone(), self.zones);
            moment = other.unwrap_or(Moment { date, time: None, ..moment });
        }
        let journal = match self.need_journal(new.journal) {
            Ok(()) => new.journal,
            // The journal was deleted while this was being typed: the text matters more.
            Err(_) => self.writer.journals()?.first().map_or(JournalId::FIRST, |row| row.id),
        };
        let (id, body) = (save.entry, save.body);
        let row = EntryRow {
            id,
            journal,
            moment,
            body,
            starred: false,
            life: Life::Live,
            mood: None,
            location: None,
        };
        let (stamp, changed) = self.write(row)?;
        Ok((Answer::Saved { stamp }, changed))
    }

    /// Text typed into an entry that another tab has deleted for good meanwhile: it lives again.
    fn revive(&mut self, save: Save, old: &Stored) -> Outcome {
        let row = EntryRow { body: save.body, life: Life::Live, ..old.row.clone() };
        let (stamp, changed) = self.write(row)?;
        Ok((Answer::Saved { stamp }, changed))
    }

    fn change_entry(&mut self, id: EntryId, change: impl FnOnce(&mut EntryRow)) -> Outcome {
        let old = self.writer.stored(id)?.filter(|old| old.row.life != Life::Deleted);
        let Some(old) = old else { return Err(Failure::NoEntry.into()) };
        let mut row = old.row.clone();
        change(&mut row);
        if row == old.row {
            return Ok((Answer::Done, Changed::default()));
        }
        let (_, changed) = self.write(row)?;
        Ok((Answer::Done, changed))
    }

    /// Deletes for good. Tags and attachments go by edits of their own, as they are rows of their
    /// own.
    fn delete(&mut self, id: EntryId) -> Outcome {
        for name in self.writer.tags_of(id)? {
            let modified_at = self.clock.stamp(self.right_now);
            let row = ChangedRow::Tag(TagRow { entry: id, name, on: false });
            self.writer.apply(&Change { modified_at, row })?;
        }
        self.detach_all(id)?;
        self.change_entry(id, |row| {
            row.life = Life::Deleted;
            row.body.clear();
            row.starred = false;
            (row.mood, row.location) = (None, None);
        })
    }

    fn tag(&mut self, entry: EntryId, name: &str, on: bool) -> Outcome {
        if !matches!(self.writer.life(entry)?, Some(Life::Live | Life::Trashed)) {
            return Err(Failure::NoEntry.into());
        }
        let name = tag_name(name)?;
        let row = ChangedRow::Tag(TagRow { entry, name, on });
        let modified_at = self.clock.stamp(self.right_now);
        self.writer.apply(&Change { modified_at, row })?;
        let entries = vec![(entry, modified_at)];
        Ok((Answer::Done, Changed { entries, tags: true, ..Changed::default() }))
    }

    fn save_journal(&mut self, id: JournalId, name: &str, colour: Colour) -> Outcome {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            let why = format!("a journal's name has 1 to {NAME_CHARS_MAX} characters");
            return Err(Failure::Invalid(why).into());
        }
        let same =
            |row: &JournalRow| row.id != id && row.name.to_lowercase() == name.to_lowercase();
        if self.writer.journals()?.iter().any(same) {
            let why = format!("there is a journal “{name}” already: choose another name");
            return Err(Failure::Invalid(why).into());
        }
        self.write_journal(JournalRow { id, name: name.to_owned(), colour, deleted: false })?;
        Ok((Answer::Done, Changed { journals: true, ..Changed::default() }))
    }

    pub(super) fn write_journal(&mut self, row: JournalRow) -> rusqlite::Result<()> {
        let modified_at = self.clock.stamp(self.right_now);
        self.writer.apply(&Change { modified_at, row: ChangedRow::Journal(row) })
    }

    fn delete_journal(&mut self, journal: JournalId, into: JournalId) -> Outcome {
        self.need_journal(into)?;
        let journals = self.writer.journals()?;
        let row = journals.into_iter().find(|row| row.id == journal && row.id != into);
        let Some(row) = row else { return Err(Failure::NoJournal.into()) };
        for id in self.writer.entries_of(journal)? {
            if let Some(old) = self.writer.stored(id)? {
                self.write(EntryRow { journal: into, ..old.row })?;
            }
        }
        self.write_journal(JournalRow { deleted: true, ..row })?;
        Ok((Answer::Done, Changed::everything()))
    }

    fn save_template(&mut self, template: Template) -> Outcome {
        let name = template.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            let why = format!("a template's name has 1 to {NAME_CHARS_MAX} characters");
            return Err(Failure::Invalid(why).into());
        }
        if template.body.len() > TEMPLATE_BYTES_MAX {
            let limit = TEMPLATE_BYTES_MAX >> 10;
            let why = format!("a template has at most {limit} kB of text: shorten it");
            return Err(Failure::Invalid(why).into());
        }
        self.write_template(TemplateRow { template: Template { name, ..template }, deleted: false })
    }

    fn delete_template(&mut self, id: TemplateId) -> Outcome {
        let template = self.writer.templates()?.into_iter().find(|template| template.id == id);
        let Some(template) = template else { return Err(Failure::NoTemplate.into()) };
        self.write_template(TemplateRow { template, deleted: true })
    }

    fn write_template(&mut self, row: TemplateRow) -> Outcome {
        let modified_at = self.clock.stamp(self.right_now);
        self.writer.apply(&Change { modified_at, row: ChangedRow::Template(row) })?;
        Ok((Answer::Done, Changed { templates: true, ..Changed::default() }))
    }

    fn need_journal(&self, id: JournalId) -> Result<(), EditError> {
        let there = self.writer.journals()?.iter().any(|row| row.id == id);
        if there { Ok(()) } else { Err(Failure::NoJournal.into()) }
    }

    fn write(&mut self, row: EntryRow) -> Result<(Stamp, Changed), EditError> {
        let modified_at = self.clock.stamp(self.right_now);
        let entries = vec![(row.id, modified_at)];
        self.writer.apply(&Change { modified_at, row: ChangedRow::Entry(row) })?;
        let changed =
            Changed { entries, outline: true, journals: true, tags: true, ..Changed::default() };
        Ok((modified_at, changed))
    }
}

/// The name of a tag as it is kept.
pub(super) fn tag_name(name: &str) -> Result<String, EditError> {
    let name = name.trim().trim_start_matches('#').trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.contains(['\n', ',']) {
        let why = format!("a tag has 1 to {NAME_CHARS_MAX} characters and no comma");
        return Err(Failure::Invalid(why).into());
    }
    Ok(name.to_owned())
}

/// A location as it is kept; `None` if there is nothing to it.
pub(super) fn tidy_location(location: &Location) -> Result<Option<Location>, EditError> {
    if location.label.chars().count() > LABEL_CHARS_MAX || location.label.contains('\n') {
        let why = format!("a location has at most {LABEL_CHARS_MAX} characters on one line");
        return Err(Failure::Invalid(why).into());
    }
    Ok(Location::new(&location.label, location.point))
}

/// About how many bytes an edit writes.
fn size(edit: &Edit) -> usize {
    match edit {
        Edit::Save(save) => save.body.len(),
        Edit::Import(arrivals) => arrivals.iter().map(|arrival| arrival.body.len() + 200).sum(),
        Edit::Together(edits) => edits.len() * 2_000,
        _ => 0,
    }
}
