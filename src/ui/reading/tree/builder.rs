//! From the flat events of the parser to the tree, with a stack of our own instead of recursion.

use super::words::{self, Words};
use super::{Block, Cell, DEPTH_MAX, Inline, Item, Task, put_words};
use crate::ui::attachments;
use pulldown_cmark::{Event, LinkType, Tag};

pub(super) struct Builder<'t> {
    words: Words<'t>,
    frames: Vec<Frame>,
    /// For each tag that is open, whether it has a frame of its own.
    open: Vec<bool>,
    /// How many of the frames are links: there is no link inside a link.
    links: usize,
}

/// Something that is open, with what it holds so far.
struct Frame {
    kind: Kind,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    /// Text of which more may come: the parser cuts words at every mark.
    text: String,
}

enum Kind {
    Page,
    Paragraph,
    Heading(u8),
    Quote,
    List { start: Option<u64>, items: Vec<Item> },
    Item { task: Option<Task> },
    Code,
    Table { head: Vec<Cell>, rows: Vec<Vec<Cell>> },
    Row { head: bool, cells: Vec<Cell> },
    Cell,
    Emphasis,
    Strong,
    Struck,
    Link { address: String },
    Image { address: String },
}

impl<'t> Builder<'t> {
    pub(super) fn new(tags: &'t [String]) -> Self {
        let frames = vec![Frame::new(Kind::Page)];
        Self { words: Words::new(tags), frames, open: Vec::new(), links: 0 }
    }

    /// Takes the next event, which begins at this byte.
    pub(super) fn take(&mut self, event: Event<'_>, at: usize) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(_) => self.end(),
            Event::Text(text) => self.top().text.push_str(&text),
            Event::Html(text) | Event::InlineHtml(text) => self.lines(&text),
            Event::Code(text) => self.inline(Inline::Code(text.into_string())),
            Event::SoftBreak | Event::HardBreak => self.inline(Inline::Break),
            Event::Rule => self.block(Block::Rule),
            Event::TaskListMarker(done) => {
                // In a list with gaps, the item's first paragraph is open by now.
                let item = self.frames.iter_mut().rev().find_map(|frame| match &mut frame.kind {
                    Kind::Item { task } => Some(task),
                    _ => None,
                });
                if let Some(task) = item {
                    *task = Some(Task { done, at });
                }
            }
            // Extensions that are switched off; their text would still be the writer's.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.top().text.push_str(&text);
            }
        }
    }

    pub(super) fn finish(mut self) -> Vec<Block> {
        self.flush_inlines();
        self.frames.pop().map(|page| page.blocks).unwrap_or_default()
    }

    fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("BUG: the page's frame is popped by finish alone")
    }

    fn start(&mut self, tag: Tag<'_>) {
        let kind = self.kind(tag);
        self.open.push(kind.is_some());
        if let Some(kind) = kind {
            match kind {
                Kind::Link { .. } => self.links += 1,
                _ if kind.is_block() => self.flush_inlines(),
                _ => {}
            }
            self.flush_text();
            self.frames.push(Frame::new(kind));
        }
    }

    /// What a tag opens; `None` if it only stands for its content.
    fn kind(&mut self, tag: Tag<'_>) -> Option<Kind> {
        let deep = self.frames.len() >= DEPTH_MAX;
        let in_list = matches!(self.top().kind, Kind::List { .. });
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => Some(Kind::Paragraph),
            Tag::Heading { level, .. } => Some(Kind::Heading(level as u8)),
            Tag::CodeBlock(_) => Some(Kind::Code),
            Tag::Table(_) => Some(Kind::Table { head: Vec::new(), rows: Vec::new() }),
            Tag::TableHead => Some(Kind::Row { head: true, cells: Vec::new() }),
            Tag::TableRow => Some(Kind::Row { head: false, cells: Vec::new() }),
            Tag::TableCell => Some(Kind::Cell),
            Tag::Item if in_list => Some(Kind::Item { task: None }),
            _ if deep => None,
            Tag::BlockQuote(_) => Some(Kind::Quote),
            Tag::List(start) => Some(Kind::List { start, items: Vec::new() }),
            Tag::Emphasis => Some(Kind::Emphasis),
            Tag::Strong => Some(Kind::Strong),
            Tag::Strikethrough => Some(Kind::Struck),
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => {
                Some(Kind::Link { address: ["mailto:", &dest_url].concat() })
            }
            Tag::Link { dest_url, .. } => Some(Kind::Link { address: dest_url.into_string() }),
            Tag::Image { dest_url, .. } => Some(Kind::Image { address: dest_url.into_string() }),
            _ => None,
        }
    }

    fn end(&mut self) {
        if self.open.pop() != Some(true) {
            return;
        }
        if let Kind::Code = self.top().kind {
            let text = self.frames.pop().map(|frame| frame.text).unwrap_or_default();
            return self.block(Block::Code(text.trim_end_matches('\n').into()));
        }
        self.flush_text();
        if self.top().kind.holds_blocks() {
            self.flush_inlines();
        }
        if let Some(frame) = self.frames.pop() {
            self.close(frame);
        }
    }

    fn close(&mut self, frame: Frame) {
        let Frame { kind, blocks, mut inlines, .. } = frame;
        match kind {
            Kind::Paragraph => {
                while inlines.last() == Some(&Inline::Break) {
                    inlines.pop();
                }
                self.block(Block::Paragraph(inlines));
            }
            Kind::Heading(level) => self.block(Block::Heading(level, inlines)),
            Kind::Quote => self.block(Block::Quote(blocks)),
            Kind::List { start, items } => self.block(Block::List { start, items }),
            Kind::Item { task } => self.item(Item { task, blocks }),
            Kind::Table { head, rows } => self.block(Block::Table { head, rows }),
            Kind::Row { head, cells } => self.row(head, cells),
            Kind::Cell => self.cell(inlines),
            Kind::Emphasis => self.inline(Inline::Emphasis(inlines)),
            Kind::Strong => self.inline(Inline::Strong(inlines)),
            Kind::Struck => self.inline(Inline::Struck(inlines)),
            Kind::Link { address } => {
                self.links -= 1;
                self.link(address, inlines);
            }
            Kind::Image { address } => self.image(address, inlines),
            Kind::Page | Kind::Code => {}
        }
    }

    fn block(&mut self, block: Block) {
        self.flush_inlines();
        self.top().blocks.push(block);
    }

    fn item(&mut self, item: Item) {
        if let Kind::List { items, .. } = &mut self.top().kind {
            items.push(item);
        }
    }

    fn row(&mut self, is_head: bool, cells: Vec<Cell>) {
        if let Kind::Table { head, rows } = &mut self.top().kind {
            if is_head { *head = cells } else { rows.push(cells) }
        }
    }

    fn cell(&mut self, cell: Cell) {
        if let Kind::Row { cells, .. } = &mut self.top().kind {
            cells.push(cell);
        }
    }

    fn inline(&mut self, inline: Inline) {
        self.flush_text();
        self.top().inlines.push(inline);
    }

    /// A link that may be followed, or its words with the address in the open beside them.
    fn link(&mut self, address: String, inlines: Vec<Inline>) {
        if self.links == 0 && words::is_safe(&address) {
            return self.inline(Inline::Link { href: address, inlines });
        }
        let shown = inlines == [Inline::Text(address.clone())];
        self.flush_text();
        self.top().inlines.extend(inlines);
        if !shown && !address.is_empty() {
            self.inline(Inline::Text(format!(" ({address})")));
        }
    }

    /// An image is not loaded, as loading it would tell its server who reads: it is a link.
    /// A photo of the entry itself is shown.
    fn image(&mut self, address: String, mut inlines: Vec<Inline>) {
        if let Some(id) = attachments::named(&address) {
            let mut alt = String::new();
            put_words(&inlines, &mut alt);
            return self.inline(Inline::Photo { id: id.into(), alt });
        }
        if inlines.is_empty() {
            inlines.push(Inline::Text(address.clone()));
        }
        inlines.insert(0, Inline::Text("Image: ".into()));
        self.link(address, inlines);
    }

    /// Raw HTML, as the text it is.
    fn lines(&mut self, text: &str) {
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.inline(Inline::Break);
            }
            self.top().text.push_str(line);
        }
    }

    fn flush_text(&mut self) {
        let text = std::mem::take(&mut self.top().text);
        if text.is_empty() {
            return;
        }
        let plain = self.links > 0 || matches!(self.top().kind, Kind::Image { .. });
        let inlines = &mut self.frames.last_mut().expect("BUG: see top").inlines;
        if plain {
            inlines.push(Inline::Text(text));
        } else {
            self.words.split(&text, inlines);
        }
    }

    /// Text that stands between blocks becomes one itself.
    fn flush_inlines(&mut self) {
        self.flush_text();
        let top = self.top();
        if !top.inlines.is_empty() && top.kind.holds_blocks() {
            let inlines = std::mem::take(&mut top.inlines);
            top.blocks.push(Block::Plain(inlines));
        }
    }
}

impl Frame {
    fn new(kind: Kind) -> Self {
        Self { kind, blocks: Vec::new(), inlines: Vec::new(), text: String::new() }
    }
}

impl Kind {
    fn is_block(&self) -> bool {
        !matches!(
            self,
            Self::Emphasis | Self::Strong | Self::Struck | Self::Link { .. } | Self::Image { .. }
        )
    }

    fn holds_blocks(&self) -> bool {
        matches!(self, Self::Page | Self::Quote | Self::Item { .. })
    }
}
