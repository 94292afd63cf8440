//! How text is made findable, and how a question is put to the index.
//!
//! The index is FTS5 with the tokenizer `unicode61 remove_diacritics 2`, which finds words where
//! spaces part them. Scripts without spaces (Chinese, Japanese, Thai …) and Korean, whose words
//! carry their grammar with them, are cut into overlapping pairs of characters before they reach
//! it: any two letters are then one token, and longer questions are phrases of pairs.

mod fold;
mod snippet;

pub use snippet::snippet;

/// Whether a character belongs to a script that is indexed by pairs.
#[must_use]
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e01}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}'   // Thai
        | '\u{e81}'..='\u{ecd}'                         // Lao
        | '\u{1000}'..='\u{103f}'                       // Burmese
        | '\u{1780}'..='\u{17d3}'                       // Khmer
        | '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}' // Korean
        | '\u{3041}'..='\u{3096}' | '\u{3099}'..='\u{309f}' // Hiragana
        | '\u{30a1}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' // Katakana
        | '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' // Han
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Whether `c` can be part of a token of the index at all.
fn is_searchable(c: char) -> bool {
    c.is_alphanumeric() || is_unspaced(c)
}

/// A text as it goes into the index.
#[must_use]
pub fn for_index(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    push_pairs(text, true, &mut out);
    out
}

/// Copies `text`, cutting unspaced runs into pairs. The last character of a run follows on its own,
/// so that a question of one character finds it there too; without `tail`, not at the very end:
/// the run that a question ends with may go on in the text.
fn push_pairs(text: &str, tail: bool, out: &mut String) {
    let mut chars = text.chars().peekable();
    let mut run = 0;
    while let Some(c) = chars.next() {
        if !is_unspaced(c) {
            match fold::spelled(c) {
                Some(fold::Spelled::One(letter)) => out.push(letter),
                Some(fold::Spelled::Two(first, second)) => out.extend([first, second]),
                None => out.push(c),
            }
            run = 0;
            continue;
        }
        run += 1;
        match chars.peek().copied() {
            Some(next) if is_unspaced(next) => out.extend([' ', letter(c), letter(next)]),
            None if !tail && run > 1 => {}
            _ => out.extend([' ', letter(c), ' ']),
        }
    }
}

/// The tokenizer takes marks for gaps, and these scripts write vowels and tones as marks: their
/// characters are moved to the private use area, which it takes for letters.
fn letter(c: char) -> char {
    let moved = match c {
        '\u{e00}'..='\u{eff}' => c as u32 - 0xe00 + 0xe000,
        '\u{1000}'..='\u{103f}' => c as u32 - 0x1000 + 0xe100,
        '\u{1780}'..='\u{17d3}' => c as u32 - 0x1780 + 0xe200,
        '\u{3099}'..='\u{309a}' => c as u32 - 0x3099 + 0xe300,
        _ => return c,
    };
    char::from_u32(moved).unwrap_or(c)
}

/// One thing that an entry must contain to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// As it was typed, without quotes.
    pub text: String,
    /// In double quotes: its last word must end where the term ends.
    pub exact: bool,
}

/// What a question asks for: words, and phrases in double quotes. A phrase that is not closed yet
/// (it is being typed) ends with the question.
#[must_use]
pub fn terms(question: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    for (i, part) in question.split(['"', '“', '”']).enumerate() {
        if i % 2 == 1 {
            terms.push(Term { text: part.to_owned(), exact: true });
        } else {
            let words = part.split_whitespace();
            terms.extend(words.map(|word| Term { text: word.to_owned(), exact: false }));
        }
    }
    terms.retain(|term| term.text.chars().any(is_searchable));
    terms
}

/// The terms in the language of FTS5; `None` if there is nothing to look for.
#[must_use]
pub fn for_match(terms: &[Term]) -> Option<String> {
    let mut out = String::new();
    for term in terms {
        out.push_str(if out.is_empty() { "\"" } else { " AND \"" });
        let mut pairs = String::new();
        push_pairs(term.text.trim_end_matches(|c| !is_searchable(c)), false, &mut pairs);
        out.push_str(&pairs.replace(['"', '\0'], " "));
        out.push('"');
        if is_open(term) {
            out.push('*');
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Whether the last token of a term may go on: it is a word that may still be typed, or a single
/// character of an unspaced script, with which many pairs begin.
fn is_open(term: &Term) -> bool {
    let mut last = term.text.trim_end_matches(|c| !is_searchable(c)).chars().rev();
    match (last.next(), last.next()) {
        (Some(c), before) if is_unspaced(c) => !before.is_some_and(is_unspaced),
        _ => !term.exact,
    }
}
