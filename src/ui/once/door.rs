//! The door of a borrowed machine: a code, or else the recovery words.

use crate::ui::once::Visit;
use crate::ui::parts::field::TextField;
use crate::ui::screens::sync::enter::WordsField;
use crate::ui::view::*;
use leptos::ev;
use thoughtstream_core::message::GuestCommand;

/// Asks for what lets in.
#[component]
pub fn Door(visit: Visit, entering: bool) -> View {
    let (code, words) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let refused = visit.refused;
    let server = || window().location().origin().unwrap_or_default();
    let by_code = move |event: ev::SubmitEvent| {
        event.prevent_default();
        visit.refused.set(String::new());
        visit.say(GuestCommand::Code { server: server(), code: code.get_untracked() });
    };
    let by_words = move |event: ev::SubmitEvent| {
        event.prevent_default();
        visit.refused.set(String::new());
        visit.say(GuestCommand::Words { server: server(), words: words.get_untracked() });
    };
    view! {
        <div class="screen">
            <div class="screen__inside once__door">
                <h1 class="heading">"Just this once"</h1>
                <p>
                    "Write on a machine that is not yours. What you write goes to your journal,
                    sealed, as you write it; here it is kept nowhere, and when you leave, or forget
                    to, it is gone."
                </p>
                <form class="sync__enter" autocomplete="off" on:submit=by_code>
                    <TextField label="Code" value=code max_chars=40 />
                    <p class="sync__hint">
                        "On a device of yours, go to Settings, then Sync, then “Let a borrowed
                        machine in”. A printed backup code works as well."
                    </p>
                    <button type="submit" class="button button--primary" disabled=entering>
                        "Begin"
                    </button>
                </form>
                <p class="field__error" role="alert">
                    {refused}
                </p>
                <p role="status">{entering.then_some("One moment…")}</p>
                <details class="once__words">
                    <summary>"Without a device or a code"</summary>
                    <form class="sync__enter" autocomplete="off" on:submit=by_words>
                        <p>
                            "The recovery words open everything, for ever. Whoever watches this
                            keyboard, a person, a camera or a program, has them then. Type them
                            here only if there is no other way. They let you write, and nothing
                            of your journal is shown."
                        </p>
                        <WordsField words />
                        <button type="submit" class="button" disabled=entering>
                            "Begin with the words"
                        </button>
                    </form>
                </details>
            </div>
        </div>
    }
}
