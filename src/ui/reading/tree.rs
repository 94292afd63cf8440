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

/// An item of a list; `done` is its check box, if it has one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    pub done: Option<bool>,
    pub blocks: Vec<Block>,
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

impl Inline {
    /// The text of plain words.
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Code(text) => Some(text),
            _ => None,
        }
    }
}

/// Reads a body. `tags` are the tags the engine found in it, so that the page and the list of
/// tags agree on what is one.
#[must_use]
pub fn read(body: &str, tags: &[String]) -> Vec<Block> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut builder = Builder::new(tags);
    for event in Parser::new_ext(body, options) {
        builder.take(event);
    }
    builder.finish()
}

#[cfg(test)]
mod tests;
