//! Lists whose rows stay the same elements as long as their keys are there.

use super::region::{insert, remove};
use super::{IntoView, View, add, fragment, mark};
use leptos::prelude::{Owner, RenderEffect, StoredValue};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;
use web_sys::Node;

/// A row in the page, and the owner of all that is bound to it.
struct Row {
    owner: Owner,
    first: Node,
    last: Node,
}

/// Shows a row for each item of `each`. A row is made once for its key, moved when its place
/// changes, and removed when its key is gone. Keys that come twice are shown once.
pub fn keyed<T: 'static, K: Hash, V: IntoView, I: IntoIterator<Item = T>>(
    each: impl Fn() -> I + 'static,
    key: impl Fn(&T) -> K + 'static,
    row: impl Fn(T) -> V + 'static,
) -> View {
    let row = Rc::new(row);
    list(Box::new(move || {
        let items = each().into_iter().map(|item| {
            let (key, row) = (hash(&key(&item)), row.clone());
            (key, Box::new(move || row(item).into_view()) as MakeRow)
        });
        items.collect()
    }))
}

/// What stands for a key: among the rows of a list no two of 64 bits are the same by chance.
fn hash(key: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

type MakeRow = Box<dyn FnOnce() -> View>;

fn list(mut each: Box<dyn FnMut() -> Vec<(u64, MakeRow)>>) -> View {
    let all = fragment();
    let end = mark();
    add(&all, &end);
    // Rows outlive the round that made them, so they are not the effect's but its owner's.
    let owner = Owner::current().unwrap_or_default();
    StoredValue::new_local(RenderEffect::new(move |before: Option<HashMap<u64, Row>>| {
        let mut before = before.unwrap_or_default();
        let mut rows = HashMap::with_capacity(before.len());
        let mut order = Vec::with_capacity(before.len());
        for (key, row) in each() {
            if rows.contains_key(&key) {
                continue;
            }
            let shown = before.remove(&key);
            let shown = shown.unwrap_or_else(|| make(&owner, row, &end));
            order.push((shown.first.clone(), shown.last.clone()));
            rows.insert(key, shown);
        }
        before.into_values().for_each(Row::remove);
        arrange(&order, &end);
        rows
    }));
    View(all.into())
}

fn make(owner: &Owner, row: MakeRow, end: &Node) -> Row {
    let owner = owner.with(Owner::new);
    let view = owner.with(|| leptos::prelude::untrack(row));
    let (first, last) = view.ends();
    insert(&view.0, end);
    Row { owner, first, last }
}

impl Row {
    fn remove(self) {
        self.owner.cleanup();
        for node in between(&self.first, &self.last) {
            remove(&node);
        }
    }
}

/// Puts rows into order from the last to the first. Those that are in order are not touched, so
/// that what has the focus keeps it.
fn arrange(order: &[(Node, Node)], end: &Node) {
    let mut next = end.clone();
    for (first, last) in order.iter().rev() {
        let in_place = last.next_sibling().is_some_and(|after| after.is_same_node(Some(&next)));
        if !in_place {
            for node in between(first, last) {
                insert(&node, &next);
            }
        }
        next = first.clone();
    }
}

fn between(first: &Node, last: &Node) -> Vec<Node> {
    let mut nodes = vec![first.clone()];
    let mut node = first.clone();
    while !node.is_same_node(Some(last)) {
        let Some(next) = node.next_sibling() else { break };
        nodes.push(next.clone());
        node = next;
    }
    nodes
}
