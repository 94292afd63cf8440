//! Markdown as a small tree of what the reading view can show, and nothing else: no raw HTML, no
//! images but the entry's own, no addresses but those of `words::is_safe`, no nesting deeper than
//! [`DEPTH_MAX`].

mod builder;
mod words;

use builder::Builder;
use pulldown_cmark::{Options, Parser};

/// Deepest nesting of quotes, lists and marks; what is deeper is shown at this depth, so that no
/// text can exhaust the stack.
pub const DEPTH_MAX: usize = 24;

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Paragraph(Vec<Inline>),
    /// Text of a list's item that is no paragraph of its own.
    Plain(Vec<Inline>),
    /// A heading of level 1 to 6.
    Heading(u8, Vec<Inline>),
    Quote(Vec<Block>),
    List {
        /// The number of the first item; `None` for bullets.
        start: Option<u64>,
        items: Vec<Item>,
    },
    Code(String),
    Table {
        head: Vec<Cell>,
        rows: Vec<Vec<Cell>>,
    },
    Rule,
}

/// An item of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    pub task: Option<Task>,
    pub blocks: Vec<Block>,
}

/// The check box of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    pub done: bool,
    /// The byte of the body at which its `[ ]` begins.
    pub at: usize,
}

/// The body with the check box at this byte ticked, or not; `None` if there is none.
#[must_use]
pub fn ticked(body: &str, at: usize, done: bool) -> Option<String> {
    let (before, rest) = body.split_at_checked(at)?;
    let marks = ["[ ]", "[x]", "[X]"];
    let rest = marks.iter().find_map(|mark| rest.strip_prefix(mark))?;
    Some([before, if done { "[x]" } else { "[ ]" }, rest].concat())
}

/// What an item is about, in plain words: its first lines, without those of lists within.
#[must_use]
pub fn name(item: &Item) -> String {
    let mut name = String::new();
    if let Some(Block::Paragraph(inlines) | Block::Plain(inlines)) = item.blocks.first() {
        put_words(inlines, &mut name);
    }
    if name.is_empty() { "To do".into() } else { name }
}

fn put_words(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Tag(text) => out.push_str(text),
            Inline::Break => out.push(' '),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Struck(inner) => {
                put_words(inner, out);
            }
            Inline::Link { inlines, .. } => put_words(inlines, out),
            Inline::Photo { alt, .. } => out.push_str(alt),
        }
    }
}

/// A cell of a table.
pub type Cell = Vec<Inline>;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    Code(String),
    /// Where the writer began a new line.
    Break,
    /// A `#tag`, without its sign.
    Tag(String),
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    Struck(Vec<Inline>),
    Link {
        href: String,
        inlines: Vec<Inline>,
    },
    /// A photo of the entry, by the beginning of its id.
    Photo {
        id: String,
        alt: String,
    },
}

/// Reads a body. `tags` are the tags the engine found in it, so that the page and the list of
/// tags agree on what is one.
#[must_use]
pub fn read(body: &str, tags: &[String]) -> Vec<Block> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut builder = Builder::new(tags);
    for (event, range) in Parser::new_ext(body, options).into_offset_iter() {
        builder.take(event, range.start);
    }
    builder.finish()
}

#[cfg(test)]
mod tests;
