//! What holds for all texts and all pairs of versions.

use super::{row, stamp};
use crate::support::{any_location, any_mood};
use proptest::prelude::*;
use thoughtstream_core::change::{EntryRow, Life};
use thoughtstream_core::id::JournalId;
use thoughtstream_core::merge::{Kind, diff, merge, text};

/// Texts that have much in common: few words, many kinds of ends and marks.
fn any_text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => prop_oneof![Just("the"), Just("a"), Just("rain"), Just("home"), Just("don't")],
        3 => Just(" "),
        2 => prop_oneof![Just("\n"), Just("\r\n"), Just("\n\n"), Just("\t"), Just(". ")],
        1 => prop_oneof![Just("雨"), Just("👩‍👧"), Just("e\u{301}"), Just("🇩🇪"), Just("#tag")],
    ];
    proptest::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

fn any_row() -> impl Strategy<Value = EntryRow> {
    let life =
        prop_oneof![4 => Just(Life::Live), 1 => Just(Life::Trashed), 1 => Just(Life::Deleted)];
    let felt = (any_mood(), any_location());
    (any_text(), any::<bool>(), 0..3_u8, life, felt).prop_map(
        |(body, starred, journal, life, (mood, location))| {
            let body = if life == Life::Deleted { String::new() } else { body };
            let journal = JournalId([journal; 16]);
            EntryRow { starred, journal, life, mood, location, ..row(&body) }
        },
    )
}

/// Paragraphs of unlike words, some of which each side writes anew or puts before.
fn disjoint() -> impl Strategy<Value = Vec<(u8, String)>> {
    proptest::collection::vec((0..5_u8, "[a-z]{3,8}( [a-z]{3,8}){2,6}"), 1..20)
}

proptest! {
    #[test]
    fn the_order_of_the_arguments_is_nothing(
        base in proptest::option::of(any_row()), a in any_row(), b in any_row(),
        (x, y) in (0..3_i64, 0..3_i64),
    ) {
        let (a, b) = ((stamp(x), &a), (stamp(y), &b));
        prop_assert_eq!(merge(base.as_ref(), a, b), merge(base.as_ref(), b, a));
    }

    #[test]
    fn who_changed_nothing_yields(base in any_row(), b in any_row(), later: bool) {
        let (first, second) = if later { (1, 2) } else { (2, 1) };
        let merged = merge(Some(&base), (stamp(first), &base), (stamp(second), &b));
        prop_assert_eq!(merged.row, b.clone());
        prop_assert_eq!(text::merge(Some(&base.body), &base.body, &b.body).text, b.body);
    }

    #[test]
    fn the_same_edit_twice_is_one(base in any_row(), a in any_row()) {
        let merged = merge(Some(&base), (stamp(1), &a), (stamp(2), &a));
        prop_assert_eq!((merged.row, merged.clash), (a, false));
    }

    /// Changes of different paragraphs, and what each side puts between them.
    #[test]
    fn edits_that_do_not_meet_all_stay(paragraphs in disjoint(), crlf: bool) {
        let end = if crlf { "\r\n\r\n" } else { "\n\n" };
        let side = |own: &[u8]| -> String {
            let each = paragraphs.iter().enumerate().map(|(at, (what, text))| {
                let mine = own.contains(what);
                match what {
                    0 | 1 if mine => format!("{text} and{at} more{end}"),
                    2 | 3 if mine => format!("NEW{at} {text}{end}"),
                    _ => format!("{text}{end}"),
                }
            });
            each.collect()
        };
        let (base, a, b, both) = (side(&[]), side(&[0, 2]), side(&[1, 3]), side(&[0, 1, 2, 3]));
        let merged = text::merge(Some(&base), &a, &b);
        prop_assert_eq!((merged.text, merged.clash), (both, false));
    }

    /// Every word that was put between two words is in what they come to.
    #[test]
    fn no_insertion_is_lost(base in any_text(), a in 0..200_usize, b in 0..200_usize) {
        let put = |at: usize, word: &str| {
            let ends = base.char_indices().filter(|(_, c)| matches!(c, ' ' | '\n'));
            let places: Vec<usize> = ends.map(|(at, _)| at + 1).chain([0, base.len()]).collect();
            let at = places[at % places.len()];
            format!("{} {word} {}", &base[..at], &base[at..])
        };
        let merged = text::merge(Some(&base), &put(a, "ALPHA"), &put(b, "BETA")).text;
        prop_assert!(merged.contains("ALPHA") && merged.contains("BETA"), "{merged:?}");
    }

    #[test]
    fn a_merge_holds_only_words_of_its_sources(
        base in any_text(), a in any_text(), b in any_text(),
    ) {
        let merged = text::merge(Some(&base), &a, &b);
        let words = |text: &str| -> Vec<String> {
            text.split_whitespace().map(ToOwned::to_owned).collect()
        };
        let known = [&base, &a, &b].map(|text| words(text)).concat().concat();
        for word in merged.text.split_whitespace().flat_map(|word| word.chars()) {
            prop_assert!(known.contains(word));
        }
    }

    #[test]
    fn a_diff_is_both_texts(a in any_text(), b in any_text()) {
        let pieces = diff(&a, &b);
        let without = |kind: Kind| -> String {
            pieces.iter().filter(|piece| piece.kind != kind).map(|piece| piece.text).collect()
        };
        prop_assert_eq!(&without(Kind::Added), &a);
        prop_assert_eq!(&without(Kind::Removed), &b);
    }

    #[test]
    fn any_texts_at_all_merge(base in "\\PC{0,60}", a in "\\PC{0,60}", b in "\\PC{0,60}") {
        let merged = text::merge(Some(&base), &a, &b);
        prop_assert!(merged.text.len() <= base.len() + a.len() + b.len() + 64);
    }
}
