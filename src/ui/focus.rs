//! Focus mode: the page alone, until Escape or until the page is left.

use crate::ui::actions::{Action, use_actions};
use crate::ui::dispatch::use_dispatch;
use crate::ui::parts::button::IconButton;
use crate::ui::parts::icon::Icon;
use crate::ui::view::*;
use leptos::ev;

/// Whether only the page is there, in context; see [`use_focus`].
#[derive(Clone, Copy, Default)]
pub struct Focus(RwSignal<bool>);

/// Whether only the page is there.
#[must_use]
pub fn use_focus() -> Focus {
    expect_context()
}

impl Focus {
    /// Whether only the page is there.
    #[must_use]
    pub fn is_on(self) -> bool {
        self.0.get()
    }

    /// Offers focus mode as long as the current owner, a page, is there.
    pub fn offer(self) {
        let dispatch = use_dispatch();
        use_actions().on(Action::Focus, move || {
            self.0.update(|on| *on = !*on);
            if self.0.get_untracked() {
                dispatch.say("Only the page is left. Escape brings everything back.");
            }
        });
        let pressed = window_event_listener(ev::keydown, move |event| {
            // The first Escape belongs to whoever has something open.
            let open = document().query_selector("dialog[open]").is_ok_and(|it| it.is_some());
            if event.key() == "Escape" && !open && self.0.get_untracked() {
                self.0.set(false);
                dispatch.notice().set(None);
            }
        });
        on_cleanup(move || {
            pressed.remove();
            self.0.set(false);
        });
    }
}

/// The button that does it with a pointer, and takes it back.
#[component]
pub fn FocusButton() -> View {
    let (focus, actions) = (use_focus(), use_actions());
    let label = Signal::derive(move || {
        let label = if focus.is_on() { "Leave focus mode" } else { "Focus mode" };
        label.to_owned()
    });
    let press = move |()| {
        actions.run(Action::Focus);
    };
    view! { <IconButton icon=Icon::Focus label on_press=press /> }
}
