//! Choosing many entries of the timeline, and what can be done with all of them.

use super::source::Source;
use crate::porter::message::Format;
use crate::ui::actions::{Action, use_actions};
use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::format;
use crate::ui::parts::button::{Button, Weight};
use crate::ui::parts::dialog::Dialog;
use crate::ui::parts::field::TextField;
use crate::ui::route::Route;
use crate::ui::screens::entry::details::typed_tag;
use crate::ui::screens::transfer::jobs::use_jobs;
use crate::ui::state::use_state;
use crate::ui::view::*;
use leptos::ev;
use leptos::task::spawn_local;
use std::collections::BTreeSet;
use std::ops::Range;
use thoughtstream_core::id::{EntryId, JournalId};
use thoughtstream_core::message::{Chosen, Edit, NAME_CHARS_MAX, TOGETHER_MAX};

/// The entries that are chosen.
#[derive(Clone, Copy)]
pub struct Selection {
    source: Source,
    dispatch: Dispatch,
    /// Whether entries are being chosen.
    pub on: RwSignal<bool>,
    chosen: RwSignal<BTreeSet<EntryId>>,
    /// The row that was chosen last, where a range begins.
    last: StoredValue<u32>,
}

impl Selection {
    /// Nothing is chosen.
    #[must_use]
    pub fn new(source: Source) -> Self {
        let selection = Self {
            source,
            dispatch: use_dispatch(),
            on: RwSignal::new(false),
            chosen: RwSignal::new(BTreeSet::new()),
            last: StoredValue::new(0),
        };
        use_actions().on(Action::Select, move || selection.begin(!selection.on.get_untracked()));
        let pressed = window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" && !event.default_prevented() {
                selection.begin(false);
            }
        });
        on_cleanup(move || pressed.remove());
        selection
    }

    fn begin(self, on: bool) {
        if self.on.get_untracked() != on {
            self.chosen.set(BTreeSet::new());
            self.on.set(on);
        }
    }

    /// Whether an entry is among them.
    #[must_use]
    pub fn has(self, entry: EntryId) -> bool {
        self.chosen.with(|chosen| chosen.contains(&entry))
    }

    /// Chooses an entry or lets it go; with `range`, everything from the last one to it.
    pub fn choose(self, row: u32, entry: EntryId, on: bool, range: bool) {
        let from = self.last.get_value();
        self.last.set_value(row);
        if range && on {
            self.choose_rows(from.min(row)..from.max(row) + 1);
            return;
        }
        self.chosen.update(|chosen| {
            if on {
                chosen.insert(entry)
            } else {
                chosen.remove(&entry)
            };
        });
    }

    fn choose_rows(self, rows: Range<u32>) {
        spawn_local(async move {
            let ids = self.source.ids(rows, TOGETHER_MAX).await;
            if ids.len() == TOGETHER_MAX {
                let most = u32::try_from(TOGETHER_MAX).unwrap_or(u32::MAX).into();
                self.dispatch
                    .say([&format::number(most), " are chosen, which is the most."].concat());
            }
            self.chosen.try_update(|chosen| chosen.extend(ids));
        });
    }

    /// Does the same with all of them, and is done with choosing.
    fn edit(self, done: &str, edit: impl Fn(EntryId) -> Edit) {
        let chosen = self.chosen.get_untracked();
        let count = u32::try_from(chosen.len()).unwrap_or(u32::MAX);
        let told = [done, " ", &format::count(count, "entry", "entries"), "."].concat();
        self.dispatch.edit_with_undo(chosen.into_iter().map(edit).collect(), told);
        self.begin(false);
    }
}

/// What can be done with the chosen entries, as long as entries are being chosen.
#[component]
pub fn SelectionBar(selection: Selection) -> View {
    let (tagging, moving) = (RwSignal::new(false), RwSignal::new(false));
    let count = memo(move || {
        selection.chosen.with(|chosen| u32::try_from(chosen.len()).unwrap_or(u32::MAX))
    });
    let none = Signal::derive(move || count.get() == 0);
    let jobs = use_jobs();
    let export = move |()| {
        let chosen = selection.chosen.get_untracked().into_iter().collect();
        jobs.begin_export(selection.dispatch, Format::Markdown, Some(Chosen::Entries(chosen)));
        selection.begin(false);
        // There one sees how far it is, and what has come of it.
        selection.dispatch.navigate(Route::Transfer);
    };
    let trash = move |()| selection.edit("Moved to the trash:", |entry| Edit::Trash { entry });
    let star = move |()| {
        selection.edit("Starred:", |entry| Edit::Star { entry, starred: true });
    };
    let all = move |()| selection.choose_rows(0..u32::MAX);
    view! {
        <Show when=move || selection.on.get()>
            <section class="selection" aria-label="Chosen entries">
                <p class="selection__count" role="status">
                    {move || [&format::number(count.get().into()), " chosen"].concat()}
                </p>
                <Button label="All" on_press=all />
                <Button label="Tag" disabled=none on_press=move |()| tagging.set(true) />
                <Button label="Move" disabled=none on_press=move |()| moving.set(true) />
                <Button label="Star" disabled=none on_press=star />
                <Button label="Export" disabled=none on_press=export />
                <Button label="Trash" disabled=none on_press=trash />
                <Button
                    weight=Weight::Quiet
                    label="Done"
                    on_press=move |()| selection.begin(false)
                />
            </section>
        </Show>
        <Dialog open=tagging title="Tag the chosen entries">
            <TagThem selection open=tagging />
        </Dialog>
        <Dialog open=moving title="Move the chosen entries">
            <MoveThem selection open=moving />
        </Dialog>
    }
}

#[component]
fn TagThem(selection: Selection, open: RwSignal<bool>) -> View {
    let name = RwSignal::new(String::new());
    let tag = move |on: bool, done: &str| {
        let Some(name) = typed_tag(&name.read_untracked()) else { return };
        open.set(false);
        selection.edit(done, |entry| Edit::Tag { entry, name: name.clone(), on });
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tag(true, "Tagged:");
    };
    view! {
        <form class="selection__form" on:submit=submit>
            <TextField label="Tag" value=name max_chars=NAME_CHARS_MAX />
            <div class="dialog__actions">
                <Button label="Cancel" on_press=move |()| open.set(false) />
                <Button label="Remove it" on_press=move |()| tag(false, "Tag removed from") />
                <button type="submit" class="button button--primary">
                    "Add it"
                </button>
            </div>
        </form>
    }
}

#[component]
fn MoveThem(selection: Selection, open: RwSignal<bool>) -> View {
    let state = use_state();
    let journals = state.journals.get_untracked();
    let into = RwSignal::new(journals.first().map(|journal| journal.id));
    let choose = move |event| into.set(event_target_value(&event).parse::<JournalId>().ok());
    let go = move |()| {
        open.set(false);
        if let Some(journal) = into.get_untracked() {
            selection.edit("Moved:", |entry| Edit::Move { entry, journal });
        }
    };
    let option = |journal: thoughtstream_core::message::Journal| {
        view! { <option value=journal.id.to_string()>{journal.name}</option> }
    };
    view! {
        <label class="field">
            <span class="field__label">"To"</span>
            <select class="select" on:change=choose>
                {journals.into_iter().map(option).collect_view()}
            </select>
        </label>
        <div class="dialog__actions">
            <Button label="Cancel" on_press=move |()| open.set(false) />
            <Button weight=Weight::Primary label="Move" on_press=go />
        </div>
    }
}
