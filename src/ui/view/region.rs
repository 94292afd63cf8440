//! Regions: places in the page whose content is computed.

use super::focus::Focus;
use super::{ChildrenFn, IntoView, View, component, fragment, mark, memo};
use leptos::prelude::{Get, RenderEffect, Signal, StoredValue};
use wasm_bindgen::JsCast;
use web_sys::{Node, Text};

/// A place that shows what `compute` says, again whenever a signal that it read has changed.
///
/// It lies between two marks, so what is to be removed is found in the page itself, whatever
/// became of it meanwhile.
#[must_use]
pub fn region(mut compute: Box<dyn FnMut() -> View>) -> View {
    let all = fragment();
    let (start, end) = (mark(), mark());
    super::add(&all, &start);
    super::add(&all, &end);
    StoredValue::new_local(RenderEffect::new(move |shown: Option<()>| {
        let View(content) = compute();
        if shown.is_none() {
            insert(&content, &end);
        } else if !is_same_text(&start, &end, &content) {
            let focus = Focus::between(&start, &end);
            clear(&start, &end);
            insert(&content, &end);
            if let Some(focus) = focus {
                focus.restore(&start);
            }
        }
    }));
    View(all.into())
}

/// Shows what is between its tags as long as `when` holds.
#[component]
pub fn Show(#[prop(into)] when: Signal<bool>, children: ChildrenFn) -> View {
    let holds = memo(move || when.get());
    (move || holds.get().then(|| children())).into_view()
}

/// A text that takes the place of a text only changes its letters.
fn is_same_text(start: &Node, end: &Node, content: &Node) -> bool {
    let Some(shown) = start.next_sibling() else { return false };
    let alone = shown.next_sibling().is_some_and(|next| next.is_same_node(Some(end)));
    match (shown.dyn_ref::<Text>(), content.dyn_ref::<Text>()) {
        (Some(shown), Some(text)) if alone => {
            shown.set_data(&text.data());
            true
        }
        _ => false,
    }
}

fn clear(start: &Node, end: &Node) {
    while let Some(next) = start.next_sibling().filter(|next| !next.is_same_node(Some(end))) {
        remove(&next);
    }
}

/// Puts a node before another one that is in the page, or will be.
pub(super) fn insert(node: &Node, before: &Node) {
    if let Some(parent) = before.parent_node() {
        // Refused only for what would make a circle.
        drop(parent.insert_before(node, Some(before)));
    }
}

pub(super) fn remove(node: &Node) {
    if let Some(parent) = node.parent_node() {
        drop(parent.remove_child(node));
    }
}
