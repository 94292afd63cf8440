//! `Writer`: an open text with its draft: sends it when the draft says so, and outlives the page
//! it was typed on until it is saved.

use crate::platform::timer::Alarm;
use crate::ui::dispatch::{Dispatch, Pending};
use crate::ui::draft::{Draft, State};
use crate::ui::editor::{commands, field};
use futures_channel::oneshot;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::{Answer, Edit, Failure, NewEntry};
use web_sys::HtmlTextAreaElement;

/// A handle on an open text; see the module.
#[derive(Clone)]
pub struct Writer(Rc<Inner>);

struct Inner {
    dispatch: Dispatch,
    draft: RefCell<Draft>,
    text: RefCell<Text>,
    state: ArcRwSignal<State>,
    /// Rings when the draft has something to send.
    alarm: RefCell<Alarm>,
    /// Those who wait until the text is saved.
    waiting: RefCell<Vec<oneshot::Sender<Result<(), Failure>>>>,
    /// Told of each version that was saved.
    on_saved: RefCell<Option<OnSaved>>,
    /// Asks before the page is closed, while there is text that could not be saved.
    guard: RefCell<Option<WindowListenerHandle>>,
    told_of_broken_text: Cell<bool>,
}

type OnSaved = Rc<dyn Fn(Stamp)>;

/// Where the newest text is.
enum Text {
    Typed(HtmlTextAreaElement),
    Kept(String),
}

thread_local! {
    /// Every text that is open.
    static OPEN: RefCell<Vec<Weak<Inner>>> = const { RefCell::new(Vec::new()) };
    /// Texts whose pages were left before they were saved.
    static LEFT: RefCell<Vec<Writer>> = const { RefCell::new(Vec::new()) };
}

/// What became of a newer version that was offered to an open text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// It says nothing new.
    Known,
    /// It is the text now.
    Taken,
    /// Somebody is writing here: it can only be shown on demand.
    Declined,
}

impl Writer {
    /// The text of an entry that does not exist yet.
    #[must_use]
    pub fn blank(dispatch: Dispatch, entry: EntryId, new: NewEntry) -> Self {
        Self::new(dispatch, Draft::blank(entry, new), String::new())
    }

    /// The text of an entry as the journal has it in version `stamp`.
    #[must_use]
    pub fn loaded(dispatch: Dispatch, entry: EntryId, stamp: Stamp, body: String) -> Self {
        Self::new(dispatch, Draft::loaded(entry, stamp), body)
    }

    fn new(dispatch: Dispatch, draft: Draft, body: String) -> Self {
        let writer = Self(Rc::new_cyclic(|inner: &Weak<Inner>| {
            let inner = inner.clone();
            let ring = move || inner.upgrade().into_iter().for_each(|inner| Self(inner).step());
            Inner {
                dispatch,
                state: ArcRwSignal::new(draft.state()),
                draft: RefCell::new(draft),
                text: RefCell::new(Text::Kept(body)),
                alarm: RefCell::new(Alarm::new(ring)),
                waiting: RefCell::default(),
                on_saved: RefCell::default(),
                guard: RefCell::default(),
                told_of_broken_text: Cell::new(false),
            }
        }));
        OPEN.with_borrow_mut(|open| {
            open.retain(|inner| inner.strong_count() > 0);
            open.push(Rc::downgrade(&writer.0));
        });
        writer
    }

    /// Sends what was typed anywhere, see [`Draft::part`].
    pub fn part() {
        let open =
            OPEN.with_borrow(|open| open.iter().filter_map(Weak::upgrade).collect::<Vec<_>>());
        for writer in open.into_iter().map(Self) {
            writer.0.draft.borrow_mut().part(field::now());
            writer.step();
        }
    }

    /// The text of `entry` that was left on another page and is not saved yet.
    #[must_use]
    pub fn left(entry: EntryId) -> Option<Self> {
        LEFT.with_borrow(|left| left.iter().find(|writer| writer.entry() == entry).cloned())
    }

    /// A new entry's text that was left because it could not be saved.
    #[must_use]
    pub fn left_unwritten() -> Option<Self> {
        let stuck = |writer: &&Self| {
            !writer.is_written() && matches!(writer.0.draft.borrow().state(), State::Unsaved(_))
        };
        LEFT.with_borrow(|left| left.iter().find(stuck).cloned())
    }

    #[must_use]
    pub fn entry(&self) -> EntryId {
        self.0.draft.borrow().entry()
    }

    /// How far the newest text has come.
    #[must_use]
    pub fn state(&self) -> ArcRwSignal<State> {
        self.0.state.clone()
    }

    /// Whether the entry is in the journal.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.0.draft.borrow().is_written()
    }

    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.0.draft.borrow().is_settled()
    }

    /// The newest text.
    #[must_use]
    pub fn text(&self) -> String {
        match &*self.0.text.borrow() {
            Text::Kept(text) => text.clone(),
            Text::Typed(field) => {
                let text = field.value();
                if !self.0.told_of_broken_text.get() && field::is_broken(field, &text) {
                    self.0.told_of_broken_text.set(true);
                    self.0.dispatch.say(
                        "This text has halves of characters in it, perhaps cut in two when it \
                         was copied. They are saved as \u{fffd}.",
                    );
                }
                text
            }
        }
    }

    /// The text is in `field` from now on, which is given it.
    pub fn attach(&self, field: HtmlTextAreaElement) {
        field::show(&field, &self.text());
        self.0.text.replace(Text::Typed(field));
    }

    /// Calls `on_saved` with each version that is saved from now on.
    pub fn listen(&self, on_saved: impl Fn(Stamp) + 'static) {
        self.0.on_saved.replace(Some(Rc::new(on_saved)));
    }

    /// See [`Draft::renew`].
    pub fn renew(&self, new: NewEntry) {
        self.0.draft.borrow_mut().renew(new);
    }

    /// The text in the field changed.
    pub fn typed(&self) {
        self.0.draft.borrow_mut().typed(field::now());
        self.step();
    }

    /// Another text takes the place of this one by its writer's wish, who can undo it where the
    /// text is in its field.
    pub fn rewrite(&self, text: String) {
        match self.field() {
            Some(field) => {
                field::focus_at_end(&field);
                field::rewrite(&field, text);
            }
            None => {
                self.0.text.replace(Text::Kept(text));
                self.typed();
            }
        }
    }

    /// Puts a text where the caret is, as if it were typed, and the caret `caret` bytes into it.
    pub fn insert(&self, text: &str, caret: usize) {
        let Some(field) = self.field() else { return };
        let range = field::selection(&field);
        field::focus(&field);
        field::replace(&field, &commands::insertion(text, caret, range));
    }

    /// Where it is being typed, if it is: a field that was left is not in the page any more, and
    /// no longer hears what is done to it.
    fn field(&self) -> Option<HtmlTextAreaElement> {
        match &*self.0.text.borrow() {
            Text::Typed(field) if field.is_connected() => Some(field.clone()),
            Text::Typed(_) | Text::Kept(_) => None,
        }
    }

    /// See [`Draft::new_entry`].
    #[must_use]
    pub fn new_entry(&self) -> Option<NewEntry> {
        self.0.draft.borrow().new_entry()
    }

    /// Sends what was typed without waiting.
    pub fn hurry(&self) {
        self.0.draft.borrow_mut().hurry(field::now());
        self.step();
    }

    /// Sends what was typed at once; done when it is saved, or cannot be.
    #[must_use]
    pub fn flush(&self) -> Pending {
        let (done, saved) = oneshot::channel();
        self.0.waiting.borrow_mut().push(done);
        self.hurry();
        // A writer answers before it is dropped; `leave` sees to that.
        Box::pin(async move { saved.await.unwrap_or(Ok(())) })
    }

    /// The page is left: what is typed is saved, and kept until it is.
    pub fn leave(&self) -> Pending {
        self.0.on_saved.replace(None);
        if !self.is_settled() {
            LEFT.with_borrow_mut(|left| {
                left.retain(|writer| writer.entry() != self.entry());
                left.push(self.clone());
            });
        }
        self.flush()
    }

    /// The journal has version `stamp` of this entry; whether that is somebody else's.
    pub fn hear(&self, stamp: Stamp) -> bool {
        self.0.draft.borrow_mut().hear(stamp);
        self.is_behind()
    }

    /// See [`Draft::is_behind`].
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.0.draft.borrow().is_behind()
    }

    /// Offers the version `stamp` of somebody else: it becomes the text if nothing would be lost
    /// and nobody be disturbed.
    pub fn offer(&self, stamp: Stamp, body: &str) -> Offer {
        if !self.is_settled() {
            return Offer::Declined;
        }
        if self.text() == body {
            self.0.draft.borrow_mut().adopt(stamp);
            return Offer::Known;
        }
        if !self.hear(stamp) {
            return Offer::Known;
        }
        if !self.is_idle() {
            return Offer::Declined;
        }
        self.show(stamp, body);
        Offer::Taken
    }

    /// The version `stamp` becomes the text.
    pub fn show(&self, stamp: Stamp, body: &str) {
        self.0.draft.borrow_mut().adopt(stamp);
        match &mut *self.0.text.borrow_mut() {
            Text::Kept(text) => body.clone_into(text),
            Text::Typed(field) => {
                field::show(field, body);
                field::fit(field);
            }
        }
    }

    fn is_idle(&self) -> bool {
        match &*self.0.text.borrow() {
            Text::Kept(_) => true,
            Text::Typed(field) => !field::has_focus(field),
        }
    }

    /// Does what the draft says is due, and sets a timer for what is due next.
    fn step(&self) {
        let now = field::now();
        let save = self.0.draft.borrow_mut().send(now, || self.text());
        if let Some(save) = save {
            let (writer, answer) = (self.clone(), self.0.dispatch.edit(Edit::Save(save)));
            spawn_local(async move { writer.answered(answer.await) });
        }
        let mut alarm = self.0.alarm.borrow_mut();
        match self.0.draft.borrow().wait(now) {
            // Never more than half a minute.
            Some(wait) => alarm.set(u32::try_from(wait).unwrap_or(u32::MAX)),
            None => alarm.clear(),
        }
        drop(alarm);
        self.publish();
    }

    fn answered(&self, answer: Result<Answer, Failure>) {
        let now = field::now();
        let saved = match answer {
            Ok(Answer::Saved { stamp }) => {
                self.0.draft.borrow_mut().saved(stamp, now);
                Some(stamp)
            }
            Ok(_) => {
                let reason = "another version of the app is open: reload this page".into();
                self.0.draft.borrow_mut().failed(Failure::Invalid(reason), now);
                None
            }
            Err(failure) => {
                self.0.draft.borrow_mut().failed(failure, now);
                None
            }
        };
        self.step();
        let on_saved = self.0.on_saved.borrow().clone();
        if let (Some(on_saved), Some(stamp)) = (on_saved, saved) {
            on_saved(stamp);
        }
    }

    /// Tells everybody where the text stands.
    fn publish(&self) {
        let (state, settled) = {
            let draft = self.0.draft.borrow();
            (draft.state(), draft.is_settled())
        };
        let stuck = matches!(state, State::Unsaved(_));
        let outcome = match &state {
            State::Unsaved(failure) => Some(Err(failure.clone())),
            _ => settled.then_some(Ok(())),
        };
        if let Some(outcome) = outcome {
            for done in self.0.waiting.take() {
                // Who gave up waiting need not be told.
                drop(done.send(outcome.clone()));
            }
        }
        if settled {
            LEFT.with_borrow_mut(|left| left.retain(|writer| writer.entry() != self.entry()));
        }
        self.guard(stuck);
        if *self.0.state.read_untracked() != state {
            self.0.state.set(state);
        }
    }

    fn guard(&self, stuck: bool) {
        let mut guard = self.0.guard.borrow_mut();
        if stuck && guard.is_none() {
            let ask = |event: web_sys::BeforeUnloadEvent| event.prevent_default();
            *guard = Some(window_event_listener(ev::beforeunload, ask));
        } else if !stuck && let Some(guard) = guard.take() {
            guard.remove();
        }
    }
}
