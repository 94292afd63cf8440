//! Borrowed machines: coming in, writing, every way in which a visit ends, and what the person's
//! own device sees of it.

use crate::{app, axe};
use serde_json::{Value, json};
use std::sync::Arc;
use thoughtstream_tests::{
    Browser, Key, Options, Page, Profile, Sequencer, Stage, create_vault, in_both,
};

in_both!(
    a_guest_writes_and_the_journal_has_it,
    a_guest_reads_what_it_was_given,
    a_visit_is_ended_from_the_device_at_home,
    the_words_let_in_where_there_is_no_device,
    the_first_screen_leads_there_and_leaves_nothing,
    offline_is_said_before_leaving,
    it_is_all_done_by_keyboard,
    every_page_is_accessible,
);

/// The person's own device, with a vault; it is at the screen for guests.
pub(crate) struct Home {
    pub(crate) sequencer: Sequencer,
    pub(crate) page: Page,
    words: String,
}

impl Home {
    pub(crate) async fn new(stage: &Stage) -> Self {
        let sequencer = Sequencer::embedded();
        let page = stage.browser().await.page();
        let words = create_vault(&page, &sequencer).await;
        page.heading("Borrowed machines").appears().await;
        Self { sequencer, page, words }
    }

    /// A code for a guest, which the server knows.
    pub(crate) async fn code(&self, scope: &str) -> String {
        let choice = self.page.role("radio").named(scope);
        choice.run("arguments[0].click()", json!(null)).await;
        self.page.button("Let a borrowed machine in").click().await;
        self.page.says("Type it there within ten minutes").await;
        let code = self.page.run("return document.querySelector('.guests__code').innerText", []);
        code.await.as_str().unwrap_or_default().trim().to_owned()
    }

    /// Ten codes, all of which the server knows.
    pub(crate) async fn backup_codes(&self) -> Vec<String> {
        self.page.button("Make backup codes").click().await;
        self.page.button("Make them").click().await;
        self.page.says("10 backup codes are unused").await;
        let codes = "return [...document.querySelectorAll('.guests__codes li')]
            .map((code) => code.innerText)";
        let codes = serde_json::from_value::<Vec<String>>(self.page.run(codes, []).await);
        let codes = codes.expect("codes are on the screen");
        self.page.button("They are printed").click().await;
        codes
    }

    pub(crate) fn url(&self) -> String {
        format!("{}/once", self.sequencer.url())
    }
}

/// A machine that is not the person's, and its profile.
pub(crate) struct Machine {
    pub(crate) profile: Arc<Profile>,
    pub(crate) browser: Arc<Browser>,
    pub(crate) page: Page,
}

impl Machine {
    pub(crate) async fn new(stage: &Stage) -> Self {
        let profile = Arc::new(Profile::fresh());
        let browser = stage.browser_on(&profile, Options::default()).await;
        let page = browser.page();
        Self { profile, browser, page }
    }

    /// One at whose door somebody has come in.
    pub(crate) async fn entered(stage: &Stage, home: &Home, code: &str) -> Self {
        let machine = Self::new(stage).await;
        machine.page.goto(&home.url()).await;
        come_in(&machine.page, code).await;
        machine
    }
}

pub(crate) async fn come_in(page: &Page, code: &str) {
    page.textbox("Code").type_text(code).await;
    page.button("Begin").click().await;
    page.textbox("Entry").appears().await;
}

pub(crate) async fn write(page: &Page, text: &str) {
    page.textbox("Entry").type_text(text).await;
    page.says("All is sent.").await;
}

/// Lets so many seconds pass on the page's clock, which visits end by.
pub(crate) async fn let_pass(page: &Page, seconds: u32) {
    let ahead = format!("{{ const before = Date.now; Date.now = () => before() + {seconds}000 }}");
    in_its_own_world(page, &ahead).await;
}

/// Runs a script as one of the page's own: those of WebDriver change nothing for it in Firefox.
pub(crate) async fn in_its_own_world(page: &Page, script: &str) {
    let target = json!({ "context": page.context().to_string() });
    let ask = json!({ "expression": script, "target": target, "awaitPromise": false });
    page.bidi("script.evaluate", ask).await;
}

/// What a page can keep, counted; there must be none of it.
pub(crate) const KEPT: &str = "
    const files = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
    return [localStorage.length, sessionStorage.length, (await caches.keys()).length,
        (await indexedDB.databases()).length, files.length,
        (await navigator.serviceWorker.getRegistrations()).length, document.cookie.length];";

pub(crate) async fn keeps_nothing(page: &Page) {
    assert_eq!(page.run(KEPT, []).await, json!([0, 0, 0, 0, 0, 0, 0]));
}

async fn title(page: &Page) -> Value {
    page.run("return document.title", []).await
}

/// The journal at home has a text that was written elsewhere.
async fn arrives(home: &Home, text: &str) {
    home.page.goto(&format!("{}/timeline", home.sequencer.url())).await;
    app::is_listed(&home.page, text).await;
}

async fn a_guest_writes_and_the_journal_has_it(stage: &Stage) {
    let home = Home::new(stage).await;
    let code = home.code("Only write").await;
    let machine = Machine::entered(stage, &home, &code).await;
    let page = &machine.page;
    write(page, "Rain at the library.").await;
    page.button("Finish this entry").click().await;
    page.says("1 entry finished").await;
    write(page, "And sun.").await;
    assert_eq!(title(page).await, "Untitled");
    keeps_nothing(page).await;
    home.page.says("open until").await;
    page.button("Leave").click().await;
    page.heading("That was it").appears().await;
    keeps_nothing(page).await;
    page.back().await;
    assert!(!page.text().await.contains("Rain"), "back shows something");
    home.page.says("2 entries").await;
    arrives(&home, "Rain at the library.").await;
    app::is_listed(&home.page, "And sun.").await;
    // Once is once.
    page.goto(&home.url()).await;
    page.textbox("Code").type_text(&code).await;
    page.button("Begin").click().await;
    page.role("alert").containing("does not know this code").appears().await;
}

async fn a_guest_reads_what_it_was_given(stage: &Stage) {
    let home = Home::new(stage).await;
    home.page.goto(&home.sequencer.url()).await;
    app::write(&home.page, "Written at home.").await;
    home.page.goto(&format!("{}/sync", home.sequencer.url())).await;
    let code = home.code("Everything").await;
    let machine = Machine::entered(stage, &home, &code).await;
    machine.page.says("Written at home.").await;
    keeps_nothing(&machine.page).await;
}

async fn a_visit_is_ended_from_the_device_at_home(stage: &Stage) {
    let home = Home::new(stage).await;
    let code = home.code("Only write").await;
    let machine = Machine::entered(stage, &home, &code).await;
    write(&machine.page, "Rain.").await;
    home.page.button("End it").click().await;
    machine.page.says("ended from one of your devices").await;
    home.page.says("ended").await;
    arrives(&home, "Rain.").await;
}

async fn the_words_let_in_where_there_is_no_device(stage: &Stage) {
    let home = Home::new(stage).await;
    let machine = Machine::new(stage).await;
    let page = &machine.page;
    page.goto(&home.url()).await;
    page.textbox("Code").appears().await;
    page.run("document.querySelector('details').open = true", []).await;
    page.says("Whoever watches this keyboard").await;
    page.textbox("Recovery words").type_text(&home.words).await;
    page.button("Begin with the words").click().await;
    write(page, "By the words.").await;
    keeps_nothing(page).await;
    page.button("Leave").click().await;
    page.heading("That was it").appears().await;
    arrives(&home, "By the words.").await;
}

async fn the_first_screen_leads_there_and_leaves_nothing(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    page.button("Just this once").click().await;
    page.is_at("/once").await;
    page.heading("Just this once").appears().await;
    keeps_nothing(&page).await;
    // Whoever has a journal here keeps it.
    page.goto(&stage.url()).await;
    app::write(&page, "Mine.").await;
    assert_eq!(page.button("Just this once").count().await, 0);
    page.goto(&format!("{}/once", stage.url())).await;
    page.heading("Just this once").appears().await;
    page.goto(&format!("{}/timeline", stage.url())).await;
    app::is_listed(&page, "Mine.").await;
}

async fn offline_is_said_before_leaving(stage: &Stage) {
    let home = Home::new(stage).await;
    let code = home.code("Only write").await;
    let machine = Machine::entered(stage, &home, &code).await;
    let page = &machine.page;
    stage.expect_problem("/v1/");
    home.sequencer.stop();
    page.textbox("Entry").type_text("Rain.").await;
    page.says("Offline: what you wrote is not sent yet.").await;
    page.button("Leave").click().await;
    page.heading("Leave now?").appears().await;
    page.press(Key::Escape).await;
    home.sequencer.start();
    page.says("All is sent.").await;
}

async fn it_is_all_done_by_keyboard(stage: &Stage) {
    let home = Home::new(stage).await;
    let code = home.code("Only write").await;
    let machine = Machine::new(stage).await;
    let page = &machine.page;
    page.goto(&home.url()).await;
    page.textbox("Code").focus().await;
    page.press(code).await;
    page.press(Key::Enter).await;
    page.textbox("Entry").appears().await;
    page.press("Rain.").await;
    page.says("All is sent.").await;
    let_pass(page, 245).await;
    page.says("Are you still there?").await;
    page.press(Key::Tab).await;
    page.press(Key::Enter).await;
    page.heading("That was it").appears().await;
}

async fn every_page_is_accessible(stage: &Stage) {
    let home = Home::new(stage).await;
    let code = home.code("Only write").await;
    let machine = Machine::new(stage).await;
    let page = &machine.page;
    page.goto(&home.url()).await;
    page.textbox("Code").appears().await;
    page.run("document.querySelector('details').open = true", []).await;
    is_accessible(page, "the door").await;
    come_in(page, &code).await;
    write(page, "Rain.").await;
    is_accessible(page, "the room").await;
    home.page.says("open until").await;
    is_accessible(&home.page, "the guests").await;
    let_pass(page, 4 * 60 + 5).await;
    page.says("Are you still there?").await;
    is_accessible(page, "the warning").await;
    page.button("Leave").click().await;
    page.heading("That was it").appears().await;
    is_accessible(page, "the end").await;
}

async fn is_accessible(page: &Page, what: &str) {
    for size in [(1280, 800), (320, 640)] {
        page.resize(size).await;
        let violations = axe::violations_of(page).await;
        assert!(violations.is_empty(), "{what} at {size:?}: {violations:#?}");
    }
}
