//! The journals: named, coloured collections of entries.

pub mod edit;
pub mod delete;

use crate::ui::format;
use crate::ui::heading::Heading;
use crate::ui::parts::button::{Button, IconButton};
use crate::ui::parts::dialog::Dialog;
use crate::ui::parts::icon::Icon;
use crate::ui::route::Route;
use crate::ui::screen::Screen;
use crate::ui::state::use_state;
use crate::ui::view::*;
use delete::DeleteJournal;
use edit::{EditJournal, Edited};
use thoughtstream_core::message::Journal;

/// The journals by name.
#[component]
pub fn Journals() -> View {
    let state = use_state();
    let (editing, deleting) = (RwSignal::new(false), RwSignal::new(false));
    let edited = RwSignal::new(None::<Edited>);
    let deleted = RwSignal::new(None::<Journal>);
    let edit = Callback::new(move |journal| {
        edited.set(Some(journal));
        editing.set(true);
    });
    let delete = Callback::new(move |journal| {
        deleted.set(Some(journal));
        deleting.set(true);
    });
    let title = move || match edited.with(|edited| edited.as_ref().is_some_and(Edited::is_new)) {
        true => "Begin a journal".to_string(),
        false => "Change a journal".to_string(),
    };
    let rows = move || {
        let journals = state.journals.get();
        let many = journals.len() > 1;
        journals.into_iter().map(|journal| row(journal, many, edit, delete)).collect_view()
    };
    view! {
        <Screen>
            <header class="screen__header">
                <Heading text="Journals" />
                <Button
                    icon=Icon::Plus
                    label="Begin a journal"
                    on_press=move |()| edit.run(Edited::new(&state.journals.read_untracked()))
                />
            </header>
            <ul class="journals">{rows}</ul>
            <Dialog open=editing title=Signal::derive(title)>
                {move || {
                    edited.get().map(|journal| view! { <EditJournal journal open=editing /> })
                }}
            </Dialog>
            <Dialog open=deleting title="Delete this journal?">
                {move || {
                    deleted.get().map(|journal| view! { <DeleteJournal journal open=deleting /> })
                }}
            </Dialog>
        </Screen>
    }
}

fn row(journal: Journal, many: bool, edit: Callback<Edited>, delete: Callback<Journal>) -> View {
    let edited = Edited::from(&journal);
    let (change, remove) =
        (["Change ", &journal.name].concat(), ["Delete ", &journal.name].concat());
    let (name, colour) = (journal.name.clone(), journal.colour.name());
    let count = format::count(journal.entries, "entry", "entries");
    let href = Route::Timeline { journal: Some(journal.id) }.href();
    let press_delete = move |()| delete.run(journal.clone());
    view! {
        <li class="journals__journal">
            <a class="journals__name" href=href>
                <span class="dot" data-colour=colour></span>
                <b>{name}</b>
                " "
                <small>{count}</small>
            </a>
            <IconButton
                icon=Icon::Pen
                label=change
                on_press=move |()| edit.run(edited.clone())
            />
            // The last journal stays: entries have to be somewhere.
            {many
                .then(|| {
                    view! { <IconButton icon=Icon::Trash label=remove on_press=press_delete /> }
                })}
        </li>
    }
}
