//! Photos and files of entries: picked, dropped, seen, taken away and brought back.

use crate::{app, axe};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use thoughtstream_tests::{Page, Stage, in_both, scratch, until};

in_both!(
    a_photo_is_picked_and_there_after_a_reload,
    what_is_dropped_on_a_blank_page_makes_an_entry,
    what_is_removed_can_be_brought_back,
    a_file_that_is_too_large_is_told_and_loses_nothing,
    the_gallery_leads_to_the_entry_by_keyboard,
);

/// A photo that a browser of the test's own draws.
async fn photo(page: &Page, folder: &Path, name: &str, side: u32) -> PathBuf {
    let draw = "const canvas = new OffscreenCanvas(arguments[0], arguments[0] / 2);
        const context = canvas.getContext('2d');
        context.fillStyle = 'teal';
        context.fillRect(0, 0, arguments[0], arguments[0]);
        const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
        return [...new Uint8Array(await blob.arrayBuffer())]";
    let bytes: Vec<u8> = serde_json::from_value(page.run(draw, [json!(side)]).await).unwrap();
    let file = folder.join(name);
    fs::write(&file, bytes).expect("a photo to attach");
    file
}

async fn pick(page: &Page, file: &Path) {
    let file = file.to_str().expect("a path in UTF-8");
    page.role("file").named("Add photos or files").type_text(file).await;
}

/// Waits until this many pictures are seen, and not only announced.
async fn are_seen(page: &Page, count: u64) {
    let seen = "return [...document.querySelectorAll('img.picture')]
        .filter((img) => img.complete && img.naturalWidth > 0).length";
    until("the pictures are seen", async || page.run(seen, []).await == json!(count)).await;
}

async fn a_photo_is_picked_and_there_after_a_reload(stage: &Stage) {
    let (page, folder) = (stage.open().await, scratch("photos"));
    app::write(&page, "a day by the sea").await;
    pick(&page, &photo(&page, folder.path(), "harbour.jpg", 1_600).await).await;
    are_seen(&page, 1).await;
    page.reload().await;
    are_seen(&page, 1).await;
    page.button("harbour.jpg").click().await;
    page.textbox("Caption").type_text("The harbour at six").await;
    are_seen(&page, 2).await;
    assert_eq!(axe::violations_of(&page).await, Vec::<Value>::new());
    page.button("Done").inside("dialog").click().await;
    page.button("The harbour at six").appears().await;
    // The whole photo, in the text, when it is read.
    page.button("The harbour at six").click().await;
    page.button("Put into the text").click().await;
    app::is_saved(&page).await;
    page.button("Done").click().await;
    are_seen(&page, 1).await;
    let wide = "return document.querySelector('.reading img').naturalWidth";
    assert_eq!(page.run(wide, []).await, json!(1_600));
    assert_eq!(axe::violations_of(&page).await, Vec::<Value>::new());
}

async fn what_is_dropped_on_a_blank_page_makes_an_entry(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    let drop = "const files = new DataTransfer();
        files.items.add(new File(['minutes'], 'minutes.txt', { type: 'text/plain' }));
        for (const type of ['dragover', 'drop']) document.body.dispatchEvent(
            new DragEvent(type, { dataTransfer: files, bubbles: true, cancelable: true }))";
    page.run(drop, []).await;
    page.role("button").containing("minutes.txt").appears().await;
    until("the page has the entry's address", async || page.path().await.contains("entry=")).await;
    // It is left without a word, and stays all the same.
    app::open(&page, "Timeline").await;
    page.back().await;
    page.role("button").containing("minutes.txt").appears().await;
}

async fn what_is_removed_can_be_brought_back(stage: &Stage) {
    let (page, folder) = (stage.open().await, scratch("photos"));
    app::write(&page, "two photos").await;
    for name in ["one.jpg", "two.jpg"] {
        pick(&page, &photo(&page, folder.path(), name, 800).await).await;
        page.button(name).appears().await;
    }
    page.button("one.jpg").click().await;
    page.button("Remove").click().await;
    page.button("one.jpg").disappears().await;
    page.button("Undo").click().await;
    are_seen(&page, 2).await;
    page.reload().await;
    are_seen(&page, 2).await;
}

async fn a_file_that_is_too_large_is_told_and_loses_nothing(stage: &Stage) {
    let (page, folder) = (stage.open().await, scratch("photos"));
    app::write(&page, "words that stay").await;
    let large = folder.path().join("film.mp4");
    fs::write(&large, vec![0; 25 * 1024 * 1024 + 1]).expect("a large file");
    pick(&page, &large).await;
    page.says("\u{201c}film.mp4\u{201d} is over 25 MB").await;
    page.reload().await;
    assert_eq!(page.textbox("Entry").value().await, "words that stay");
}

async fn the_gallery_leads_to_the_entry_by_keyboard(stage: &Stage) {
    let (page, folder) = (stage.open().await, scratch("photos"));
    app::open(&page, "Gallery").await;
    page.says("Pictures of your entries will hang here").await;
    app::write(&page, "three photos").await;
    for name in ["a.jpg", "b.jpg", "c.jpg"] {
        pick(&page, &photo(&page, folder.path(), name, 700).await).await;
        page.button(name).appears().await;
    }
    app::open(&page, "Gallery").await;
    are_seen(&page, 3).await;
    assert_eq!(axe::violations_of(&page).await, Vec::<Value>::new());
    page.role("link").beginning("a.jpg").focus().await;
    let walk = "const press = (key) => document.activeElement.dispatchEvent(
            new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        press('ArrowRight');
        press('ArrowRight');
        return document.activeElement.getAttribute('aria-label')";
    assert!(page.run(walk, []).await.as_str().unwrap().starts_with("c.jpg"));
    page.press(thoughtstream_tests::Key::Enter).await;
    page.says("three photos").await;
}
