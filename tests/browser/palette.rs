//! Ctrl K, single keys, and many entries at once.

use crate::app;
use thoughtstream_tests::{Key, Page, Stage, in_both, until};

in_both!(
    the_palette_goes_and_does,
    single_keys_do_what_they_say_and_can_be_switched_off,
    many_entries_are_changed_and_changed_back,
    focus_mode_leaves_the_page_alone,
    a_month_is_made_into_a_book,
);

async fn palette(page: &Page, words: &str) {
    page.chord(&[Key::Control], 'k').await;
    page.role("combobox").named("Go to or do").appears().await;
    page.press(words.to_owned()).await;
}

async fn the_palette_goes_and_does(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    app::write(&page, "rain over Lisbon").await;
    palette(&page, "lisbon").await;
    page.role("option").containing("rain over Lisbon").appears().await;
    page.press(Key::Enter).await;
    until("the entry is open", async || page.path().await.starts_with("/entry/")).await;
    palette(&page, "2 sept 2022").await;
    page.role("option").containing("Write for").appears().await;
    page.press(Key::Down).await;
    page.press(Key::Enter).await;
    page.is_at("/?date=2022-09-02").await;
    palette(&page, "go cal").await;
    page.role("option").containing("Go to the calendar").appears().await;
    page.press(Key::Enter).await;
    page.is_at("/calendar").await;
    palette(&page, "lis").await;
    page.role("option").containing("Search for").click().await;
    page.is_at("/search?q=lis").await;
    // A key that opens it closes it, too, and leaves the reader where they were.
    palette(&page, "").await;
    page.press(Key::Escape).await;
    page.role("combobox").named("Go to or do").disappears().await;
    page.is_at("/search?q=lis").await;
}

async fn single_keys_do_what_they_say_and_can_be_switched_off(stage: &Stage) {
    let page = stage.open_at("/tags").await;
    page.heading("Tags").appears().await;
    page.press("?").await;
    page.role("heading").named("Keys").appears().await;
    page.press(Key::Escape).await;
    page.role("heading").named("Keys").disappears().await;
    page.press("c").await;
    page.is_at("/calendar").await;
    page.press(",").await;
    page.is_at("/settings").await;
    // Off: nothing but what is held with Control does anything.
    page.run(
        "document.querySelector('[name=\"Single keys\"][type=radio]:not(:checked)').click()",
        [],
    )
    .await;
    page.heading("Settings").focus().await;
    page.press("c").await;
    palette(&page, "go trash").await;
    page.is_at("/settings").await;
    page.press(Key::Enter).await;
    page.is_at("/trash").await;
}

async fn many_entries_are_changed_and_changed_back(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    for text in ["the first", "the second", "the third"] {
        app::write(&page, text).await;
    }
    app::open(&page, "Timeline").await;
    app::is_listed(&page, "the third").await;
    page.button("Select entries").click().await;
    let boxes = page.role("checkbox");
    until("every row has a box", async || boxes.count().await == 3).await;
    let choose = "const boxes = [...document.querySelectorAll('.day__box')];
        boxes[0].click();
        boxes[1].dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }))";
    page.run(choose, []).await;
    page.says("2 chosen").await;
    page.button("Trash").click().await;
    page.says("Moved to the trash: 2 entries.").await;
    let articles = page.role("article").inside("feed");
    until("one is left", async || articles.count().await == 1).await;
    page.button("Undo").click().await;
    until("all are back", async || articles.count().await == 3).await;
    page.button("Do it again").click().await;
    until("one is left again", async || articles.count().await == 1).await;
    page.heading("Timeline").focus().await;
    page.chord(&[Key::Control], 'z').await;
    until("all are back again", async || articles.count().await == 3).await;
}

async fn focus_mode_leaves_the_page_alone(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    app::write(&page, "nothing but this").await;
    page.button("Focus mode").click().await;
    page.link("Timeline").inside("navigation").disappears().await;
    page.press(Key::Escape).await;
    page.link("Timeline").inside("navigation").appears().await;
}

async fn a_month_is_made_into_a_book(stage: &Stage) {
    let page = stage.open_at("/?date=2022-09-02").await;
    app::is_ready(&page).await;
    page.textbox("Entry").type_text("# Fire\n\nThe wind was mighty high.").await;
    app::is_saved(&page).await;
    page.goto(&format!("{}/book?year=2022&month=9", stage.url())).await;
    page.says("September 2022").await;
    page.says("The wind was mighty high.").await;
    page.goto(&format!("{}/book?year=2021", stage.url())).await;
    page.says("Nothing was written then.").await;
}
