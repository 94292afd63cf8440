//! The foot of an entry: how long it is, how long it takes to read, and when in the day it was.

use crate::ui::draft::State;
use crate::ui::editor::writer::Writer;
use crate::ui::format;
use crate::ui::screens::entry::open::Open;
use crate::ui::view::*;
use thoughtstream_core::date::Time;
use thoughtstream_core::message::count_words;

/// Words that are read in a minute, by one who is not in a hurry.
const WORDS_A_MINUTE: u32 = 230;

/// How long a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    pub words: u32,
    pub blank: bool,
}

/// The length of the text as it was saved last: counting at every key would cost a long one dear.
#[must_use]
pub fn length(open: Open) -> RwSignal<Length> {
    let length = RwSignal::new(Length { words: 0, blank: true });
    effect(move || {
        let typing = matches!(open.state(), State::Typed | State::Saving);
        open.text_version.track();
        if typing && !length.read_untracked().blank {
            return;
        }
        let text = open.writer.with(|writer| writer.as_ref().map(Writer::text));
        let text = text.unwrap_or_default();
        let now = Length { words: count_words(&text), blank: text.trim().is_empty() };
        if now != length.get_untracked() {
            length.set(now);
        }
    });
    length
}

/// The foot; an empty page has none.
#[component]
pub fn Foot(open: Open, length: RwSignal<Length>) -> View {
    let words = move || length.read().words;
    let minutes = move || match words().div_ceil(WORDS_A_MINUTE) {
        0 | 1 => "a minute to read".to_owned(),
        minutes => [&minutes.to_string(), " minutes to read"].concat(),
    };
    let time = move || {
        let time = open.entry.with(|entry| entry.as_ref()?.moment.time)?;
        let name = time_of_day(time);
        Some(view! { <span>{name}</span> })
    };
    view! {
        <Show when=move || { words() > 0 }>
            <p class="entry__foot">
                <span>{move || format::count(words(), "word", "words")}</span>
                <span>{minutes}</span>
                {time}
            </p>
        </Show>
    }
}

/// What people call that time.
fn time_of_day(time: Time) -> &'static str {
    match time.hour_minute().0 {
        5..12 => "morning",
        12..17 => "afternoon",
        17..22 => "evening",
        _ => "night",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_names_people_give_them() {
        let name = |hour: i64| Time::from_millis(hour * 3_600_000).map(time_of_day);
        let named = [0, 4, 5, 11, 12, 16, 17, 21, 22, 23].map(|hour| name(hour).unwrap_or("none"));
        let (night, morning, noon, evening) = ("night", "morning", "afternoon", "evening");
        let expected = [night, night, morning, morning, noon, noon, evening, evening, night, night];
        assert_eq!(named, expected);
    }
}
