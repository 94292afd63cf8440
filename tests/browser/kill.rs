//! The browser is killed while somebody types: whatever was shown as saved is there afterwards.

use crate::app;
use serde_json::{Value, json};
use std::env;
use std::time::Duration;
use thoughtstream_tests::{Page, Stage, in_both, until};

in_both!(nothing_that_was_shown_as_saved_is_ever_lost);

/// `THOUGHTSTREAM_KILL_ROUNDS` asks for more.
fn rounds() -> u64 {
    let asked = env::var("THOUGHTSTREAM_KILL_ROUNDS").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(20)
}

/// What an entry was when its page was last looked at.
#[derive(Default)]
struct Seen {
    typed: String,
    /// The newest text that was on the screen together with the word that it is saved.
    saved: String,
    /// Where the entry is.
    path: String,
}

async fn nothing_that_was_shown_as_saved_is_ever_lost(stage: &Stage) {
    let mut entries: Vec<Seen> = Vec::new();
    let mut lost = Vec::new();
    for round in 0..rounds() {
        let browser = stage.browser().await;
        let page = browser.page();
        match entries.last() {
            Some(before) => lost.push(before.typed.len() - read(stage, &page, before).await.len()),
            None => page.goto(&stage.url()).await,
        }
        app::is_ready(&page).await;
        let mut seen = Seen::default();
        app::begin(&page).await;
        type_word(&page, &mut seen).await;
        app::is_saved(&page).await;
        look(&page, &mut seen).await;
        // The moment differs from round to round, between two saves and within one.
        let moment = Duration::from_millis(60 + round * 137 % 1_100);
        tokio::select! {
            () = type_on(&page, &mut seen) => {}
            () = tokio::time::sleep(moment) => {}
        }
        browser.kill().await;
        entries.push(seen);
    }
    let page = stage.browser().await.page();
    for seen in &entries {
        read(stage, &page, seen).await;
    }
    println!("characters typed in the last instant and not kept, by round: {lost:?}");
}

/// Types words without end and looks at the screen after each.
async fn type_on(page: &Page, seen: &mut Seen) {
    loop {
        type_word(page, seen).await;
        look(page, seen).await;
    }
}

async fn type_word(page: &Page, seen: &mut Seen) {
    let word = format!("word{} ", seen.typed.len());
    seen.typed.push_str(&word);
    page.textbox("Entry").type_text(&word).await;
}

/// Notes what is shown as saved, if it is shown.
async fn look(page: &Page, seen: &mut Seen) {
    let state = page.run(STATE, []).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if state["saved"] == json!(true) {
        seen.saved = text(&state["text"]);
        seen.path = text(&state["path"]);
    }
}

/// What the screen says of the text and what the text is, read in one go.
const STATE: &str = "const says = [...document.querySelectorAll('[role=status], output')];
    return {
        saved: says.some(e => /^\\s*Saved\\b/.test(e.textContent)),
        text: document.querySelector('textarea').value,
        path: location.pathname + location.search,
    }";

/// Opens the entry again and returns its text, which must have all that was shown as saved.
async fn read(stage: &Stage, page: &Page, seen: &Seen) -> String {
    page.goto(&format!("{}{}", stage.url(), seen.path)).await;
    let field = page.textbox("Entry");
    until("the entry is open", async || !field.value().await.is_empty()).await;
    let found = field.value().await;
    assert!(
        found.starts_with(&seen.saved) && seen.typed.starts_with(&found),
        "shown as saved: {:?}\ntyped: {:?}\nfound: {found:?}",
        seen.saved,
        seen.typed
    );
    found
}
