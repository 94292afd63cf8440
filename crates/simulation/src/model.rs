//! What has to come of it, found out without any of the code that syncs: of every row the version
//! with the greatest stamp that was ever durable anywhere, and of every text that was answered
//! for, its words.

use crate::lineage::{Lineage, Revives};
use std::collections::{BTreeMap, BTreeSet};
use thoughtstream_core::change::{ChangedRow, EntryRow, Life};
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::id::{DeviceId, EntryId};
use thoughtstream_core::store::{RowKey, Version};

/// A word that was written, once in all.
pub type Word = u64;

/// What is known of a word.
#[derive(Debug, Clone, Copy)]
struct Written {
    entry: EntryId,
    at: i64,
    acknowledged: bool,
}

/// An entry that was deleted for good, and the words that whoever did it had before them.
#[derive(Debug)]
struct Deletion {
    at: i64,
    known: BTreeSet<Word>,
}

/// The model.
#[derive(Debug, Default)]
pub struct Model {
    /// Of each row the greatest stamp, and the contents that it was seen with.
    rows: BTreeMap<RowKey, (Stamp, Vec<ChangedRow>)>,
    words: BTreeMap<Word, Written>,
    /// Words that somebody took out who had them before them.
    removed: BTreeSet<Word>,
    deletions: BTreeMap<EntryId, Vec<Deletion>>,
    /// When a tombstone was last seen: it takes the history of a device with it.
    dead: BTreeMap<EntryId, i64>,
    latest: i64,
    pub lineage: Lineage,
}

impl Model {
    /// Takes note of what is durable on a device.
    pub fn observe(&mut self, versions: Vec<Version>, now: i64) {
        if now < i64::MAX / 2 {
            self.latest = self.latest.max(now);
        }
        for Version { key, stamp, row } in versions {
            // One that is ahead may be put right, before anybody else sees it.
            if stamp.millis() > now {
                continue;
            }
            if let ChangedRow::Entry(EntryRow { id, life: Life::Deleted, .. }) = &row {
                let now = now.min(self.latest);
                let last = self.dead.entry(*id).or_insert(now);
                *last = now.max(*last);
            }
            match self.rows.get_mut(&key) {
                Some((greatest, _)) if *greatest > stamp => {}
                Some((greatest, rows)) if *greatest == stamp => {
                    if !rows.contains(&row) {
                        rows.push(row);
                    }
                }
                _ => {
                    self.rows.insert(key, (stamp, vec![row]));
                }
            }
        }
    }

    /// A new word, about to be written.
    pub fn new_word(&mut self, entry: EntryId, now: i64) -> Word {
        let word = self.words.len() as Word + 1;
        self.words.insert(word, Written { entry, at: now, acknowledged: false });
        word
    }

    /// The text with this word was answered for.
    pub fn saved(&mut self, word: Word) {
        if let Some(written) = self.words.get_mut(&word) {
            written.acknowledged = true;
        }
    }

    /// A text is about to take another one's place: what is not in it was meant to go. (It may be
    /// durable although nobody hears of it.)
    pub fn saving(&mut self, before: &str, after: &str) {
        let after = words(after);
        self.removed.extend(words(before).difference(&after));
    }

    /// An entry is about to be deleted for good by somebody who had these texts of it.
    pub fn deleting(&mut self, entry: EntryId, texts: &[String], now: i64) {
        let known = texts.iter().flat_map(|text| words(text)).collect();
        self.deletions.entry(entry).or_default().push(Deletion { at: now, known });
    }

    /// Compares a device's rows with what they have to be.
    ///
    /// # Errors
    /// Says which row is another, and how.
    pub fn check_rows(&self, versions: &[Version]) -> Result<(), String> {
        let here: BTreeMap<_, _> = versions.iter().map(|one| (&one.key, one)).collect();
        for (key, (stamp, rows)) in &self.rows {
            let Some(one) = here.get(key) else { return Err(format!("{key:?} is missing")) };
            if one.stamp != *stamp {
                let (found, row) = (one.stamp, &one.row);
                return Err(format!("{found} won, and not {stamp}: {row:?}, not {rows:?}"));
            }
            if greatest(rows) != Some(&one.row) {
                return Err(format!("of {rows:?} with one stamp not the greatest: {:?}", one.row));
            }
        }
        Ok(())
    }

    /// Checks that every word is somewhere. `shown` and `kept` are the texts of all devices.
    ///
    /// # Errors
    /// Names the word.
    pub fn check_words(&self, found: &BTreeMap<EntryId, BTreeSet<Word>>) -> Result<(), String> {
        for (word, written) in &self.words {
            let Written { entry, at, acknowledged } = *written;
            let there = found.get(&entry).is_some_and(|words| words.contains(word));
            if there || !acknowledged || self.removed.contains(word) {
                continue;
            }
            let buried = self.dead.get(&entry).is_some_and(|last| *last > at);
            let gone = buried || self.is_deleted(entry);
            let deletions = self.deletions.get(&entry).into_iter().flatten();
            let mut before = deletions.filter(|one| one.at > at || one.known.contains(word));
            if !gone && before.next().is_none() {
                return Err(format!("w{word} of {entry} was answered for and is nowhere"));
            }
        }
        Ok(())
    }

    /// Checks that no entry is back that nobody edited without knowing that it was deleted.
    ///
    /// # Errors
    /// Names the entry.
    pub fn check_dead(&self, revives: Revives, shared: &BTreeSet<DeviceId>) -> Result<(), String> {
        for row in self.rows.values().filter_map(|(_, rows)| greatest(rows)) {
            if let ChangedRow::Entry(row) = row
                && row.life != Life::Deleted
            {
                self.lineage.may_be_there(row.id, revives, shared)?;
            }
        }
        Ok(())
    }

    fn is_deleted(&self, entry: EntryId) -> bool {
        self.rows.values().filter_map(|(_, rows)| greatest(rows)).any(|row| match row {
            ChangedRow::Entry(row) => row.id == entry && row.life == Life::Deleted,
            _ => false,
        })
    }
}

/// The numbered words of a text: `w7 w12`.
#[must_use]
pub fn words(text: &str) -> BTreeSet<Word> {
    text.split_whitespace().filter_map(|word| word.strip_prefix('w')?.parse().ok()).collect()
}

/// Of versions with one stamp the one that has to win: the text decides, then the rest.
fn greatest(rows: &[ChangedRow]) -> Option<&ChangedRow> {
    rows.iter().max_by_key(|row| match row {
        ChangedRow::Entry(row) => {
            let moment = &row.moment;
            let time = moment.time.map(thoughtstream_core::date::Time::millis);
            let when = (moment.instant, moment.date.days_since_1970(), time);
            let felt = (row.mood, row.location.clone());
            (row.body.clone(), row.life.code(), row.starred, row.journal.0, Some(when), felt)
        }
        ChangedRow::Journal(row) => {
            let name = format!("{}\0{}", row.name, row.colour.name());
            (name, 0, row.deleted, [0; 16], None, (None, None))
        }
        ChangedRow::Tag(row) => (row.name.clone(), 0, row.on, [0; 16], None, (None, None)),
        ChangedRow::Template(row) => {
            let text = format!("{}\0{}", row.template.name, row.template.body);
            (text, 0, row.deleted, [0; 16], None, (None, None))
        }
        ChangedRow::Attachment(row) => {
            let name = format!("{}\0{}", row.caption, row.name);
            (name, 0, row.removed, [0; 16], None, (None, None))
        }
    })
}
