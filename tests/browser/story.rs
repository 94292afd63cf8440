//! The whole of it: a diary of nine years comes in through the page, the server goes away, the
//! browser starts again, and the diary is read, searched and written on.

use crate::app;
use thoughtstream_tests::{Stage, diary, in_both, until};

in_both!(years_of_a_diary_need_no_server);

async fn years_of_a_diary_need_no_server(stage: &Stage) {
    let browser = stage.browser().await;
    let page = browser.page();
    page.goto(&format!("{}/transfer", stage.url())).await;
    app::import(&page, &diary()).await;
    page.says("3,415 came in.").await;
    app::is_kept(&page).await;
    stage.stop_server();
    browser.close().await;

    let page = stage.open_at("/timeline").await;
    let feed = page.role("article").inside("feed");
    until("the diary is listed", async || feed.count().await > 3).await;
    app::finds(&page, "parmazan", "Parmazan cheese").await;
    page.link("Timeline").inside("navigation").click().await;
    until("the diary is listed", async || feed.count().await > 3).await;
    page.goto(&format!("{}/calendar?year=1666", stage.url())).await;
    page.role("link").beginning("2 September 1666, 1 entry").click().await;
    page.says("Some of our maids sitting up late").await;
    app::write(&page, "And so to bed, three hundred years later").await;
    page.reload().await;
    app::finds(&page, "three hundred years", "And so to bed").await;
}
