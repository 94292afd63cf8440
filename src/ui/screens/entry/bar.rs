//! The bar above an entry: the way back, whether it is saved, and what can be done.

use crate::ui::draft::State;
use crate::ui::focus::FocusButton;
use crate::ui::parts::button::{Button, IconButton, Weight};
use crate::ui::parts::icon::Icon;
use crate::ui::route::Route;
use crate::ui::screens::entry::open::Open;
use crate::ui::view::*;

/// The bar; `details` opens the dialog of that name.
#[component]
pub fn Bar(open: Open, details: RwSignal<bool>) -> View {
    let status = move || match open.state() {
        State::Clean | State::Unsaved(_) => "",
        State::Typed | State::Saving => "Saving\u{2026}",
        State::Saved => "Saved",
    };
    let written = move || open.entry.with(Option::is_some);
    view! {
        <div class="entry__bar">
            <Back />
            <p class="entry__status" role="status">
                {status}
            </p>
            <div class="entry__actions">
                <Show when=written>
                    <FocusButton />
                    <Mode open />
                    <Star open />
                    <IconButton
                        icon=Icon::More
                        label="Details"
                        on_press=move |()| details.set(true)
                    />
                </Show>
            </div>
        </div>
    }
}

/// Back to where the reader came from; for one who came from outside, to the list.
#[component]
fn Back() -> View {
    let back = move |event: leptos::ev::MouseEvent| {
        let Ok(history) = window().history() else { return };
        // The step that a tab began with has no number.
        if history.state().is_ok_and(|step| !step.is_null()) {
            event.prevent_default();
            // Refused only while another navigation is under way.
            drop(history.back());
        }
    };
    view! {
        <a
            class="button button--icon entry__back"
            href=Route::Timeline { journal: None }.href()
            aria-label="Back"
            title="Back"
            on:click=back
        >
            <Icon icon=Icon::Back />
        </a>
    }
}

#[component]
fn Mode(open: Open) -> View {
    let trashed = move || open.entry.with(|entry| entry.as_ref().is_some_and(|it| it.trashed));
    let label = Signal::derive(move || {
        let label = if open.editing.get() { "Done" } else { "Edit" };
        label.to_owned()
    });
    view! {
        <Show when=move || !trashed()>
            <Button weight=Weight::Quiet label=label on_press=move |()| open.toggle() />
        </Show>
    }
}

#[component]
fn Star(open: Open) -> View {
    let starred = move || open.entry.with(|entry| entry.as_ref().is_some_and(|it| it.starred));
    let icon = move || if starred() { Icon::StarFilled } else { Icon::Star };
    view! {
        <button
            type="button"
            class="button button--icon"
            aria-label="Star"
            title="Star"
            aria-pressed=move || starred().to_string()
            on:click=move |_| open.star(!starred())
        >
            {move || view! { <Icon icon=icon() /> }}
        </button>
    }
}
