//! Making a vault and joining it, as a person does on the screen.

use super::page::Page;
use super::sequencer::Sequencer;
use super::wait::until;
use serde_json::json;

/// Follows the invitation, and writes the recovery words down.
pub async fn create_vault(page: &Page, sequencer: &Sequencer) -> String {
    page.goto("about:blank").await;
    page.goto(&sequencer.invitation).await;
    page.button("Create the vault").click().await;
    let shown = "return Array.from(document.querySelectorAll('.sync__words li'),
        (word) => word.textContent)";
    until("the words are shown", async || {
        page.run(shown, []).await.as_array().is_some_and(|words| words.len() == 24)
    })
    .await;
    let words: Vec<String> = serde_json::from_value(page.run(shown, []).await).expect("24 words");
    page.button("I wrote them down").click().await;
    let asked = page.role("textbox").beginning("Word ");
    until("three are asked for", async || asked.count().await == 3).await;
    for name in asked.names().await {
        let place: usize = name.trim_start_matches("Word ").parse().expect("a number");
        page.textbox(&name).type_text(&words[place - 1]).await;
    }
    page.button("They are written down").click().await;
    page.heading("Recovery words").disappears().await;
    words.join(" ")
}

/// Joins by the recovery words.
pub async fn join_vault(page: &Page, words: &str) {
    page.link("Settings").inside("navigation").click().await;
    page.link("Sync with other devices").click().await;
    let join = page.role("radio").named("Join by recovery words");
    join.run("arguments[0].click()", json!(null)).await;
    page.textbox("Recovery words").type_text(words).await;
    page.button("Join the vault").click().await;
    page.button("Sync now").appears().await;
}

/// Waits until the mark says that nothing waits.
pub async fn is_synced(page: &Page) {
    let mark = "return document.querySelector('.sync-mark')?.dataset.sync";
    until("everything is the same here and there", async || page.run(mark, []).await == "synced")
        .await;
}
