//! The room of one screen: it scrolls, and comes back to where it was scrolled to.

use crate::ui::dispatch::use_dispatch;
use crate::ui::history;
use crate::ui::state::use_state;
use crate::ui::view::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;

/// The name under which its place is kept; each step of the history has only one screen.
const PLACE: &str = "screen";

/// A screen that takes all of the room. Its heading is among its children.
#[component]
pub fn Screen(
    /// Where the scrolled element is, for those who look into it.
    #[prop(optional)]
    node: NodeRef<web_sys::HtmlElement>,
    children: Children,
) -> View {
    let inside = NodeRef::<web_sys::HtmlElement>::new();
    let wanted = keep_place(node, inside);
    let stay = move || wanted.set_value(None);
    view! {
        <div
            class="screen"
            node_ref=node
            on:wheel=move |_| stay()
            on:pointerdown=move |_| stay()
            on:keydown=move |_| stay()
        >
            <div class="screen__inside" node_ref=inside>
                {children()}
            </div>
        </div>
    }
}

/// Keeps the place for the history. What is in a screen comes from the engine a moment after
/// the screen itself, so a place is gone back to as soon as there is something that high.
fn keep_place(
    node: NodeRef<web_sys::HtmlElement>,
    inside: NodeRef<web_sys::HtmlElement>,
) -> StoredValue<Option<f64>> {
    let (state, dispatch) = (use_state(), use_dispatch());
    let wanted = StoredValue::new(None);
    dispatch.on_flush(move || {
        let top = node.get_untracked().map_or(0, |node| node.scroll_top());
        history::keep_place(PLACE, top.into());
        Box::pin(async { Ok(()) })
    });
    let go = move || {
        let (Some(top), Some(node)) = (wanted.get_value(), node.get_untracked()) else { return };
        // Whole pixels, as the browser told them.
        node.set_scroll_top(top as i32);
        if f64::from(node.scroll_top()) >= top - 1.0 {
            wanted.set_value(None);
        }
    };
    effect(move || {
        state.visit.track();
        wanted.set_value(history::kept_place(PLACE));
        go();
    });
    let grown = Closure::<dyn Fn()>::new(go);
    let Ok(observer) = ResizeObserver::new(grown.as_ref().unchecked_ref()) else { return wanted };
    let held = StoredValue::new_local((observer, grown));
    effect(move || {
        if let Some(inside) = inside.get() {
            held.with_value(|(observer, _)| observer.observe(&inside));
        }
    });
    on_cleanup(move || held.with_value(|(observer, _)| observer.disconnect()));
    wanted
}
