//! The reading view: an entry's Markdown as a page. Nothing in it runs, and nothing in it is
//! fetched from anywhere.

pub mod tree;

use crate::ui::attachments::Attachments;
use crate::ui::attachments::picture::Picture;
use crate::ui::reading::tree::{Block, Inline, Item, Task};
use crate::ui::route::{Route, SearchParams};
use crate::ui::view::*;
use std::sync::Arc;

/// How many blocks are shown at once; the next ones follow frame by frame, so that a long text is
/// there as quickly as a short one.
const BLOCKS_A_FRAME: usize = 120;

/// Ticks the check box that begins at this byte of the body, or takes the tick away.
pub type OnTick = Option<Callback<(usize, bool)>>;

/// A text as it is read; `tags` are those that link to their entries. Without `on_tick`, its check
/// boxes are only to be looked at.
#[component]
pub fn Reading(#[prop(into)] body: String, tags: Vec<String>, on_tick: OnTick) -> View {
    let chunks: Arc<[Vec<Block>]> = chunks(tree::read(&body, &tags)).into();
    let (count, shown) = (chunks.len(), RwSignal::new(1));
    show_more(shown, count);
    let chunk = move |number: usize| chunks.get(number).map(|blocks| blocks_view(blocks, on_tick));
    view! {
        <div class="reading" dir="auto">
            {keyed(move || 0..shown.get().min(count), |number| *number, chunk)}
        </div>
    }
}

fn chunks(blocks: Vec<Block>) -> Vec<Vec<Block>> {
    let mut blocks = blocks.into_iter();
    let mut chunks = Vec::new();
    loop {
        let chunk: Vec<_> = blocks.by_ref().take(BLOCKS_A_FRAME).collect();
        if chunk.is_empty() {
            return chunks;
        }
        chunks.push(chunk);
    }
}

fn show_more(shown: RwSignal<usize>, count: usize) {
    request_animation_frame(move || {
        // Gone when the page was left meanwhile.
        if shown.try_get_untracked().is_some_and(|before| before < count) {
            shown.update(|shown| *shown += 1);
            show_more(shown, count);
        }
    });
}

fn blocks_view(blocks: &[Block], on_tick: OnTick) -> View {
    blocks.iter().map(|block| block_view(block, on_tick)).collect_view()
}

fn block_view(block: &Block, on_tick: OnTick) -> View {
    match block {
        Block::Paragraph(inlines) => view! { <p dir="auto">{inlines_view(inlines)}</p> },
        Block::Plain(inlines) => inlines_view(inlines),
        Block::Heading(level, inlines) => heading_view(*level, inlines),
        Block::Quote(blocks) => view! { <blockquote>{blocks_view(blocks, on_tick)}</blockquote> },
        Block::List { start, items } => list_view(*start, items, on_tick),
        Block::Code(text) => {
            // Focusable, as a long line is scrolled with the arrow keys.
            view! { <pre tabindex="0"><code>{text.clone()}</code></pre> }
        }
        Block::Table { head, rows } => table_view(head, rows),
        Block::Rule => view! { <hr /> },
    }
}

/// The page's own heading is the first level, so those of the text begin one lower.
fn heading_view(level: u8, inlines: &[Inline]) -> View {
    let inlines = inlines_view(inlines);
    match level {
        1 => view! { <h2 dir="auto">{inlines}</h2> },
        2 => view! { <h3 dir="auto">{inlines}</h3> },
        3 => view! { <h4 dir="auto">{inlines}</h4> },
        4 => view! { <h5 dir="auto">{inlines}</h5> },
        _ => view! { <h6 dir="auto">{inlines}</h6> },
    }
}

fn list_view(start: Option<u64>, items: &[Item], on_tick: OnTick) -> View {
    let items = items.iter().map(|item| item_view(item, on_tick)).collect_view();
    match start {
        Some(start) => view! { <ol start=start.to_string()>{items}</ol> },
        None => view! { <ul>{items}</ul> },
    }
}

fn item_view(item: &Item, on_tick: OnTick) -> View {
    let blocks = blocks_view(&item.blocks, on_tick);
    let Some(Task { done, at }) = item.task else {
        return view! { <li dir="auto">{blocks}</li> };
    };
    let tick = move |event: leptos::ev::Event| {
        let ticked = event_target_checked(&event);
        on_tick.into_iter().for_each(|on_tick| on_tick.run((at, ticked)));
    };
    view! {
        <li class="reading__task" dir="auto">
            <input
                class="reading__box"
                type="checkbox"
                aria-label=tree::name(item)
                disabled=on_tick.is_none()
                prop:checked=done
                on:change=tick
            />
            <div>{blocks}</div>
        </li>
    }
}

fn table_view(head: &[tree::Cell], rows: &[Vec<tree::Cell>]) -> View {
    let head = head.iter().map(|cell| view! { <th scope="col">{inlines_view(cell)}</th> });
    let rows = rows.iter().map(|row| {
        let cells = row.iter().map(|cell| view! { <td>{inlines_view(cell)}</td> });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    view! {
        <div class="reading__table" tabindex="0" role="group" aria-label="Table">
            <table>
                <thead>
                    <tr>{head.collect_view()}</tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

fn inlines_view(inlines: &[Inline]) -> View {
    inlines.iter().map(inline_view).collect_view()
}

fn inline_view(inline: &Inline) -> View {
    match inline {
        Inline::Text(text) => text.clone().into_view(),
        Inline::Code(text) => view! { <code>{text.clone()}</code> },
        Inline::Break => view! { <br /> },
        Inline::Tag(tag) => tag_link(tag).into_view(),
        Inline::Emphasis(inner) => view! { <em>{inlines_view(inner)}</em> },
        Inline::Strong(inner) => view! { <strong>{inlines_view(inner)}</strong> },
        Inline::Struck(inner) => view! { <s>{inlines_view(inner)}</s> },
        Inline::Photo { id, alt } => photo(id.clone(), alt.clone()),
        Inline::Link { href, inlines } => view! {
            <a class="link" href=href.clone() target="_blank" rel="noopener noreferrer">
                {inlines_view(inlines)}
            </a>
        },
    }
}

/// A photo of the entry around; its words alone where there is none of this id.
fn photo(id: String, alt: String) -> View {
    let all = use_context::<Attachments>();
    let found = memo(move || {
        let all = all?.0.get();
        all.into_iter().find(|attachment| attachment.id.to_string().starts_with(&id))
    });
    let content = move || match found.get() {
        None => ["[", &alt, "]"].concat().into_view(),
        Some(mut attachment) => {
            if !alt.is_empty() {
                attachment.caption.clone_from(&alt);
            }
            let words = attachment.caption.clone();
            view! {
                <span class="reading__photo">
                    <Picture attachment whole=true />
                    <span class="reading__caption" aria-hidden="true">{words}</span>
                </span>
            }
        }
    };
    content.into_view()
}

/// A tag, which leads to the entries that have it.
pub fn tag_link(tag: &str) -> View {
    let search = SearchParams { tag: Some(tag.into()), ..SearchParams::default() };
    let name = ["#", tag].concat();
    view! {
        <a class="tag" href=Route::Search(search).href()>
            {name}
        </a>
    }
}
