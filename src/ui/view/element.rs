//! Elements: made with their plain attributes, filled, and listened to.

use super::{IntoView, add};
use leptos::prelude::{StoredValue, document};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, Event};

const SVG: &str = "http://www.w3.org/2000/svg";

/// An element of HTML.
#[must_use]
pub fn element(name: &str, attributes: &[(&str, &str)]) -> Element {
    let element = document().create_element(name).expect("BUG: a name that view! let through");
    with(element, attributes)
}

/// An element of a drawing.
#[must_use]
pub fn drawing(name: &str, attributes: &[(&str, &str)]) -> Element {
    let element = document().create_element_ns(Some(SVG), name);
    with(element.expect("BUG: a name that view! let through"), attributes)
}

fn with(element: Element, attributes: &[(&str, &str)]) -> Element {
    for (name, value) in attributes {
        // Refused only for names that cannot be, and view! takes names alone.
        drop(element.set_attribute(name, value));
    }
    element
}

/// Puts a view behind what is in the element already.
pub fn append(element: &Element, child: impl IntoView) {
    add(element, &child.into_view().0);
}

/// Listens as long as the owner lives; after that, what the element says is heard no more.
pub fn on<E: JsCast + 'static>(
    element: &Element,
    event: &str,
    mut listener: impl FnMut(E) + 'static,
) {
    listen(element, event, Box::new(move |event| listener(event.unchecked_into())));
}

fn listen(element: &Element, event: &str, listener: Box<dyn FnMut(Event)>) {
    let listening = Listening {
        element: element.clone(),
        event: event.into(),
        listener: Closure::wrap(listener),
    };
    let listener = listening.listener.as_ref().unchecked_ref();
    drop(element.add_event_listener_with_callback(event, listener));
    StoredValue::new_local(listening);
}

/// A listener that is taken off the element before it goes: an element that is removed may still
/// tell of it, that it has lost the focus for one.
struct Listening {
    element: Element,
    event: Box<str>,
    listener: Closure<dyn FnMut(Event)>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let listener = self.listener.as_ref().unchecked_ref();
        drop(self.element.remove_event_listener_with_callback(&self.event, listener));
    }
}
