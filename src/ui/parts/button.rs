//! Buttons: something happens here and now. (What leads somewhere is a link.)

use crate::ui::parts::icon::Icon;
use crate::ui::view::*;

/// How much a button weighs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Weight {
    #[default]
    Plain,
    /// The one thing to do here.
    Primary,
    /// What cannot be undone.
    Danger,
    /// As quiet as a link.
    Quiet,
}

impl Weight {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "button",
            Self::Primary => "button button--primary",
            Self::Danger => "button button--danger",
            Self::Quiet => "button button--quiet",
        }
    }
}

/// A button with a word on it, perhaps with an icon before it.
#[component]
pub fn Button(
    #[prop(optional)] weight: Weight,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(into)] on_press: Callback<()>,
) -> View {
    view! {
        <button
            type="button"
            class=weight.class()
            disabled=disabled
            on:click=move |_| on_press.run(())
        >
            {icon.map(|icon| view! { <Icon icon /> })}
            <span>{label}</span>
        </button>
    }
}

/// A button that is only an icon; `label` is its name.
#[component]
pub fn IconButton(
    icon: Icon,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(into)] on_press: Callback<()>,
) -> View {
    view! {
        <button
            type="button"
            class="button button--icon"
            aria-label=label
            title=label
            disabled=disabled
            on:click=move |_| on_press.run(())
        >
            <Icon icon />
        </button>
    }
}
