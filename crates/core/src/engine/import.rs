//! Taking entries in: a batch in one transaction, each judged alone.

use super::edit::{EditError, Editing, Outcome, tag_name, tidy_location};
use crate::change::{Change, ChangedRow, EntryRow, JournalRow, Life, TagRow};
use crate::date::Moment;
use crate::id::JournalId;
use crate::message::{
    ARRIVALS_MAX, Answer, Arrival, BODY_BYTES_MAX, Changed, Failure, Fate, NAME_CHARS_MAX,
};

impl Editing<'_> {
    /// Adds what is new, leaves alone what is known, and says which was which.
    pub(super) fn import(&mut self, arrivals: Vec<Arrival>) -> Outcome {
        if arrivals.len() > ARRIVALS_MAX {
            let why = format!("at most {ARRIVALS_MAX} entries can be taken in at once");
            return Err(Failure::Invalid(why).into());
        }
        let mut journals = self.writer.journals()?;
        let mut fates = Vec::with_capacity(arrivals.len());
        for arrival in arrivals {
            fates.push(self.take_in(arrival, &mut journals)?);
        }
        let changed =
            if fates.contains(&Fate::Added) { Changed::everything() } else { Changed::default() };
        Ok((Answer::Arrived(fates), changed))
    }

    fn take_in(
        &mut self,
        arrival: Arrival,
        journals: &mut Vec<JournalRow>,
    ) -> Result<Fate, EditError> {
        let before = self.writer.life(arrival.id)?;
        if matches!(before, Some(Life::Live | Life::Trashed)) {
            return Ok(Fate::Known);
        }
        if arrival.body.len() > BODY_BYTES_MAX {
            let limit = BODY_BYTES_MAX >> 20;
            return Ok(Fate::Refused(format!("its text is longer than {limit} MB")));
        }
        let Some(moment) = self.moment(&arrival) else {
            return Ok(Fate::Refused(format!("the time zone “{}” is not known", arrival.zone.0)));
        };
        let journal = match arrival.journal {
            None => journals.first().map_or(JournalId::FIRST, |row| row.id),
            Some((id, name, colour)) => {
                let name = name.chars().take(NAME_CHARS_MAX).collect();
                self.journal_named(JournalRow { id, name, colour, deleted: false }, journals)?
            }
        };
        let life = if arrival.trashed { Life::Trashed } else { Life::Live };
        let (id, body, starred) = (arrival.id, arrival.body, arrival.starred);
        // A location that cannot be one is left out, as such a tag is.
        let location =
            arrival.location.and_then(|location| tidy_location(&location).ok().flatten());
        let mood = arrival.mood;
        let row = EntryRow { id, journal, moment, body, starred, life, mood, location };
        let modified_at = self.clock.stamp(self.right_now);
        if before.is_none() {
            self.writer.insert_entry(&row, modified_at)?;
        } else {
            self.writer.apply(&Change { modified_at, row: ChangedRow::Entry(row) })?;
        }
        for name in arrival.tags {
            // A tag that cannot be one is left out; the file's reader has said so.
            let Ok(name) = tag_name(&name) else { continue };
            let modified_at = self.clock.stamp(self.right_now);
            let row = ChangedRow::Tag(TagRow { entry: id, name, on: true });
            self.writer.apply(&Change { modified_at, row })?;
        }
        Ok(Fate::Added)
    }

    fn moment(&self, arrival: &Arrival) -> Option<Moment> {
        let (date, time) = (arrival.date, arrival.time);
        let told = arrival
            .instant
            .filter(|_| time.is_some())
            .map(|instant| Moment::at(instant, arrival.zone.clone(), self.zones));
        let believed = told.filter(|told| (told.date, told.time) == (date, time));
        believed.or_else(|| Moment::on(date, time, arrival.zone.clone(), self.zones))
    }

    /// The journal of that name, that one under the name it has now, or that one made now.
    fn journal_named(
        &mut self,
        wanted: JournalRow,
        journals: &mut Vec<JournalRow>,
    ) -> rusqlite::Result<JournalId> {
        let name = wanted.name.to_lowercase();
        let named = journals.iter().find(|row| row.name.to_lowercase() == name);
        if let Some(row) = named.or_else(|| journals.iter().find(|row| row.id == wanted.id)) {
            return Ok(row.id);
        }
        self.write_journal(wanted.clone())?;
        let id = wanted.id;
        journals.push(wanted);
        Ok(id)
    }
}
