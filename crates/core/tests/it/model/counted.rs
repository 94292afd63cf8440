//! A year in numbers, counted entry by entry.

use super::plain::{Plain, Text};
use super::shown::text_tags;
use crate::support::date;
use std::collections::{BTreeMap, BTreeSet};
use thoughtstream_core::change::Life;
use thoughtstream_core::date::Date;
use thoughtstream_core::message::{Answer, DayCount, Mood, Query, Statistics, Streak, Tag};
use thoughtstream_core::text;

/// The day on which is asked.
const TODAY: &str = "2024-02-29";

impl Plain {
    pub(super) fn asked_of_years(&self) -> Vec<(Query, Answer)> {
        let live = || self.entries.values().filter(|text| text.life == Life::Live);
        let days: BTreeSet<Date> = live().map(|text| text.moment.date).collect();
        let of_year = |year| {
            let texts: Vec<&Text> = live().filter(|text| text.moment.date.year() == year).collect();
            (Query::Statistics { year, today: date(TODAY) }, counted(&texts, &days))
        };
        let beside = |&date: &Date| {
            let (before, after) =
                (days.range(..date).next_back(), days.range(date.plus_days(1)..).next());
            let answer = Answer::Neighbours { before: before.copied(), after: after.copied() };
            (Query::Neighbours { date }, answer)
        };
        let unwritten = date("2022-06-01");
        let asked = days.iter().chain([&unwritten]).map(beside);
        asked.chain([2020, 2024, 2026].map(of_year)).collect()
    }
}

fn counted(texts: &[&Text], days: &BTreeSet<Date>) -> Answer {
    let mut by_day: BTreeMap<Date, DayCount> = BTreeMap::new();
    let mut moods = [[0; 5]; 12];
    let mut tags: BTreeMap<String, Tag> = BTreeMap::new();
    for text in texts {
        let date = text.moment.date;
        let day = by_day.entry(date).or_insert(DayCount { date, entries: 0, words: 0 });
        (day.entries, day.words) = (day.entries + 1, day.words + text::words(&text.body));
        if let Some(at) = text.mood.and_then(|m| Mood::ALL.iter().position(|mood| *mood == m)) {
            moods[usize::from(date.month()) - 1][at] += 1;
        }
        let in_text = text_tags(text);
        let keys: BTreeSet<&String> = text.tags.keys().chain(in_text.keys()).collect();
        for key in keys {
            let name = text.tags.get(key).into_iter().chain(in_text.get(key)).max().unwrap();
            let tag = tags.entry(key.clone()).or_insert(Tag { name: String::new(), entries: 0 });
            (tag.name, tag.entries) = (name.clone().max(tag.name.clone()), tag.entries + 1);
        }
    }
    let mut tags: Vec<Tag> = tags.into_values().collect();
    tags.sort_by_key(|tag| (std::cmp::Reverse(tag.entries), tag.name.to_lowercase()));
    let days = (by_day.into_values().collect(), streak(days));
    Answer::Statistics(Box::new(Statistics { days: days.0, moods, tags, streak: days.1 }))
}

fn streak(days: &BTreeSet<Date>) -> Streak {
    let run =
        |&day: &Date| (0_i64..).take_while(|back| days.contains(&day.plus_days(-back))).count();
    let longest = days.iter().max_by_key(|day| (run(day), **day));
    let today = date(TODAY);
    let last = [today, today.plus_days(-1)].into_iter().find(|day| days.contains(day));
    let length = |day: Option<&Date>| u32::try_from(day.map_or(0, run)).unwrap();
    Streak {
        current: length(last.as_ref()),
        longest: length(longest),
        longest_until: longest.copied(),
    }
}
