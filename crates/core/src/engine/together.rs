//! Several edits as one, and the way back.

use super::edit::{EditError, Editing, Outcome, tag_name};
use super::sync::NAMED_MAX;
use crate::change::Life;
use crate::id::{AttachmentId, JournalId, TemplateId};
use crate::message::{Answer, Changed, Edit, Failure, TOGETHER_MAX};
use crate::text::tag_key;

impl Editing<'_> {
    /// All of them or none. What takes them back does so in the opposite order.
    pub(super) fn together(&mut self, edits: Vec<Edit>) -> Outcome {
        if edits.len() > TOGETHER_MAX {
            let why = format!("at most {TOGETHER_MAX} changes can be made at once: choose fewer");
            return Err(Failure::Invalid(why).into());
        }
        let mut undo = Vec::new();
        let mut changed = Changed::default();
        for edit in edits {
            if matches!(edit, Edit::Together(_) | Edit::Save(_) | Edit::Import(_)) {
                let why = "texts and files are taken one at a time".to_owned();
                return Err(Failure::Invalid(why).into());
            }
            let back = self.inverse(&edit)?;
            match self.carry_out(edit) {
                Ok((_, one)) => {
                    undo.extend(back);
                    join(&mut changed, one);
                }
                // It was deleted for good meanwhile, which is no reason to leave the others.
                Err(EditError::Failure(
                    Failure::NoEntry | Failure::NoTemplate | Failure::NoAttachment,
                )) => (),
                Err(error) => return Err(error),
            }
        }
        undo.reverse();
        Ok((Answer::Undo(Box::new(Edit::Together(undo))), changed))
    }

    /// What would take an edit back that is about to be made, last one first; nothing for one
    /// that changes nothing, or that has no way back.
    fn inverse(&self, edit: &Edit) -> Result<Vec<Edit>, EditError> {
        Ok(match edit {
            Edit::DeleteJournal { journal, .. } => self.journal_back(*journal)?,
            Edit::SaveJournal { journal, .. } => self.journal_as_it_is(*journal)?,
            Edit::SaveTemplate(template) => self.template_as_it_is(template.id)?,
            Edit::DeleteTemplate { template } => self.template_as_it_is(*template)?,
            Edit::Detach { attachment }
            | Edit::Reattach { attachment }
            | Edit::Caption { attachment, .. } => self.attachment_as_it_is(*attachment)?,
            _ => self.entry_back(edit)?.into_iter().collect(),
        })
    }

    fn entry_back(&self, edit: &Edit) -> Result<Option<Edit>, EditError> {
        let (Edit::Redate { entry, .. }
        | Edit::Move { entry, .. }
        | Edit::Star { entry, .. }
        | Edit::Mood { entry, .. }
        | Edit::Location { entry, .. }
        | Edit::Tag { entry, .. }
        | Edit::Trash { entry }
        | Edit::Restore { entry }) = edit
        else {
            return Ok(None);
        };
        let entry = *entry;
        let Some(old) = self.writer.stored(entry)? else { return Ok(None) };
        let old = old.row;
        Ok(match edit {
            Edit::Redate { .. } => {
                let moment = old.moment;
                let (date, time, zone) = (moment.date, moment.time, moment.zone);
                Some(Edit::Redate { entry, date, time, zone })
            }
            Edit::Move { journal, .. } if *journal != old.journal => {
                Some(Edit::Move { entry, journal: old.journal })
            }
            Edit::Star { starred, .. } if *starred != old.starred => {
                Some(Edit::Star { entry, starred: old.starred })
            }
            Edit::Mood { mood, .. } if *mood != old.mood => {
                Some(Edit::Mood { entry, mood: old.mood })
            }
            Edit::Location { location, .. } if *location != old.location => {
                Some(Edit::Location { entry, location: old.location })
            }
            Edit::Tag { name, on, .. } => {
                let name = tag_name(name)?;
                let given = self.writer.tags_of(entry)?;
                let before = given.into_iter().find(|it| tag_key(it) == tag_key(&name));
                match before {
                    None => on.then_some(Edit::Tag { entry, name, on: false }),
                    // It may have been written otherwise.
                    Some(before) => (!on || before != name).then_some(Edit::Tag {
                        entry,
                        name: before,
                        on: true,
                    }),
                }
            }
            Edit::Trash { .. } if old.life == Life::Live => Some(Edit::Restore { entry }),
            Edit::Restore { .. } if old.life == Life::Trashed => Some(Edit::Trash { entry }),
            _ => None,
        })
    }

    /// The journal, and its entries back in it.
    fn journal_back(&self, journal: JournalId) -> Result<Vec<Edit>, EditError> {
        let entries = self.writer.entries_of(journal)?.into_iter();
        let mut back: Vec<Edit> = entries.map(|entry| Edit::Move { entry, journal }).collect();
        back.extend(self.journal_as_it_is(journal)?);
        Ok(back)
    }

    /// Its name and colour; of one that is about to be made, that it goes again.
    fn journal_as_it_is(&self, journal: JournalId) -> Result<Vec<Edit>, EditError> {
        let journals = self.writer.journals()?;
        let found = journals.iter().find(|row| row.id == journal);
        let back = match (found, journals.first()) {
            (Some(row), _) => {
                Some(Edit::SaveJournal { journal, name: row.name.clone(), colour: row.colour })
            }
            (None, Some(first)) => Some(Edit::DeleteJournal { journal, into: first.id }),
            (None, None) => None,
        };
        Ok(back.into_iter().collect())
    }

    /// Whether it is there, and what is said of it.
    fn attachment_as_it_is(&self, attachment: AttachmentId) -> Result<Vec<Edit>, EditError> {
        let Some(row) = self.writer.attachment(attachment)? else { return Ok(Vec::new()) };
        let there = match row.removed {
            true => Edit::Detach { attachment },
            false => Edit::Reattach { attachment },
        };
        Ok(vec![there, Edit::Caption { attachment, caption: row.caption }])
    }

    /// Its name and text; of one that is about to be made, that it goes again.
    fn template_as_it_is(&self, id: TemplateId) -> Result<Vec<Edit>, EditError> {
        let found = self.writer.templates()?.into_iter().find(|template| template.id == id);
        Ok(vec![found.map_or(Edit::DeleteTemplate { template: id }, Edit::SaveTemplate)])
    }
}

/// Both changes as one. Every field is named, so that none can be forgotten.
fn join(all: &mut Changed, one: Changed) {
    let Changed { entries, entries_all, outline, journals, tags, templates, attachments } = one;
    all.entries.retain(|(id, _)| entries.iter().all(|(other, _)| other != id));
    all.entries.extend(entries);
    all.entries_all |= entries_all || all.entries.len() > NAMED_MAX;
    if all.entries_all {
        all.entries.clear();
    }
    all.outline |= outline;
    all.journals |= journals;
    all.tags |= tags;
    all.templates |= templates;
    all.attachments |= attachments;
}
