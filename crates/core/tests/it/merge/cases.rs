//! What a person would expect, case by case.

use super::{row, stamp};
use thoughtstream_core::change::{EntryRow, Life};
use thoughtstream_core::id::JournalId;
use thoughtstream_core::merge::{Kind, Like, Merged, diff, merge, order, text};
use thoughtstream_core::message::{Location, Mood};

const CLASH: bool = true;
const CALM: bool = false;

/// Ancestor, the lesser stamp's text, the greater's, what they come to.
const TEXTS: [(&str, &str, &str, &str, bool); 26] = [
    ("one two three", "ONE two three", "one two THREE", "ONE two THREE", CALM),
    (
        "I went home.",
        "I went home today.",
        "Yesterday I went home.",
        "Yesterday I went home today.",
        CALM,
    ),
    ("a b c", "a x c", "a y c", "a y c", CLASH),
    ("a b c", "a c", "a c", "a c", CALM),
    // Both went on writing at the end.
    ("Hello", "Hello\nfrom A", "Hello\nfrom B", "Hello\nfrom A\nfrom B", CALM),
    ("Hello\n", "Hello\nfrom A", "Hello\nfrom B", "Hello\nfrom A\nfrom B", CALM),
    ("Hello\n", "Hello\nA\n", "Hello\nB\n", "Hello\nA\nB\n", CALM),
    ("Hello", "Hello\n\nA", "Hello\n\nB", "Hello\n\nA\n\nB", CALM),
    ("Hello", "Hello one", "Hello two", "Hello one two", CALM),
    ("Hello.", "Hello. One.", "Hello. Two.", "Hello. One. Two.", CALM),
    ("Hello", "Hello\nfrom A", "Hello there", "Hello there\nfrom A", CALM),
    ("Hello\r\n", "Hello\r\nA", "Hello\r\nB", "Hello\r\nA\r\nB", CALM),
    ("", "morning", "evening", "morning\nevening", CALM),
    ("", "- a\n", "- b\n", "- a\n- b\n", CALM),
    // The same lines, and more of one's own.
    ("x\n", "x\nshared\nA\n", "x\nshared\nB\n", "x\nshared\nA\nB\n", CALM),
    ("x\n", "A\nshared\nx\n", "B\nshared\nx\n", "A\nB\nshared\nx\n", CALM),
    ("x", "new\nx", "old x", "new\nold x", CALM),
    // What is put in stays, even in what the other side took away.
    ("one two three four", "one two NEW three four", "one four", "one NEW four", CLASH),
    ("a\nb\nc\n", "a\nc\n", "a\nb\nnew\nc\n", "a\nnew\nc\n", CALM),
    // Changes that touch but do not meet.
    ("red green", "RED green", "red blue", "RED blue", CALM),
    ("one. two.", "one! two.", "one. Two.", "one! Two.", CALM),
    // Whole pieces: words with accents, emoji of several characters, scripts without spaces.
    (
        "cafe\u{301} au lait",
        "cafe\u{301} noir",
        "the cafe\u{301} au lait",
        "the cafe\u{301} noir",
        CALM,
    ),
    ("we 👩‍👩‍👧 here", "we 👩‍👩‍👧‍👦 here", "we 👩‍👩‍👧 there", "we 👩‍👩‍👧‍👦 there", CALM),
    ("今天下雨", "今天早上下雨", "今天下雨了", "今天早上下雨了", CALM),
    ("don't stop", "don’t stop", "don't ever stop", "don’t ever stop", CALM),
    ("gone", "", "gone and back", " and back", CALM),
];

#[test]
fn texts() {
    for (base, lesser, greater, expected, clash) in TEXTS {
        let merged = text::merge(Some(base), lesser, greater);
        assert_eq!((merged.text.as_str(), merged.clash), (expected, clash), "{base:?}");
    }
}

#[test]
fn a_sentence_written_anew_by_both_is_not_mixed() {
    let base = "We walked along the river in the rain and went home.";
    let lesser = "They walked up the hill in the snow and went home.";
    let greater = "Nobody drove along a road in the heat and went home.";
    let merged = text::merge(Some(base), lesser, greater);
    assert!(merged.clash);
    assert!(merged.text.starts_with("Nobody drove") && merged.text.ends_with("went home."));
}

/// A change of an entry: its text, its life, its star.
fn version(body: &str, life: Life, starred: bool) -> EntryRow {
    let body = if life == Life::Deleted { "" } else { body };
    EntryRow { life, starred, ..row(body) }
}

/// The table of lives: the ancestor's life, two versions, what they come to.
#[test]
fn lives() {
    use Life::{Deleted, Live, Trashed};
    let (old, new, other) = ("old", "new old", "old other");
    let cases = [
        (Live, (old, Deleted, false), (old, Live, true), (old, Deleted, false), CALM),
        (Live, (old, Deleted, false), (new, Live, false), (new, Live, false), CLASH),
        (Live, (old, Deleted, false), (new, Trashed, false), (new, Trashed, false), CLASH),
        (Trashed, (old, Deleted, false), (old, Live, false), (old, Live, false), CLASH),
        (Live, (old, Deleted, false), (old, Trashed, false), (old, Deleted, false), CALM),
        (Live, (old, Deleted, false), (old, Deleted, false), (old, Deleted, false), CALM),
        (Live, (old, Trashed, false), (old, Live, true), (old, Trashed, true), CALM),
        (Live, (old, Trashed, false), (new, Live, false), (new, Live, false), CLASH),
        (
            Live,
            (new, Trashed, false),
            (other, Live, false),
            ("new old other", Trashed, false),
            CALM,
        ),
        (Trashed, (old, Live, false), (old, Trashed, true), (old, Live, true), CALM),
    ];
    for (number, (life, a, b, expected, clash)) in cases.into_iter().enumerate() {
        let base = version(old, life, false);
        let [a, b, expected] = [a, b, expected].map(|(body, life, star)| version(body, life, star));
        for (a, b) in [(&a, &b), (&b, &a)] {
            let merged = merge(Some(&base), (stamp(1), a), (stamp(2), b));
            assert_eq!((merged.row, merged.clash), (expected.clone(), clash), "{number}");
        }
    }
}

#[test]
fn columns() {
    let base = row("text");
    let star = EntryRow { starred: true, ..base.clone() };
    let moved = EntryRow { journal: JournalId([9; 16]), ..base.clone() };
    let moved_too = EntryRow { journal: JournalId([8; 16]), ..base.clone() };
    let both = EntryRow { starred: true, ..moved.clone() };
    let merged = |a, b| {
        let Merged { row, like, clash } = merge(Some(&base), (stamp(1), a), (stamp(2), b));
        (row, like, clash)
    };
    assert_eq!(merged(&star, &moved), (both, Like::Neither, CALM));
    assert_eq!(merged(&moved, &moved_too), (moved_too.clone(), Like::Greater, CLASH));
    assert_eq!(merged(&moved, &base), (moved.clone(), Like::Lesser, CALM));
    let felt = EntryRow { mood: Some(Mood::Good), ..base.clone() };
    let there = EntryRow { location: Location::new("Seething Lane", None), ..base.clone() };
    let both = EntryRow { mood: felt.mood, ..there.clone() };
    assert_eq!(merged(&felt, &there), (both, Like::Neither, CALM));
    let otherwise = EntryRow { mood: Some(Mood::Low), ..base.clone() };
    assert_eq!(merged(&felt, &otherwise), (otherwise.clone(), Like::Greater, CLASH));
}

#[test]
fn without_an_ancestor_the_greater_stays_and_no_text_is_lost_to_a_tombstone() {
    let (a, b) = (row("one"), row("two"));
    let tombstone = version("", Life::Deleted, false);
    let alone = |a, b| {
        let merged = merge(None, (stamp(1), a), (stamp(2), b));
        (merged.row, merged.clash)
    };
    assert_eq!(alone(&a, &b), (b.clone(), CLASH));
    assert_eq!(alone(&a, &a), (a.clone(), CALM));
    assert_eq!(alone(&a, &tombstone), (a.clone(), CLASH));
    assert_eq!(alone(&tombstone, &a), (a.clone(), CLASH));
}

/// A cloned profile: one stamp for two texts.
#[test]
fn equal_stamps_are_settled_by_content() {
    let (a, b) = (row("one"), row("two"));
    let at = stamp(1);
    assert_eq!(order((at, &a), (at, &b)), order((at, &b), (at, &a)).reverse());
    assert_eq!(merge(None, (at, &a), (at, &b)), merge(None, (at, &b), (at, &a)));
    let starred = EntryRow { starred: true, ..a.clone() };
    assert!(order((at, &a), (at, &starred)).is_ne());
}

#[test]
fn a_history_shows_what_came_and_went() {
    let pieces = diff("I went home early.", "I went to town early, alone.");
    let shown: Vec<(Kind, &str)> = pieces.iter().map(|piece| (piece.kind, piece.text)).collect();
    let expected = [
        (Kind::Kept, "I went "),
        (Kind::Removed, "home"),
        (Kind::Added, "to town"),
        (Kind::Kept, " early"),
        (Kind::Added, ", alone"),
        (Kind::Kept, "."),
    ];
    assert_eq!(shown, expected);
    assert!(diff("", "").is_empty());
}

/// Ten megabytes, as many lines and as one, little and altogether changed.
#[test]
fn long_texts_end_too() {
    let lines = |word: &str| {
        let line = |at: usize| format!("{at} {word} in the evening by the river\n");
        (0..300_000).map(line).collect::<String>()
    };
    let base = lines("walked");
    let mut head = base.clone();
    head.insert_str(0, "First. ");
    let (tail, other) = (format!("{base}Last."), lines("swam"));
    let both = format!("{head}Last.");
    assert_eq!(text::merge(Some(&base), &head, &tail).text, both);
    let merged = text::merge(Some(&base), &tail, &other);
    assert!(merged.text.contains("swam in the") && merged.text.contains("Last."));

    let flat = |text: &str| text.replace('\n', " ");
    assert_eq!(text::merge(Some(&flat(&base)), &flat(&head), &flat(&tail)).text, flat(&both));
    let merged = text::merge(Some(&flat(&base)), &flat(&head), &flat(&other));
    assert!(merged.text.contains("299999 swam"));
}
