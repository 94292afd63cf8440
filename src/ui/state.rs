//! What the whole app knows: where the reader is, and what the engine said without being asked.
//!
//! Screens read it; only [`State::apply`] (an event of the engine) and navigation write it.

use crate::ui::registry::Registry;
use crate::ui::route::Route;
use leptos::prelude::*;
use std::rc::Rc;
use thoughtstream_core::message::{
    Changed, Condition, Event, Guest, Journal, LinkStatus, SyncPhase, SyncStatus,
};

/// The state of this tab, in context; see [`use_state`].
#[derive(Clone, Copy)]
pub struct State {
    pub route: ReadSignal<Route>,
    /// Grows with every navigation, also with one to the same route; not when an address is
    /// replaced.
    pub visit: ReadSignal<u64>,
    pub condition: ReadSignal<Condition>,
    /// The journals, by name; empty until the engine has answered for the first time.
    pub journals: ReadSignal<Vec<Journal>>,
    /// Grows with every change of any entry.
    pub entries_version: ReadSignal<u64>,
    /// Grows when entries came, went, or moved.
    pub outline_version: ReadSignal<u64>,
    /// Grows when journals changed.
    pub journals_version: ReadSignal<u64>,
    /// Grows when tags changed.
    pub tags_version: ReadSignal<u64>,
    /// Grows when attachments came, went, or have their bytes here now.
    pub attachments_version: ReadSignal<u64>,
    /// Grows when templates changed.
    pub templates_version: ReadSignal<u64>,
    /// Entries that are not yet in the search index.
    pub indexing: ReadSignal<u32>,
    /// How it stands with the sync; `None` until the engine has told.
    pub sync: ReadSignal<Option<SyncStatus>>,
    /// The guests of the vault, as far as they were asked for.
    pub guests: ReadSignal<Vec<Guest>>,
    /// How it stands with letting a new device in, here or there.
    pub link: ReadSignal<LinkStatus>,
    writers: Writers,
    listeners: Registry<Listener>,
}

#[derive(Clone, Copy)]
struct Writers {
    route: WriteSignal<Route>,
    visit: WriteSignal<u64>,
    condition: WriteSignal<Condition>,
    journals: WriteSignal<Vec<Journal>>,
    entries_version: WriteSignal<u64>,
    outline_version: WriteSignal<u64>,
    journals_version: WriteSignal<u64>,
    tags_version: WriteSignal<u64>,
    attachments_version: WriteSignal<u64>,
    templates_version: WriteSignal<u64>,
    indexing: WriteSignal<u32>,
    sync: WriteSignal<Option<SyncStatus>>,
    guests: WriteSignal<Vec<Guest>>,
    link: WriteSignal<LinkStatus>,
}

type Listener = Rc<dyn Fn(&Changed)>;

/// The state of this tab.
#[must_use]
pub fn use_state() -> State {
    expect_context()
}

impl State {
    /// The state of a tab that has just been opened at `route`.
    #[must_use]
    pub fn new(start: Route) -> Self {
        let (route, set_route) = signal(start);
        let (visit, set_visit) = signal(0);
        let (condition, set_condition) = signal(Condition::Opening);
        let (journals, set_journals) = signal(Vec::new());
        let (entries_version, set_entries_version) = signal(0);
        let (outline_version, set_outline_version) = signal(0);
        let (journals_version, set_journals_version) = signal(0);
        let (tags_version, set_tags_version) = signal(0);
        let (attachments_version, set_attachments_version) = signal(0);
        let (templates_version, set_templates_version) = signal(0);
        let (indexing, set_indexing) = signal(0);
        let (sync, set_sync) = signal(None);
        let (guests, set_guests) = signal(Vec::new());
        let (link, set_link) = signal(LinkStatus::Idle);
        let writers = Writers {
            route: set_route,
            visit: set_visit,
            condition: set_condition,
            journals: set_journals,
            entries_version: set_entries_version,
            outline_version: set_outline_version,
            journals_version: set_journals_version,
            tags_version: set_tags_version,
            attachments_version: set_attachments_version,
            templates_version: set_templates_version,
            indexing: set_indexing,
            sync: set_sync,
            guests: set_guests,
            link: set_link,
        };
        let listeners = Registry::default();
        Self {
            route,
            visit,
            condition,
            journals,
            entries_version,
            outline_version,
            journals_version,
            tags_version,
            attachments_version,
            templates_version,
            indexing,
            sync,
            guests,
            link,
            writers,
            listeners,
        }
    }

    /// Takes in what the engine tells every tab.
    pub fn apply(self, event: Event) {
        match event {
            Event::Condition(condition) => self.writers.condition.set(condition),
            Event::Indexing { waiting } => self.writers.indexing.set(waiting),
            Event::Changed(changed) => self.apply_changed(&changed),
            Event::Sync(status) => self.writers.sync.set(Some(status)),
            Event::Guests(guests) => self.writers.guests.set(guests),
            Event::Link(status) => self.writers.link.set(status),
        }
    }

    fn apply_changed(self, changed: &Changed) {
        if changed.outline || changed.entries_all || !changed.entries.is_empty() {
            self.writers.entries_version.update(|version| *version += 1);
        }
        if changed.outline {
            self.writers.outline_version.update(|version| *version += 1);
        }
        if changed.journals || changed.outline {
            self.writers.journals_version.update(|version| *version += 1);
        }
        if changed.tags {
            self.writers.tags_version.update(|version| *version += 1);
        }
        if changed.templates {
            self.writers.templates_version.update(|version| *version += 1);
        }
        if changed.attachments {
            self.writers.attachments_version.update(|version| *version += 1);
        }
        for listener in self.listeners.all() {
            listener(changed);
        }
    }

    /// Calls `listener` with every change from now on, until the current owner is cleaned up.
    pub fn on_changed(self, listener: impl Fn(&Changed) + 'static) {
        self.listeners.add(Rc::new(listener));
    }

    /// Whether there is a journal to read and write.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.condition
            .with(|condition| matches!(condition, Condition::Kept { .. } | Condition::Memory(_)))
    }

    /// Whether there is a vault, and nothing that the person has to see to first.
    #[must_use]
    pub fn syncs(self) -> bool {
        let stands =
            |status: &SyncStatus| matches!(status.phase, SyncPhase::Off | SyncPhase::Stopped(_));
        self.sync.with_untracked(|status| status.as_ref().is_some_and(|status| !stands(status)))
    }

    pub(super) fn arrive(self, route: Route) {
        // The visit first: whoever reads both must not see the new route as the old visit.
        self.writers.visit.update(|visit| *visit += 1);
        self.writers.route.set(route);
    }

    pub(super) fn readdress(self, route: Route) {
        self.writers.route.set(route);
    }

    pub(super) fn set_journals(self, journals: Vec<Journal>) {
        self.writers.journals.set(journals);
    }
}
