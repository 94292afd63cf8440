//! Which key asks for what.

use crate::ui::editor::commands::Command;

/// A key as it was pressed; `control` is the command key on a Mac.
#[derive(Debug, Clone, Copy, Default)]
pub struct Key<'a> {
    /// What it types: `Enter`, `b`.
    pub key: &'a str,
    /// Where it is on the keyboard: `Digit8`.
    pub code: &'a str,
    pub control: bool,
    pub shift: bool,
    pub alt: bool,
}

/// What a key asks the editor for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Command(Command),
    /// Shows the text as it is read.
    Finish,
}

/// What a key asks for, if anything. Digits are told by their place, as Shift changes what they
/// type; letters by what they type, wherever the layout has them. Ctrl K is the search, so a link
/// is Ctrl Shift K.
#[must_use]
pub fn wish(key: Key<'_>) -> Option<Wish> {
    let letter = key.key.to_ascii_lowercase();
    let command = match (key.control, key.shift, letter.as_str(), key.code) {
        // Alt with Control types characters on many keyboards.
        _ if key.alt => return None,
        (true, false, "enter", _) => return Some(Wish::Finish),
        (false, false, "enter", _) => Command::Continue,
        (false, false, "tab", _) => Command::Indent,
        (false, true, "tab", _) => Command::Outdent,
        (true, false, "b", _) => Command::Bold,
        (true, false, "i", _) => Command::Italic,
        (true, true, "k", _) => Command::Link,
        (true, true, "h", _) => Command::Heading,
        (true, true, _, "Digit7") => Command::Numbers,
        (true, true, _, "Digit8") => Command::Bullets,
        _ => return None,
    };
    Some(Wish::Command(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_ask_for_what_they_say() {
        let (none, control, shift, both) =
            ((false, false), (true, false), (false, true), (true, true));
        let cases = [
            ("Enter", "Enter", none, Some(Wish::Command(Command::Continue))),
            ("Enter", "Enter", shift, None),
            ("Enter", "Enter", control, Some(Wish::Finish)),
            ("Tab", "Tab", none, Some(Wish::Command(Command::Indent))),
            ("Tab", "Tab", shift, Some(Wish::Command(Command::Outdent))),
            ("Tab", "Tab", control, None),
            ("b", "KeyB", control, Some(Wish::Command(Command::Bold))),
            ("b", "KeyB", none, None),
            ("B", "KeyN", control, Some(Wish::Command(Command::Bold))),
            ("i", "KeyI", control, Some(Wish::Command(Command::Italic))),
            ("k", "KeyK", control, None),
            ("K", "KeyK", both, Some(Wish::Command(Command::Link))),
            ("H", "KeyH", both, Some(Wish::Command(Command::Heading))),
            ("/", "Digit7", both, Some(Wish::Command(Command::Numbers))),
            ("*", "Digit8", both, Some(Wish::Command(Command::Bullets))),
            ("*", "Digit8", shift, None),
        ];
        for (key, code, (control, shift), expected) in cases {
            let pressed = Key { key, code, control, shift, alt: false };
            assert_eq!(wish(pressed), expected, "{pressed:?}");
            assert_eq!(wish(Key { alt: true, ..pressed }), None, "{pressed:?} with Alt");
        }
    }
}
