//! An entry of the plain model in the shapes in which answers show it.

use super::plain::{Kept, Text, no_stamp};
use std::collections::BTreeMap;
use thoughtstream_core::change::Life;
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::{Answer, Entry, Location, Place, Revision, Row};
use thoughtstream_core::text;

pub(super) fn by_hand(text: &Text) -> Vec<String> {
    text.tags.values().cloned().collect()
}

/// The tags in a text by key, each as it is written first.
pub(super) fn text_tags(text: &Text) -> BTreeMap<String, String> {
    let names = text::tags(&text.body).into_iter().rev();
    names.map(|name| (name.to_lowercase(), name.to_owned())).collect()
}

pub(super) fn has_tag(text: &Text, key: &str) -> bool {
    text.tags.contains_key(key) || text_tags(text).contains_key(key)
}

pub(super) fn row_of((id, text): &(EntryId, &Text)) -> Row {
    let mut tags = by_hand(text);
    let in_text = text_tags(text).into_iter();
    tags.extend(in_text.filter(|(key, _)| !text.tags.contains_key(key)).map(|(_, name)| name));
    Row {
        id: *id,
        place: Place(0),
        date: text.moment.date,
        time: text.moment.time,
        excerpt: text::excerpt(&text.body, 280),
        words: text::words(&text.body),
        starred: text.starred,
        mood: text.mood,
        location: text.location.as_ref().map(Location::name).unwrap_or_default(),
        journal: text.journal,
        tags,
    }
}

pub(super) fn entry_of(id: EntryId, text: &Text) -> Entry {
    Entry {
        id,
        body: text.body.clone(),
        moment: text.moment.clone(),
        words: text::words(&text.body),
        starred: text.starred,
        trashed: text.life == Life::Trashed,
        mood: text.mood,
        location: text.location.clone(),
        journal: text.journal,
        tags: by_hand(text),
        text_tags: text_tags(text).into_values().collect(),
        revisions: u32::try_from(text.kept.len()).unwrap(),
        lost: !text.kept.is_empty(),
        modified_at: no_stamp(),
    }
}

pub(super) fn kept_of(text: &Text) -> Answer {
    let kept = |kept: &Kept| Revision {
        stamp: no_stamp(),
        body: kept.body.clone(),
        mood: kept.mood,
        location: kept.location.clone(),
        lost: true,
    };
    Answer::Revisions(text.kept.iter().rev().map(kept).collect())
}
