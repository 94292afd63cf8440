//! How the writer was: five words, each with a small drawn mark.

use crate::ui::parts::button::{Button, Weight};
use crate::ui::screens::entry::open::Open;
use crate::ui::view::*;
use thoughtstream_core::message::{Edit, Mood};

/// Its word.
#[must_use]
pub const fn word(mood: Mood) -> &'static str {
    match mood {
        Mood::Awful => "Awful",
        Mood::Low => "Low",
        Mood::Fine => "Fine",
        Mood::Good => "Good",
        Mood::Great => "Great",
    }
}

/// Its mark: a line that hangs, lies or rises, beside the word or in its place.
pub fn mark(mood: Mood) -> View {
    let path = match mood {
        Mood::Awful => "M4 18q8-17 16 0",
        Mood::Low => "M4 15.5q8-9 16 0",
        Mood::Fine => "M4 12h16",
        Mood::Good => "M4 8.5q8 9 16 0",
        Mood::Great => "M4 6q8 17 16 0",
    };
    view! {
        <svg class="icon mood__mark" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
}

/// The five to choose from, and a way to take the choice back.
#[component]
pub fn Moods(open: Open) -> View {
    let here = memo(move || open.entry.with(|entry| entry.as_ref().and_then(|it| it.mood)));
    let say = move |mood| open.dispatch.edit_or_say(Edit::Mood { entry: open.id, mood });
    let choice = move |mood: Mood| {
        view! {
            <label class="choices__choice mood__choice">
                <input
                    class="visually-hidden"
                    type="radio"
                    name="mood"
                    prop:checked=move || here.get() == Some(mood)
                    on:change=move |_| say(Some(mood))
                />
                <span>{mark(mood)} {word(mood)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choices mood">
            <legend class="field__label">"Mood"</legend>
            <div class="choices__row">
                {Mood::ALL.map(choice).collect_view()}
                <Show when=move || here.get().is_some()>
                    <Button weight=Weight::Quiet label="No mood" on_press=move |()| say(None) />
                </Show>
            </div>
        </fieldset>
    }
}
