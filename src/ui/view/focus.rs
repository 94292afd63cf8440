//! The focus, kept where a region is shown anew: whoever is on the third link of a list is on its
//! third link afterwards, too.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement, Node};

/// The way from a mark to the element that has the focus.
pub(super) struct Focus {
    /// How many siblings after the mark, and then which child each time.
    steps: Vec<u32>,
    name: String,
}

impl Focus {
    /// Where the focus is between two marks, if it is there.
    pub(super) fn between(start: &Node, end: &Node) -> Option<Self> {
        let focused = document().active_element()?;
        let parent = start.parent_node()?;
        let mut node: Node = focused.clone().into();
        let mut steps = Vec::new();
        loop {
            let above = node.parent_node()?;
            if above.is_same_node(Some(&parent)) {
                break;
            }
            steps.push(place(&node, None));
            node = above;
        }
        steps.push(place(&node, Some(start)));
        steps.reverse();
        let inside = follows(&node, start) && follows(end, &node);
        inside.then(|| Self { steps, name: focused.tag_name() })
    }

    /// Focuses what is at the same place now, if it is the same kind of element.
    pub(super) fn restore(&self, start: &Node) {
        let Some(element) = self.find(start).and_then(|node| node.dyn_into::<HtmlElement>().ok())
        else {
            return;
        };
        if element.tag_name() == self.name {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            // An element that takes no focus is left as it is.
            drop(element.focus_with_options(&options));
        }
    }

    fn find(&self, start: &Node) -> Option<Node> {
        let mut steps = self.steps.iter();
        let mut node = start.clone();
        for _ in 0..*steps.next()? {
            node = node.next_sibling()?;
        }
        for step in steps {
            node = node.child_nodes().item(*step)?;
        }
        Some(node)
    }
}

/// How many siblings lie between a node and the first one, or `from`.
fn place(node: &Node, from: Option<&Node>) -> u32 {
    let mut steps = 0;
    let mut before = node.previous_sibling();
    while let Some(sibling) = before {
        steps += 1;
        if sibling.is_same_node(from) {
            break;
        }
        before = sibling.previous_sibling();
    }
    steps
}

fn follows(node: &Node, other: &Node) -> bool {
    other.compare_document_position(node) & Node::DOCUMENT_POSITION_FOLLOWING != 0
}
