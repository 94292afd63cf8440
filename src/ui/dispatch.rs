//! What screens can do: ask the engine, go somewhere, say something.

use crate::bridge::Bridge;
use crate::ui::history;
use crate::ui::registry::Registry;
use crate::ui::route::Route;
use crate::ui::state::State;
use crate::ui::view::effect;
use leptos::prelude::*;
use std::pin::Pin;
use std::rc::Rc;
use thoughtstream_core::message::{
    Answer, Command, Edit, Failure, FileCommand, Query, SyncCommand,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// The way out of a screen, in context; see [`use_dispatch`].
#[derive(Clone, Copy)]
pub struct Dispatch {
    state: State,
    bridge: StoredValue<Bridge, LocalStorage>,
    flushers: Registry<Flusher>,
    notice: RwSignal<Option<Notice>>,
    /// What takes the last change back.
    last_undo: StoredValue<Option<Edit>>,
    focus_due: StoredValue<bool>,
}

/// Something said in passing; what it tells of may be taken back.
#[derive(Debug, Clone)]
pub struct Notice {
    pub text: String,
    /// The word for taking it back, if that can be done.
    pub undo: Option<&'static str>,
}

/// A save under way; done when it is acknowledged.
pub type Pending = Pin<Box<dyn Future<Output = Result<(), Failure>>>>;

type Flusher = Rc<dyn Fn() -> Pending>;

/// The way out of a screen.
#[must_use]
pub fn use_dispatch() -> Dispatch {
    expect_context()
}

impl Dispatch {
    /// The dispatch of a tab, which writes where it goes into `state`.
    #[must_use]
    pub fn new(state: State, bridge: Bridge) -> Self {
        Self {
            state,
            bridge: StoredValue::new_local(bridge),
            flushers: Registry::default(),
            notice: RwSignal::new(None),
            last_undo: StoredValue::new(None),
            focus_due: StoredValue::new(false),
        }
    }

    /// Changes the journal; the answer comes when the change is durable.
    pub fn edit(self, edit: Edit) -> impl Future<Output = Result<Answer, Failure>> + 'static {
        self.ask(Command::Edit(edit))
    }

    /// Reads the journal.
    pub fn query(self, query: Query) -> impl Future<Output = Result<Answer, Failure>> + 'static {
        self.ask(Command::Query(query))
    }

    /// Tells the sync what to do; the answer comes when that is begun.
    pub fn sync(
        self,
        command: SyncCommand,
    ) -> impl Future<Output = Result<Answer, Failure>> + 'static {
        self.ask(Command::Sync(command))
    }

    /// The same, and says what went wrong, if anything did.
    pub fn sync_or_say(self, command: SyncCommand) {
        self.ask_then(Command::Sync(command), None);
    }

    /// Keeps a piece of a file; the answer comes when it is durable.
    pub fn put(
        self,
        command: FileCommand,
    ) -> impl Future<Output = Result<Answer, Failure>> + 'static {
        self.ask(Command::File(command))
    }

    /// Wants something of a file, and says what went wrong, if anything did.
    pub fn file(self, command: FileCommand) {
        self.ask_then(Command::File(command), None);
    }

    fn ask(self, command: Command) -> impl Future<Output = Result<Answer, Failure>> + 'static {
        let bridge = self.bridge.get_value();
        async move { bridge.ask(command).await }
    }

    /// Changes the journal and says what went wrong, if anything did.
    pub fn edit_or_say(self, edit: Edit) {
        self.ask_then(Command::Edit(edit), None);
    }

    /// Makes changes to the journal, all of them or none, and says so with a button that takes
    /// them back.
    pub fn edit_with_undo(self, edits: Vec<Edit>, done: impl Into<String>) {
        let notice = Notice { text: done.into(), undo: Some("Undo") };
        self.ask_then(Command::Edit(Edit::Together(edits)), Some(notice));
    }

    /// Takes back the last change that was said to be done; `false` if there is none.
    pub fn undo(self) -> bool {
        let Some(undo) = self.last_undo.get_value() else { return false };
        self.last_undo.set_value(None);
        let notice = Notice { text: "Taken back.".into(), undo: Some("Do it again") };
        self.ask_then(Command::Edit(undo), Some(notice));
        true
    }

    fn ask_then(self, command: Command, done: Option<Notice>) {
        let answer = self.ask(command);
        leptos::task::spawn_local(async move {
            let mut done = done;
            match answer.await {
                Ok(Answer::Undo(undo)) => {
                    // What changed nothing has nothing to be taken back.
                    let empty = matches!(&*undo, Edit::Together(edits) if edits.is_empty());
                    done = done.filter(|_| !empty);
                    self.last_undo.try_set_value(Some(*undo).filter(|_| !empty));
                }
                Ok(_) => (),
                Err(failure) => return self.say(failure.to_string()),
            }
            if done.is_some() {
                self.notice.try_set(done);
            }
        });
    }

    /// What `query` is answered with, asked again whenever a signal it reads changes. The last
    /// answer stays until the next one is here; one that was overtaken is dropped.
    pub fn watch<T: Send + Sync + 'static>(
        self,
        query: impl Fn() -> Option<Query> + 'static,
        pick: fn(Answer) -> Option<T>,
    ) -> ReadSignal<Option<T>> {
        let (answer, set_answer) = signal(None);
        let round = StoredValue::new(0_u64);
        effect(move || {
            round.update_value(|round| *round += 1);
            let mine = round.get_value();
            let Some(query) = query() else { return };
            let asked = self.query(query);
            leptos::task::spawn_local(async move {
                let picked = asked.await.map(pick);
                if round.try_get_value() != Some(mine) {
                    return;
                }
                match picked {
                    Ok(picked) => drop(set_answer.try_set(picked)),
                    Err(failure) => self.say(failure.to_string()),
                }
            });
        });
        answer
    }

    /// Goes to a screen: a new step of the browser's history. What is being written is saved.
    pub fn navigate(self, route: Route) {
        drop(self.flush());
        history::push(&route.href());
        self.arrive(route);
    }

    /// Changes the address of where the reader is, without a step in the history.
    pub fn replace(self, route: Route) {
        history::replace(&route.href());
        self.state.readdress(route);
    }

    /// Takes note of a new place, however the reader got there.
    pub(super) fn arrive(self, route: Route) {
        self.notice.set(None);
        self.focus_due.set_value(true);
        self.state.arrive(route);
    }

    /// Whether a navigation is still looking for something to focus; whoever asks takes it on.
    pub fn take_focus(self) -> bool {
        let due = self.focus_due.get_value();
        self.focus_due.set_value(false);
        due
    }

    /// Sets the title of the tab.
    pub fn title(self, title: &str) {
        document().set_title(&[title, " \u{2013} ThoughtStream"].concat());
    }

    /// Calls `flusher` whenever what is being written has to be saved at once (navigation, hidden
    /// page, update), until the current owner is cleaned up. It starts the save when it is
    /// called; what it returns is done when the save is acknowledged.
    pub fn on_flush(self, flusher: impl Fn() -> Pending + 'static) {
        self.flushers.add(Rc::new(flusher));
    }

    /// Saves what is being written, at once; done when every save is acknowledged. Fails with the
    /// first failure, as JavaScript's text.
    pub fn flush(self) -> impl Future<Output = Result<JsValue, JsValue>> + 'static {
        // Promises, because they run to their end even if nobody waits for them.
        let flushers = self.flushers.all();
        let saves: js_sys::Array = flushers.iter().map(|flusher| promise(flusher())).collect();
        JsFuture::from(js_sys::Promise::all(&saves))
    }

    /// Says something politely, for a few seconds.
    pub fn say(self, text: impl Into<String>) {
        self.notice.try_set(Some(Notice { text: text.into(), undo: None }));
    }

    /// What is being said.
    pub(super) fn notice(self) -> RwSignal<Option<Notice>> {
        self.notice
    }

    pub(super) fn release(self) {
        self.bridge.with_value(Bridge::release);
    }

    pub(super) fn resume(self) {
        self.bridge.with_value(Bridge::resume);
    }
}

fn promise(pending: Pending) -> JsValue {
    let settled = async move {
        let saved = pending.await.map(|()| JsValue::UNDEFINED);
        saved.map_err(|failure| JsValue::from_str(&failure.to_string()))
    };
    future_to_promise(settled).into()
}
