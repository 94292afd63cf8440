//! Dialogs: the browser's own `<dialog>`, which keeps the focus inside and closes on Escape.

use crate::ui::parts::button::{Button, Weight};
use crate::ui::view::*;

/// A dialog that is there as long as `open` says so. What is in it is made anew each time.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    /// Whether the title is only heard.
    #[prop(optional)]
    bare: bool,
    children: ChildrenFn,
) -> View {
    let node = NodeRef::<web_sys::HtmlDialogElement>::new();
    effect(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            // Refused only for a dialog that is not in the page, which this one is.
            drop(dialog.show_modal());
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    // A press on the backdrop hits the dialog itself, one inside hits something in it.
    let outside = move |event: leptos::ev::MouseEvent| {
        if event.target() == event.current_target() {
            open.set(false);
        }
    };
    // It is told a moment later, when the dialog may have been opened again.
    let closed = move |_| {
        if node.get_untracked().is_none_or(|dialog| !dialog.open()) {
            open.set(false);
        }
    };
    view! {
        <dialog
            class=if bare { "dialog dialog--bare" } else { "dialog" }
            node_ref=node
            aria-label=title
            on:close=closed
            on:click=outside
        >
            {move || {
                open.get()
                    .then(|| {
                        view! {
                            <div class="dialog__inside">
                                {(!bare)
                                    .then(|| view! { <h2 class="dialog__title">{title}</h2> })}
                                {children()}
                            </div>
                        }
                    })
            }}
        </dialog>
    }
}

/// The foot of a form in a dialog: takes it back, or sends it off.
#[component]
pub fn FormFoot(
    open: RwSignal<bool>,
    /// What the button says that sends it off.
    action: &'static str,
) -> View {
    view! {
        <div class="dialog__actions">
            <Button label="Cancel" on_press=move |()| open.set(false) />
            <button type="submit" class="button button--primary">
                {action}
            </button>
        </div>
    }
}

/// Asks before something that cannot be undone.
#[component]
pub fn Confirm(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] text: Signal<String>,
    /// What the button says that does it.
    #[prop(into)]
    action: Signal<String>,
    #[prop(into)] on_confirm: Callback<()>,
) -> View {
    let confirm = move |()| {
        open.set(false);
        on_confirm.run(());
    };
    view! {
        <Dialog open title>
            <p class="dialog__text">{text}</p>
            <div class="dialog__actions">
                <Button label="Cancel" on_press=move |()| open.set(false) />
                <Button weight=Weight::Danger label=action on_press=confirm />
            </div>
        </Dialog>
    }
}
