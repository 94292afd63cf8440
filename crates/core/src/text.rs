//! What a body says of itself: how many words, which tags, and how it begins.

use std::borrow::Cow;

/// Counts words: runs of letters and digits; in scripts without spaces each character counts.
#[must_use]
pub fn words(body: &str) -> u32 {
    let (mut count, mut inside) = (0_u32, false);
    for c in body.chars() {
        if crate::search::is_unspaced(c) {
            count += 1;
            inside = false;
        } else if c.is_ascii_alphanumeric() || (!c.is_ascii() && c.is_alphanumeric()) {
            count += u32::from(!inside);
            inside = true;
        } else if !matches!(c, '\'' | '’' | '-') {
            inside = false;
        }
    }
    count
}

/// The `#tags` of a body as they are written, each once, in order.
///
/// A tag begins after a space or an opening bracket or quote, has at least one letter, and goes on
/// as long as letters, digits, `-`, `_` and `/` do; so neither `# Heading` nor `#1` nor the anchor
/// of a URL is one.
#[must_use]
pub fn tags(body: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for (at, _) in body.match_indices('#') {
        let opened = body[..at].chars().next_back().is_none_or(|c| {
            c.is_whitespace() || matches!(c, '(' | '[' | '{' | '"' | '“' | '‘' | '「' | '（')
        });
        if !opened {
            continue;
        }
        let rest = &body[at + 1..];
        let end = rest.find(|c: char| !is_tag_char(c)).unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches(['-', '/', '_']);
        if is_tag_name(name) && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

fn is_tag_char(c: char) -> bool {
    // Marks belong to the letters before them; a script that writes vowels as marks needs them.
    c.is_alphanumeric() || matches!(c, '-' | '_' | '/') || is_mark(c)
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}')
}

fn is_tag_name(name: &str) -> bool {
    name.chars().any(char::is_alphabetic) && name.chars().count() <= crate::message::NAME_CHARS_MAX
}

/// The key under which a tag is one, however it is written.
#[must_use]
pub fn tag_key(name: &str) -> String {
    name.to_lowercase()
}

/// A text with the captions of its own photos in their place.
fn without_photos(body: &str) -> Cow<'_, str> {
    const ADDRESS: &str = "](attachment:";
    let (mut out, mut rest) = (String::new(), body);
    while let Some(at) = rest.find(ADDRESS) {
        let (before, address) = rest.split_at(at);
        let (Some(open), Some(end)) = (before.rfind("!["), address.find(')')) else { break };
        out.push_str(&before[..open]);
        out.push_str(&before[open + 2..]);
        rest = &address[end + 1..];
    }
    if out.is_empty() && rest.len() == body.len() {
        return Cow::Borrowed(body);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The beginning of a body as a list shows it: one line, without Markdown's marks.
#[must_use]
pub fn excerpt(body: &str, chars_max: usize) -> String {
    let body = &*without_photos(body);
    let mut out = String::with_capacity(chars_max + 8);
    let (mut left, mut line_start, mut gap) = (chars_max, true, false);
    let mut chars = body.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            gap = !out.is_empty();
            line_start |= c == '\n';
            continue;
        }
        // A mark that opens a line is Markdown's; inside a line it may be the writer's.
        let tag = c == '#' && chars.peek().is_some_and(|next| next.is_alphanumeric());
        let opens = line_start && !tag && matches!(c, '#' | '>' | '-' | '+');
        if opens || matches!(c, '*' | '`') {
            continue;
        }
        if left == 0 {
            out.push('…');
            break;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        line_start = false;
        out.push(c);
        left -= 1;
    }
    out
}
