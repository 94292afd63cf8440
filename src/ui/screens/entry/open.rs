//! `Open`: an entry on the screen: its text, what the journal knows of it, and what to do with it.

use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::draft;
use crate::ui::editor::Caret;
use crate::ui::editor::writer::{Offer, Writer};
use crate::ui::reading::tree;
use crate::ui::route::Route;
use crate::ui::screens::today::clock;
use crate::ui::state::{State, use_state};
use leptos::prelude::*;
use leptos::task::spawn_local;
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::{
    Answer, Attachment, Changed, Edit, Entry, Failure, NewEntry, Query,
};

/// An entry on the screen; its parts share it.
#[derive(Clone, Copy)]
pub struct Open {
    pub dispatch: Dispatch,
    pub id: EntryId,
    pub stage: RwSignal<Stage>,
    /// What the journal has, but for the text; `None` as long as nothing was written.
    pub entry: RwSignal<Option<Entry>>,
    /// The text; `None` until it is read.
    pub writer: RwSignal<Option<Writer>, LocalStorage>,
    /// Whether the text is being written, not read.
    pub editing: RwSignal<bool>,
    /// Where the caret goes when the editor appears.
    pub caret: StoredValue<Caret>,
    /// A version from elsewhere that came while this one was being written.
    pub newer: RwSignal<Option<(Stamp, String)>>,
    /// Grows when the text changed by other means than the keys of this page.
    pub text_version: RwSignal<u64>,
    /// Its photos and files.
    pub attachments: Signal<Vec<Attachment>>,
    /// How many more are being added.
    pub adding: RwSignal<usize>,
    manner: Manner,
    on_written: StoredValue<Option<Callback<EntryId>>>,
}

/// How far an entry has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    Waiting,
    Ready,
    /// There is none of this id.
    Missing,
    Failed(Failure),
}

/// How an entry is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// To write on.
    ToWrite,
    /// To write on if it is of this very day, to read otherwise.
    ByAge,
    /// To read among others.
    ToRead,
}

impl Open {
    /// Opens an entry of the journal, until the current owner is cleaned up.
    #[must_use]
    pub fn load(id: EntryId, manner: Manner) -> Self {
        let open = Self::new(id, manner);
        open.read();
        open
    }

    /// Opens a blank page, which becomes an entry with its first key; `on_written` is told.
    ///
    /// A page whose text could not be saved comes first: it must not seem lost. An entry that was
    /// begun on this page and is blank when it is left goes to the trash.
    #[must_use]
    pub fn blank(id: EntryId, new: NewEntry, on_written: Callback<EntryId>) -> Self {
        let left = Writer::left_unwritten();
        let id = left.as_ref().map_or(id, Writer::entry);
        let open = Self::new(id, Manner::ToWrite);
        let writer = left.unwrap_or_else(|| Writer::blank(open.dispatch, id, new));
        open.on_written.set_value(Some(on_written));
        open.begin(writer);
        open.editing.set(true);
        open.stage.set(Stage::Ready);
        open
    }

    fn new(id: EntryId, manner: Manner) -> Self {
        let (state, dispatch) = (use_state(), use_dispatch());
        let open = Self {
            dispatch,
            id,
            stage: RwSignal::new(Stage::Waiting),
            entry: RwSignal::new(None),
            writer: RwSignal::new_local(None),
            editing: RwSignal::new(false),
            caret: StoredValue::new(match manner {
                Manner::ToWrite => Caret::AtEnd,
                Manner::ByAge | Manner::ToRead => Caret::Nowhere,
            }),
            newer: RwSignal::new(None),
            text_version: RwSignal::new(0),
            attachments: attachments(state, dispatch, id),
            adding: RwSignal::new(0),
            manner,
            on_written: StoredValue::new(None),
        };
        state.on_changed(move |changed| open.hear(changed));
        dispatch.on_flush(move || match open.writer.get_untracked() {
            Some(writer) => writer.flush(),
            None => Box::pin(std::future::ready(Ok(()))),
        });
        on_cleanup(move || open.leave());
        open
    }

    /// What the screen says about the text.
    #[must_use]
    pub fn state(self) -> draft::State {
        self.writer.with(|writer| match writer {
            Some(writer) => writer.state().get(),
            None => draft::State::Clean,
        })
    }

    /// Takes the text in hand: from now on it is saved, also when the page is left.
    fn begin(self, writer: Writer) {
        writer.listen(move |stamp| self.saved(stamp));
        self.writer.set(Some(writer));
    }

    fn read(self) {
        let asked = self.dispatch.query(Query::Entry { entry: self.id });
        spawn_local(async move {
            let answer = asked.await;
            if self.stage.is_disposed() {
                return;
            }
            match answer {
                Ok(Answer::Entry(Some(entry))) => self.arrived(*entry),
                Ok(_) => self.stage.set(Stage::Missing),
                Err(failure) if self.stage.get_untracked() == Stage::Waiting => {
                    self.stage.set(Stage::Failed(failure));
                }
                Err(failure) => self.dispatch.say(failure.to_string()),
            }
        });
    }

    fn arrived(self, mut entry: Entry) {
        let (stamp, body) = (entry.modified_at, std::mem::take(&mut entry.body));
        match self.writer.get_untracked() {
            None => {
                let loaded = || Writer::loaded(self.dispatch, self.id, stamp, body);
                self.begin(Writer::left(self.id).unwrap_or_else(loaded));
                let of_today = entry.moment.date == clock::date();
                let write = match self.manner {
                    Manner::ToWrite => true,
                    Manner::ByAge => of_today,
                    Manner::ToRead => false,
                };
                self.editing.set(write && !entry.trashed);
            }
            Some(writer) => match writer.offer(stamp, &body) {
                Offer::Known => {}
                Offer::Taken => self.text_version.update(|version| *version += 1),
                Offer::Declined if writer.is_settled() => self.newer.set(Some((stamp, body))),
                // What is being saved right now comes after it, and keeps it in the history.
                Offer::Declined => {}
            },
        }
        if entry.trashed {
            self.editing.set(false);
        }
        self.entry.set(Some(entry));
        self.stage.set(Stage::Ready);
    }

    fn hear(self, changed: &Changed) {
        let version = changed.entries.iter().find(|entry| entry.0 == self.id);
        let news = self.writer.with_untracked(|writer| match (writer, version) {
            (Some(writer), Some((_, stamp))) => writer.hear(*stamp) || changed.tags,
            (Some(writer), None) => changed.entries_all && writer.is_written(),
            (None, version) => version.is_some() || changed.entries_all,
        });
        if news {
            self.read();
        }
    }

    fn saved(self, stamp: Stamp) {
        if self.stage.is_disposed() {
            return;
        }
        if self.newer.with_untracked(|newer| newer.as_ref().is_some_and(|newer| newer.0 < stamp)) {
            self.newer.set(None);
        }
        let behind =
            self.writer.with_untracked(|writer| writer.as_ref().is_some_and(Writer::is_behind));
        let first = self.entry.with_untracked(Option::is_none);
        if first && let Some(on_written) = self.on_written.get_value() {
            on_written.run(self.id);
        }
        if first || behind {
            self.read();
        }
    }

    /// Where and when, as long as there is no entry yet: what is attached to it makes one.
    #[must_use]
    pub fn new_entry(self) -> Option<NewEntry> {
        self.writer.with_untracked(|writer| writer.as_ref().and_then(Writer::new_entry))
    }

    /// Something was attached: if that has made the entry, the page is told as by a first save.
    pub fn attached(self) {
        if self.entry.try_with_untracked(Option::is_none) == Some(true) {
            if let Some(on_written) = self.on_written.get_value() {
                on_written.run(self.id);
            }
            self.read();
        }
    }

    /// The text as it is in hand.
    #[must_use]
    pub fn text(self) -> String {
        self.text_version.track();
        self.writer.with(|writer| writer.as_ref().map(Writer::text).unwrap_or_default())
    }

    /// Types a text at the caret, once the page is there again after a dialog.
    pub fn insert(self, text: &str) {
        let text = text.to_owned();
        request_animation_frame(move || {
            if let Some(writer) = self.writer.try_get_untracked().flatten() {
                writer.insert(&text, text.len());
            }
        });
    }

    /// Shows the version from elsewhere; the one that was here is the journal's, too.
    pub fn show_newer(self) {
        let Some((stamp, body)) = self.newer.get_untracked() else { return };
        self.newer.set(None);
        if let Some(writer) = self.writer.get_untracked().filter(Writer::is_settled) {
            writer.show(stamp, &body);
            self.text_version.update(|version| *version += 1);
        }
    }

    /// Ticks a check box of the text that is read. If the text is another by now, it is shown.
    pub fn tick(self, at: usize, done: bool) {
        let Some(writer) = self.writer.get_untracked() else { return };
        match tree::ticked(&writer.text(), at, done) {
            Some(text) => writer.rewrite(text),
            None => self.text_version.update(|version| *version += 1),
        }
    }

    /// Goes from writing to reading, or back.
    pub fn toggle(self) {
        let writable =
            self.entry.with_untracked(|entry| entry.as_ref().is_some_and(|entry| !entry.trashed));
        if !writable {
            return;
        }
        if self.editing.get_untracked() {
            drop(self.dispatch.flush());
            self.read();
        }
        self.caret.set_value(Caret::Unseen);
        self.editing.update(|editing| *editing = !*editing);
    }

    /// Stars the entry, or takes the star away; shown at once, taken back if it fails.
    pub fn star(self, starred: bool) {
        let show = move |starred| {
            self.entry.try_update(|entry| {
                entry.iter_mut().for_each(|entry| entry.starred = starred);
            });
        };
        show(starred);
        let answer = self.dispatch.edit(Edit::Star { entry: self.id, starred });
        spawn_local(async move {
            if let Err(failure) = answer.await {
                show(!starred);
                self.dispatch.say(failure.to_string());
            }
        });
    }

    /// An earlier version's text takes the place of this one, in the editor, where it can be
    /// undone.
    pub fn restore(self, body: String) {
        self.caret.set_value(Caret::Unseen);
        self.editing.set(true);
        // The field is in the page with the next frame.
        request_animation_frame(move || {
            if let Some(writer) = self.writer.try_get_untracked().flatten() {
                writer.rewrite(body);
                self.dispatch.say("The earlier version is back. Undo in the editor takes it away.");
            }
        });
    }

    /// Moves the entry to the trash and leaves it.
    pub fn trash(self, here: &Route) {
        drop(self.dispatch.flush());
        let trash = vec![Edit::Trash { entry: self.id }];
        self.dispatch.edit_with_undo(trash, "Moved to the trash.");
        self.dispatch.navigate(match here {
            Route::Today { .. } => Route::TODAY,
            _ => Route::Timeline { journal: None },
        });
    }

    /// Saves what is on a page that is being left. A page that was begun here and on which
    /// nothing stayed goes to the trash.
    fn leave(self) {
        let Some(writer) = self.writer.get_untracked() else { return };
        let (dispatch, began_here) = (self.dispatch, self.on_written.get_value().is_some());
        let bare =
            self.attachments.with_untracked(Vec::is_empty) && self.adding.get_untracked() == 0;
        let left = writer.leave();
        spawn_local(async move {
            let saved = left.await.is_ok() && writer.is_written();
            if saved && began_here && bare && writer.text().trim().is_empty() {
                dispatch.edit_or_say(Edit::Trash { entry: writer.entry() });
            }
        });
    }
}

/// The photos and files of an entry, now and as they change.
fn attachments(state: State, dispatch: Dispatch, entry: EntryId) -> Signal<Vec<Attachment>> {
    let query = move || {
        state.attachments_version.track();
        Some(Query::Attachments { entry })
    };
    let all = dispatch.watch(query, |answer| match answer {
        Answer::Attachments(all) => Some(all),
        _ => None,
    });
    Signal::derive(move || all.get().unwrap_or_default())
}
