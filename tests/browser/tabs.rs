//! Several tabs on one journal.

use crate::app;
use thoughtstream_tests::{Page, Stage, in_both, until};

in_both!(
    what_one_tab_writes_the_other_shows,
    when_the_owner_is_closed_another_tab_takes_over,
    commands_under_way_are_carried_out_once,
);

async fn open_tabs<const N: usize>(stage: &Stage) -> [Page; N] {
    let browser = stage.browser().await;
    let mut pages = vec![browser.page()];
    for _ in 1..N {
        pages.push(browser.new_tab().await);
    }
    for page in &pages {
        page.goto(&stage.url()).await;
        app::is_ready(page).await;
    }
    pages.try_into().unwrap_or_else(|_| panic!("BUG: as many as were opened"))
}

async fn what_one_tab_writes_the_other_shows(stage: &Stage) {
    let [first, second] = open_tabs(stage).await;
    app::open(&first, "Timeline").await;
    second.show().await;
    app::write(&second, "written in the second tab").await;
    app::is_listed(&first, "written in the second tab").await;
    app::open(&second, "Timeline").await;
    first.show().await;
    app::write(&first, "written in the first tab").await;
    app::is_listed(&second, "written in the first tab").await;
    app::finds(&second, "first tab", "written in the first tab").await;
}

async fn when_the_owner_is_closed_another_tab_takes_over(stage: &Stage) {
    let [owner, second, third] = open_tabs(stage).await;
    app::write(&owner, "written by the owner").await;
    owner.close().await;
    for (page, text) in [(&second, "by the second"), (&third, "by the third")] {
        page.show().await;
        app::open(page, "Timeline").await;
        app::is_listed(page, "written by the owner").await;
        app::write(page, text).await;
    }
    second.close().await;
    third.reload().await;
    app::open(&third, "Timeline").await;
    for text in ["written by the owner", "by the second", "by the third"] {
        app::is_listed(&third, text).await;
    }
    assert_eq!(third.role("article").inside("feed").count().await, 3);
}

/// The owner goes while the other tab writes one entry after the other.
async fn commands_under_way_are_carried_out_once(stage: &Stage) {
    let [owner, second] = open_tabs(stage).await;
    second.show().await;
    for number in 0..12 {
        second.button("New entry").click().await;
        let field = second.textbox("Entry");
        until("a blank page is open", async || field.value().await.is_empty()).await;
        field.type_text(&format!("number {number}.")).await;
        if number == 6 {
            owner.close().await;
        }
    }
    app::is_saved(&second).await;
    app::open(&second, "Timeline").await;
    for number in 0..12 {
        app::is_listed(&second, &format!("number {number}.")).await;
    }
    assert_eq!(second.role("article").inside("feed").count().await, 12);
}
