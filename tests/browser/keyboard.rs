//! Without a mouse.

use crate::app;
use serde_json::json;
use thoughtstream_tests::{Key, Page, Stage, in_both, until};

in_both!(everything_is_reached_by_tab, a_day_is_written_found_and_read_by_keyboard);

/// What has the focus, and whether it can be seen that it does.
const FOCUSED: &str = "const e = document.activeElement;
    const name = e.getAttribute('aria-label') ?? e.textContent.trim() ?? e.tagName;
    const box = e.getBoundingClientRect();
    const style = getComputedStyle(e);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const seen = ring || style.boxShadow !== 'none' || e.matches('textarea, input');
    const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
    // Firefox's page remembers its own while the browser's controls have the focus.
    return e === document.body || !document.hasFocus() ? null : { name, seen: seen && inside }";

async fn everything_is_reached_by_tab(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    app::write(&page, "something to tab to").await;
    // From the top of the page, wherever the focus was.
    let to_the_top = "document.activeElement.blur(); window.getSelection().removeAllRanges();
        document.body.tabIndex = -1;
        document.body.focus();
        document.body.removeAttribute('tabindex')";
    page.run(to_the_top, []).await;
    let mut names = Vec::new();
    for _ in 0..40 {
        page.press(Key::Tab).await;
        let Some(name) = page.run(FOCUSED, []).await["name"].as_str().map(str::to_owned) else {
            continue; // the browser's own controls come after the last of the page's
        };
        // Some slide into sight.
        until(&format!("the focus on {name:?} can be seen"), async || {
            page.run(FOCUSED, []).await["seen"] == json!(true)
        })
        .await;
        names.push(name);
    }
    let expected = [
        "New entry",
        "Today",
        "Timeline",
        "Calendar",
        "Search",
        "Your year",
        "Tags",
        "Journals",
        "Trash",
        "Settings",
        "Entry",
        "Star",
        "Details",
        "Other years",
    ];
    for name in expected {
        assert!(names.iter().any(|found| found == name), "no way to {name} among {names:?}");
    }
    assert_eq!(names.first().map(String::as_str), Some("Skip to content"));
}

async fn a_day_is_written_found_and_read_by_keyboard(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    // Today opens with the caret in the page.
    has_focus(&page, "Entry").await;
    page.press("By keyboard alone #keys").await;
    app::is_saved(&page).await;
    page.chord(&[Key::Alt, Key::Shift], 'N').await;
    until("a blank page is open", async || page.textbox("Entry").value().await.is_empty()).await;
    has_focus(&page, "Entry").await;
    page.press("A second one").await;
    app::is_saved(&page).await;
    page.chord(&[Key::Control], 'k').await;
    has_focus(&page, "Go to or do").await;
    page.press("by keyb").await;
    page.role("option").containing("By keyboard alone").appears().await;
    page.press(Key::Enter).await;
    until("the entry is open", async || page.path().await.starts_with("/entry/")).await;
    // An entry of today opens to be written on; Ctrl Enter changes to reading and back.
    until("its text is there", async || {
        page.textbox("Entry").value().await == "By keyboard alone #keys"
    })
    .await;
    page.textbox("Entry").focus().await;
    let enter = '\u{e007}';
    page.chord(&[Key::Control], enter).await;
    page.button("Edit").appears().await;
    page.chord(&[Key::Control], enter).await;
    has_focus(&page, "Entry").await;
}

async fn has_focus(page: &Page, name: &str) {
    until(&format!("{name} has the focus"), async || {
        page.run(FOCUSED, []).await["name"] == json!(name)
    })
    .await;
}
