//! Deleting a journal, which first asks where its entries shall go.

use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::parts::button::{Button, Weight};
use crate::ui::state::use_state;
use crate::ui::view::*;
use thoughtstream_core::id::JournalId;
use thoughtstream_core::message::{Edit, Journal};

/// Asks for the journal that takes the entries, then deletes.
#[component]
pub fn DeleteJournal(journal: Journal, open: RwSignal<bool>) -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let id = journal.id;
    let others: Vec<Journal> =
        state.journals.get_untracked().into_iter().filter(|other| other.id != id).collect();
    let into = RwSignal::new(others.first().map(|other| other.id));
    let delete = move |()| {
        open.set(false);
        if let Some(into) = into.get_untracked() {
            dispatch.edit_with_undo(
                vec![Edit::DeleteJournal { journal: id, into }],
                "Journal deleted.",
            );
        }
    };
    let option =
        |other: Journal| view! { <option value=other.id.to_string()>{other.name}</option> };
    let choose = move |event| into.set(event_target_value(&event).parse::<JournalId>().ok());
    let moving = (journal.entries > 0).then(|| {
        view! {
            <label class="field">
                <span class="field__label">
                    {format::count(journal.entries, "entry moves", "entries move")} " to"
                </span>
                <select class="select" on:change=choose>
                    {others.into_iter().map(option).collect_view()}
                </select>
            </label>
        }
    });
    view! {
        <p class="dialog__text">
            {["“", &journal.name, "” goes away. No entry is deleted."].concat()}
        </p>
        {moving}
        <div class="dialog__actions">
            <Button label="Cancel" on_press=move |()| open.set(false) />
            <Button weight=Weight::Danger label="Delete" on_press=delete />
        </div>
    }
}
