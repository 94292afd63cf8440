//! The trash: what was thrown away, to bring back or to delete for good.

use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::format;
use crate::ui::heading::Heading;
use crate::ui::parts::button::{Button, Weight};
use crate::ui::parts::dialog::Confirm;
use crate::ui::route::Route;
use crate::ui::screen::Screen;
use crate::ui::state::use_state;
use crate::ui::view::*;
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::{Answer, Edit, Query, Row};

/// The trash, last thrown first.
#[component]
pub fn Trash() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let query = move || {
        state.outline_version.track();
        Some(Query::Trash)
    };
    let rows = dispatch.watch(query, |answer| match answer {
        Answer::Rows(rows) => Some(rows),
        _ => None,
    });
    // What is asked about; it stays while the dialog closes, so that its words do not change.
    let asked = RwSignal::new(None::<EntryId>);
    let (asking, emptying) = (RwSignal::new(false), RwSignal::new(false));
    let ask = Callback::new(move |entry| {
        asked.set(Some(entry));
        asking.set(true);
    });
    let delete = move |()| {
        if let Some(entry) = asked.get_untracked() {
            dispatch.edit_or_say(Edit::Delete { entry });
        }
    };
    let is_empty = move || rows.with(|rows| rows.as_ref().is_none_or(Vec::is_empty));
    view! {
        <Screen>
            <header class="screen__header">
                <Heading text="Trash" />
                <Show when=move || !is_empty()>
                    <Button label="Empty it" on_press=move |()| emptying.set(true) />
                </Show>
            </header>
            {move || rows.get().map(|rows| list(rows, dispatch, ask))}
            <Confirm
                open=asking
                title="Delete for good?"
                text="The text of this entry will be gone from this device. This cannot be undone."
                action="Delete for good"
                on_confirm=delete
            />
            <Confirm
                open=emptying
                title="Delete everything in it?"
                text=move || {
                    let count = rows.with(|rows| rows.as_ref().map_or(0, Vec::len));
                    let count = u32::try_from(count).unwrap_or(u32::MAX);
                    let count = format::count(count, "entry", "entries");
                    [&count, " will be gone from this device. This cannot be undone."].concat()
                }
                action="Delete all"
                on_confirm=move |()| dispatch.edit_or_say(Edit::EmptyTrash)
            />
        </Screen>
    }
}

fn list(rows: Vec<Row>, dispatch: Dispatch, ask: Callback<EntryId>) -> View {
    if rows.is_empty() {
        return view! {
            <p class="empty">
                "Nothing is thrown away. "
                <a class="link" href=Route::Timeline { journal: None }.href()>
                    "See what is kept"
                </a>
            </p>
        };
    }
    let rows = rows.into_iter().map(|row| thrown(row, dispatch, ask));
    view! { <ul class="thrown">{rows.collect_view()}</ul> }
}

fn thrown(row: Row, dispatch: Dispatch, ask: Callback<EntryId>) -> View {
    let entry = row.id;
    let restore = move |()| {
        dispatch.edit_with_undo(vec![Edit::Restore { entry }], "Restored.");
    };
    view! {
        <li class="thrown__entry">
            <a class="thrown__text" href=Route::Entry { entry }.href()>
                <b>{format::short_date(row.date)}</b>
                <p>{row.excerpt}</p>
            </a>
            <div class="thrown__actions">
                <Button label="Restore" on_press=restore />
                <Button
                    weight=Weight::Quiet
                    label="Delete for good"
                    on_press=move |()| ask.run(entry)
                />
            </div>
        </li>
    }
}
