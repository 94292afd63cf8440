//! The heading of a screen: its name for the tab, and for whoever arrives without eyes.

use crate::ui::dispatch::use_dispatch;
use crate::ui::view::*;

/// The one `<h1>` of a screen. It names the tab and takes the focus after a navigation.
#[component]
pub fn Heading(
    #[prop(into)] text: Signal<String>,
    /// Whether it is only heard.
    #[prop(optional)]
    hidden: bool,
) -> View {
    let dispatch = use_dispatch();
    let node = NodeRef::<web_sys::HtmlElement>::new();
    effect(move || dispatch.title(&text.read()));
    effect(move || {
        if let Some(heading) = node.get()
            && dispatch.take_focus()
        {
            drop(heading.focus());
        }
    });
    view! {
        <h1 class=if hidden { "visually-hidden" } else { "heading" } tabindex="-1" node_ref=node>
            {text}
        </h1>
    }
}
