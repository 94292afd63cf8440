//! What can be asked of a journal, and what the plain one answers.

use super::plain::{Plain, Text, no_stamp};
use super::shown::{by_hand, entry_of, has_tag, kept_of, row_of, text_tags};
use crate::support::date;
use std::collections::{BTreeMap, BTreeSet};
use thoughtstream_core::change::Life;
use thoughtstream_core::date::{Date, Month};
use thoughtstream_core::id::{EntryId, JournalId};
use thoughtstream_core::message::{
    Answer, Condition, DayCount, Departure, Found, Hit, Journal, Located, MonthCount, Mood, Place,
    Query, Row, Search, Status, Tag,
};
use thoughtstream_core::schema::VERSION;
use thoughtstream_core::text;

/// Where searches begin or end.
const DAY: &str = "2024-02-29";

/// An answer without what only the engine can know: places, stamps, snippets, bytes.
pub(super) fn plainly(mut answer: Answer) -> Answer {
    match &mut answer {
        Answer::Rows(rows) => rows.iter_mut().for_each(|row| row.place = Place(0)),
        Answer::Departures(all) => all.iter_mut().for_each(|entry| entry.place = Place(0)),
        Answer::Entry(Some(entry)) => entry.modified_at = no_stamp(),
        Answer::Revisions(all) => all.iter_mut().for_each(|kept| kept.stamp = no_stamp()),
        Answer::Found(found) => {
            found.hits.iter_mut().for_each(|hit| (hit.row.place, hit.snippet) = (Place(0), vec![]));
        }
        Answer::Status(status) => (status.bytes, status.unindexed) = (0, 0),
        _ => {}
    }
    answer
}

/// Whether a search is to find an entry.
type Fits = fn(&Text) -> bool;

/// The entries, each under its id.
type Entries<'a> = Vec<(EntryId, &'a Text)>;

impl Plain {
    /// Every question with its answer.
    pub(super) fn asked(&self) -> Vec<(Query, Answer)> {
        let mut asked = vec![
            (Query::Journals, self.all_journals()),
            (Query::Tags, self.all_tags()),
            (Query::Templates, self.all_templates()),
            (Query::Trash, self.trash()),
            (Query::Status, self.status()),
            (Query::Export { after: None, limit: 500 }, self.departures()),
        ];
        let journals = self.journals.keys().copied().chain([JournalId([99; 16])]);
        for journal in journals.map(Some).chain([None]) {
            asked.extend(self.asked_of_timeline(journal));
            asked.extend(self.asked_of_search(journal));
        }
        for (&entry, text) in &self.entries {
            let there = (text.life != Life::Deleted).then(|| Box::new(entry_of(entry, text)));
            asked.push((Query::Entry { entry }, Answer::Entry(there)));
            asked.push((Query::Revisions { entry }, kept_of(text)));
        }
        let days: BTreeSet<Date> = self.entries.values().map(|text| text.moment.date).collect();
        for date in days.into_iter().chain([date("2028-02-29")]) {
            asked.push((Query::Day { date }, self.day(date)));
            let each = 2;
            asked.push((Query::OnThisDay { date, limit: 3, each }, self.on_this_day(date, 3, 2)));
        }
        asked.extend(self.asked_of_years());
        asked
    }

    /// The entries of this life, newest first.
    fn living(&self, life: Life, journal: Option<JournalId>) -> Entries<'_> {
        let all = self.entries.iter().map(|(id, text)| (*id, text));
        let of = |text: &Text| journal.is_none_or(|journal| text.journal == journal);
        let mut all: Entries = all.filter(|(_, text)| text.life == life && of(text)).collect();
        all.sort_by_key(|(_, text)| std::cmp::Reverse(text.order()));
        all
    }

    pub(super) fn outline(&self, journal: Option<JournalId>) -> Answer {
        let mut months: BTreeMap<Month, u32> = BTreeMap::new();
        for (_, text) in self.living(Life::Live, journal) {
            *months.entry(text.moment.date.in_month()).or_default() += 1;
        }
        let count = |(month, entries)| MonthCount { month, entries };
        Answer::Outline(months.into_iter().rev().map(count).collect())
    }

    fn asked_of_timeline(&self, journal: Option<JournalId>) -> Vec<(Query, Answer)> {
        let timeline = self.living(Life::Live, journal);
        let month_of = |text: &Text| text.moment.date.in_month();
        let months: BTreeSet<Month> = timeline.iter().map(|(_, text)| month_of(text)).collect();
        let mut days: BTreeMap<Date, (u32, u32)> = BTreeMap::new();
        for (_, text) in &timeline {
            let (entries, words) = days.entry(text.moment.date).or_default();
            (*entries, *words) = (*entries + 1, *words + text::words(&text.body));
        }
        let mut asked = vec![(Query::Outline { journal }, self.outline(journal))];
        for month in months.into_iter().chain([Month { year: 2022, month: 6 }]) {
            let before: Entries =
                timeline.iter().filter(|(_, text)| month_of(text) <= month).copied().collect();
            for (skip, limit) in [(0, 500), (1, 2)] {
                let rows = before.iter().skip(skip as usize).take(limit as usize);
                let query = Query::Rows { journal, month, skip, limit };
                asked.push((query, Answer::Rows(rows.map(row_of).collect())));
            }
        }
        for entry in self.entries.keys().copied() {
            let there = timeline.iter().find(|(id, _)| *id == entry);
            let located = there.map(|(_, text)| {
                let same = timeline.iter().filter(|(_, other)| month_of(other) == month_of(text));
                let newer = same.filter(|(_, other)| other.order() > text.order());
                Located { month: month_of(text), skip: u32::try_from(newer.count()).unwrap() }
            });
            asked.push((Query::Locate { journal, entry }, Answer::Located(located)));
        }
        for year in [2020, 2024, 2026] {
            let of_year = days.iter().filter(|(date, _)| date.year() == year);
            let count = |(&date, &(entries, words))| DayCount { date, entries, words };
            let calendar = Answer::Calendar(of_year.map(count).collect());
            asked.push((Query::Calendar { year, journal }, calendar));
        }
        asked
    }

    /// Searches by filter, and by a word that is easily found in the model.
    fn asked_of_search(&self, journal: Option<JournalId>) -> Vec<(Query, Answer)> {
        let all = Search { journal, limit: 100, ..Search::default() };
        let day = date(DAY);
        let searches: [(Search, Fits); 7] = [
            (all.clone(), |_| true),
            (Search { starred: true, ..all.clone() }, |text| text.starred),
            (Search { mood: Some(Mood::Low), ..all.clone() }, |text| text.mood == Some(Mood::Low)),
            (Search { tag: Some("FIRE".into()), ..all.clone() }, |text| has_tag(text, "fire")),
            (Search { from: Some(day), ..all.clone() }, |text| text.moment.date >= date(DAY)),
            (Search { to: Some(day), ..all.clone() }, |text| text.moment.date <= date(DAY)),
            (Search { text: "rain".into(), ..all }, |text| {
                text.body.to_lowercase().contains("rain")
            }),
        ];
        let mut asked = Vec::new();
        for (search, fits) in searches {
            let timeline = self.living(Life::Live, journal);
            let hits: Vec<Hit> = timeline
                .iter()
                .filter(|(_, text)| fits(text))
                .map(|entry| Hit { row: row_of(entry), snippet: Vec::new() })
                .collect();
            let count = u32::try_from(hits.len()).unwrap();
            let found = Found { hits, more: None, waiting: 0 };
            asked.push((Query::Search(search.clone()), Answer::Found(found)));
            asked.push((Query::SearchCount(search), Answer::Count(count)));
        }
        asked
    }

    fn day(&self, date: Date) -> Answer {
        let timeline = self.living(Life::Live, None);
        let of_day = timeline.iter().rev().filter(|(_, text)| text.moment.date == date);
        Answer::Rows(of_day.map(row_of).collect())
    }

    fn on_this_day(&self, date: Date, limit: usize, each: usize) -> Answer {
        let same = |day: Date| (day.month(), day.day()) == (date.month(), date.day());
        let mut years: BTreeMap<i32, Vec<Row>> = BTreeMap::new();
        for entry in self.living(Life::Live, None).iter().rev() {
            let day = entry.1.moment.date;
            if same(day) && day.year() < date.year() {
                years.entry(day.year()).or_default().push(row_of(entry));
            }
        }
        let of_years = years.into_values().rev().flat_map(|rows| rows.into_iter().take(each));
        Answer::Rows(of_years.take(limit).collect())
    }

    pub(super) fn all_journals(&self) -> Answer {
        let journal = |(&id, (name, colour)): (&JournalId, &(String, _))| {
            let entries = u32::try_from(self.living(Life::Live, Some(id)).len()).unwrap();
            Journal { id, name: name.clone(), colour: *colour, entries }
        };
        let mut journals: Vec<Journal> = self.journals.iter().map(journal).collect();
        journals.sort_by_key(|journal| journal.name.to_lowercase());
        Answer::Journals(journals)
    }

    pub(super) fn all_tags(&self) -> Answer {
        let mut tags: BTreeMap<String, Tag> = BTreeMap::new();
        for (_, text) in self.living(Life::Live, None) {
            let in_text = text_tags(text);
            let keys: BTreeSet<&String> = text.tags.keys().chain(in_text.keys()).collect();
            for key in keys {
                let names = text.tags.get(key).into_iter().chain(in_text.get(key));
                let name = names.max().unwrap().clone();
                let tag = tags.entry(key.clone());
                let tag = tag.or_insert(Tag { name: String::new(), entries: 0 });
                (tag.name, tag.entries) = (name.max(tag.name.clone()), tag.entries + 1);
            }
        }
        Answer::Tags(tags.into_values().collect())
    }

    pub(super) fn all_templates(&self) -> Answer {
        let mut templates: Vec<_> = self.templates.values().cloned().collect();
        templates.sort_by_key(|template| template.name.to_lowercase());
        Answer::Templates(templates)
    }

    fn trash(&self) -> Answer {
        let mut trashed = self.living(Life::Trashed, None);
        trashed.sort_by_key(|(_, text)| std::cmp::Reverse(text.touched));
        Answer::Rows(trashed.iter().map(row_of).collect())
    }

    fn status(&self) -> Answer {
        let count = |life| u32::try_from(self.living(life, None).len()).unwrap();
        Answer::Status(Status {
            entries: count(Life::Live),
            trashed: count(Life::Trashed),
            journals: u32::try_from(self.journals.len()).unwrap(),
            bytes: 0,
            unindexed: 0,
            schema_version: VERSION,
            condition: Condition::Kept { recovered: None },
        })
    }

    fn departures(&self) -> Answer {
        let mut all = [self.living(Life::Live, None), self.living(Life::Trashed, None)].concat();
        all.sort_by_key(|(_, text)| text.order());
        let departure = |(id, text): (EntryId, &Text)| {
            let (journal, colour) = self.journals[&text.journal].clone();
            let (body, moment, tags) = (text.body.clone(), text.moment.clone(), by_hand(text));
            let (starred, trashed) = (text.starred, text.life == Life::Trashed);
            let (place, attachments) = (Place(0), Vec::new());
            Departure {
                place,
                id,
                body,
                moment,
                starred,
                trashed,
                mood: text.mood,
                location: text.location.clone(),
                tags,
                journal,
                colour,
                attachments,
            }
        };
        Answer::Departures(all.into_iter().map(departure).collect())
    }
}
