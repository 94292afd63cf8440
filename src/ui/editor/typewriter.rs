//! Typewriter scrolling: the line that is written on stays in the middle of the window.
//!
//! A `<textarea>` does not tell where its caret is. A copy of the text up to the caret, laid out
//! beside it with the same width and type and never shown, is as high as the caret stands.

use crate::ui::editor::field;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement};

/// Above this many UTF-16 units a copy would cost more than a frame at each key.
const UNITS_MAX: u32 = 50_000;

/// Scrolls so that the caret's line is in the middle.
pub fn center(area: &HtmlTextAreaElement) {
    let caret = field::selection(area).end;
    let screen = area.closest(".screen").ok().flatten();
    let (Some(screen), true) = (screen, caret <= UNITS_MAX) else { return };
    let Some(height) = height_before(area, caret) else { return };
    let line = area.get_bounding_client_rect().top() + height;
    let seen = screen.get_bounding_client_rect();
    let wanted = seen.top() + seen.height() / 2.0;
    // Whole pixels: a line more or less is not seen.
    screen.set_scroll_top(screen.scroll_top() + (line - wanted) as i32);
}

fn height_before(area: &HtmlTextAreaElement, caret: u32) -> Option<f64> {
    let copy = document().create_element("div").ok()?.dyn_into::<HtmlElement>().ok()?;
    copy.set_class_name("editor__field editor__copy");
    copy.set_attribute("aria-hidden", "true").ok()?;
    copy.set_dir(&area.dir());
    let text = area.value();
    // A character that has no width, so that a last, empty line counts.
    let before: Vec<u16> = text.encode_utf16().take(caret as usize).chain([0x200b]).collect();
    copy.set_text_content(Some(&String::from_utf16_lossy(&before)));
    area.after_with_node_1(&copy).ok()?;
    let height = copy.get_bounding_client_rect().height();
    copy.remove();
    Some(height)
}
