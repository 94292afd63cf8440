//! Every screen has an address, and every address the headers.

use crate::app;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use thoughtstream_serve::Server;
use thoughtstream_serve::headers::SECURITY;
use thoughtstream_tests::{Stage, dist, in_both, until};

in_both!(
    back_forward_and_reload_keep_the_place,
    every_screen_runs_under_the_policy,
    the_policy_is_in_force,
);

/// Every screen's address and its heading.
pub(crate) const SCREENS: [(&str, &str); 16] = [
    ("/timeline", "Timeline"),
    ("/calendar", "Calendar"),
    ("/year", "Your year"),
    ("/on-this-day", "On this day"),
    ("/day/2022-09-02", "Friday 2 September"),
    ("/search", "Search"),
    ("/gallery", "Gallery"),
    ("/tags", "Tags"),
    ("/journals", "Journals"),
    ("/trash", "Trash"),
    ("/book", "Print"),
    ("/settings", "Settings"),
    ("/templates", "Templates"),
    ("/transfer", "Import and export"),
    ("/sync", "Sync"),
    ("/nothing/here", "Nothing here"),
];

async fn back_forward_and_reload_keep_the_place(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    app::write(&page, "a page to come back to").await;
    let entry = page.path().await;
    assert!(entry.starts_with("/?entry="), "no address of the entry: {entry}");
    app::open(&page, "Timeline").await;
    page.is_at("/timeline").await;
    app::open(&page, "Search").await;
    app::search(&page, "come back").await;
    page.says("a page to come back to").await;
    page.is_at("/search?q=come+back").await;
    page.reload().await;
    page.says("a page to come back to").await;
    assert_eq!(page.searchbox("Search").value().await, "come back");
    page.back().await;
    page.is_at("/timeline").await;
    app::is_listed(&page, "a page to come back to").await;
    page.back().await;
    page.is_at(&entry).await;
    let field = page.textbox("Entry");
    until("the text is there", async || field.value().await == "a page to come back to").await;
    page.forward().await;
    page.is_at("/timeline").await;
    page.link("Calendar").inside("navigation").click().await;
    page.is_at("/calendar").await;
    page.reload().await;
    page.is_at("/calendar").await;
    page.heading("Calendar").appears().await;
}

async fn every_screen_runs_under_the_policy(stage: &Stage) {
    let browser = stage.browser().await;
    let page = browser.page();
    page.goto(&stage.url()).await;
    app::is_ready(&page).await;
    app::write(&page, "# A heading\n\n![](https://example.com/pixel.png) and a #tag").await;
    page.button("Done").click().await;
    page.says("A heading").await;
    for (path, heading) in SCREENS {
        page.goto(&format!("{}{path}", stage.url())).await;
        page.heading(heading).appears().await;
        // Leaving while the worker still loads is an error to Firefox.
        app::is_open(&page).await;
    }
    // The pictures of the browser's own date fields are data, which no network carries.
    let here = ["about:".to_owned(), "data:".to_owned()];
    let ours = [[stage.url(), format!("blob:{}", stage.url())], here].concat();
    let requests = browser.requests();
    let stray = requests.iter().filter(|request| !ours.iter().any(|one| request.starts_with(one)));
    assert_eq!(stray.collect::<Vec<_>>(), Vec::<&String>::new(), "requests to somebody else");
    assert!(!requests.is_empty(), "no request was seen, which proves nothing");
}

async fn the_policy_is_in_force(stage: &Stage) {
    stage.expect_problem("policy violated: script-src-elem inline");
    stage.expect_problem("Content-Security-Policy: The page’s settings blocked an inline script");
    let page = stage.open().await;
    app::is_ready(&page).await;
    let inline = "const script = document.createElement('script');
        script.textContent = 'globalThis.broken = true';
        document.head.append(script);
        return globalThis.broken === undefined";
    assert_eq!(page.run(inline, []).await, true, "an inline script ran");
    until("the violation is reported", async || {
        stage.problems().iter().any(|problem| problem.contains("script-src-elem inline"))
    })
    .await;
}

#[test]
fn every_address_is_answered_with_the_headers() {
    let server = Server::start(dist(), 0).expect("the server starts");
    let paths = SCREENS.iter().map(|(path, _)| *path);
    for path in paths.chain(["/", "/entry/0", "/version.json", "/service-worker.js", "/none.js"]) {
        let head = head_of_answer(server.port(), path);
        for (name, value) in SECURITY {
            let line = format!("{name}: {value}");
            assert!(head.lines().any(|found| found == line), "no {line:?} for {path}:\n{head}");
        }
    }
}

/// The lines before the content, names in lower case as the server sends them.
fn head_of_answer(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("a connection");
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let answer = String::from_utf8_lossy(&answer);
    answer.split("\r\n\r\n").next().unwrap_or_default().to_owned()
}
