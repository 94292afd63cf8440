//! Pages that are frozen, and pages that are left and come back to.

use crate::app;
use serde_json::json;
use thoughtstream_tests::{Stage, in_chromium, until};

mod both {
    use super::a_page_that_was_left_comes_back_alive;
    thoughtstream_tests::in_both!(a_page_that_was_left_comes_back_alive);
}

// WebDriver has no way to freeze a page in Firefox.
in_chromium!(a_frozen_owner_lets_the_others_write);

async fn a_frozen_owner_lets_the_others_write(stage: &Stage) {
    let browser = stage.browser().await;
    let (owner, other) = (browser.page(), browser.new_tab().await);
    for page in [&owner, &other] {
        page.goto(&stage.url()).await;
        app::is_ready(page).await;
    }
    app::write(&owner, "written by the owner").await;
    other.show().await;
    owner.cdp("Page.setWebLifecycleState", json!({ "state": "frozen" })).await;
    app::write(&other, "written while the owner sleeps").await;
    app::open(&other, "Timeline").await;
    app::is_listed(&other, "written by the owner").await;
    other.reload().await;
    app::is_listed(&other, "written while the owner sleeps").await;
    owner.cdp("Page.setWebLifecycleState", json!({ "state": "active" })).await;
    owner.show().await;
    app::open(&owner, "Timeline").await;
    app::is_listed(&owner, "written while the owner sleeps").await;
    app::write(&owner, "written by the owner when it woke").await;
    app::is_listed(&other, "written by the owner when it woke").await;
}

async fn a_page_that_was_left_comes_back_alive(stage: &Stage) {
    let browser = stage.browser().await;
    let (page, other) = (browser.page(), browser.new_tab().await);
    page.show().await;
    page.goto(&stage.url()).await;
    app::is_ready(&page).await;
    app::is_open(&page).await;
    page.textbox("Entry").type_text("typed and left at once").await;
    page.goto("about:blank").await;
    other.show().await;
    other.goto(&format!("{}/timeline", stage.url())).await;
    app::is_listed(&other, "typed and left at once").await;
    app::write(&other, "written meanwhile").await;
    page.show().await;
    page.back().await;
    let field = page.textbox("Entry");
    until("the text is there", async || field.value().await == "typed and left at once").await;
    field.type_text(", and gone on with").await;
    app::is_saved(&page).await;
    app::open(&page, "Timeline").await;
    app::is_listed(&page, "written meanwhile").await;
    app::open(&other, "Timeline").await;
    app::is_listed(&other, "and gone on with").await;
}
