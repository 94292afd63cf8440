//! Finding, in the scripts and spellings of the world.

use crate::app;
use serde_json::json;
use thoughtstream_tests::{Stage, in_both, until};

in_both!(every_script_is_found, filters_narrow_what_is_found);

async fn every_script_is_found(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    let texts = [
        ("夜の東京を歩いた", ["東京", "京を歩"]),
        ("今天天气很好，我们去公园", ["公园", "天气很"]),
        ("오늘은 날씨가 좋았다", ["날씨", "좋았"]),
        ("วันนี้ฉันเดินไปตลาด", ["ตลาด", "เดิน"]),
        ("Crème brûlée in Zürich", ["creme br", "ZURICH"]),
        ("Ἐν ἀρχῇ ἦν ὁ λόγος", ["αρχη", "λογος"]),
        ("Straßenbahn nach Łódź", ["strassen", "lodz"]),
    ];
    for (text, _) in texts {
        page.button("New entry").click().await;
        let field = page.textbox("Entry");
        until("a blank page is open", async || field.value().await.is_empty()).await;
        field.focus().await;
        field.run("document.execCommand('insertText', false, arguments[1])", json!(text)).await;
        app::is_saved(&page).await;
    }
    app::open(&page, "Search").await;
    for (text, queries) in texts {
        for query in queries {
            app::search(&page, query).await;
            let hits = page.role("article");
            until(&format!("{query} finds {text} alone"), async || hits.texts().await.len() == 1)
                .await;
            hits.containing(text).appears().await;
        }
    }
}

async fn filters_narrow_what_is_found(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    app::write(&page, "rain in the morning #wet").await;
    app::write(&page, "rain in the evening").await;
    page.button("Star").click().await;
    app::open(&page, "Search").await;
    app::search(&page, "rain").await;
    let hits = page.role("article");
    until("both are found", async || hits.count().await == 2).await;
    page.button("Starred").click().await;
    until("the starred one is found", async || hits.count().await == 1).await;
    page.says("in the evening").await;
    page.button("Starred").click().await;
    page.goto(&format!("{}/search?q=rain&tag=wet", stage.url())).await;
    until("the tagged one is found", async || hits.count().await == 1).await;
    page.says("in the morning").await;
    page.goto(&format!("{}/search?q=rain&to=2001-01-01", stage.url())).await;
    page.says("Nothing was found.").await;
}
