//! The recovery words of a new vault: shown until it was checked that they are written down.

use crate::platform::random;
use crate::ui::clipboard::copy;
use crate::ui::dispatch::use_dispatch;
use crate::ui::parts::button::{Button, Weight};
use crate::ui::parts::field::TextField;
use crate::ui::view::*;
use leptos::ev;
use thoughtstream_core::message::{Answer, Query, SyncCommand};

/// How many words are asked for.
const ASKED: usize = 3;

/// The words, then the questions.
#[component]
pub fn Recovery(#[prop(into)] server: Signal<String>) -> View {
    let dispatch = use_dispatch();
    let words = dispatch.watch(
        || Some(Query::Words),
        |answer| match answer {
            Answer::Words(words) => words,
            _ => None,
        },
    );
    let asking = RwSignal::new(false);
    let content = move || {
        let words: Vec<String> = words.get()?.split_whitespace().map(ToOwned::to_owned).collect();
        Some(if asking.get() {
            view! { <Check words asking /> }
        } else {
            view! { <Shown words asking server /> }
        })
    };
    view! {
        <section class="sync__recovery">
            <h2>"Recovery words"</h2>
            {content}
        </section>
    }
}

#[component]
fn Shown(words: Vec<String>, asking: RwSignal<bool>, server: Signal<String>) -> View {
    let dispatch = use_dispatch();
    let all = words.join(" ");
    let print = |()| {
        // Refused only where nothing can be printed.
        drop(window().print());
    };
    let item = |word: &String| view! { <li>{word.as_str()}</li> };
    view! {
        <p>
            "Write these 24 words down, on paper, and keep them where you keep what must not be
            lost. With them another device joins this vault at " {server}
            ". Without them nobody can, the server least of all. As soon as they are written down
            they are shown no more."
        </p>
        <ol class="sync__words">{words.iter().map(item).collect_view()}</ol>
        <div class="sync__actions">
            <Button
                weight=Weight::Primary
                label="I wrote them down"
                on_press=move |()| asking.set(true)
            />
            <Button label="Copy" on_press=move |()| copy(dispatch, &all) />
            <Button label="Print" on_press=print />
        </div>
    }
}

/// Asks for three of the words.
#[component]
fn Check(words: Vec<String>, asking: RwSignal<bool>) -> View {
    let dispatch = use_dispatch();
    let wrong = RwSignal::new(String::new());
    let asked = places(random::bytes(), words.len())
        .map(|place| (place, words.get(place).cloned(), RwSignal::new(String::new())));
    let fields = asked.clone().map(|(place, _, typed)| {
        let label = ["Word ", &(place + 1).to_string()].concat();
        view! { <TextField label value=typed /> }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let is_other = |(_, word, typed): &&(usize, Option<String>, RwSignal<String>)| {
            Some(typed.get_untracked().trim().to_lowercase()) != *word
        };
        match asked.iter().find(is_other) {
            Some((place, ..)) => wrong.set(
                ["Word ", &(place + 1).to_string(), " is another one: see what you wrote."]
                    .concat(),
            ),
            None => dispatch.sync_or_say(SyncCommand::WordsChecked),
        }
    };
    view! {
        <form class="sync__enter" on:submit=submit>
            <p>"Three of them, from what you wrote down:"</p>
            {fields.collect_view()}
            <p class="field__error" role="alert">
                {wrong}
            </p>
            <div class="sync__actions">
                <button type="submit" class="button button--primary">
                    "They are written down"
                </button>
                <Button label="Show them again" on_press=move |()| asking.set(false) />
            </div>
        </form>
    }
}

/// Which words are asked for: one of each third, by chance.
fn places(chance: [u8; ASKED], words: usize) -> [usize; ASKED] {
    let third = (words / ASKED).max(1);
    let mut places = [0; ASKED];
    for (i, (place, chance)) in places.iter_mut().zip(chance).enumerate() {
        *place = i * third + usize::from(chance) % third;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_asked_for_are_three_of_those_there_are() {
        assert_eq!(places([0, 0, 0], 24), [0, 8, 16]);
        assert_eq!(places([7, 255, 15], 24), [7, 15, 23]);
    }
}
