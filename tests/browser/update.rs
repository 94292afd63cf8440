//! New versions: offered, never forced; a broken one changes nothing.

use crate::app;
use crate::deployment::{file, with_file};
use serde_json::json;
use thoughtstream_tests::{Page, Stage, dist, dist_old, in_both, until};

in_both!(
    an_update_waits_for_the_writer_and_loses_nothing,
    a_broken_deployment_leaves_the_old_version_running,
    the_kill_switch_withdraws_the_app_and_keeps_the_journal,
);

/// Counts how often a page of the app was loaded in a tab.
const COUNT_LOADS: &str = "() => {
    try { sessionStorage.loads = 1 + Number(sessionStorage.loads ?? 0) } catch {}
}";

/// Looks for a new version and says how its installation ended.
const LOOK_FOR_UPDATE: &str = "const registration = await navigator.serviceWorker.ready;
    await registration.update();
    const next = registration.installing ?? registration.waiting;
    if (!next) return 'none';
    const ended = () => ['installed', 'activated', 'redundant'].includes(next.state);
    await new Promise((resolve) => {
        next.addEventListener('statechange', () => ended() && resolve());
        if (ended()) resolve();
    });
    return next.state";

const VERSION: &str = "return document.querySelector('meta[name=version]').content";

async fn an_update_waits_for_the_writer_and_loses_nothing(stage: &Stage) {
    stage.deploy(&dist_old());
    let browser = stage.browser().await;
    let (page, other) = (browser.page(), browser.new_tab().await);
    page.bidi("script.addPreloadScript", json!({ "functionDeclaration": COUNT_LOADS })).await;
    for page in [&page, &other] {
        page.goto(&stage.url()).await;
        app::is_ready(page).await;
        app::is_kept(page).await;
    }
    page.reload().await;
    other.textbox("Entry").type_text("typed in the other tab").await;
    page.show().await;
    app::write(&page, "typed before the update, ").await;
    let (before, loads) = (page.run(VERSION, []).await, loads(&page).await);
    stage.deploy(&dist());
    assert_eq!(page.run(LOOK_FOR_UPDATE, []).await, "installed");
    page.says("A new version is ready.").await;
    // Not waited for: the update itself has to save it.
    page.textbox("Entry").type_text("and in the instant before it").await;
    page.button("Update now").click().await;
    until("the new version runs", async || version(&page).await.is_some_and(|new| new != before))
        .await;
    let field = page.textbox("Entry");
    let whole = "typed before the update, and in the instant before it";
    until("the text is there", async || field.value().await == whole).await;
    let field = other.textbox("Entry");
    until("the other tab has its text", async || field.value().await == "typed in the other tab")
        .await;
    until("the other tab is new as well", async || version(&other).await != Some(before.clone()))
        .await;
    assert_eq!(self::loads(&page).await, loads + 1, "one reload, and no more");
}

async fn version(page: &Page) -> Option<serde_json::Value> {
    page.try_run(VERSION, vec![]).await.ok()
}

async fn loads(page: &Page) -> u64 {
    page.run("return Number(sessionStorage.loads)", []).await.as_u64().expect("a count")
}

async fn a_broken_deployment_leaves_the_old_version_running(stage: &Stage) {
    // What the service worker says when it refuses to install.
    stage.expect_problem("is not the file that belongs to version");
    stage.expect_problem("Failed to fetch");
    stage.deploy(&dist_old());
    let page = stage.open().await;
    app::is_ready(&page).await;
    app::is_kept(&page).await;
    app::write(&page, "written with the old version").await;
    let version = page.run(VERSION, []).await;

    let corrupt = with_file("index.html", |page| page + "<!-- cut off -->");
    let missing = with_file("service-worker.js", |worker| {
        worker.replacen("FILES = {", r#"FILES = {"/missing.js":"00","#, 1)
    });
    for deployment in [corrupt, missing] {
        stage.deploy(deployment.path());
        assert_eq!(page.run(LOOK_FOR_UPDATE, []).await, "redundant");
        page.reload().await;
        app::is_ready(&page).await;
        assert_eq!(page.run(VERSION, []).await, version);
        assert_eq!(page.button("Update now").count().await, 0);
        until("the text is there", async || {
            page.textbox("Entry").value().await == "written with the old version"
        })
        .await;
    }
    // And still with nothing but what is kept.
    stage.stop_server();
    page.reload().await;
    app::is_ready(&page).await;
    app::finds(&page, "old", "written with the old version").await;
}

async fn the_kill_switch_withdraws_the_app_and_keeps_the_journal(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    app::is_kept(&page).await;
    app::write(&page, "written before the switch").await;
    let off = std::fs::read_to_string(dist().join("service-worker-off.js")).expect("the switch");
    let switched_off = with_file("service-worker.js", |_| off);
    stage.deploy(switched_off.path());
    // The switch reloads the page, so the answer of this may never come.
    page.try_run("await (await navigator.serviceWorker.ready).update()", vec![]).await.ok();
    let kept = "const all = await navigator.serviceWorker.getRegistrations();
        return [(await caches.keys()).length, all.length, !!navigator.serviceWorker.controller]";
    until("nothing of the app is kept", async || {
        page.try_run(kept, vec![]).await == Ok(json!([0, 0, false]))
    })
    .await;
    app::is_ready(&page).await;
    app::open(&page, "Timeline").await;
    app::is_listed(&page, "written before the switch").await;
    app::write(&page, "written after it").await;
}

#[test]
fn the_build_has_what_deployments_are_made_of() {
    assert_eq!(file("service-worker.", "js"), "service-worker.js");
    let worker = std::fs::read_to_string(dist().join("service-worker.js")).expect("the worker");
    assert!(worker.contains("FILES = {"), "the list of files is not where it was");
}
