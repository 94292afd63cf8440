//! Naming and colouring a journal, a new one or one that is here.

use crate::platform::random;
use crate::ui::dispatch::use_dispatch;
use crate::ui::parts::dialog::FormFoot;
use crate::ui::parts::field::TextField;
use crate::ui::view::*;
use leptos::ev;
use leptos::task::spawn_local;
use thoughtstream_core::id::JournalId;
use thoughtstream_core::message::{Colour, Edit, Journal, NAME_CHARS_MAX};

/// What can be said about a journal.
#[derive(Debug, Clone)]
pub struct Edited {
    id: JournalId,
    name: String,
    colour: Colour,
}

impl Edited {
    /// A journal that is not there yet, in a colour that no other has, if there is one.
    #[must_use]
    pub fn new(journals: &[Journal]) -> Self {
        let is_free = |colour: &Colour| journals.iter().all(|journal| journal.colour != *colour);
        let colour = Colour::ALL.into_iter().find(is_free).unwrap_or_default();
        Self { id: JournalId(random::bytes()), name: String::new(), colour }
    }

    /// Whether it has no name yet, which no journal that is there can be without.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.name.is_empty()
    }
}

impl From<&Journal> for Edited {
    fn from(journal: &Journal) -> Self {
        Self { id: journal.id, name: journal.name.clone(), colour: journal.colour }
    }
}

/// Asks for name and colour.
#[component]
pub fn EditJournal(journal: Edited, open: RwSignal<bool>) -> View {
    let dispatch = use_dispatch();
    let (name, colour) = (RwSignal::new(journal.name.clone()), RwSignal::new(journal.colour));
    let refused = RwSignal::new(None::<String>);
    let node = NodeRef::<web_sys::HtmlInputElement>::new();
    effect(move || {
        if let Some(input) = node.get() {
            drop(input.focus());
        }
    });
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let name = name.get_untracked().trim().to_string();
        if name.is_empty() {
            refused.set(Some("a journal needs a name".into()));
            return;
        }
        let colour = colour.get_untracked();
        let saved = dispatch.edit(Edit::SaveJournal { journal: journal.id, name, colour });
        spawn_local(async move {
            match saved.await {
                Ok(_) => drop(open.try_set(false)),
                Err(failure) => drop(refused.try_set(Some(failure.to_string()))),
            }
        });
    };
    view! {
        <form class="edit-journal" on:submit=save>
            <TextField label="Name" value=name max_chars=NAME_CHARS_MAX node />
            <fieldset class="choices">
                <legend class="field__label">"Colour"</legend>
                <div class="choices__row">
                    {Colour::ALL.map(|each| swatch(each, colour)).collect_view()}
                </div>
            </fieldset>
            <p class="field__error" role="alert">
                {refused}
            </p>
            <FormFoot open action="Save" />
        </form>
    }
}

fn swatch(colour: Colour, chosen: RwSignal<Colour>) -> View {
    view! {
        <label class="swatch">
            <input
                class="visually-hidden"
                type="radio"
                name="colour"
                aria-label=colour.name()
                prop:checked=move || chosen.get() == colour
                on:change=move |_| chosen.set(colour)
            />
            <span class="dot" data-colour=colour.name()></span>
        </label>
    }
}
