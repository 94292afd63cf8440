//! `view!`: markup to calls. An element's written-out attributes become one table, everything
//! that is computed a call each.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use rstml::node::{KeyedAttribute, Node, NodeAttribute, NodeBlock, NodeElement};
use syn::{Expr, Ident, Lit, Stmt};

/// Elements that belong to drawings; their names mean nothing in HTML.
const DRAWN: [&str; 2] = ["svg", "path"];

pub(crate) fn expand(tokens: TokenStream) -> syn::Result<TokenStream> {
    let nodes: Vec<Node> = rstml::parse2(tokens)?;
    views(&nodes)
}

/// One view for all of these.
fn views(nodes: &[Node]) -> syn::Result<TokenStream> {
    let mut views = nodes.iter().filter_map(child).collect::<syn::Result<Vec<_>>>()?;
    Ok(match views.len() {
        1 => {
            let view = views.remove(0);
            quote! { crate::ui::view::IntoView::into_view(#view) }
        }
        _ => quote! {
            crate::ui::view::View::all([#(crate::ui::view::IntoView::into_view(#views)),*])
        },
    })
}

/// An expression that converts into a view; none for a comment.
fn child(node: &Node) -> Option<syn::Result<TokenStream>> {
    Some(match node {
        Node::Element(node) => element_or_component(node),
        Node::Block(block) => Ok(without_braces(block)),
        Node::Text(text) => Ok(text.value.to_token_stream()),
        Node::Fragment(fragment) => views(&fragment.children),
        Node::Comment(_) => return None,
        other => Err(syn::Error::new_spanned(other, "a text stands in quotes")),
    })
}

/// A single expression needs no braces around it.
fn without_braces(block: &NodeBlock) -> TokenStream {
    if let NodeBlock::ValidBlock(block) = block
        && let [Stmt::Expr(expression, None)] = &block.stmts[..]
    {
        return expression.to_token_stream();
    }
    block.to_token_stream()
}

fn element_or_component(node: &NodeElement<rstml::Infallible>) -> syn::Result<TokenStream> {
    let name = node.name().to_string();
    if name.starts_with(char::is_uppercase) { component(node) } else { element(node, &name) }
}

fn element(node: &NodeElement<rstml::Infallible>, name: &str) -> syn::Result<TokenStream> {
    let mut plain = Vec::new();
    let mut computed = Vec::new();
    for attribute in keyed(node) {
        let attribute = attribute?;
        let key = attribute.key.to_string();
        match (key.split_once(':'), attribute.value()) {
            (None, None) => plain.push(quote! { (#key, "") }),
            (None, Some(Expr::Lit(literal))) if matches!(literal.lit, Lit::Str(_)) => {
                plain.push(quote! { (#key, #literal) });
            }
            (None, Some(value)) if key == "node_ref" => {
                computed.push(quote! { #value.load(&element); });
            }
            (None, Some(value)) => {
                computed.push(quote! { crate::ui::view::attribute(&element, #key, #value); });
            }
            (Some((kind, rest)), Some(value)) => {
                computed.push(special(attribute, kind, rest, value)?);
            }
            (Some(_), None) => {
                return Err(syn::Error::new_spanned(attribute, "this needs a value"));
            }
        }
    }
    let children = node.children.iter().filter_map(child).collect::<syn::Result<Vec<_>>>()?;
    let make = if DRAWN.contains(&name) { "drawing" } else { "element" };
    let make = format_ident!("{make}");
    Ok(quote! {{
        let element = crate::ui::view::#make(#name, &[#(#plain),*]);
        #(#computed)*
        #(crate::ui::view::append(&element, #children);)*
        crate::ui::view::View::from(element)
    }})
}

/// An attribute with a colon in its name: a listener, a property, a part of the style.
fn special(
    attribute: &KeyedAttribute,
    kind: &str,
    rest: &str,
    value: &Expr,
) -> syn::Result<TokenStream> {
    Ok(match (kind, rest) {
        ("on", event) => {
            let ty = event_type(event);
            quote! { crate::ui::view::on::<::leptos::ev::#ty>(&element, #event, #value); }
        }
        ("prop", "value") => quote! { crate::ui::view::value(&element, #value); },
        ("prop", "checked") => quote! { crate::ui::view::checked(&element, #value); },
        ("style", property) => quote! { crate::ui::view::style(&element, #property, #value); },
        _ => return Err(syn::Error::new_spanned(&attribute.key, "there is no such attribute")),
    })
}

fn event_type(event: &str) -> Ident {
    let ty = match event {
        "click" => "MouseEvent",
        "pointerdown" => "PointerEvent",
        "wheel" => "WheelEvent",
        "keydown" | "keyup" => "KeyboardEvent",
        "focus" | "blur" | "focusout" => "FocusEvent",
        "submit" => "SubmitEvent",
        "dragover" | "dragleave" | "drop" => "DragEvent",
        "compositionend" => "CompositionEvent",
        _ => "Event",
    };
    format_ident!("{ty}")
}

fn component(node: &NodeElement<rstml::Infallible>) -> syn::Result<TokenStream> {
    let name = node.name();
    let mut setters = Vec::new();
    for attribute in keyed(node) {
        let attribute = attribute?;
        let key = &attribute.key;
        setters.push(match attribute.value() {
            Some(value) => quote! { .#key(#value) },
            None => quote! { .#key(#key) },
        });
    }
    if !node.children.is_empty() {
        let children = views(&node.children)?;
        setters.push(
            quote! { .children(crate::ui::view::ToChildren::to_children(move || #children)) },
        );
    }
    if setters.is_empty() {
        return Ok(quote! { #name() });
    }
    Ok(quote! { #name(crate::ui::view::properties_of(&#name)#(#setters)*.build()) })
}

fn keyed(
    node: &NodeElement<rstml::Infallible>,
) -> impl Iterator<Item = syn::Result<&KeyedAttribute>> {
    node.attributes().iter().map(|attribute| match attribute {
        NodeAttribute::Attribute(attribute) => Ok(attribute),
        NodeAttribute::Block(block) => {
            Err(syn::Error::new_spanned(block, "an attribute has a name"))
        }
    })
}
