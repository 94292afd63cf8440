//! What can be done by a key or from the palette, and who does it: the app itself, or the screen
//! that is open.

use crate::ui::registry::Registry;
use leptos::prelude::*;
use std::rc::Rc;

/// Something to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    NewEntry,
    Search,
    Today,
    Timeline,
    Calendar,
    Year,
    OnThisDay,
    Gallery,
    Templates,
    Tags,
    Journals,
    Trash,
    Settings,
    Transfer,
    Sync,
    Edit,
    Star,
    Details,
    History,
    Discard,
    Newer,
    Older,
    Focus,
    Print,
    Book,
    Select,
    Undo,
    Theme,
    Help,
}

/// An action as the palette, the sheet of keys and the settings know it.
pub struct Described {
    pub action: Action,
    /// Its name where keys are kept.
    pub name: &'static str,
    pub label: &'static str,
    /// Other words under which it is looked for.
    pub also: &'static str,
    /// The key that does it by itself; `None` if it has none at first.
    pub key: Option<char>,
}

/// All of them, in the order in which they are offered.
pub const ALL: &[Described] = &[
    described(Action::NewEntry, "new-entry", "New entry", "write add", Some('n')),
    described(Action::Search, "search", "Search", "find", Some('/')),
    described(Action::Edit, "edit", "Write or read", "edit done", Some('e')),
    described(Action::Star, "star", "Star or unstar", "favourite pin", Some('s')),
    described(Action::Details, "details", "Details of this entry", "date tag move", Some('i')),
    described(Action::History, "history", "Earlier versions", "history revisions", None),
    described(Action::Newer, "newer", "Next written day", "newer after", Some('k')),
    described(Action::Older, "older", "Previous written day", "older before", Some('j')),
    described(Action::Discard, "discard", "Move to the trash", "delete remove", None),
    described(Action::Focus, "focus", "Focus mode", "full quiet distraction zen", Some('f')),
    described(Action::Print, "print", "Print this entry", "pdf paper", Some('p')),
    described(Action::Select, "select", "Select entries", "bulk many choose", Some('x')),
    described(Action::Undo, "undo", "Take back the last change", "undo", Some('z')),
    described(Action::Today, "today", "Go to today", "page", Some('t')),
    described(Action::Timeline, "timeline", "Go to the timeline", "entries list", Some('l')),
    described(Action::Calendar, "calendar", "Go to the calendar", "month year", Some('c')),
    described(Action::Year, "year", "Go to your year", "statistics heatmap moods", None),
    described(Action::OnThisDay, "on-this-day", "On this day", "other years", Some('o')),
    described(Action::Gallery, "gallery", "Go to the gallery", "photos pictures files", Some('g')),
    described(Action::Templates, "templates", "Go to the templates", "", None),
    described(Action::Tags, "tags", "Go to the tags", "", None),
    described(Action::Journals, "journals", "Go to the journals", "", None),
    described(Action::Trash, "trash", "Go to the trash", "deleted bin", None),
    described(Action::Settings, "settings", "Go to the settings", "preferences", Some(',')),
    described(Action::Transfer, "transfer", "Import and export", "backup", None),
    described(Action::Sync, "sync", "Sync with other devices", "vault", None),
    described(Action::Book, "book", "Print a month or a year", "book pdf paper", None),
    described(Action::Theme, "theme", "Light or dark paper", "theme night", None),
    described(Action::Help, "help", "All keys", "help shortcuts keyboard", Some('?')),
];

const fn described(
    action: Action,
    name: &'static str,
    label: &'static str,
    also: &'static str,
    key: Option<char>,
) -> Described {
    Described { action, name, label, also, key }
}

/// Who does what, in context; see [`use_actions`].
#[derive(Clone, Copy, Default)]
pub struct Actions(Registry<(Action, Rc<dyn Fn()>)>);

/// Who does what.
#[must_use]
pub fn use_actions() -> Actions {
    expect_context()
}

impl Actions {
    /// Does `action` by `run` from now on, until the current owner is cleaned up.
    pub fn on(self, action: Action, run: impl Fn() + 'static) {
        self.0.add((action, Rc::new(run)));
    }

    /// Does it, if somebody can; the one who came last.
    pub fn run(self, action: Action) -> bool {
        let found = self.0.all().into_iter().rfind(|member| member.0 == action);
        if let Some((_, run)) = &found {
            run();
        }
        found.is_some()
    }

    /// What can be done here and now.
    #[must_use]
    pub fn offered(self) -> Vec<&'static Described> {
        let can = self.0.all();
        ALL.iter().filter(|it| can.iter().any(|member| member.0 == it.action)).collect()
    }
}

/// Whether an action is meant by words: each begins a word of its label or of its other names.
#[must_use]
pub fn is_meant(described: &Described, text: &str) -> bool {
    let names = [described.label, " ", described.also].concat().to_lowercase();
    let text = text.to_lowercase();
    text.split_whitespace().all(|word| names.split_whitespace().any(|name| name.starts_with(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_found_by_the_beginnings_of_their_words() {
        let found = |text| {
            let meant = ALL.iter().filter(|it| is_meant(it, text));
            meant.map(|it| it.name).collect::<Vec<_>>()
        };
        assert_eq!(found("pri mon"), ["book"]);
        assert_eq!(found("PDF this"), ["print"]);
        assert_eq!(found("dark"), ["theme"]);
        assert_eq!(found("nothing of this"), [""; 0]);
        assert_eq!(found("").len(), ALL.len());
    }
}
