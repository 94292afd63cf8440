//! Every screen, checked by axe-core: no violation of WCAG 2.2 AA, in any colours at any width.

use crate::addresses::SCREENS;
use crate::app;
use serde_json::{Value, json};
use thoughtstream_tests::{Options, Page, Stage, axe, in_both};

in_both!(
    every_screen_is_accessible_in_light,
    every_screen_is_accessible_in_dark,
    names_are_what_the_browser_computes,
);

/// A wide window, a small phone, and 400 % zoom of a screen of 1280 x 1024 pixels.
const SIZES: [(u32, u32); 3] = [(1280, 800), (320, 640), (320, 256)];

const CHECK: &str = "const options = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',
        'wcag22aa'], resultTypes: ['violations'] };
    const { violations } = await axe.run(document, options);
    return violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html}\\n${failureSummary}`))";

async fn every_screen_is_accessible_in_light(stage: &Stage) {
    every_screen_is_accessible(stage, false).await;
}

async fn every_screen_is_accessible_in_dark(stage: &Stage) {
    every_screen_is_accessible(stage, true).await;
}

async fn every_screen_is_accessible(stage: &Stage, dark: bool) {
    let page = stage.browser_with(Options { dark, ..Options::default() }).await.page();
    page.goto(&stage.url()).await;
    app::is_ready(&page).await;
    app::write(&page, "thrown away").await;
    page.button("Details").click().await;
    page.button("Move to trash").click().await;
    let text = "# A heading\n\n> quoted, *slanted* and **bold**, `code`\n\n- one\n- two #walk\n\n\
        [a link](https://example.com)\n\n- [ ] to do\n- [x] done";
    app::write(&page, text).await;
    page.button("Star").click().await;
    page.button("Details").click().await;
    page.role("radio").named("Good").run("arguments[0].click()", Value::Null).await;
    page.button("Close").click().await;
    page.says("Good").await;
    let entry = page.path().await;
    let read = format!("/entry/{}", entry.trim_start_matches("/?entry="));
    let (axe, mut found) = (axe(), Vec::new());
    let addresses = [entry.as_str(), read.as_str(), "/search?q=quo"].into_iter();
    for path in addresses.chain(SCREENS.map(|(path, _)| path)) {
        page.goto(&format!("{}{path}", stage.url())).await;
        for size in SIZES {
            page.resize(size).await;
            page.button("New entry").appears().await;
            app::is_whole(&page).await;
            page.role("heading").appears().await;
            found.extend(violations(&page, &axe).await.into_iter().map(|one| (path, size, one)));
            if scrolls_sideways(&page).await {
                found.push((path, size, json!("the page scrolls sideways")));
            }
        }
    }
    assert!(found.is_empty(), "{} violations: {found:#?}", found.len());
}

/// What axe-core says against the page as it is.
pub(crate) async fn violations_of(page: &Page) -> Vec<Value> {
    violations(page, &axe()).await
}

async fn violations(page: &Page, axe: &str) -> Vec<Value> {
    // Through the driver, which may run what the policy would forbid the page to load.
    let check = [axe, CHECK].join("\n");
    page.run(&check, []).await.as_array().cloned().expect("a list of violations")
}

async fn scrolls_sideways(page: &Page) -> bool {
    let wider = "return document.scrollingElement.scrollWidth > innerWidth";
    page.run(wider, []).await == true
}

/// The names that people and these tests go by are those that the browser itself computes.
async fn names_are_what_the_browser_computes(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    let parts = [
        (page.button("New entry"), "button", "New entry"),
        (page.textbox("Entry"), "textbox", "Entry"),
    ];
    let links = ["Today", "Timeline", "Calendar", "Search", "Tags", "Trash", "Settings"];
    let links = links.map(|name| (page.link(name).inside("navigation"), "link", name));
    for (part, role, name) in parts.into_iter().chain(links) {
        assert_eq!(part.computed().await, (role.to_owned(), name.to_owned()));
    }
    app::open(&page, "Search").await;
    let search = page.searchbox("Search").computed().await;
    assert_eq!(search, ("searchbox".to_owned(), "Search".to_owned()));
    app::write(&page, "for the feed").await;
    assert_eq!(page.status("Saved").computed().await.0, "status");
    app::open(&page, "Timeline").await;
    app::is_listed(&page, "for the feed").await;
    assert_eq!(page.role("feed").computed().await.0, "feed");
    assert_eq!(page.role("article").inside("feed").computed().await.0, "article");
}
