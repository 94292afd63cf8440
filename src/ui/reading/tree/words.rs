//! What is a link in plain text: tags, and addresses that were written or pasted as they are.

use super::Inline;

/// Finds tags and addresses in text.
pub(super) struct Words<'t> {
    /// The tags to look for, the longest first: `#fire` is not found in `#fireworks`.
    tags: Vec<&'t str>,
}

impl<'t> Words<'t> {
    pub(super) fn new(tags: &'t [String]) -> Self {
        let mut tags: Vec<&str> =
            tags.iter().map(String::as_str).filter(|tag| !tag.is_empty()).collect();
        tags.sort_by_key(|tag| std::cmp::Reverse(tag.len()));
        Self { tags }
    }

    /// Appends `text` to `out`, tags and addresses as links.
    pub(super) fn split(&self, text: &str, out: &mut Vec<Inline>) {
        let (mut plain, mut at) = (0, 0);
        while let Some(found) = text[at..].find(['#', 'h']) {
            at += found;
            let opened = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let link = if opened { self.link(&text[at..]) } else { None };
            let Some((length, link)) = link else {
                at += 1;
                continue;
            };
            if plain < at {
                out.push(Inline::Text(text[plain..at].into()));
            }
            out.push(link);
            at += length;
            plain = at;
        }
        if plain < text.len() {
            out.push(Inline::Text(text[plain..].into()));
        }
    }

    /// The link that `text` begins with, and its length.
    fn link(&self, text: &str) -> Option<(usize, Inline)> {
        if let Some(rest) = text.strip_prefix('#') {
            let length = self.tags.iter().find_map(|tag| tag_len(rest, tag))?;
            return Some((1 + length, Inline::Tag(rest[..length].into())));
        }
        let length = address_len(text)?;
        let href = text[..length].to_owned();
        let inlines = vec![Inline::Text(href.clone())];
        Some((length, Inline::Link { href, inlines }))
    }
}

/// Whether a reader may be sent to an address: to the web and to a mailbox, never to a script.
pub(super) fn is_safe(address: &str) -> bool {
    ["http://", "https://", "mailto:"].iter().any(|scheme| {
        let start = address.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            && address.len() > scheme.len()
    })
}

/// Length of `tag` at the beginning of `text`, in whatever case it is written there.
fn tag_len(text: &str, tag: &str) -> Option<usize> {
    let mut wanted = tag.chars().flat_map(char::to_lowercase);
    let mut length = 0;
    for c in text.chars() {
        for lower in c.to_lowercase() {
            match wanted.next() {
                Some(want) if want == lower => {}
                None => return Some(length),
                Some(_) => return None,
            }
        }
        length += c.len_utf8();
    }
    wanted.next().is_none().then_some(length)
}

/// Length of the address that `text` begins with, without the punctuation of the sentence.
fn address_len(text: &str) -> Option<usize> {
    let scheme = ["https://", "http://"].iter().find(|scheme| text.starts_with(**scheme))?;
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'));
    let mut address = &text[..end.unwrap_or(text.len())];
    while let Some(last) = address.chars().next_back() {
        let closes = last == ')' && address.matches('(').count() < address.matches(')').count();
        if !closes && !matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '”' | '’' | '*')
        {
            break;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    (address.len() > scheme.len()).then_some(address.len())
}
