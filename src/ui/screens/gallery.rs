//! The gallery: every picture of the journal, by month, each a way into its entry.

use crate::ui::attachments::picture::Picture;
use crate::ui::attachments::{caption, key};
use crate::ui::dispatch::use_dispatch;
use crate::ui::heading::Heading;
use crate::ui::parts::virtual_list::{List, VirtualList};
use crate::ui::route::Route;
use crate::ui::state::use_state;
use crate::ui::view::*;
use crate::ui::{format, media};
use leptos::ev;
use std::sync::Arc;
use thoughtstream_core::message::{Answer, MonthCount, Picture as Shown, Query};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The months that have pictures, with how many, and how many stand in a row.
#[derive(Clone, Copy)]
struct Wall {
    list: List,
    months: RwSignal<Option<Arc<Vec<MonthCount>>>>,
    columns: Memo<u32>,
    /// Which one of its row had the focus last.
    column: StoredValue<u32>,
}

/// The gallery.
#[component]
pub fn Gallery() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let (wide, middling) = (media::matches("(width >= 75em)"), media::matches("(width >= 40em)"));
    let wall = Wall {
        list: List::new(),
        months: RwSignal::new(None),
        columns: memo(move || match (wide.get(), middling.get()) {
            (true, _) => 6,
            (_, true) => 4,
            _ => 3,
        }),
        column: StoredValue::new(0),
    };
    let outline = dispatch.watch(
        move || {
            state.attachments_version.track();
            state.outline_version.track();
            Some(Query::PicturesOutline)
        },
        |answer| match answer {
            Answer::Outline(months) => Some(months),
            _ => None,
        },
    );
    effect(move || {
        let Some(months) = outline.get() else { return };
        let columns = wall.columns.get();
        wall.list.set(months.iter().map(|month| month.entries.div_ceil(columns)).collect(), None);
        wall.months.set(Some(Arc::new(months)));
    });
    let header = move |section| wall.header(section);
    let row = move |index| view! { <PictureRow wall index /> };
    let is_empty = memo(move || wall.months.get().is_some_and(|months| months.is_empty()));
    view! {
        <section class="gallery" aria-label="Gallery">
            <header class="screen__header">
                <Heading text="Gallery" />
            </header>
            {move || match is_empty.get() {
                true => view! {
                    <p class="empty">
                        "Pictures of your entries will hang here. Add one below the text of an \
                         entry, or drop it on its page."
                    </p>
                },
                false => view! { <VirtualList list=wall.list label="Pictures" header row /> },
            }}
        </section>
    }
}

impl Wall {
    fn header(self, section: usize) -> View {
        let month = self.months.get().and_then(|months| months.get(section).copied());
        let content = month.map(|month| {
            view! {
                <b>{format::month(month.month)}</b>
                " "
                <span>{format::count(month.entries, "picture", "pictures")}</span>
            }
        });
        view! { <div class="river__month">{content}</div> }
    }

    /// The pictures of a row, as the journal is asked for them.
    fn query(self, index: u32) -> Option<Query> {
        let geometry = self.list.geometry.get();
        let section = geometry.section_of(index);
        let (first, columns) = (geometry.first_row(section), self.columns.get());
        let MonthCount { month, entries } = *self.months.get()?.get(section)?;
        let skip = (index - first) * columns;
        Some(Query::Pictures { month, skip, limit: columns.min(entries.saturating_sub(skip)) })
    }
}

#[component]
fn PictureRow(wall: Wall, index: u32) -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let pictures = dispatch.watch(
        move || {
            state.attachments_version.track();
            wall.query(index)
        },
        |answer| match answer {
            Answer::Pictures(pictures) => Some(pictures),
            _ => None,
        },
    );
    let node = NodeRef::<HtmlElement>::new();
    let label = move || {
        let geometry = wall.list.geometry.get();
        let months = wall.months.get()?;
        Some(format::month(months.get(geometry.section_of(index))?.month))
    };
    let rows = move || wall.list.geometry.read().rows().to_string();
    let tile = move |(column, picture): (u32, Shown)| tile(wall, index, column, &picture);
    let all = move || (0..).zip(pictures.get().unwrap_or_default());
    let moved = move |event: ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            _ => return,
        };
        let tiles = node.get_untracked().map(|node| node.children());
        let at = i64::from(wall.column.get_value()) + step;
        let next = u32::try_from(at).ok().and_then(|at| tiles?.item(at));
        if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
            event.prevent_default();
            drop(next.focus());
        }
    };
    view! {
        <article
            class="gallery__row"
            data-columns=move || wall.columns.get().to_string()
            aria-posinset=(index + 1).to_string()
            aria-setsize=rows
            aria-label=label
            aria-busy=move || pictures.with(Option::is_none).then_some("true")
            node_ref=node
            on:keydown=moved
        >
            {keyed(all, |(column, shown)| (*column, key(&shown.attachment)), tile)}
        </article>
    }
}

fn tile(wall: Wall, index: u32, column: u32, picture: &Shown) -> View {
    let node = NodeRef::<HtmlElement>::new();
    let attachment = picture.attachment.clone();
    // Whoever comes to a row comes to its first picture.
    if column == 0 {
        wall.list.focus_with(index, node);
    }
    let tab = move || if wall.list.active.get() == index && column == 0 { "0" } else { "-1" };
    let label = [&caption(&attachment), ", ", &format::short_date(picture.date)].concat();
    view! {
        <a
            class="gallery__tile"
            href=Route::Entry { entry: attachment.entry }.href()
            tabindex=tab
            aria-label=label.clone()
            title=label
            node_ref=node
            on:focus=move |_| {
                wall.list.active.set(index);
                wall.column.set_value(column);
            }
        >
            <Picture attachment whole=false />
        </a>
    }
}
