//! What goes with the writing: moods, places, lists to tick, templates; and looking back on it.

use crate::app;
use serde_json::{Value, json};
use thoughtstream_tests::{Key, Page, Stage, in_both, until};

in_both!(
    a_mood_and_a_place_are_kept_and_found,
    the_device_says_where_it_is_when_it_is_asked,
    a_list_is_ticked_while_it_is_read,
    an_entry_begins_with_a_template,
    a_question_can_be_declined,
    days_follow_each_other,
    a_year_is_told_in_numbers_and_tables,
);

/// Chooses a button of a group by its label.
async fn choose(page: &Page, label: &str) {
    page.role("radio").named(label).run("arguments[0].click()", Value::Null).await;
}

/// Waits until a radio button of that name is chosen.
async fn is_chosen(page: &Page, label: &str) {
    let radio = page.role("radio").named(label);
    let checked = "return arguments[0].checked";
    until(&format!("{label} is chosen"), async || radio.run(checked, Value::Null).await == true)
        .await;
}

async fn a_mood_and_a_place_are_kept_and_found(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    app::write(&page, "by the river").await;
    page.button("Details").click().await;
    choose(&page, "Good").await;
    page.textbox("Place").type_text("Seething Lane").await;
    page.button("Set").click().await;
    page.button("Remove the place").appears().await;
    page.button("Close").click().await;
    page.says("Seething Lane").await;
    page.reload().await;
    page.says("Good").await;
    app::write(&page, "of no mood").await;
    app::open(&page, "Timeline").await;
    let with_both = page.role("article").inside("feed").containing("Seething Lane");
    with_both.appears().await;
    assert!(with_both.texts().await[0].contains("Good"));
    page.goto(&format!("{}/search?mood=good", stage.url())).await;
    page.says("by the river").await;
    assert!(!page.text().await.contains("of no mood"));
    page.goto(&stage.url()).await;
    page.link("Timeline").inside("navigation").click().await;
    page.role("article").inside("feed").containing("by the river").appears().await;
    page.role("link").inside("feed").containing("by the river").click().await;
    page.button("Details").click().await;
    is_chosen(&page, "Good").await;
    page.button("No mood").click().await;
    page.button("No mood").disappears().await;
}

/// A device that knows where it is; no browser under a driver does.
const SOMEWHERE: &str = "navigator.geolocation.getCurrentPosition = (found) => {
        globalThis.asked = (globalThis.asked ?? 0) + 1;
        found({ coords: { latitude: -33.8678513, longitude: 151.2073212 } });
    }";

async fn the_device_says_where_it_is_when_it_is_asked(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    let may_ask = "return document.featurePolicy?.allowsFeature('geolocation') ?? true";
    assert_eq!(page.run(may_ask, []).await, true, "the answer's headers let the page ask");
    page.run(SOMEWHERE, []).await;
    app::write(&page, "on the way").await;
    page.button("Details").click().await;
    page.button("Use where I am").appears().await;
    assert_eq!(page.run("return globalThis.asked ?? 0", []).await, 0, "nobody asked for it");
    page.button("Use where I am").click().await;
    page.says("-33.87, 151.21").await;
    let exactly = "arguments[0].value = 'exact';
        arguments[0].dispatchEvent(new Event('change', { bubbles: true }))";
    page.role("combobox").named("How exactly").run(exactly, Value::Null).await;
    page.button("Use where I am").click().await;
    page.says("-33.86785, 151.20732").await;
    page.button("Remove the place").click().await;
    page.button("Remove the place").disappears().await;
}

async fn a_list_is_ticked_while_it_is_read(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    app::begin(&page).await;
    page.textbox("Entry").type_text("- [ ] milk").await;
    page.press(Key::Enter).await;
    page.press("bread").await;
    app::is_saved(&page).await;
    assert_eq!(page.textbox("Entry").value().await, "- [ ] milk\n- [ ] bread");
    page.button("Done").click().await;
    page.says("2 words").await;
    let bread = page.role("checkbox").named("bread");
    bread.focus().await;
    page.press(" ").await;
    let ticked = "return arguments[0].checked";
    until("bread is ticked", async || bread.run(ticked, Value::Null).await == true).await;
    app::is_saved(&page).await;
    page.reload().await;
    let field = page.textbox("Entry");
    until("it was kept", async || field.value().await == "- [ ] milk\n- [x] bread").await;
}

async fn an_entry_begins_with_a_template(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    page.goto(&format!("{}/templates", stage.url())).await;
    page.button("Delete Dream").click().await;
    page.button("Delete Dream").disappears().await;
    page.button("Undo").click().await;
    page.button("Delete Dream").appears().await;
    page.button("Make a template").click().await;
    page.textbox("Name").type_text("Walk").await;
    page.textbox("Text").type_text("Walked on a {weekday}, {cursor} with nobody.").await;
    page.button("Save").click().await;
    page.button("Change Walk").appears().await;
    app::open(&page, "Today").await;
    page.button("Begin with a template").click().await;
    page.button("Walk").click().await;
    let field = page.textbox("Entry");
    until("the text is there", async || field.value().await.contains("with nobody.")).await;
    page.press("slowly,").await;
    let text = field.value().await;
    assert!(text.contains("day, slowly, with nobody."), "{text:?}");
    page.button("Begin with a template").disappears().await;
    app::is_saved(&page).await;
}

async fn a_question_can_be_declined(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    page.button("Another").click().await;
    page.button("Write about it").click().await;
    let field = page.textbox("Entry");
    until("the question stands above", async || field.value().await.starts_with("> ")).await;
    app::is_saved(&page).await;
    app::begin(&page).await;
    page.button("Not now").click().await;
    page.button("Not now").disappears().await;
    page.reload().await;
    app::is_ready(&page).await;
    page.button("Begin with a template").appears().await;
    assert_eq!(page.button("Not now").count().await, 0, "it asks no more today");
}

/// Writes an entry for a day.
async fn write_for(page: &Page, stage: &Stage, day: &str, text: &str) {
    page.goto(&format!("{}/?date={day}", stage.url())).await;
    app::is_ready(page).await;
    page.textbox("Entry").type_text(text).await;
    app::is_saved(page).await;
}

async fn days_follow_each_other(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    write_for(&page, stage, "2020-02-29", "a day that is rare").await;
    write_for(&page, stage, "2024-02-29", "four years on").await;
    write_for(&page, stage, "2024-03-05", "a week on").await;
    page.goto(&format!("{}/day/2024-02-29", stage.url())).await;
    page.says("four years on").await;
    page.link("Next written day: Tue 5 March 2024").click().await;
    page.is_at("/day/2024-03-05").await;
    page.says("a week on").await;
    page.chord(&[Key::Alt, Key::Shift], ',').await;
    page.is_at("/day/2024-02-29").await;
    page.back().await;
    page.is_at("/day/2024-03-05").await;
    page.chord(&[Key::Alt, Key::Shift], ',').await;
    page.link("Other years").click().await;
    page.is_at("/on-this-day?date=2024-02-29").await;
    page.heading("2020").appears().await;
    page.says("a day that is rare").await;
    page.goto(&format!("{}/calendar?year=2024", stage.url())).await;
    let day = page.role("date").named("Go to a day");
    let to = "arguments[0].value = '2024-03-04';
        arguments[0].dispatchEvent(new Event('input', { bubbles: true }))";
    day.run(to, Value::Null).await;
    page.button("Go").click().await;
    page.is_at("/day/2024-03-04").await;
    page.says("Nothing was written on this day.").await;
    page.link("Write for it now").click().await;
    page.is_at("/?date=2024-03-04").await;
}

async fn a_year_is_told_in_numbers_and_tables(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    write_for(&page, stage, "2024-02-28", "one two three #river").await;
    write_for(&page, stage, "2024-02-29", "four five").await;
    page.goto(&format!("{}/year?year=2024", stage.url())).await;
    page.says("2 days, 2 entries, 6 words").await;
    page.says("The longest: 2 days").await;
    page.button("Show as table : Words a month").click().await;
    let february = page.role("row").inside("table").containing("February");
    until("the table says it", async || february.texts().await == ["February 6"]).await;
    page.link("#river").click().await;
    page.says("one two three").await;
    page.back().await;
    page.says("2 days, 2 entries").await;
    page.link("Previous year").click().await;
    page.is_at("/year?year=2023").await;
    page.says("Nothing was written in 2023.").await;
    page.goto(&format!("{}/settings", stage.url())).await;
    let streaks = "return [...document.querySelectorAll('fieldset')]
        .find((one) => one.textContent.includes('Days in a row'))
        .querySelectorAll('input')[1].click()";
    page.heading("Settings").appears().await;
    page.run(streaks, []).await;
    page.goto(&format!("{}/year?year=2024", stage.url())).await;
    page.says("2 days, 2 entries").await;
    assert!(!page.text().await.contains("The longest"), "{:?}", json!(page.text().await));
}
