//! A disk that is full, or fails.

use crate::app;
use crate::deployment::{file, with_file};
use serde_json::json;
use thoughtstream_tests::{Page, Stage, in_both, in_chromium, until};

mod failing {
    use super::{a_disk_that_fails_loses_no_text, a_full_disk_loses_no_text};
    super::in_both!(a_full_disk_loses_no_text, a_disk_that_fails_loses_no_text);
}

// Only Chromium lets a test say how much room there is.
in_chromium!(a_quota_that_is_used_up_loses_no_text);

/// Goes before the worker's own script: its disk fails while a page says so.
const FAULTY_DISK: &str = r"
let fault = null;
new BroadcastChannel('fault').onmessage = ({ data }) => { fault = data };
for (const name of ['write', 'flush', 'truncate']) {
    const handle = FileSystemSyncAccessHandle.prototype, own = handle[name];
    handle[name] = function (...all) {
        if (fault) throw new DOMException('the disk of this test fails', fault);
        return own.apply(this, all);
    };
}
";

const SET_FAULT: &str = "new BroadcastChannel('fault').postMessage(arguments[0])";

async fn a_full_disk_loses_no_text(stage: &Stage) {
    fails_and_recovers(stage, "QuotaExceededError", "no room left on this device").await;
}

async fn a_disk_that_fails_loses_no_text(stage: &Stage) {
    fails_and_recovers(stage, "InvalidStateError", "could not write the journal").await;
}

async fn fails_and_recovers(stage: &Stage, fault: &str, words: &str) {
    let deployment =
        with_file(&file("worker-", ".js"), |script| FAULTY_DISK.to_owned() + script.as_str());
    stage.deploy(deployment.path());
    // The service worker will not keep a worker's script that was tampered with.
    stage.expect_problem("is not the file that belongs to version");
    let page = stage.open().await;
    app::is_ready(&page).await;
    app::write(&page, "While there was room, ").await;
    page.run(SET_FAULT, [json!(fault)]).await;
    page.textbox("Entry").type_text("and when there was none, ").await;
    is_told(&page, words).await;
    page.textbox("Entry").type_text("a person writes on.").await;
    page.run(SET_FAULT, [json!(null)]).await;
    recovers(&page, "While there was room, and when there was none, a person writes on.").await;
}

async fn a_quota_that_is_used_up_loses_no_text(stage: &Stage) {
    let page = stage.open().await;
    app::is_ready(&page).await;
    app::write(&page, "While there was room, ").await;
    let used = page.run("return (await navigator.storage.estimate()).usage", []).await;
    let quota = json!({ "origin": stage.url(), "quotaSize": used });
    page.cdp("Storage.overrideQuotaForOrigin", quota).await;
    app::paste(&page, &"and then there was none, \n".repeat(100_000)).await;
    is_told(&page, "no room left on this device").await;
    let whole = page.textbox("Entry").value().await;
    assert_eq!(whole.len(), 22 + 26 * 100_000);
    page.cdp("Storage.overrideQuotaForOrigin", json!({ "origin": stage.url() })).await;
    recovers(&page, &whole).await;
}

/// The screen says that the text is not saved, and does not say that it is.
async fn is_told(page: &Page, words: &str) {
    page.role("alert").containing("Not saved").containing(words).appears().await;
    assert_eq!(page.status("Saved").count().await, 0, "said to be saved");
}

/// Saving resumes by itself, and the whole text is there after a reload.
async fn recovers(page: &Page, whole: &str) {
    app::is_saved(page).await;
    page.role("alert").containing("Not saved").disappears().await;
    page.reload().await;
    let field = page.textbox("Entry");
    until("the whole text is there", async || field.value().await == whole).await;
}
