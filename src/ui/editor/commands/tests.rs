//! The commands as data: `|` is the caret, two of them are the selection.

use super::Command::{Bold, Bullets, Continue, Heading, Indent, Italic, Link, Numbers, Outdent};
use super::*;

fn read(marked: &str) -> (String, Range<u32>) {
    let (before, rest) = marked.split_once('|').expect("BUG: a caret");
    let (inside, after) = rest.split_once('|').unwrap_or(("", rest));
    let start = utf16_len(before);
    ([before, inside, after].concat(), start..start + utf16_len(inside))
}

fn show(text: &[u16], selection: &Range<u32>) -> String {
    let part = |from: u32, to: u32| {
        String::from_utf16(&text[from as usize..to as usize]).expect("BUG: whole characters")
    };
    let end = u32::try_from(text.len()).expect("BUG: short");
    let (before, after) = (part(0, selection.start), part(selection.end, end));
    let inside = part(selection.start, selection.end);
    let marks = if selection.is_empty() { ["|", ""] } else { ["|", "|"] };
    [&before, marks[0], &inside, marks[1], &after].concat()
}

fn run(command: Command, marked: &str) -> String {
    let (text, selection) = read(marked);
    let Some(done) = apply(command, &text, selection) else {
        return "-".into();
    };
    let mut units: Vec<u16> = text.encode_utf16().collect();
    let range = done.range.start as usize..done.range.end as usize;
    units.splice(range, done.text.encode_utf16());
    show(&units, &done.selection)
}

fn check(command: Command, cases: &[(&str, &str)]) {
    for (before, after) in cases {
        assert_eq!(&run(command, before), after, "{command:?} of {before:?}");
    }
}

#[test]
fn enter_goes_on_with_a_list() {
    check(
        Continue,
        &[
            ("- bread|", "- bread\n- |"),
            ("- br|ead", "- br\n- |ead"),
            ("* bread|", "* bread\n* |"),
            ("+ bread|\nmore", "+ bread\n+ |\nmore"),
            ("1. one|", "1. one\n2. |"),
            ("9) nine|", "9) nine\n10) |"),
            ("- [x] done|", "- [x] done\n- [ ] |"),
            ("1. [ ] todo|", "1. [ ] todo\n2. [ ] |"),
            ("  - deep|", "  - deep\n  - |"),
            ("> said|", "> said\n> |"),
            (">> said|", ">> said\n>> |"),
            ("> - a|", "> - a\n> - |"),
            ("- b|re|ad", "- b\n- |ad"),
            ("- 🌧 rain 火|", "- 🌧 rain 火\n- |"),
        ],
    );
}

#[test]
fn enter_on_an_empty_item_ends_the_list() {
    check(
        Continue,
        &[
            ("- a\n- |", "- a\n|"),
            ("- a\n- |\nb", "- a\n|\nb"),
            ("- [ ] |", "|"),
            ("3. |", "|"),
            ("> |", "|"),
            ("> - |", "> |"),
            ("  - |", "|"),
        ],
    );
}

#[test]
fn enter_elsewhere_is_the_browsers() {
    let plain = ["|", "word|", "-|", "-- |", "**bold** |", "|- a", "-| a", "1.|", "#tag|", "---|"];
    let more = ["1234567890. |", "    code|", "  |", "- a\n\n|", "\u{1F327}|", "a > b|"];
    for text in plain.iter().chain(&more) {
        assert_eq!(run(Continue, text), "-", "{text:?}");
    }
}

#[test]
fn tab_works_in_lists_only() {
    check(
        Indent,
        &[
            ("- a|", "  - a|"),
            ("1. a|", "   1. a|"),
            ("- a\n- |b|", "- a\n  - |b|"),
            ("|- a\n\n- b|", "|  - a\n\n  - b|"),
            ("> - a|", ">   - a|"),
            ("word|", "-"),
            ("|", "-"),
        ],
    );
    check(
        Outdent,
        &[
            ("  - a|", "- a|"),
            ("   1. a|", "1. a|"),
            ("\t- a|", "- a|"),
            (" - a|", "- a|"),
            ("- a|", "- a|"),
            ("|  - a", "|- a"),
            ("word|", "-"),
        ],
    );
}

#[test]
fn lists_and_headings_come_and_go() {
    check(
        Bullets,
        &[
            ("|", "- |"),
            ("a|", "- a|"),
            ("- a|", "a|"),
            ("|a\n\nb|", "|- a\n\n- b|"),
            ("|1. a\n2. b|", "|- a\n- b|"),
            ("x\n|- a\n- b|\ny", "x\n|a\nb|\ny"),
            ("- [ ] a|", "a|"),
        ],
    );
    check(
        Numbers,
        &[("|", "1. |"), ("|a\nb|", "|1. a\n2. b|"), ("1. a|", "a|"), ("|- a|", "|1. a|")],
    );
    check(
        Heading,
        &[("a|", "# a|"), ("# a|", "## a|"), ("## |a", "### |a"), ("### a|", "a|"), ("|", "# |")],
    );
}

#[test]
fn marks_come_and_go() {
    check(
        Bold,
        &[
            ("|", "**|**"),
            ("**|**", "|"),
            ("a |big| one", "a **|big|** one"),
            ("a |big |one", "a **|big|** one"),
            ("a **|big|** one", "a |big| one"),
            ("a |**big**| one", "a |big| one"),
            ("|*a*|", "**|*a*|**"),
            ("***|a|***", "*|a|*"),
            ("🌧|火|🌧", "🌧**|火|**🌧"),
        ],
    );
    check(
        Italic,
        &[("|a|", "*|a|*"), ("*|a|*", "|a|"), ("**|a|**", "***|a|***"), ("***|a|***", "**|a|**")],
    );
}

#[test]
fn a_link_asks_for_what_is_missing() {
    check(
        Link,
        &[
            ("see |here| now", "see [here](|) now"),
            ("|https://example.org/a|", "[|](https://example.org/a)"),
            ("|", "[|]()"),
        ],
    );
}

#[test]
fn offsets_beyond_the_text_or_inside_a_pair_do_no_harm() {
    for command in [Continue, Indent, Outdent, Bold, Italic, Link, Bullets, Numbers, Heading] {
        for text in ["", "- 🌧", "火\n\n- a"] {
            for start in 0..8 {
                for end in start..9 {
                    let Some(done) = apply(command, text, start..end) else { continue };
                    assert!(done.range.end <= utf16_len(text), "{command:?} {text:?}");
                }
            }
        }
    }
}
