//! Search finds what a naive look at every text finds, newest first, whatever the script; and what
//! it shows as found is there.

mod naive;
mod snippet;

use crate::support::{Desk, arrival, date, entry_id, journal_id, setting};
use naive::{UNSPACED, Wanted, has, reading};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use thoughtstream_core::date::Date;
use thoughtstream_core::id::{EntryId, JournalId};
use thoughtstream_core::message::{
    Answer, Arrival, Colour, Edit, Found, Hit, Mood, Order, Query, Save, Search,
};
use thoughtstream_core::text;

/// Letters and words, few enough that a question often fits.
const LETTERS: [&str; 30] = [
    "a", "A", "á", "Å", "ậ", "e", "é", "e\u{301}", "È", "n", "ñ", "ss", "ß", "æ", "oe", "Œ", "ö",
    "o\u{308}", "Ø", "l", "ł", "i", "İ", "ı", "ά", "Ὰ", "α", "Σ", "ς", "Я",
];
const WORDS: [&str; 5] = ["rain", "Rainy", "#fire", "2026", "c'est"];
const GAPS: [&str; 14] =
    [" ", " ", " ", "\n", ". ", ",", "-", "'", "_", "—", "。", "👩", "\u{3000}", "("];

fn any_piece() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        5 => select(LETTERS.to_vec()),
        2 => select(WORDS.to_vec()),
        4 => select(UNSPACED.to_vec()),
        4 => select(GAPS.to_vec()),
    ]
}

fn any_text() -> impl Strategy<Value = String> {
    let long = vec(any_piece(), 200..400);
    prop_oneof![9 => vec(any_piece(), 0..24), 1 => long].prop_map(|pieces| pieces.concat())
}

fn any_day() -> impl Strategy<Value = Date> {
    select(["2024-12-31", "2025-01-01", "2025-06-15", "2026-04-24"].map(date).to_vec())
}

/// Entries of a small journal; some lie in the trash.
fn any_arrivals() -> impl Strategy<Value = Vec<Arrival>> {
    let flags = (any::<bool>(), any::<bool>(), prop::bool::weighted(0.1));
    let entry = (any_day(), any_text(), flags, any::<bool>());
    let arrive = |(day, body, (starred, other, trashed), tagged): (Date, _, (_, bool, _), _)| {
        let journal = other.then(|| (journal_id(2), "Other".to_owned(), Colour::Blue));
        let tags = if tagged { vec!["kept".to_owned()] } else { Vec::new() };
        let mood = Some(if starred { Mood::Good } else { Mood::Low });
        Arrival { body, starred, mood, journal, trashed, tags, ..arrival(0, &day.to_string(), "") }
    };
    let numbered = |mut entries: Vec<Arrival>| {
        entries.iter_mut().zip(1..).for_each(|(entry, number)| entry.id = entry_id(number));
        entries
    };
    vec(entry.prop_map(arrive), 1..8).prop_map(numbered)
}

/// One part of a question: a piece out of one of the texts, or anything.
#[derive(Debug, Clone)]
enum Part {
    Of { entry: Index, from: Index, length: usize },
    Any(Vec<&'static str>),
}

fn any_part() -> impl Strategy<Value = (Part, bool)> {
    let piece = (any::<Index>(), any::<Index>(), 1..6_usize)
        .prop_map(|(entry, from, length)| Part::Of { entry, from, length });
    let part = prop_oneof![3 => piece, 1 => vec(any_piece(), 1..3).prop_map(Part::Any)];
    (part, prop::bool::weighted(0.3))
}

/// A question as it is typed: other letters for the same reading come from `Part::Any` and from
/// capitals, which is what most people leave out.
fn typed(parts: &[(Part, bool)], arrivals: &[Arrival]) -> (String, Vec<Wanted>) {
    let (mut question, mut wanted) = (String::new(), Vec::new());
    for (part, exact) in parts {
        let text = match part {
            Part::Any(pieces) => pieces.concat(),
            Part::Of { entry, from, length } => {
                let body = &entry.get(arrivals).body;
                let from = from.index(body.chars().count().max(1));
                body.chars().skip(from).take(*length).collect::<String>().to_uppercase()
            }
        };
        question += &if *exact { format!(" “{text}”") } else { format!(" {text}") };
        let terms: Vec<&str> = if *exact { vec![&text] } else { text.split_whitespace().collect() };
        let terms = terms.into_iter().map(|term| Wanted { reading: reading(term), exact: *exact });
        wanted.extend(terms.filter(|term| !term.reading.is_empty()));
    }
    (question, wanted)
}

/// What the search asks for besides words.
fn any_filter() -> impl Strategy<Value = Search> {
    let days = (option::weighted(0.3, any_day()), option::weighted(0.3, any_day()));
    let tag = option::weighted(0.3, select(vec!["FIRE".to_owned(), "kept".to_owned()]));
    let journal = option::weighted(0.3, select(vec![journal_id(2), JournalId::FIRST]));
    let mood = option::weighted(0.1, Just(Mood::Good));
    (days, tag, journal, (prop::bool::weighted(0.2), mood), 1..5_u32).prop_map(
        |((from, to), tag, journal, (starred, mood), limit)| Search {
            from,
            to,
            tag,
            journal,
            starred,
            mood,
            limit,
            ..Search::default()
        },
    )
}

/// The entries that a search is to find, newest first.
fn expected(arrivals: &[Arrival], search: &Search, wanted: &[Wanted]) -> Vec<EntryId> {
    let passes = |entry: &&Arrival| {
        let journal = entry.journal.as_ref().map_or(JournalId::FIRST, |journal| journal.0);
        let tag = |tag: &String| {
            let tags = text::tags(&entry.body).into_iter().chain(entry.tags.iter().map(|t| &**t));
            tags.map(str::to_lowercase).any(|name| name == tag.to_lowercase())
        };
        !entry.trashed
            && search.from.is_none_or(|from| from <= entry.date)
            && search.to.is_none_or(|to| entry.date <= to)
            && search.journal.is_none_or(|wanted| wanted == journal)
            && search.tag.as_ref().is_none_or(tag)
            && (!search.starred || entry.starred)
            && search.mood.is_none_or(|mood| entry.mood == Some(mood))
    };
    let fits = |entry: &&Arrival| {
        let text = reading(&entry.body);
        // A question of nothing but punctuation finds nothing; an empty one finds all.
        let asked = !wanted.is_empty() || search.text.trim().is_empty();
        asked && wanted.iter().all(|wanted| has(&text, wanted))
    };
    let mut found: Vec<&Arrival> = arrivals.iter().filter(passes).filter(fits).collect();
    // Of one day, what came later stands later.
    found.sort_by_key(|entry| entry.date);
    found.iter().rev().map(|entry| entry.id).collect()
}

fn ask(desk: &mut Desk, search: Search) -> Found {
    match desk.ask(Query::Search(search)) {
        Answer::Found(found) => found,
        other => panic!("{other:?}"),
    }
}

/// All hits, page by page.
fn pages(desk: &mut Desk, search: &Search) -> Vec<Hit> {
    let (mut hits, mut before) = (Vec::new(), None);
    loop {
        let found = ask(desk, Search { before, ..search.clone() });
        assert_eq!(found.waiting, 0);
        hits.extend(found.hits);
        before = found.more;
        if before.is_none() {
            return hits;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(setting("THOUGHTSTREAM_SEARCHES", 300) as u32))]

    #[test]
    fn search_finds_what_a_naive_look_finds(
        arrivals in any_arrivals(),
        later in option::of((any::<Index>(), any_text())),
        parts in vec(any_part(), 0..4),
        filter in any_filter(),
    ) {
        let mut desk = Desk::in_memory();
        let mut arrivals = arrivals;
        desk.take_in(arrivals.clone());
        if let Some((at, body)) = later {
            // The line of the old text must not be found any more.
            desk.settle();
            let at = at.index(arrivals.len());
            arrivals[at].body.clone_from(&body);
            let entry = arrivals[at].id;
            desk.done(Edit::Save(Save { entry, body, base: None, new: None }));
        }
        let (text, wanted) = typed(&parts, &arrivals);
        let search = Search { text, ..filter };
        let expected = expected(&arrivals, &search, &wanted);
        let hits = pages(&mut desk, &search);
        let found: Vec<EntryId> = hits.iter().map(|hit| hit.row.id).collect();
        prop_assert_eq!(&found, &expected, "{:?} as {:?}", &search, &wanted);
        let count = desk.ask(Query::SearchCount(search.clone()));
        prop_assert_eq!(count, Answer::Count(u32::try_from(found.len()).unwrap()));
        let best = ask(&mut desk, Search { order: Order::Relevance, limit: 100, ..search.clone() });
        let mut best: Vec<EntryId> = best.hits.iter().map(|hit| hit.row.id).collect();
        let mut found = found;
        best.sort();
        found.sort();
        prop_assert_eq!(best, found, "the best are the same, in another order");
        for hit in hits {
            let entry = arrivals.iter().find(|entry| entry.id == hit.row.id).unwrap();
            snippet::check(&entry.body, &hit.snippet, &wanted);
        }
    }
}
