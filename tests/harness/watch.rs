//! What happens in a browser unasked: errors, reported violations, requests.

use futures_util::StreamExt;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use thirtyfour::WebDriver;
use thirtyfour::bidi::RawEvent;

/// Runs in every document before its own scripts: makes a violation an error like others.
const REPORT_VIOLATIONS: &str = "() => addEventListener('securitypolicyviolation', event => \
    console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI} \
    ${event.sourceFile}:${event.lineNumber}`))";

/// Collects for as long as the browser runs.
#[derive(Clone, Default)]
pub(crate) struct Watch(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    problems: Vec<String>,
    requests: Vec<String>,
}

impl Watch {
    /// Starts to listen to everything this session's browser does.
    pub(crate) async fn start(driver: &WebDriver) -> Self {
        let watch = Self::default();
        let bidi = driver.bidi().await.expect("a BiDi connection");
        let mut events = bidi.subscribe_raw();
        let wanted = json!({ "events": ["log.entryAdded", "network.beforeRequestSent"] });
        bidi.send_raw("session.subscribe", wanted).await.expect("BiDi events");
        let script = json!({ "functionDeclaration": REPORT_VIOLATIONS });
        bidi.send_raw("script.addPreloadScript", script).await.expect("a preload script");
        let seen = watch.clone();
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                seen.note(&event);
            }
        });
        watch
    }

    /// Errors so far, uncaught exceptions and violations of the policy included.
    pub(crate) fn problems(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).problems.clone()
    }

    /// Addresses asked for so far, by pages and by service workers alike.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).requests.clone()
    }

    fn note(&self, event: &RawEvent) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match event.method.as_str() {
            "log.entryAdded" if event.params["level"] == "error" => {
                seen.problems.push(text(&event.params["text"]));
            }
            "network.beforeRequestSent" => {
                seen.requests.push(text(&event.params["request"]["url"]));
            }
            _ => {}
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
