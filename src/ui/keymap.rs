//! `Keymap`: which single key does what. Every key can be changed or taken away, and all of them
//! can be switched off, as whoever dictates to the computer needs it (WCAG 2.1.4).

use crate::ui::actions::{ALL, Action};

/// Keys as the person has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap(Vec<(Action, char)>);

impl Default for Keymap {
    fn default() -> Self {
        Self(ALL.iter().filter_map(|it| Some((it.action, it.key?))).collect())
    }
}

impl Keymap {
    /// What a key does.
    #[must_use]
    pub fn action(&self, key: &str) -> Option<Action> {
        let key = only_char(key)?;
        self.0.iter().find(|pair| pair.1 == key).map(|pair| pair.0)
    }

    /// The key of an action.
    #[must_use]
    pub fn key(&self, action: Action) -> Option<char> {
        self.0.iter().find(|pair| pair.0 == action).map(|pair| pair.1)
    }

    /// Gives an action another key, or none. Who had that key before has none now.
    pub fn set(&mut self, action: Action, key: &str) {
        let key = only_char(key.trim());
        self.0.retain(|pair| pair.0 != action && Some(pair.1) != key);
        self.0.extend(key.map(|key| (action, key)));
    }

    /// As it is kept: `new-entry=n search=/`, with nothing behind the sign where there is no key.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for it in ALL {
            text.push_str(it.name);
            text.push('=');
            text.extend(self.key(it.action));
            text.push(' ');
        }
        text
    }

    /// Reads what was kept. Actions that it does not name (they are younger) have their first
    /// key, if nobody else has it.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let mut keymap = Self(Vec::new());
        let kept = |name: &str| {
            text.split(' ').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        };
        for it in ALL {
            let key = kept(it.name).map_or(it.key, only_char);
            let free = key.filter(|key| keymap.0.iter().all(|pair| pair.1 != *key));
            keymap.0.extend(free.map(|key| (it.action, key)));
        }
        keymap
    }
}

/// The one character of a text, in small; control characters and spaces are no keys.
fn only_char(text: &str) -> Option<char> {
    let mut chars = text.chars().flat_map(char::to_lowercase);
    let first = chars.next().filter(|c| !c.is_control() && !c.is_whitespace())?;
    chars.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_actions_share_a_key() {
        for it in ALL.iter().filter(|it| it.key.is_some()) {
            let twins = ALL.iter().filter(|other| other.key == it.key);
            assert_eq!(twins.count(), 1, "{}", it.name);
        }
    }

    #[test]
    fn a_keymap_survives_being_kept() {
        let mut keymap = Keymap::default();
        keymap.set(Action::Today, "H");
        keymap.set(Action::Star, "");
        keymap.set(Action::Print, "n");
        assert_eq!(keymap.action("h"), Some(Action::Today));
        assert_eq!(keymap.action("s"), None);
        assert_eq!(keymap.action("n"), Some(Action::Print));
        assert_eq!(keymap.key(Action::NewEntry), None);
        let kept = Keymap::of_text(&keymap.to_text());
        for it in ALL {
            assert_eq!(kept.key(it.action), keymap.key(it.action), "{}", it.name);
        }
    }

    #[test]
    fn what_is_kept_wrongly_does_no_harm() {
        let cases = [("", Some('n')), ("new-entry", Some('n')), ("new-entry=", None)];
        for (text, expected) in cases {
            assert_eq!(Keymap::of_text(text).key(Action::NewEntry), expected, "{text:?}");
        }
        let twice = Keymap::of_text("new-entry=q search=q edit=ab");
        assert_eq!(twice.action("q"), Some(Action::NewEntry));
        assert_eq!((twice.key(Action::Search), twice.key(Action::Edit)), (None, None));
        assert_eq!(twice.action("Enter"), None);
    }
}
