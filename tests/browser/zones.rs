//! An entry stays on its day, wherever it is read.

use crate::app;
use serde_json::json;
use thoughtstream_tests::{Locator, Options, Stage, in_both};

in_both!(an_entry_of_sydney_stays_on_its_day_in_new_york);

async fn an_entry_of_sydney_stays_on_its_day_in_new_york(stage: &Stage) {
    let sydney = Options { zone: Some("Australia/Sydney"), ..Options::default() };
    let browser = stage.browser_with(sydney).await;
    let page = browser.page();
    page.goto(&stage.url()).await;
    app::is_ready(&page).await;
    app::write(&page, "Late at night by the harbour").await;
    page.button("Details").click().await;
    let zone = page.textbox("Time zone");
    assert_eq!(zone.value().await, "Australia/Sydney");
    fill(&page.role("date").named("Date"), "2022-09-02").await;
    fill(&page.role("time").named("Time"), "23:50").await;
    page.button("Apply").click().await;
    page.button("Close").click().await;
    page.heading("Friday 2 September").appears().await;
    browser.close().await;

    let new_york = Options { zone: Some("America/New_York"), ..Options::default() };
    let page = stage.browser_with(new_york).await.page();
    page.goto(&format!("{}/timeline", stage.url())).await;
    let entry = page.role("article").inside("feed").containing("by the harbour");
    entry.appears().await;
    assert_eq!(page.role("article").inside("feed").names().await, ["Fri 2 September 2022"]);
    page.role("link").inside("feed").containing("by the harbour").click().await;
    page.heading("Friday 2 September").appears().await;
    page.says("23:50").await;
}

/// Sets a field that browsers let people fill in by parts, in an order of their own.
async fn fill(field: &Locator, value: &str) {
    let set = "const [field, value] = arguments;
        field.value = value;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }))";
    field.run(set, json!(value)).await;
}
