//! A new device is let in by one of the vault, as two people would do it who sit side by side:
//! Chromium has the journal, Firefox wants it.

use crate::app;
use crate::axe::violations_of;
use serde_json::{Value, json};
use std::sync::Arc;
use thoughtstream_tests::{
    Engine, Key, Options, Page, Profile, Sequencer, Stage, create_vault, in_chromium, is_synced,
    until,
};

in_chromium!(firefox_is_let_in_by_chromium, a_new_device_is_told_and_put_out);

async fn firefox_is_let_in_by_chromium(stage: &Stage) {
    let sequencer = Sequencer::embedded();
    let (host, new) = two_devices(stage, &sequencer).await;

    // Declined: whoever only presses Enter lets nobody in.
    asks_and_is_taken(&host, &new).await;
    let focused = "return document.activeElement.textContent";
    until("Decline has the focus", async || host.run(focused, []).await == "Decline").await;
    assert_eq!(violations_of(&host).await, Vec::<Value>::new());
    host.press(Key::Enter).await;
    new.role("alert").containing("did not let this one in").appears().await;

    // A wrong check code: there is no second attempt.
    let right = asks_and_is_taken(&host, &new).await;
    let wrong = format!("{:06}", (right.parse::<u32>().expect("digits") + 1) % 1_000_000);
    answers(&host, &wrong).await;
    host.role("alert").containing("not the check code").appears().await;
    new.role("alert").containing("did not let this one in").appears().await;

    // And as it should be.
    let check = asks_and_is_taken(&host, &new).await;
    assert_eq!(violations_of(&new).await, Vec::<Value>::new());
    answers(&host, &check).await;
    new.heading("Is this your vault?").appears().await;
    new.button("Join this vault").click().await;
    host.says("was let in").await;
    is_synced(&new).await;
    app::open(&new, "Timeline").await;
    app::is_listed(&new, "Rain in the morning").await;
    app::write(&new, "Written in the kitchen.").await;
    host.role("listitem").containing("Firefox on Linux").appears().await;
    host.button("Rename Firefox on Linux").click().await;
    let name = host.textbox("New name");
    name.run("arguments[0].select()", Value::Null).await;
    name.type_text("Kitchen").await;
    host.button("Rename").click().await;
    host.role("listitem").containing("Kitchen").appears().await;
    app::open(&host, "Timeline").await;
    app::is_listed(&host, "Written in the kitchen").await;
}

/// A third browser hears of it by itself, and ends it in one touch.
async fn a_new_device_is_told_and_put_out(stage: &Stage) {
    let sequencer = Sequencer::embedded();
    let (host, new) = two_devices(stage, &sequencer).await;
    let check = asks_and_is_taken(&host, &new).await;
    answers(&host, &check).await;
    new.button("Join this vault").click().await;
    is_synced(&new).await;
    let third = device(stage, Engine::Chromium, &sequencer).await;
    let check = asks_and_is_taken(&new, &third).await;
    answers(&new, &check).await;
    third.button("Join this vault").click().await;
    is_synced(&third).await;
    host.goto(&format!("{}/timeline", sequencer.url())).await;
    let banner = host.role("alert").containing("New in your vault: Chrome on Linux");
    banner.appears().await;
    assert_eq!(violations_of(&host).await, Vec::<Value>::new());
    host.button("Put out Chrome on Linux").click().await;
    banner.disappears().await;
    third.goto(&format!("{}/sync", sequencer.url())).await;
    third.says("does not let this device in any more").await;
}

/// One with a vault and an entry, at the screen where another is let in; and a new one.
async fn two_devices(stage: &Stage, sequencer: &Sequencer) -> (Page, Page) {
    let host = device(stage, Engine::Chromium, sequencer).await;
    app::write(&host, "Rain in the morning, and wind.").await;
    create_vault(&host, sequencer).await;
    is_synced(&host).await;
    let new = device(stage, Engine::Firefox, sequencer).await;
    (host, new)
}

async fn device(stage: &Stage, engine: Engine, sequencer: &Sequencer) -> Page {
    let profile = Arc::new(Profile::fresh());
    let page = stage.browser_of(engine, &profile, Options::default()).await.page();
    page.goto(&sequencer.url()).await;
    app::is_ready(&page).await;
    page
}

/// The new device shows its code, which is typed into the other; gives the check code.
async fn asks_and_is_taken(host: &Page, new: &Page) -> String {
    app::open(new, "Settings").await;
    new.link("Sync with other devices").click().await;
    let way = new.role("radio").named("Link to a device");
    way.run("arguments[0].click()", json!(null)).await;
    new.button("Show the code").click().await;
    new.heading("Show this to a device of the vault").appears().await;
    assert_eq!(violations_of(new).await, Vec::<Value>::new());
    let code = shown(new).await;
    app::open(host, "Settings").await;
    host.link("Sync with other devices").click().await;
    host.textbox("Code that the new device shows").type_text(&code.to_lowercase()).await;
    host.button("Look it up").click().await;
    host.button("Decline").appears().await;
    new.heading("Type this check code into the other device").appears().await;
    shown(new).await.replace(' ', "")
}

async fn answers(host: &Page, check: &str) {
    host.textbox("Check code that the new device shows").type_text(check).await;
    host.button("Let it in").click().await;
}

/// The code on the screen, as it is seen.
async fn shown(page: &Page) -> String {
    let code = "return document.querySelector('.sync__code [aria-hidden]').textContent";
    page.run(code, []).await.as_str().expect("a code").to_owned()
}
