//! Two devices and a sequencer: what is written on the one is read on the other, whatever happens
//! in between; and the sequencer has not a readable word of it.

use crate::app;
use std::path::PathBuf;
use std::sync::Arc;
use thoughtstream_caller::readable;
use thoughtstream_tests::{
    Engine, Options, Page, Profile, Sequencer, Stage, create_vault, diary, in_both, in_chromium,
    is_synced, join_vault, until,
};

mod both {
    use super::*;
    in_both!(two_devices_agree);
}
in_chromium!(nine_years_come_back_by_words, nine_years_come_back_from_postgres);

/// A word that no program would write by itself.
const CANARY: &str = "quetzalcoatlus";

async fn two_devices_agree(stage: &Stage) {
    let sequencer = Sequencer::embedded();
    stage.expect_problem(""); // a stopped server is told by the browser, in its own words
    let first = device(stage, stage.engine, &sequencer).await;
    app::write(&first, "Rain in the morning, and wind.").await;
    let entry = first.path().await;
    let words = create_vault(&first, &sequencer).await;
    let second = device(stage, stage.engine, &sequencer).await;
    join_vault(&second, &words).await;
    is_synced(&first).await;
    is_synced(&second).await;
    app::open(&second, "Timeline").await;
    app::is_listed(&second, "Rain in the morning").await;

    // Live, both ways.
    app::write(&second, &format!("A {CANARY} over the harbour.")).await;
    app::open(&first, "Timeline").await;
    app::is_listed(&first, CANARY).await;

    // Without the server, both in one entry.
    sequencer.stop();
    for (page, words) in [(&first, " Sun at noon."), (&second, " Hail at night.")] {
        page.goto(&format!("{}{entry}", sequencer.url())).await;
        let field = page.textbox("Entry");
        until("the text is there", async || field.value().await.starts_with("Rain")).await;
        field.focus().await;
        field.type_text(words).await;
        app::is_saved(page).await;
    }
    sequencer.start();
    for page in [&first, &second] {
        page.goto(&format!("{}/sync", sequencer.url())).await;
        page.button("Sync now").click().await;
    }
    for page in [&first, &second] {
        is_synced(page).await;
        // In step with a server that the other one has not told yet: what comes while the entry is
        // open is offered there, and not written over what somebody is about to go on with.
        page.goto(&format!("{}/timeline", sequencer.url())).await;
        app::is_listed(page, "Sun at noon.").await;
        app::is_listed(page, "Hail at night.").await;
        page.goto(&format!("{}{entry}", sequencer.url())).await;
        let field = page.textbox("Entry");
        until("both edits are in the entry", async || {
            let text = field.value().await;
            text.contains("Sun at noon.") && text.contains("Hail at night.")
        })
        .await;
    }
    for page in [&first, &second] {
        page.button("Both changed this").appears().await;
    }
    has_no_word(&sequencer, &[CANARY, "Hail at night", &words]);
}

async fn nine_years_come_back_by_words(stage: &Stage) {
    nine_years_come_back(stage, &Sequencer::embedded()).await;
}

async fn nine_years_come_back_from_postgres(stage: &Stage) {
    nine_years_come_back(stage, &Sequencer::on_postgres()).await;
}

/// The diary in Chromium, joined by Firefox with the recovery words.
async fn nine_years_come_back(stage: &Stage, sequencer: &Sequencer) {
    let first = device(stage, Engine::Chromium, sequencer).await;
    let words = create_vault(&first, sequencer).await;
    first.goto(&format!("{}/transfer", sequencer.url())).await;
    app::import(&first, &diary()).await;
    first.says("3,415 came in.").await;
    is_synced(&first).await;

    let second = device(stage, Engine::Firefox, sequencer).await;
    join_vault(&second, &words).await;
    is_synced(&second).await;
    second.goto(&format!("{}/settings", sequencer.url())).await;
    second.says("3,415").await;
    app::finds(&second, "parmazan", "Parmazan cheese").await;
    has_no_word(sequencer, &["Parmazan", "And so to bed"]);
}

/// A browser of its own with the app in it.
async fn device(stage: &Stage, engine: Engine, sequencer: &Sequencer) -> Page {
    let profile = Arc::new(Profile::fresh());
    let page = stage.browser_of(engine, &profile, Options::default()).await.page();
    page.goto(&sequencer.url()).await;
    app::is_ready(&page).await;
    app::is_kept(&page).await;
    page
}

/// Looks for words in everything that the sequencer has written, and in all that went over the
/// wire to it and from it.
fn has_no_word(sequencer: &Sequencer, words: &[&str]) {
    let read = |file: PathBuf| {
        let bytes = std::fs::read(&file).unwrap_or_default();
        (file.display().to_string(), bytes)
    };
    let wire = sequencer.streams().into_iter().map(|stream| ("the wire".to_owned(), stream));
    let pushed = wire.clone().any(|(_, said)| readable(&said, &["/v1/push"]).is_some());
    assert!(pushed, "nothing was recorded");
    for (place, bytes) in sequencer.files().into_iter().map(read).chain(wire) {
        assert_eq!(readable(&bytes, words), None, "it is readable in {place}");
    }
}
