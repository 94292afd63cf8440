//! Living on a system: the manifest and what it refers to, what other apps share, and browsers
//! that cannot run the app.

use crate::app;
use serde_json::{Value, json};
use std::fs;
use thoughtstream_tests::{Stage, dist, in_chromium, until};

in_chromium!(what_is_shared_becomes_an_entry, a_browser_without_wasm_is_told_so);

/// As the system posts it; the page itself may not, so it is fetched.
const SHARE: &str = "const form = new FormData();
    form.append('title', 'A title');
    form.append('text', 'What was shared');
    form.append('url', 'https://example.com/');
    // Where it leads to is for a navigation, which this is not.
    await fetch('/share', { method: 'POST', body: form, redirect: 'manual' });
    return (await (await caches.open('thoughtstream-shared')).keys()).length";

async fn what_is_shared_becomes_an_entry(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    app::is_kept(&page).await;
    page.reload().await; // the service worker takes part from the next page on
    app::is_ready(&page).await;
    // Offline, too.
    stage.stop_server();
    assert_eq!(page.run(SHARE, []).await, json!(1));
    page.goto(&format!("{}/?shared=1", stage.url())).await;
    let expected = "A title\n\nWhat was shared\n\nhttps://example.com/";
    until("it is an entry", async || page.textbox("Entry").value().await == expected).await;
    app::open(&page, "Timeline").await;
    app::is_listed(&page, "What was shared").await;
    page.reload().await;
    app::is_listed(&page, "What was shared").await;
    assert_eq!(page.role("article").inside("feed").count().await, 1, "and only once");
}

async fn a_browser_without_wasm_is_told_so(stage: &Stage) {
    let page = stage.browser().await.page();
    let source = "delete globalThis.WebAssembly";
    page.cdp("Page.enable", json!({})).await;
    page.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
    page.goto(&stage.url()).await;
    page.says("This browser cannot run ThoughtStream").await;
    page.says("WebAssembly").await;
}

/// Everything that the manifest refers to is there, and as large as it says.
#[test]
fn the_manifest_refers_to_what_is_there() {
    let text = fs::read_to_string(dist().join("manifest.webmanifest")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&text).expect("JSON");
    let list = |name: &str| manifest[name].as_array().cloned().unwrap_or_default();
    let shortcuts = list("shortcuts");
    let of_shortcuts = shortcuts.iter().flat_map(|it| it["icons"].as_array().cloned());
    let images = [list("icons"), list("screenshots"), of_shortcuts.flatten().collect()].concat();
    assert!(images.len() >= 8, "{images:?}");
    for image in images {
        let src = image["src"].as_str().expect("an address");
        let bytes = fs::read(dist().join(src.trim_start_matches('/')));
        let bytes = bytes.unwrap_or_else(|error| panic!("{src}: {error}"));
        if image["type"] == "image/png" {
            let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("4"));
            assert_eq!(image["sizes"], format!("{}x{}", side(16), side(20)), "{src}");
        }
    }
    let purposes: Vec<_> = list("icons").into_iter().map(|icon| icon["purpose"].clone()).collect();
    for purpose in ["any", "maskable", "monochrome"] {
        assert!(purposes.contains(&json!(purpose)), "no {purpose} icon");
    }
    let addresses = shortcuts.iter().map(|it| &it["url"]);
    for address in
        addresses.chain([&manifest["start_url"], &manifest["file_handlers"][0]["action"]])
    {
        assert!(address.as_str().is_some_and(|it| it.starts_with('/')), "{address}");
    }
}

/// Without JavaScript there is one clear page.
#[test]
fn without_javascript_the_page_says_so() {
    let page = fs::read_to_string(dist().join("index.html")).expect("a page");
    let (_, rest) = page.split_once("<noscript>").expect("a part for that");
    let (noscript, _) = rest.split_once("</noscript>").expect("its end");
    for expected in ["<h1>ThoughtStream needs JavaScript</h1>", "class=\"failure\""] {
        assert!(noscript.contains(expected), "{noscript}");
    }
    assert!(page.contains("/check.js"), "the script that tells of old browsers");
}
