//! Without a server: starting, writing, searching and reading.

use crate::app;
use thoughtstream_tests::{Stage, in_both};

in_both!(the_app_needs_no_server);

async fn the_app_needs_no_server(stage: &Stage) {
    let browser = stage.browser().await;
    let page = browser.page();
    page.goto(&stage.url()).await;
    app::is_ready(&page).await;
    app::write(&page, "written with a server").await;
    app::is_kept(&page).await;
    stage.stop_server();
    browser.close().await;

    let page = stage.open().await;
    app::is_ready(&page).await;
    app::write(&page, "written without one").await;
    app::finds(&page, "without", "written without one").await;
    app::finds(&page, "server", "written with a server").await;
    app::open(&page, "Timeline").await;
    app::is_listed(&page, "written with a server").await;
    page.role("link").inside("feed").containing("written with a server").click().await;
    page.says("written with a server").await;
    // Every screen's address starts the app as well.
    for path in ["/timeline", "/calendar", "/search?q=server", "/settings"] {
        page.goto(&format!("{}{path}", stage.url())).await;
        page.button("New entry").appears().await;
        app::is_whole(&page).await;
        page.is_at(path).await;
    }
}
