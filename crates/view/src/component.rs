//! `#[component]`: a struct of properties with a builder, and a function that takes it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, FnArg, Ident, ItemFn, Pat, Path, PathArguments, Type};

pub(crate) fn expand(item: TokenStream) -> syn::Result<TokenStream> {
    let ItemFn { attrs, vis, sig, block, .. } = syn::parse2(item)?;
    let name = &sig.ident;
    let properties = sig.inputs.iter().map(property).collect::<syn::Result<Vec<_>>>()?;
    if properties.is_empty() {
        return Ok(quote! {
            #(#attrs)*
            #[allow(non_snake_case)]
            #vis fn #name() -> crate::ui::view::View {
                crate::ui::view::IntoView::into_view(::leptos::prelude::untrack(move || #block))
            }
        });
    }
    let props = format_ident!("{name}Props");
    let names = properties.iter().map(|property| &property.name);
    let fields = properties.iter().map(Property::field);
    let builder = format_ident!("{props}Builder");
    let summary = format!("What `{name}` is told.");
    Ok(quote! {
        #[doc = #summary]
        #[derive(::leptos::typed_builder_macro::TypedBuilder)]
        #[builder(crate_module_path=::leptos::typed_builder)]
        #vis struct #props { #(#fields)* }

        impl crate::ui::view::Props for #props {
            type Builder = #builder;
            fn builder() -> Self::Builder {
                Self::builder()
            }
        }

        #(#attrs)*
        #[allow(non_snake_case, clippy::needless_pass_by_value)]
        #vis fn #name(props: #props) -> crate::ui::view::View {
            let #props { #(#names),* } = props;
            crate::ui::view::IntoView::into_view(::leptos::prelude::untrack(move || #block))
        }
    })
}

struct Property {
    docs: Vec<Attribute>,
    name: Ident,
    ty: Type,
    optional: bool,
    into: bool,
}

fn property(argument: &FnArg) -> syn::Result<Property> {
    let FnArg::Typed(argument) = argument else {
        return Err(syn::Error::new_spanned(argument, "a component is no method"));
    };
    let Pat::Ident(name) = &*argument.pat else {
        return Err(syn::Error::new_spanned(&argument.pat, "a property is a plain name"));
    };
    let (options, docs): (Vec<_>, Vec<_>) =
        argument.attrs.iter().cloned().partition(|attribute| attribute.path().is_ident("prop"));
    let mut property = Property {
        docs,
        name: name.ident.clone(),
        ty: (*argument.ty).clone(),
        optional: false,
        into: false,
    };
    for option in &options {
        option.parse_nested_meta(|meta| {
            match meta.path.get_ident().map(ToString::to_string).as_deref() {
                Some("optional") => property.optional = true,
                Some("into") => property.into = true,
                _ => return Err(meta.error("a property is `optional`, `into`, or both")),
            }
            Ok(())
        })?;
    }
    Ok(property)
}

impl Property {
    fn field(&self) -> TokenStream {
        let Self { docs, name, ty, .. } = self;
        let default = self.optional.then(|| quote! { default, });
        // What may be left out is given plain, without `Some`.
        let inner = self.optional.then(|| inside_option(ty)).flatten();
        let converted = quote! { ::leptos::prelude::IntoReactiveValue::into_reactive_value(value) };
        let setter = match (inner, self.into) {
            (Some(inner), true) => Some(transform(inner, ty, &quote! { Some(#converted) })),
            (None, true) => Some(transform(ty, ty, &converted)),
            (Some(_), false) => Some(quote! { setter(strip_option) }),
            (None, false) => None,
        };
        let builder = (default.is_some() || setter.is_some())
            .then(|| quote! { #[builder(#default #setter)] });
        quote! { #(#docs)* #builder #name: #ty, }
    }
}

/// A setter that takes whatever Leptos converts into the property's type.
fn transform(from: &Type, to: &Type, value: &TokenStream) -> TokenStream {
    quote! {
        setter(fn transform<Marker>(
            value: impl ::leptos::prelude::IntoReactiveValue<#from, Marker>,
        ) -> #to {
            #value
        })
    }
}

fn inside_option(ty: &Type) -> Option<&Type> {
    let Type::Path(syn::TypePath { path: Path { segments, .. }, .. }) = ty else { return None };
    let last = segments.last().filter(|segment| segment.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(syn::GenericArgument::Type(inner)) => Some(inner),
        _ => None,
    }
}
