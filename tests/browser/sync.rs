//! What can be seen of syncing without a sequencer, and the history that it leaves behind.

use crate::app;
use serde_json::{Value, json};
use thoughtstream_tests::{Page, Stage, in_both, until};

in_both!(
    an_invitation_opens_the_form_with_it,
    words_that_are_wrong_are_told_by_number,
    two_versions_beside_each_other_are_both_kept,
);

async fn an_invitation_opens_the_form_with_it(stage: &Stage) {
    let page = stage.open_at("/#invitation=c0ffee5").await;
    page.heading("Sync").appears().await;
    let invitation = page.textbox("Invitation");
    until("the invitation is in the form", async || invitation.value().await == "c0ffee5").await;
    assert_eq!(page.textbox("Server").value().await, stage.url());
    let device = page.textbox("Name of this device").value().await;
    assert!(device.ends_with(" on Linux"), "a device called {device}");
    page.button("Create the vault").click().await;
    page.role("alert").containing("this is not an invitation").appears().await;
    // A link names its server, too.
    invitation.run("arguments[0].select()", Value::Null).await;
    invitation.type_text("https://journal.example/#invitation=c0ffee").await;
    let server = page.textbox("Server");
    until("the server is the link's", async || server.value().await == "https://journal.example")
        .await;
    app::open(&page, "Settings").await;
    page.says("This journal is on this device alone.").await;
    assert_eq!(page.role("link").containing("Sync stopped").count().await, 0);
}

async fn words_that_are_wrong_are_told_by_number(stage: &Stage) {
    let page = stage.open_at("/settings").await;
    page.link("Sync with other devices").click().await;
    page.is_at("/sync").await;
    page.role("radio")
        .named("Join by recovery words")
        .run("arguments[0].click()", json!(null))
        .await;
    for (words, complaint) in [
        ("abandon ability xyzzy", "word 3, “xyzzy”, is not one of the recovery words"),
        ("abandon ability", "there are 24 recovery words, and these are 2"),
    ] {
        let field = page.textbox("Recovery words");
        field.run("arguments[0].select()", Value::Null).await;
        field.type_text(words).await;
        page.button("Join the vault").click().await;
        page.role("alert").containing(complaint).appears().await;
    }
}

/// Two tabs stand for two devices: whoever did not know of the other's version writes beside it.
async fn two_versions_beside_each_other_are_both_kept(stage: &Stage) {
    let browser = stage.browser().await;
    let first = browser.page();
    first.goto(&stage.url()).await;
    app::is_ready(&first).await;
    app::write(&first, "Rain in the morning.").await;
    let entry = first.path().await;
    let second = browser.new_tab().await;
    second.goto(&format!("{}{entry}", stage.url())).await;
    let field = second.textbox("Entry");
    until("the text is there", async || field.value().await == "Rain in the morning.").await;
    field.focus().await;
    first.show().await;
    first.textbox("Entry").type_text(" Sun at noon.").await;
    app::is_saved(&first).await;
    second.show().await;
    // It is offered, not poured in.
    second.says("Changed elsewhere meanwhile").await;
    assert_eq!(field.value().await, "Rain in the morning.");
    field.type_text(" Hail at night.").await;
    app::is_saved(&second).await;
    second.button("Both changed this").click().await;
    bring_back(&second, "Sun").await;
    until("the other version is back", async || {
        field.value().await == "Rain in the morning. Sun at noon."
    })
    .await;
    app::is_saved(&second).await;
    first.show().await;
    first.reload().await;
    let field = first.textbox("Entry");
    until("it is the entry now", async || {
        field.value().await == "Rain in the morning. Sun at noon."
    })
    .await;
}

/// Looks at the version with these words, which the entry has not, and brings it back.
async fn bring_back(page: &Page, words: &str) {
    let version = page.role("listitem").containing("both changed this");
    version.run("arguments[0].querySelector('summary').click()", json!(null)).await;
    let taken_out = page.role("deletion").containing(words);
    taken_out.appears().await;
    page.button("Bring back").click().await;
}
