//! A list of any length of which only the rows in sight are in the page.
//!
//! Rows and headers have the heights that the style sheet gives them (`--row-block-size`,
//! `--header-block-size`), so where each one lies is arithmetic ([`geometry`]). The rows in sight
//! stand in normal flow in one window, which is moved to its place as a whole.

pub mod geometry;

use crate::platform::number;
use crate::ui::view::*;
use geometry::{Geometry, Item};
use leptos::ev;
use std::ops::Range;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{FocusOptions, HtmlElement, Node, ResizeObserver};

/// Browsers lay out no more than this; a longer list is scrolled in proportion.
const SPACE_MAX: f64 = 15_000_000.0;

/// A list: its rows, and how far it is scrolled.
#[derive(Clone, Copy)]
pub struct List {
    node: NodeRef<web_sys::HtmlElement>,
    counts: RwSignal<Arc<[u32]>>,
    heights: RwSignal<Heights>,
    pub geometry: Memo<Arc<Geometry>>,
    /// How much of the list is above what is seen.
    top: RwSignal<f64>,
    /// Where the browser has to scroll to, as soon as there is room.
    wanted: RwSignal<Option<Wanted>>,
    /// The rows in the page.
    pub window: Memo<Range<u32>>,
    /// The row that has the focus, or had it last.
    pub active: RwSignal<u32>,
    /// Whether the active row takes the focus when it comes into the page.
    focusing: StoredValue<bool>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Heights {
    row: f64,
    header: f64,
    viewport: f64,
}

/// A place to scroll to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wanted {
    /// As a [`List::place`] that was kept.
    Place(f64),
    /// So that a row lies `below` the top.
    Row { row: u32, below: f64 },
    /// So that a row is seen, in the middle if it is not yet.
    Seen(u32),
}

impl List {
    /// A list without rows.
    #[must_use]
    pub fn new() -> Self {
        let counts = RwSignal::new(Arc::<[u32]>::from([]));
        let heights = RwSignal::new(Heights::default());
        let geometry = memo(move || {
            let heights = heights.get();
            Arc::new(Geometry::new(&counts.read(), heights.row, heights.header))
        });
        let top = RwSignal::new(0.0);
        let window = memo(move || {
            geometry.read().window(top.get(), heights.with(|heights| heights.viewport))
        });
        Self {
            node: NodeRef::new(),
            counts,
            heights,
            geometry,
            top,
            wanted: RwSignal::new(None),
            window,
            active: RwSignal::new(0),
            focusing: StoredValue::new(false),
        }
    }

    /// Gives the list its rows, section by section, and perhaps another place.
    pub fn set(self, counts: Vec<u32>, wanted: Option<Wanted>) {
        let anchor = self.anchor();
        self.counts.set(counts.into());
        let last = self.geometry.read_untracked().rows().saturating_sub(1);
        let mut active = self.active.get_untracked();
        if let (Some((before, _)), Some(Wanted::Row { row, .. })) = (anchor, wanted) {
            // The active row moves with those in sight.
            active = (active + row).saturating_sub(before);
        }
        self.active.set(active.min(last));
        if wanted.is_some() {
            self.wanted.set(wanted);
        }
    }

    /// How far it is scrolled, in heights of a row: holds when the size of the text changes.
    #[must_use]
    pub fn place(self) -> f64 {
        let row = self.heights.with_untracked(|heights| heights.row);
        if row > 0.0 { self.top.get_untracked() / row } else { 0.0 }
    }

    /// The first row in sight and how far it lies below the top; `None` at the very top, where
    /// what is new should be seen.
    #[must_use]
    pub fn anchor(self) -> Option<(u32, f64)> {
        let top = self.top.get_untracked();
        let geometry = self.geometry.read_untracked();
        (top > 1.0).then(|| {
            let row = geometry.row_at(top);
            (row, geometry.top_of(row) - top)
        })
    }

    /// Scrolls.
    pub fn go(self, wanted: Wanted) {
        self.wanted.set(Some(wanted));
    }

    /// The section at the top.
    #[must_use]
    pub fn section(self) -> Memo<Option<usize>> {
        memo(move || self.geometry.read().section_at(self.top.get()))
    }

    /// Moves the focus to another row.
    fn focus(self, row: u32) {
        self.focusing.set_value(true);
        if let Some(node) = self.node.get_untracked()
            && !self.window.read_untracked().contains(&row)
        {
            // The row that has the focus may leave the page before the other one comes into it.
            focus_in_place(&node);
        }
        self.active.set(row);
        self.go(Wanted::Seen(row));
    }

    /// Lets an element of a row take the focus when the row is the active one, and says so when
    /// it has it.
    pub fn focus_with(self, row: u32, node: NodeRef<web_sys::HtmlElement>) {
        effect(move || {
            let active = self.active.get() == row;
            if let Some(element) = node.get()
                && active
                && self.focusing.get_value()
            {
                focus_in_place(&element);
            }
        });
    }

    fn measured(self, heights: Heights) {
        let before = self.heights.get_untracked();
        if heights == before || heights.row <= 0.0 {
            return;
        }
        let place = (before.row > 0.0 && before.row != heights.row).then(|| self.place());
        self.heights.set(heights);
        if let Some(place) = place {
            self.go(Wanted::Place(place));
        }
    }

    /// The rows that will be in the page when the list has this geometry and place.
    #[must_use]
    pub fn window_for(self, geometry: &Geometry, wanted: Option<Wanted>) -> Range<u32> {
        let top = wanted.and_then(|wanted| self.resolve(geometry, wanted));
        let top = top.unwrap_or_else(|| self.top.get_untracked());
        geometry.window(top, self.heights.with_untracked(|heights| heights.viewport))
    }

    /// The distance from the top that a wish means, once heights are known.
    fn resolve(self, geometry: &Geometry, wanted: Wanted) -> Option<f64> {
        let Heights { row: row_height, header, viewport } = self.heights.get_untracked();
        let top = self.top.get_untracked();
        if row_height <= 0.0 || geometry.rows() == 0 {
            return None;
        }
        let wish = match wanted {
            Wanted::Place(place) => place * row_height,
            Wanted::Row { row, below } => geometry.top_of(row) - below,
            Wanted::Seen(row) => {
                let above = geometry.top_of(row) - header;
                let below = above + header + row_height;
                let near = |from: f64, to: f64| (from - to).abs() <= 2.0 * row_height;
                if above >= top && below <= top + viewport {
                    top
                } else if near(above, top) {
                    above
                } else if near(below, top + viewport) {
                    below - viewport
                } else {
                    above - (viewport - row_height) / 2.0
                }
            }
        };
        Some(wish.min(geometry.height() - viewport).max(0.0))
    }

    /// Height of the space to scroll in, and how many pixels of the list one pixel of it is.
    fn space(self) -> (f64, f64) {
        let viewport = self.heights.with(|heights| heights.viewport);
        let height = self.geometry.read().height();
        if height <= SPACE_MAX {
            (height, 1.0)
        } else {
            (SPACE_MAX, (height - viewport) / (SPACE_MAX - viewport))
        }
    }

    fn scrolled(self, node: &HtmlElement) {
        self.move_to(f64::from(node.scroll_top()) * untrack(|| self.space().1), node);
    }

    /// Shows the list from `top` on. If the row that has the focus leaves the page by that, the
    /// list keeps the focus for it until it is back.
    fn move_to(self, top: f64, node: &HtmlElement) {
        let viewport = self.heights.with_untracked(|heights| heights.viewport);
        let window = self.geometry.read_untracked().window(top, viewport);
        if !window.contains(&self.active.get_untracked()) && has_focus_inside(node) {
            self.focusing.set_value(true);
            focus_in_place(node);
        }
        self.top.set(top);
    }

    fn pressed(self, event: &ev::KeyboardEvent) {
        let rows = self.geometry.read_untracked().rows();
        if rows == 0 || event.alt_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let (active, last) = (self.active.get_untracked(), rows - 1);
        let row = match event.key().as_str() {
            "ArrowDown" | "PageDown" => (active + 1).min(last),
            "ArrowUp" | "PageUp" => active.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        self.focus(row);
    }
}

impl Default for List {
    fn default() -> Self {
        Self::new()
    }
}

fn focus_in_place(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // An element in the page takes the focus or keeps it where it is; both are fine.
    drop(element.focus_with_options(&options));
}

fn has_focus_inside(node: &HtmlElement) -> bool {
    let focused = document().active_element();
    focused
        .is_some_and(|focused| node.contains(Some(&focused)) && !node.is_same_node(Some(&focused)))
}

/// Shows a list. `header` and `row` draw one item each, in exactly the heights that the style
/// sheet names; the header of the section at the top is pinned there.
#[component]
pub fn VirtualList(
    list: List,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] header: Callback<usize, View>,
    #[prop(into)] row: Callback<u32, View>,
) -> View {
    let space = NodeRef::<web_sys::HtmlElement>::new();
    let (row_probe, header_probe) =
        (NodeRef::<web_sys::HtmlElement>::new(), NodeRef::<web_sys::HtmlElement>::new());
    measure(list, row_probe, header_probe);
    scroll_when_wanted(list, space);
    let offset = memo(move || {
        let first = list.geometry.read().window_top(list.window.read().start);
        let (_, ratio) = list.space();
        if ratio == 1.0 {
            first
        } else {
            let top = list.top.get();
            top / ratio + first - top
        }
    });
    let shift = move || ["translateY(", &number::text(offset.get()), "px)"].concat();
    let draw = move |item| match item {
        Item::Header(section) => header.run(section),
        Item::Row(index) => row.run(index),
    };
    let items = move || list.geometry.read().items(list.window.get());
    let has_rows = memo(move || !list.window.read().is_empty());
    let section = list.section();
    let left = move |event: ev::FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        // Removing what has the focus takes it away, after the list's own signals are gone.
        let node = list.node.try_get_untracked().flatten();
        if node.is_some_and(|node| !node.contains(to.as_ref())) {
            list.focusing.set_value(false);
        }
    };
    view! {
        <div
            class="virtual-list"
            tabindex="-1"
            node_ref=list.node
            on:scroll=move |event| list.scrolled(&event_target(&event))
            on:keydown=move |event| list.pressed(&event)
            on:focusout=left
        >
            <div class="virtual-list__pinned" aria-hidden="true">
                {move || section.get().map(|section| header.run(section))}
            </div>
            <div class="virtual-list__space" node_ref=space>
                <div
                    class="virtual-list__window"
                    // A feed without an article in it is not a feed.
                    role=move || has_rows.get().then_some("feed")
                    aria-label=move || has_rows.get().then(|| label.get())
                    style:transform=shift
                >
                    {keyed(items, |item| *item, draw)}
                </div>
            </div>
            <div class="virtual-list__probe virtual-list__probe--row" node_ref=row_probe></div>
            <div
                class="virtual-list__probe virtual-list__probe--header"
                node_ref=header_probe
            ></div>
        </div>
    }
}

/// Measures the heights, now and whenever they change with the window or the size of the text.
fn measure(list: List, row: NodeRef<web_sys::HtmlElement>, header: NodeRef<web_sys::HtmlElement>) {
    let height = |node: NodeRef<web_sys::HtmlElement>| {
        let node = node.get_untracked();
        node.map_or(0.0, |node| node.get_bounding_client_rect().height())
    };
    let resized = Closure::<dyn Fn()>::new(move || {
        list.measured(Heights {
            row: height(row),
            header: height(header),
            viewport: height(list.node),
        });
    });
    let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) else { return };
    let held = StoredValue::new_local((observer, resized));
    effect(move || {
        for node in [list.node, row, header] {
            if let Some(node) = node.get() {
                held.with_value(|(observer, _)| observer.observe(&node));
            }
        }
    });
    on_cleanup(move || held.with_value(|(observer, _)| observer.disconnect()));
}

/// Makes the space as high as the list, then scrolls to where it should be: in this order,
/// because a browser does not scroll to where there is nothing.
fn scroll_when_wanted(list: List, space: NodeRef<web_sys::HtmlElement>) {
    effect(move || {
        let (Some(node), Some(space)) = (list.node.get(), space.get()) else { return };
        let (height, ratio) = list.space();
        let style = HtmlElement::style(&space);
        drop(style.set_property("block-size", &[&number::text(height), "px"].concat()));
        let geometry = list.geometry.get();
        let Some(top) = list.wanted.get().and_then(|wanted| list.resolve(&geometry, wanted)) else {
            return;
        };
        list.wanted.set(None);
        list.move_to(top, &node);
        // Browsers scroll by whole pixels or finer; the rest is nothing to the eye.
        node.set_scroll_top((top / ratio).round() as i32);
    });
}
