//! The editor: a real `<textarea>`, which brings undo, input methods, spell checking and screen
//! readers along, and a few keys that help with Markdown.

pub mod writer;
pub mod commands;
pub mod field;
pub mod keys;
pub mod typewriter;

use crate::ui::editor::keys::{Key, Wish};
use crate::ui::editor::writer::Writer;
use crate::ui::preferences::{Typewriter, use_preferences};
use crate::ui::view::*;
use leptos::ev;

/// Where the caret goes when a text is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caret {
    /// The focus is needed elsewhere.
    Nowhere,
    /// Behind the text, without leaving the passage that is being read.
    Unseen,
    /// Behind the text, in sight: the writer goes on.
    AtEnd,
}

/// Where a text is written.
///
/// Tab leaves it, as it leaves every field; only in a list it indents, and after Escape it leaves
/// there too.
#[component]
pub fn Editor(
    writer: Writer,
    /// Where the caret goes when it appears.
    caret: Caret,
    /// Wants to see the text as it is read.
    #[prop(into)]
    on_finish: Callback<()>,
) -> View {
    let writer = StoredValue::new_local(writer);
    let node = NodeRef::<web_sys::HtmlTextAreaElement>::new();
    let let_go = StoredValue::new(false);
    let mode = use_preferences().typewriter;
    let center = move || {
        if let (Some(area), Typewriter::On) = (node.get_untracked(), mode.get_untracked()) {
            typewriter::center(&area);
        }
    };
    node.on_load(move |area| {
        writer.with_value(|writer| writer.attach(area.clone()));
        field::fit(&area);
        if caret != Caret::Nowhere {
            field::focus_at_end(&area);
        }
        if caret == Caret::AtEnd {
            field::show_end(&area);
        }
    });
    let typed = move |_| {
        writer.with_value(Writer::typed);
        if let Some(area) = node.get_untracked() {
            field::fit(&area);
        }
        center();
    };
    let press = move |event: ev::KeyboardEvent| {
        let area = node.get_untracked();
        if let Some(Wish::Finish) = area.and_then(|area| pressed(&event, &area, let_go)) {
            on_finish.run(());
        }
    };
    view! {
        <div class="editor">
            <textarea
                class="editor__field"
                aria-label="Entry"
                aria-describedby="editor-help"
                placeholder="Write\u{2026}"
                rows="6"
                dir="auto"
                spellcheck="true"
                autocapitalize="sentences"
                autocomplete="off"
                node_ref=node
                on:input=typed
                on:keydown=press
                on:keyup=move |event| {
                    // What types has told already.
                    if event.key().starts_with("Arrow") {
                        center();
                    }
                }
                // Removing a field that has the focus blurs it, after its signals are gone.
                on:blur=move |_| { writer.try_with_value(Writer::hurry); }
            ></textarea>
            <p id="editor-help" hidden>
                "Markdown. In a list, Tab indents; press Escape first to leave with Tab."
            </p>
        </div>
    }
}

/// Carries out what a key asks for; what is not the editor's business is returned.
fn pressed(
    event: &ev::KeyboardEvent,
    area: &web_sys::HtmlTextAreaElement,
    let_go: StoredValue<bool>,
) -> Option<Wish> {
    // 229 is what browsers call a key that an input method took.
    if event.is_composing() || event.key_code() == 229 {
        return None;
    }
    let key = event.key();
    let leaving = let_go.get_value() && key == "Tab";
    let_go.set_value(key == "Escape" || (let_go.get_value() && key == "Shift"));
    if leaving {
        return None;
    }
    let wish = keys::wish(Key {
        key: &key,
        code: &event.code(),
        control: event.ctrl_key() || event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
    });
    match wish? {
        Wish::Command(command) => {
            let replacement = commands::apply(command, &area.value(), field::selection(area))?;
            event.prevent_default();
            field::replace(area, &replacement);
            None
        }
        Wish::Finish => {
            event.prevent_default();
            Some(Wish::Finish)
        }
    }
}
