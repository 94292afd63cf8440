//! The language that the screen is written in: Leptos' `view!` and `#[component]`, compiled to
//! calls of a few functions (`crate::ui::view` of the page) instead of a type for every element.
//!
//! docs/decisions/0009-views.md tells why, and what of the language is here.

mod component;
mod markup;

use proc_macro::TokenStream;

/// Markup to a `View`: elements, components, `{expressions}` and texts in quotes.
#[proc_macro]
pub fn view(tokens: TokenStream) -> TokenStream {
    markup::expand(tokens.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// A function of properties that is used as an element: `<Name property=value />`.
///
/// `#[prop(optional)]` may be left out, `#[prop(into)]` takes what converts.
#[proc_macro_attribute]
pub fn component(_: TokenStream, item: TokenStream) -> TokenStream {
    component::expand(item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
