//! Where nothing can be kept: the app works, and says so.

use crate::app;
use std::sync::Arc;
use thoughtstream_tests::{Engine, Options, Page, Stage, in_both, in_firefox, journey};

mod insecure {
    use super::a_page_without_https_says_that_nothing_is_kept;
    super::in_both!(a_page_without_https_says_that_nothing_is_kept);
}

// Chromium keeps an incognito window's files in memory, by itself and until it is closed.
in_firefox!(a_private_window_says_that_nothing_is_kept);

async fn a_private_window_says_that_nothing_is_kept(stage: &Stage) {
    let private = Options { private: true, ..Options::default() };
    let page = stage.browser_with(private).await.page();
    page.goto(&stage.url()).await;
    works_in_memory(&page, "this is a private window").await;
}

async fn a_page_without_https_says_that_nothing_is_kept(stage: &Stage) {
    let elsewhere = Options { host: Some("journal.test"), ..Options::default() };
    let page = stage.browser_with(elsewhere).await.page();
    page.goto(&stage.url().replace("localhost", "journal.test")).await;
    works_in_memory(&page, "did not come over HTTPS").await;
}

/// WebKitGTK has its Origin Private File System switched off.
#[tokio::test]
async fn a_browser_without_files_says_that_nothing_is_kept() {
    let story = async |stage: &Stage| {
        let profile = Arc::clone(&stage.profile);
        let page = stage.browser_on(&profile, Options::default()).await.page();
        page.goto(&stage.url()).await;
        works_in_memory(&page, "this browser has no place for it").await;
    };
    journey(Engine::WebKit, story).await;
}

async fn works_in_memory(page: &Page, reason: &str) {
    app::is_ready(page).await;
    page.role("region").containing(reason).appears().await;
    app::write(page, "written on water").await;
    app::finds(page, "wat", "written on water").await;
    app::open(page, "Timeline").await;
    app::is_listed(page, "written on water").await;
    // It stands on every screen, as long as it is true.
    page.role("region").containing(reason).appears().await;
}
