//! The draft, driven by hand and by a small world of keys and answers.

use super::*;
use thoughtstream_core::date::Zone;
use thoughtstream_core::id::DeviceId;

const ENTRY: EntryId = EntryId([7; 16]);

fn stamp(millis: i64) -> Stamp {
    Stamp::new(millis, 0, DeviceId([1; 8])).expect("BUG: after 1970")
}

fn new_entry() -> NewEntry {
    NewEntry { journal: JournalId::FIRST, zone: Zone::utc(), date: None }
}

fn blank() -> Draft {
    Draft::blank(ENTRY, new_entry())
}

/// A loaded draft in which something was typed at 1,000 ms.
fn typed() -> Draft {
    let mut draft = Draft::loaded(ENTRY, stamp(1));
    draft.typed(1_000);
    draft
}

fn send(draft: &mut Draft, now: Millis) -> Save {
    draft.send(now, || "text".into()).expect("BUG: a save is due")
}

#[test]
fn the_first_key_is_sent_at_once_and_names_its_base() {
    let mut draft = typed();
    assert_eq!(draft.state(), State::Typed);
    let save = send(&mut draft, 1_000);
    assert_eq!((save.base, save.new), (Some(stamp(1)), None));
    assert_eq!(draft.state(), State::Saving);
    draft.saved(stamp(2), 1_004);
    assert_eq!(draft.state(), State::Saved);
    draft.typed(1_200);
    assert_eq!(send(&mut draft, 1_200).base, Some(stamp(2)));
}

#[test]
fn a_new_entry_says_where_it_belongs_until_it_is_saved() {
    let mut draft = blank();
    assert_eq!(draft.state(), State::Clean);
    draft.typed(5);
    let save = send(&mut draft, 5);
    assert_eq!((save.base, save.new), (None, Some(new_entry())));
    draft.saved(stamp(2), 9);
    draft.typed(500);
    assert_eq!(send(&mut draft, 500).new, None);
}

#[test]
fn only_one_save_is_under_way_and_the_newest_text_goes_next() {
    let mut draft = typed();
    send(&mut draft, 1_000);
    draft.typed(1_001);
    draft.hurry(1_001);
    assert_eq!(draft.wait(1_001), None);
    assert_eq!(draft.state(), State::Typed);
    draft.saved(stamp(2), 1_005);
    assert!(!draft.is_settled(), "the newer text was not acknowledged");
    assert_eq!(draft.wait(1_005), Some(95));
    draft.hurry(1_005);
    assert_eq!(draft.wait(1_005), Some(0));
}

#[test]
fn a_page_that_is_put_away_sends_the_newest_text_beside_a_save_under_way() {
    let mut draft = typed();
    send(&mut draft, 1_000);
    draft.part(1_000);
    assert_eq!(draft.wait(1_000), None, "everything is on its way");
    draft.typed(1_001);
    draft.part(1_001);
    send(&mut draft, 1_001);
    assert_eq!((draft.state(), draft.wait(1_001)), (State::Saving, None));
    draft.saved(stamp(2), 1_005);
    assert_eq!(draft.state(), State::Saving, "the newer text was not acknowledged");
    draft.saved(stamp(3), 1_009);
    assert_eq!(draft.state(), State::Saved);
    draft.typed(1_300);
    assert_eq!(send(&mut draft, 1_300).base, Some(stamp(3)));
}

#[test]
fn after_a_slow_save_the_draft_rests_as_long() {
    let mut draft = typed();
    send(&mut draft, 1_000);
    draft.saved(stamp(2), 1_600);
    draft.typed(1_600);
    assert_eq!(draft.wait(1_600), Some(600));
    let mut draft = typed();
    send(&mut draft, 1_000);
    draft.saved(stamp(2), 61_000);
    draft.typed(61_000);
    assert_eq!(draft.wait(61_000), Some(REST_MILLIS_MAX));
}

#[test]
fn a_failed_save_is_tried_again_ever_more_slowly() {
    let mut draft = typed();
    let mut now = 1_000;
    for seconds in [1, 2, 4, 8, 16, 30, 30] {
        send(&mut draft, now);
        draft.failed(Failure::Full, now);
        assert_eq!(draft.state(), State::Unsaved(Failure::Full));
        assert_eq!(draft.wait(now), Some(seconds * 1_000));
        now += seconds * 1_000;
    }
    send(&mut draft, now);
    draft.saved(stamp(2), now);
    assert_eq!(draft.state(), State::Saved);
    draft.typed(now + 200);
    send(&mut draft, now + 200);
    draft.failed(Failure::Full, now + 200);
    assert_eq!(draft.wait(now + 200), Some(1_000), "the count began anew");
}

#[test]
fn a_key_or_a_hurry_tries_again_at_once() {
    for nudge in [Draft::typed as fn(&mut Draft, Millis), Draft::hurry] {
        let mut draft = typed();
        send(&mut draft, 1_000);
        draft.failed(Failure::Storage("a flush failed".into()), 1_000);
        nudge(&mut draft, 1_100);
        assert_eq!(draft.wait(1_100), Some(0));
        send(&mut draft, 1_100);
        assert!(matches!(draft.state(), State::Unsaved(_)), "said until it is saved");
    }
}

#[test]
fn keys_do_not_make_the_pauses_longer() {
    let mut draft = typed();
    for now in (1_000..9_000).step_by(1_000) {
        send(&mut draft, now);
        draft.failed(Failure::Full, now);
        assert_eq!(draft.wait(now), Some(1_000));
        draft.typed(now + 1_000);
    }
}

#[test]
fn what_cannot_succeed_waits_for_the_next_key() {
    let mut draft = typed();
    send(&mut draft, 1_000);
    draft.failed(Failure::NoEntry, 1_000);
    draft.hurry(1_000);
    assert_eq!(draft.wait(100_000), None);
    draft.typed(100_000);
    assert_eq!(draft.wait(100_000), Some(0));
}

#[test]
fn a_page_that_was_never_written_is_never_sent() {
    let mut draft = blank();
    draft.typed(5);
    assert_eq!(draft.send(5, String::new), None);
    assert_eq!((draft.state(), draft.is_settled()), (State::Clean, true));
    let mut draft = typed();
    let save = draft.send(1_000, String::new).expect("BUG: a save is due");
    assert_eq!(save.body, "", "a text that was deleted is saved empty");
}

#[test]
fn a_text_that_is_too_long_is_kept_and_told() {
    let mut draft = typed();
    assert_eq!(draft.send(1_000, || "x".repeat(BODY_BYTES_MAX + 1)), None);
    let State::Unsaved(Failure::Invalid(reason)) = draft.state() else {
        panic!("not told: {:?}", draft.state())
    };
    assert!(reason.contains("33 MB"), "{reason}");
    draft.typed(2_000);
    send(&mut draft, 2_000);
    draft.saved(stamp(2), 2_001);
    assert_eq!(draft.state(), State::Saved);
}

#[test]
fn a_deleted_journal_gives_way_to_the_first() {
    let mut draft = Draft::blank(ENTRY, NewEntry { journal: JournalId([9; 16]), ..new_entry() });
    draft.typed(5);
    send(&mut draft, 5);
    draft.failed(Failure::NoJournal, 6);
    let journal = send(&mut draft, 6).new.map(|new| new.journal);
    assert_eq!(journal, Some(JournalId::FIRST));
    draft.failed(Failure::NoJournal, 7);
    assert_eq!(draft.state(), State::Unsaved(Failure::NoJournal));
}

#[test]
fn news_of_our_own_save_is_no_news() {
    // (heard before the answer, the answer, behind afterwards)
    for (heard, saved, behind) in [(2, 2, false), (2, 3, false), (3, 2, true)] {
        let mut draft = typed();
        send(&mut draft, 1_000);
        draft.hear(stamp(heard));
        assert!(!draft.is_behind(), "not known while a save is under way");
        draft.saved(stamp(saved), 1_001);
        assert_eq!(draft.is_behind(), behind, "heard {heard}, saved {saved}");
        draft.hear(stamp(saved));
        assert_eq!(draft.is_behind(), behind);
    }
    let mut draft = Draft::loaded(ENTRY, stamp(1));
    draft.hear(stamp(4));
    assert!(draft.is_behind());
    draft.adopt(stamp(4));
    assert!(!draft.is_behind());
}

/// Presses a key every `gap` ms for `keys` keys, answers saves after `latency` ms, and returns
/// the longest time that a key waited for its answer.
fn longest_wait(gap: Millis, keys: u64, latency: Millis) -> Millis {
    let mut draft = blank();
    let (mut answer_at, mut waiting, mut covered, mut longest) = (None, vec![], 0, 0);
    for now in 0..gap * keys + 10_000 {
        if answer_at == Some(now) {
            answer_at = None;
            draft.saved(stamp(1 + i64::try_from(now).expect("BUG: small")), now);
            for pressed in waiting.drain(..covered) {
                longest = longest.max(now - pressed);
            }
        }
        if now % gap == 0 && now / gap < keys {
            draft.typed(now);
            waiting.push(now);
        }
        if draft.send(now, || "text".into()).is_some() {
            covered = waiting.len();
            answer_at = Some(now + latency);
        }
    }
    assert!(waiting.is_empty() && draft.is_settled(), "everything was saved in the end");
    longest
}

#[test]
fn every_key_is_durable_within_a_quarter_of_a_second_however_long_typing_goes_on() {
    for gap in [1, 7, 30, 90, 150, 400] {
        for latency in [1, 5, 20, 60] {
            let longest = longest_wait(gap, 300, latency);
            assert!(longest <= 250, "key every {gap} ms, saves of {latency} ms: {longest} ms");
        }
    }
}
