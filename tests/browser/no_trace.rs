//! After a visit, however it ended, nothing of it is in the browser's folder: not what was written,
//! no code, no token, no key, in no encoding, and in nothing that is packed.

use crate::app;
use crate::guests::{Home, Machine, come_in, in_its_own_world, let_pass, write};
use thoughtstream_core::seal::GuestCode;
use thoughtstream_tests::{Page, Stage, Trace, hits, in_both, until};

in_both!(
    a_journal_of_ones_own_is_found,
    a_visit_that_ended_leaves_no_trace,
    a_visit_that_was_killed_leaves_no_trace,
);

/// What is written, a word that is nowhere else.
const CANARY: &str = "yaffingale-quillwort";

/// Stands in the app's own script, which a browser may keep, and keeps packed.
const OF_THE_APP: &str = "thoughtstream-journal";

/// The test can fail: a journal in the same browser is found by it, and so is what lies packed in
/// the browser's cache.
async fn a_journal_of_ones_own_is_found(stage: &Stage) {
    let browser = stage.browser().await;
    let page = browser.page();
    page.goto(&stage.url()).await;
    app::is_ready(&page).await;
    app::write(&page, CANARY).await;
    browser.close().await;
    let folder = stage.profile.path();
    assert!(!hits(&folder, &Trace::text("canary", CANARY)).is_empty(), "the journal is not found");
    let app = hits(&folder, &Trace::text("script", OF_THE_APP));
    assert!(!app.is_empty(), "the cache is not searched");
}

/// Everything of a visit that must not be left.
fn traces(home: &Home, code: &str) -> Vec<Trace> {
    let read = GuestCode::read(code).expect("a code");
    let mut traces = Trace::text("canary", CANARY).to_vec();
    traces.extend(Trace::text("code", code));
    traces.extend(Trace::text("code", &code.replace('-', "")));
    traces.push(Trace::bytes("right", &read.right().0));
    traces.extend(Trace::text("right", &read.right().to_hex()));
    for token in tokens(home) {
        traces.extend(Trace::text("token", &token));
        let bytes = thoughtstream_core::wire::Secret::from_hex(&token).expect("a token");
        traces.push(Trace::bytes("token", &bytes.0));
    }
    traces
}

/// The tokens of all who have spoken with the sequencer, this guest among them.
fn tokens(home: &Home) -> Vec<String> {
    let bearer = b"Bearer ";
    let mut tokens = Vec::new();
    for stream in home.sequencer.streams() {
        for at in 0..stream.len() {
            if !stream[at..].starts_with(bearer) {
                continue;
            }
            let token = stream[at + bearer.len()..].get(..64);
            let token = token.and_then(|token| std::str::from_utf8(token).ok());
            tokens.extend(token.map(str::to_owned));
        }
    }
    tokens.sort_unstable();
    tokens.dedup();
    assert!(!tokens.is_empty(), "nobody has spoken with the sequencer");
    tokens
}

#[track_caller]
fn nothing_is_left(machine: &Machine, traces: &[Trace], how: &str) {
    let left = hits(&machine.profile.path(), traces);
    assert!(left.is_empty(), "{how}: {left:#?}");
}

async fn a_visit_that_ended_leaves_no_trace(stage: &Stage) {
    let home = Home::new(stage).await;
    let codes = home.backup_codes().await;
    let ways = ["left", "idle", "hidden", "the time was up", "revoked", "the tab was closed"];
    for (how, code) in ways.into_iter().zip(&codes) {
        let machine = Machine::new(stage).await;
        // Closing the last tab would end the browser.
        let page = machine.browser.new_tab().await;
        page.goto(&home.url()).await;
        come_in(&page, code).await;
        write(&page, CANARY).await;
        let traces = traces(&home, code);
        end(&home, &page, how).await;
        machine.browser.close().await;
        nothing_is_left(&machine, &traces, how);
    }
    let told = async || home.page.text().await.matches(", 1 entry").count();
    until("every visit is told", async || told().await == codes.len().min(ways.len())).await;
}

/// Ends a visit in one of the ways there are.
async fn end(home: &Home, page: &Page, how: &str) {
    let says = match how {
        "left" => {
            page.button("Leave").click().await;
            "You have left."
        }
        "idle" => {
            let_pass(page, 5 * 60).await;
            "Nobody wrote for five minutes"
        }
        "hidden" => {
            let hide = "Object.defineProperty(document, 'hidden', { get: () => true });
                dispatchEvent(new Event('visibilitychange'))";
            in_its_own_world(page, hide).await;
            let_pass(page, 2 * 60).await;
            "out of sight"
        }
        "the time was up" => {
            // Somebody is there all the time.
            for _ in 0..15 {
                let_pass(page, 4 * 60).await;
                in_its_own_world(page, "dispatchEvent(new Event('pointerdown'))").await;
            }
            "The time is up."
        }
        "revoked" => {
            home.page.button("End it").click().await;
            "ended from one of your devices"
        }
        _ => {
            page.close().await;
            return;
        }
    };
    page.says(says).await;
}

async fn a_visit_that_was_killed_leaves_no_trace(stage: &Stage) {
    let home = Home::new(stage).await;
    let codes = home.backup_codes().await;
    let steps = ["at the door", "inside", "typing", "sent", "warned", "over"];
    for (step, code) in steps.into_iter().zip(&codes) {
        let machine = Machine::new(stage).await;
        let page = &machine.page;
        page.goto(&home.url()).await;
        if step == "at the door" {
            page.textbox("Code").type_text(code).await;
        } else {
            come_in(page, code).await;
        }
        match step {
            "typing" => page.textbox("Entry").type_text(CANARY).await,
            "sent" => write(page, CANARY).await,
            "warned" => {
                write(page, CANARY).await;
                let_pass(page, 4 * 60 + 5).await;
                page.says("Are you still there?").await;
            }
            "over" => {
                write(page, CANARY).await;
                end(&home, page, "left").await;
            }
            _ => {}
        }
        let traces = traces(&home, code);
        machine.browser.kill().await;
        nothing_is_left(&machine, &traces, step);
    }
}
