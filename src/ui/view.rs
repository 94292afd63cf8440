//! Views: what a screen is made of, already in the page's memory, and bound to Leptos' signals.
//!
//! `view!` and `#[component]` compile to the functions here, which take a few types only: a
//! closure is boxed where it meets the page, so that there is one effect for all texts and one for
//! all attributes, whatever their closures are. docs/decisions/0009-views.md has the figures.
//!
//! An effect, a listener, a row of a list lives as long as the owner it was made under.

mod attribute;
mod element;
mod focus;
mod keyed;
mod node_ref;
mod reactive;
mod region;

pub use attribute::{AttributeText, IntoAttribute, attribute, checked, style, value};
pub use element::{append, drawing, element, on};
pub use keyed::keyed;
pub use node_ref::NodeRef;
pub use reactive::{effect, memo};
pub use region::{Show, region};
pub use thoughtstream_view::{component, view};

// The rest of the language: what Leptos has for state and for the page around it.
pub use leptos::prelude::{
    Callable, Callback, Effect, Get, GetUntracked, GetValue, LocalStorage, Memo, Owner, Read,
    ReadSignal, ReadUntracked, ReadValue, RwSignal, Set, SetValue, Signal, StoredValue,
    TimeoutHandle, Track, Update, UpdateValue, WindowListenerHandle, With, WithUntracked,
    WithValue, Write, document, event_target, event_target_checked, event_target_value,
    expect_context, on_cleanup, provide_context, request_animation_frame, set_timeout_with_handle,
    signal, untrack, use_context, window, window_event_listener, window_event_listener_untyped,
};

use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{DocumentFragment, Element, Node};

/// A piece of the screen: one node, or a fragment of several that goes away when it is put into
/// the page and leaves them there.
#[derive(Debug, Clone)]
pub struct View(Node);

/// What is between the tags of a component.
pub type Children = Box<dyn FnOnce() -> View>;

/// The same, for one that shows it again and again.
pub type ChildrenFn = Rc<dyn Fn() -> View>;

/// Whatever can be seen.
pub trait IntoView {
    fn into_view(self) -> View;
}

/// The properties of a component; `#[component]` makes them.
pub trait Props {
    type Builder;
    fn builder() -> Self::Builder;
}

/// The builder of a component's properties, found by the component's name alone.
pub fn properties_of<P: Props>(_: &impl FnOnce(P) -> View) -> P::Builder {
    P::builder()
}

/// What `view!` hands over to a component.
pub trait ToChildren<F> {
    fn to_children(children: F) -> Self;
}

impl View {
    /// Nothing to be seen.
    #[must_use]
    pub fn none() -> Self {
        Self(fragment().into())
    }

    /// One after the other.
    pub fn all(views: impl IntoIterator<Item = Self>) -> Self {
        let all = fragment();
        for view in views {
            add(&all, &view.0);
        }
        Self(all.into())
    }

    /// The first and the last node; an empty fragment is given one that is not seen, as what is
    /// replaced later needs a place.
    fn ends(&self) -> (Node, Node) {
        if !self.0.is_instance_of::<DocumentFragment>() {
            return (self.0.clone(), self.0.clone());
        }
        if let (Some(first), Some(last)) = (self.0.first_child(), self.0.last_child()) {
            return (first, last);
        }
        let place = mark();
        add(&self.0, &place);
        (place.clone(), place)
    }
}

/// Puts a view into the page's body, to stay there as long as the page does.
pub fn mount_to_body(view: impl FnOnce() -> View + 'static) {
    // Leptos starts what runs effects and keeps the first owner; of its own views there are none.
    leptos::mount::mount_to_body(move || {
        let View(root) = view();
        if let Some(body) = document().body() {
            add(&body, &root);
        }
    });
}

/// Iterators of what can be seen.
pub trait CollectView {
    fn collect_view(self) -> View;
}

impl<I: IntoIterator<Item: IntoView>> CollectView for I {
    fn collect_view(self) -> View {
        View::all(self.into_iter().map(IntoView::into_view))
    }
}

impl From<Element> for View {
    fn from(element: Element) -> Self {
        Self(element.into())
    }
}

impl IntoView for View {
    fn into_view(self) -> View {
        self
    }
}

impl IntoView for &str {
    fn into_view(self) -> View {
        View(document().create_text_node(self).into())
    }
}

impl IntoView for String {
    fn into_view(self) -> View {
        self.as_str().into_view()
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl IntoView for $number {
            fn into_view(self) -> View {
                self.to_string().into_view()
            }
        }
    )*};
}
numbers!(u8, i32, u32);

impl IntoView for () {
    fn into_view(self) -> View {
        View::none()
    }
}

impl<T: IntoView> IntoView for Option<T> {
    fn into_view(self) -> View {
        self.map_or_else(View::none, IntoView::into_view)
    }
}

impl<T: IntoView> IntoView for Vec<T> {
    fn into_view(self) -> View {
        self.collect_view()
    }
}

/// A closure is seen as what it returns, again whenever a signal that it read has changed.
impl<F: FnMut() -> V + 'static, V: IntoView> IntoView for F {
    fn into_view(mut self) -> View {
        region(Box::new(move || self().into_view()))
    }
}

/// Signals are seen as their values are.
macro_rules! signals {
    ($($signal:ident),*) => {$(
        impl<T: IntoView + Clone + Send + Sync + 'static> IntoView for $signal<T> {
            fn into_view(self) -> View {
                (move || self.get()).into_view()
            }
        }
    )*};
}
signals!(Memo, ReadSignal, RwSignal, Signal);

impl<F: FnOnce() -> View + 'static> ToChildren<F> for Children {
    fn to_children(children: F) -> Self {
        Box::new(children)
    }
}

impl<F: Fn() -> View + 'static> ToChildren<F> for ChildrenFn {
    fn to_children(children: F) -> Self {
        Rc::new(children)
    }
}

fn fragment() -> DocumentFragment {
    document().create_document_fragment()
}

/// A node that is not seen and keeps a place.
fn mark() -> Node {
    document().create_comment("").into()
}

/// Puts a node behind all others; the browser refuses only what would make a circle.
fn add(parent: &Node, child: &Node) {
    drop(parent.append_child(child));
}
