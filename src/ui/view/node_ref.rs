//! Handles on elements, for what cannot be said by attributes: focus, scrolling, measuring.

use super::effect;
use leptos::prelude::{Get, GetUntracked, LocalStorage, RwSignal, Set, untrack};
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// An element, when it is there.
pub struct NodeRef<T: 'static>(RwSignal<Option<T>, LocalStorage>);

impl<T> Clone for NodeRef<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for NodeRef<T> {}

impl<T> Default for NodeRef<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> NodeRef<T> {
    /// A handle that holds nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self(RwSignal::new_local(None))
    }
}

impl<T: JsCast + Clone + 'static> NodeRef<T> {
    /// The element; whoever asks is told when it comes.
    #[must_use]
    pub fn get(self) -> Option<T> {
        self.0.get()
    }

    #[must_use]
    pub fn get_untracked(self) -> Option<T> {
        self.0.get_untracked()
    }

    /// `None` where the handle itself is gone.
    #[must_use]
    pub fn try_get_untracked(self) -> Option<Option<T>> {
        self.0.try_get_untracked()
    }

    /// Calls `then` with the element, once it is in the page.
    pub fn on_load(self, then: impl FnOnce(T) + 'static) {
        let then = Cell::new(Some(then));
        effect(move || {
            if let Some(element) = self.get()
                && let Some(then) = then.take()
            {
                untrack(|| then(element));
            }
        });
    }

    /// Takes hold of an element; `view!` calls it for `node_ref`.
    pub fn load(self, element: &Element) {
        self.0.set(Some(element.clone().unchecked_into()));
    }
}
