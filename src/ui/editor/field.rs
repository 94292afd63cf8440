//! The `<textarea>` itself: what the editor reads from it and does to it.
//!
//! Its value is written once, when a text is opened, and never again while somebody types; every
//! change by a command goes through `insertText`, so that the browser's own undo holds. Only a
//! large paste goes another way.

use crate::ui::draft::Millis;
use crate::ui::editor::commands::Replacement;
use js_sys::{JsString, Reflect};
use leptos::prelude::{document, window};
use std::ops::Range;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ClipboardEvent, Event, EventInit, FocusOptions, HtmlDocument, HtmlTextAreaElement};

/// From how many bytes on a text is large. Chromium takes minutes to type a pasted one, so it is
/// put in at once, and a person would sooner do without the undo of it.
const LARGE: usize = 256 * 1024;

/// Milliseconds since the page was opened, by a clock that is never set.
#[must_use]
pub fn now() -> Millis {
    window().performance().map_or(0, |performance| performance.now() as Millis)
}

/// What is selected, in UTF-16 units.
#[must_use]
pub fn selection(field: &HtmlTextAreaElement) -> Range<u32> {
    let start = field.selection_start().ok().flatten().unwrap_or_default();
    let end = field.selection_end().ok().flatten().unwrap_or(start);
    start..end
}

/// Whether the caret is in it.
#[must_use]
pub fn has_focus(field: &HtmlTextAreaElement) -> bool {
    let active = document().active_element();
    active.is_some_and(|active| active.is_same_node(Some(field)))
}

/// Puts the caret behind the last character, and stays where the reader is.
pub fn focus_at_end(field: &HtmlTextAreaElement) {
    let end = field.text_length();
    // Cannot fail for a field that is in the page.
    drop(field.set_selection_range(end, end));
    focus(field);
}

/// Goes into the field where its caret is, and stays where the reader is.
pub fn focus(field: &HtmlTextAreaElement) {
    let still = FocusOptions::new();
    still.set_prevent_scroll(true);
    // Cannot fail for a field that is in the page.
    drop(field.focus_with_options(&still));
}

/// Scrolls to the last line if it is out of sight.
pub fn show_end(field: &HtmlTextAreaElement) {
    let height = window().inner_height().ok().and_then(|height| height.as_f64());
    if field.get_bounding_client_rect().bottom() > height.unwrap_or_default() {
        field.scroll_into_view_with_bool(false);
    }
}

/// Puts a text that was opened into the field.
pub fn show(field: &HtmlTextAreaElement, text: &str) {
    if text.len() >= LARGE {
        lighten(field, text);
    }
    field.set_value(text);
}

/// Spares the browser what it would look through all of a large text for at every key: its
/// spelling, and which way it is written (two seconds a megabyte in Chromium).
fn lighten(field: &HtmlTextAreaElement, text: &str) {
    let first = text.chars().find(|c| c.is_alphabetic());
    let leftward =
        |c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}');
    field.set_dir(if first.is_some_and(leftward) { "rtl" } else { "ltr" });
    field.set_spellcheck(false);
}

/// Carries out a replacement as if it were typed.
pub fn replace(field: &HtmlTextAreaElement, replacement: &Replacement) {
    let Range { start, end } = replacement.range;
    drop(field.set_selection_range(start, end));
    if !insert(&replacement.text) {
        put(field, &replacement.text, start..end);
    }
    let Range { start, end } = replacement.selection;
    drop(field.set_selection_range(start, end));
}

/// Puts a large text that is pasted into a text field in at once; leaves others to the browser.
pub fn paste(event: &ClipboardEvent) {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
    let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
    let (Some(field), Some(text)) = (field, text) else { return };
    if text.len() < LARGE {
        return;
    }
    event.prevent_default();
    lighten(&field, &text);
    let Range { start, end } = selection(&field);
    let length = field.text_length();
    put(&field, &text, start..end);
    let caret = (end + field.text_length()).saturating_sub(length);
    drop(field.set_selection_range(caret, caret));
}

/// Replaces a part of the text and says so as typing does; the browser's undo does not know it.
fn put(field: &HtmlTextAreaElement, text: &str, Range { start, end }: Range<u32>) {
    drop(field.set_range_text_with_start_and_end(text, start, end));
    let bubbling = EventInit::new();
    bubbling.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &bubbling) {
        drop(field.dispatch_event(&event));
    }
}

/// Puts another text in the place of all of it, as if it were typed.
pub fn rewrite(field: &HtmlTextAreaElement, text: String) {
    let end = u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
    let range = 0..field.text_length();
    replace(field, &Replacement { range, text, selection: end..end });
}

/// Types over the selection; `false` if the browser does not do that for scripts.
fn insert(text: &str) -> bool {
    let Ok(document) = document().dyn_into::<HtmlDocument>() else { return false };
    let done = if text.is_empty() {
        document.exec_command("delete")
    } else {
        document.exec_command_with_show_ui_and_value("insertText", false, text)
    };
    done.unwrap_or(false)
}

/// Whether the text has halves of characters, which no UTF-8 can hold: they are read as `�`.
#[must_use]
pub fn is_broken(field: &HtmlTextAreaElement, text: &str) -> bool {
    if !text.contains('\u{fffd}') {
        return false;
    }
    // Read as the script's own string, which the copy in `text` no longer tells apart.
    let value = Reflect::get(field, &JsValue::from_str("value")).unwrap_or_default();
    value.dyn_into::<JsString>().is_ok_and(|value| !value.is_well_formed())
}

/// Makes the field as high as its text where the browser does not do so by itself.
pub fn fit(field: &HtmlTextAreaElement) {
    // Asked of the browser and not of the field, which would be laid out for the answer.
    if web_sys::css::supports_with_value("field-sizing", "content").unwrap_or_default() {
        return;
    }
    // Through the style's object, which the content security policy allows.
    let style = web_sys::HtmlElement::style(field);
    drop(style.set_property("height", "auto"));
    let height = [&field.scroll_height().to_string(), "px"].concat();
    drop(style.set_property("height", &height));
}
