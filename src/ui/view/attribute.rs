//! Attributes, properties and styles, plain or computed.

use leptos::prelude::{Memo, ReadSignal, RenderEffect, RwSignal, Signal, StoredValue, With};
use std::borrow::Cow;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

/// What an attribute says; `None`: it is not there.
type Text = Option<Cow<'static, str>>;

/// What can be said by an attribute.
pub trait AttributeText {
    fn attribute_text(&self) -> Option<Cow<'static, str>>;
}

/// What an attribute is computed from.
pub enum Attribute {
    Plain(Text),
    /// Computed again whenever a signal that it read has changed.
    Computed(Box<dyn FnMut() -> Text>),
}

/// Whatever an attribute can be given.
pub trait IntoAttribute {
    fn into_attribute(self) -> Attribute;
}

/// Sets an attribute, and again when it changes.
pub fn attribute(element: &Element, name: &'static str, given: impl IntoAttribute) {
    bind(element, given.into_attribute(), name, |element, name, text| {
        // Refused only for names that cannot be, and view! takes names alone.
        drop(match text {
            Some(text) => element.set_attribute(name, text),
            None => element.remove_attribute(name),
        });
    });
}

/// What stands in a field.
pub fn value(element: &Element, given: impl IntoAttribute) {
    bind(element, given.into_attribute(), "value", |element, name, text| {
        set_property(element, name, &text.unwrap_or_default().into());
    });
}

/// Whether a box is ticked.
pub fn checked(element: &Element, given: impl IntoAttribute) {
    bind(element, given.into_attribute(), "checked", |element, name, text| {
        set_property(element, name, &text.is_some().into());
    });
}

/// One property of the element's own style.
pub fn style(element: &Element, name: &'static str, given: impl IntoAttribute) {
    bind(element, given.into_attribute(), name, |element, name, text| {
        // Through the style's object, which the content security policy allows.
        let style = element.unchecked_ref::<HtmlElement>().style();
        drop(style.set_property(name, text.unwrap_or_default()));
    });
}

fn set_property(element: &Element, name: &str, value: &JsValue) {
    // An element takes all properties.
    let _ = js_sys::Reflect::set(element, &name.into(), value);
}

fn bind(
    element: &Element,
    given: Attribute,
    name: &'static str,
    set: fn(&Element, &str, Option<&str>),
) {
    match given {
        Attribute::Plain(None) => {}
        Attribute::Plain(text) => set(element, name, text.as_deref()),
        Attribute::Computed(mut compute) => {
            let element = element.clone();
            StoredValue::new_local(RenderEffect::new(move |before: Option<Text>| {
                let text = compute();
                if before.as_ref() != Some(&text) {
                    set(&element, name, text.as_deref());
                }
                text
            }));
        }
    }
}

impl AttributeText for &'static str {
    fn attribute_text(&self) -> Text {
        Some(Cow::Borrowed(self))
    }
}

impl AttributeText for String {
    fn attribute_text(&self) -> Text {
        Some(Cow::Owned(self.clone()))
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl AttributeText for $number {
            fn attribute_text(&self) -> Text {
                Some(self.to_string().into())
            }
        }
    )*};
}
numbers!(i32, u32, u64);

/// An attribute that is there or not.
impl AttributeText for bool {
    fn attribute_text(&self) -> Text {
        self.then_some(Cow::Borrowed(""))
    }
}

impl<T: AttributeText> AttributeText for Option<T> {
    fn attribute_text(&self) -> Text {
        self.as_ref().and_then(AttributeText::attribute_text)
    }
}

macro_rules! plain {
    ($($given:ty),*) => {$(
        impl IntoAttribute for $given {
            fn into_attribute(self) -> Attribute {
                Attribute::Plain(self.attribute_text())
            }
        }
    )*};
}
plain!(&'static str, String, bool, i32, u32, u64);

impl<T: AttributeText> IntoAttribute for Option<T> {
    fn into_attribute(self) -> Attribute {
        Attribute::Plain(self.attribute_text())
    }
}

impl<F: FnMut() -> T + 'static, T: AttributeText> IntoAttribute for F {
    fn into_attribute(mut self) -> Attribute {
        Attribute::Computed(Box::new(move || self().attribute_text()))
    }
}

macro_rules! signals {
    ($($signal:ident),*) => {$(
        impl<T: AttributeText + Send + Sync + 'static> IntoAttribute for $signal<T> {
            fn into_attribute(self) -> Attribute {
                Attribute::Computed(Box::new(move || self.with(AttributeText::attribute_text)))
            }
        }
    )*};
}
signals!(Memo, ReadSignal, RwSignal, Signal);
