//! Writing, in its ways and at its limits.

use crate::app;
use serde_json::json;
use thoughtstream_tests::{Engine, Key, Stage, in_both, until};

in_both!(
    what_is_written_is_found_again,
    a_second_entry_stands_beside_the_first,
    undo_takes_back_what_a_list_went_on_with,
    a_composition_is_not_disturbed,
    a_paste_of_ten_megabytes_is_kept,
    tricky_text_survives_the_reload,
);

async fn what_is_written_is_found_again(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    page.textbox("Entry").type_text("A slow #walk along the river, home by dusk.").await;
    app::is_saved(&page).await;
    page.reload().await;
    let field = page.textbox("Entry");
    until("the text is there again", async || field.value().await.contains("along the river"))
        .await;
    app::open(&page, "Timeline").await;
    app::is_listed(&page, "along the river").await;
    app::finds(&page, "riv", "home by dusk").await;
    app::open(&page, "Tags").await;
    page.link("#walk 1 entry").click().await;
    page.says("home by dusk").await;
}

async fn a_second_entry_stands_beside_the_first(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    app::write(&page, "first of the day").await;
    app::write(&page, "second of the day").await;
    app::open(&page, "Timeline").await;
    app::is_listed(&page, "first of the day").await;
    app::is_listed(&page, "second of the day").await;
    assert_eq!(page.role("article").inside("feed").count().await, 2);
}

async fn undo_takes_back_what_a_list_went_on_with(stage: &Stage) {
    let page = stage.open().await;
    let field = page.textbox("Entry");
    field.type_text("- milk").await;
    page.press(Key::Enter).await;
    page.press("bread").await;
    assert_eq!(field.value().await, "- milk\n- bread");
    let undo_all = async || {
        page.chord(&[Key::Control], 'z').await;
        field.value().await.is_empty()
    };
    // Browsers differ in how much one undo takes back; all of it must go in the end.
    until("everything is taken back", undo_all).await;
    let redo_all = async || {
        page.chord(&[Key::Control, Key::Shift], 'z').await;
        field.value().await == "- milk\n- bread"
    };
    until("everything is brought back", redo_all).await;
    app::is_saved(&page).await;
}

/// Chromium composes as an input method does. Firefox cannot be made to by WebDriver, so there the
/// events of a composition are sent, which is what the app goes by.
async fn a_composition_is_not_disturbed(stage: &Stage) {
    let page = stage.open().await;
    let field = page.textbox("Entry");
    field.type_text("- ").await;
    app::is_saved(&page).await;
    let count_writes = "const field = arguments[0], own = Object.getOwnPropertyDescriptor(
            HTMLTextAreaElement.prototype, 'value'), range = field.setRangeText;
        field.writes = 0;
        Object.defineProperty(field, 'value', {
            get() { return own.get.call(this) },
            set(text) { this.writes++; own.set.call(this, text) },
        });
        field.setRangeText = function (...all) { this.writes++; range.apply(this, all) };
        const command = document.execCommand;
        document.execCommand = (...all) => {
            field.writes++;
            return command.apply(document, all);
        };";
    field.run(count_writes, json!(null)).await;
    if stage.engine == Engine::Chromium {
        for text in ["に", "にほ", "にほん"] {
            let composition = json!({ "text": text, "selectionStart": 1, "selectionEnd": 1 });
            page.cdp("Input.imeSetComposition", composition).await;
        }
        page.cdp("Input.insertText", json!({ "text": "日本" })).await;
    } else {
        let compose = "const field = arguments[0];
            const say = (type, data) => field.dispatchEvent(
                new CompositionEvent(type, { data, bubbles: true }));
            const press = (key) => field.dispatchEvent(new KeyboardEvent('keydown',
                { key, code: key, keyCode: 229, isComposing: true, bubbles: true,
                  cancelable: true }));
            say('compositionstart', '');
            say('compositionupdate', 'にほん');
            press('Enter');
            say('compositionend', '日本');";
        field.run(compose, json!(null)).await;
    }
    assert_eq!(field.run("return arguments[0].writes", json!(null)).await, 0);
    let expected = if stage.engine == Engine::Chromium { "- 日本" } else { "- " };
    assert_eq!(field.value().await, expected);
    app::is_saved(&page).await;
}

async fn a_paste_of_ten_megabytes_is_kept(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    let text = "All work and no play makes a dull boy of anybody.\n".repeat(200_000);
    app::paste(&page, &text).await;
    app::is_saved(&page).await;
    page.reload().await;
    let field = page.textbox("Entry");
    until("all of it is there again", async || {
        field.run("return arguments[0].value.length", json!(null)).await == text.len()
    })
    .await;
    let same = "return arguments[0].value === arguments[1]";
    assert_eq!(field.run(same, json!(text)).await, true);
}

async fn tricky_text_survives_the_reload(stage: &Stage) {
    let tricky = [
        "e\u{301} is not é; Å is not Å",
        "👩\u{200d}👩\u{200d}👧\u{200d}👦 🏳️\u{200d}🌈 🇯🇵 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
        "עברית and العربية \u{202e}turned\u{202c}",
        "\u{feff}mark, \u{0}null, \u{1f}unit, \u{ad}soft, \u{2028}line\u{2029}end",
        "'; DROP TABLE entry; -- \\ \" ` <script>alert(1)</script> &amp;",
        "\ttab,  two  spaces  and one at the end ",
        "สวัสดี 你好 안녕 नमस्ते ‍‍\u{10ffff}",
    ]
    .join("\n");
    let page = stage.open().await;
    let field = page.textbox("Entry");
    field.focus().await;
    let insert = "document.execCommand('insertText', false, arguments[1])";
    field.run(insert, json!(tricky)).await;
    // What the page shows now is what must come back: a text field itself changes line ends.
    let shown = field.value().await;
    assert_eq!(shown, tricky);
    app::is_saved(&page).await;
    page.reload().await;
    until("the text is there again", async || !field.value().await.is_empty()).await;
    assert_eq!(field.value().await, shown);
}
