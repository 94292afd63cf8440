//! What people do in the app again and again.

use serde_json::{Value, json};
use std::path::Path;
use thoughtstream_tests::{Key, Page, until};

/// Waits until the app is there and takes keys.
pub(crate) async fn is_ready(page: &Page) {
    page.textbox("Entry").appears().await;
    is_whole(page).await;
}

/// Waits until the second file of the app has come, too: a browser that is sent elsewhere before
/// that complains of a request that was broken off.
pub(crate) async fn is_whole(page: &Page) {
    let come = "return performance.getEntriesByType('resource')
        .some((one) => one.name.includes('/later-') && one.responseEnd > 0)";
    until("the whole app is there", async || page.run(come, []).await == json!(true)).await;
}

/// Begins a new entry.
pub(crate) async fn begin(page: &Page) {
    page.button("New entry").click().await;
    until("a blank page is open", async || page.textbox("Entry").value().await.is_empty()).await;
}

/// Begins a new entry, types it and waits until it is saved.
pub(crate) async fn write(page: &Page, text: &str) {
    begin(page).await;
    page.textbox("Entry").type_text(text).await;
    is_saved(page).await;
}

/// Waits until the screen says that everything is saved.
pub(crate) async fn is_saved(page: &Page) {
    page.status("Saved").appears().await;
}

/// Opens a screen by its link in the navigation.
pub(crate) async fn open(page: &Page, screen: &str) {
    page.link(screen).inside("navigation").click().await;
}

/// Waits until the timeline has an entry in which this can be read.
pub(crate) async fn is_listed(page: &Page, words: &str) {
    page.role("article").inside("feed").containing(words).appears().await;
}

/// Searches for something, and waits until what is found says so.
pub(crate) async fn finds(page: &Page, wanted: &str, words: &str) {
    open(page, "Search").await;
    search(page, wanted).await;
    page.says(words).await;
}

/// Types into the search in place of what stands there.
pub(crate) async fn search(page: &Page, wanted: &str) {
    let field = page.searchbox("Search");
    field.run("arguments[0].select()", Value::Null).await;
    field.type_text(wanted).await;
}

/// Pastes a text with the keyboard, from the clipboard.
pub(crate) async fn paste(page: &Page, text: &str) {
    page.allow_clipboard().await;
    page.textbox("Entry").focus().await;
    page.run("await navigator.clipboard.writeText(arguments[0])", [json!(text)]).await;
    page.chord(&[Key::Control], 'v').await;
}

/// Chooses a file on the screen for files.
pub(crate) async fn import(page: &Page, file: &Path) {
    let file = file.to_str().expect("a path in UTF-8");
    page.role("file").type_text(file).await;
}

/// Waits until the journal is open: before that nothing can be saved, and the page says so.
pub(crate) async fn is_open(page: &Page) {
    page.says("On this device").await;
}

/// Waits until the service worker keeps the app, so that it starts without network.
pub(crate) async fn is_kept(page: &Page) {
    let active = "return (await navigator.serviceWorker.ready).active.state";
    until("the service worker keeps the app", async || page.run(active, []).await == "activated")
        .await;
}
