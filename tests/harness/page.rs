//! One tab, as the person in front of it sees and uses it.

use super::browser::Session;
use super::engine::Engine;
use super::locator::Locator;
use super::wait::until;
use serde_json::{Value, json};
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use thirtyfour::bidi::BrowsingContextId;
use thirtyfour::{Key, TypingData, WebDriver, WindowHandle};
use tokio::sync::MutexGuard;

/// One tab.
#[derive(Clone)]
pub struct Page {
    session: Arc<Session>,
    window: WindowHandle,
}

/// The connection, held while its commands go to one tab.
pub(crate) struct Here<'a> {
    driver: &'a WebDriver,
    _current: MutexGuard<'a, Option<WindowHandle>>,
}

impl Deref for Here<'_> {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        self.driver
    }
}

impl Page {
    pub(crate) fn new(session: Arc<Session>, window: WindowHandle) -> Self {
        Self { session, window }
    }

    pub(crate) async fn here(&self) -> Here<'_> {
        let driver = &self.session.driver;
        let mut current = self.session.current.lock().await;
        if current.as_ref() != Some(&self.window) {
            driver.switch_to_window(self.window.clone()).await.expect("the tab is open");
            *current = Some(self.window.clone());
        }
        Here { driver, _current: current }
    }

    pub(crate) fn is_one_of(&self, windows: &[WindowHandle]) -> bool {
        windows.contains(&self.window)
    }

    /// The engine this tab runs in.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.session.engine
    }

    pub async fn goto(&self, address: &str) {
        self.here().await.goto(address).await.expect("the address opens");
    }

    /// Loads the page again the way a person does. (WebDriver's own way goes past the service
    /// worker in Firefox.)
    pub async fn reload(&self) {
        let leave =
            "document.documentElement.dataset.left = ''; setTimeout(() => location.reload())";
        self.run(leave, []).await;
        let is_new = "return document.readyState === 'complete' \
            && !('left' in document.documentElement.dataset)";
        until("the page is loaded again", async || {
            self.try_run(is_new, vec![]).await == Ok(Value::Bool(true))
        })
        .await;
    }

    pub async fn back(&self) {
        self.here().await.back().await.expect("there is a page before this one");
    }

    pub async fn forward(&self) {
        self.here().await.forward().await.expect("there is a page after this one");
    }

    /// Puts the tab in front of the others.
    pub async fn show(&self) {
        let params = json!({ "context": self.window.to_string() });
        self.bidi("browsingContext.activate", params).await;
    }

    /// Closes the tab the way a person does.
    pub async fn close(&self) {
        self.here().await.close_window().await.expect("the tab closes");
        *self.session.current.lock().await = None;
    }

    /// Path, query and fragment of the address.
    pub async fn path(&self) -> String {
        let path = self.run("return location.pathname + location.search + location.hash", []).await;
        path.as_str().unwrap_or_default().to_owned()
    }

    /// What can be read on the page.
    pub async fn text(&self) -> String {
        let text = self.run("return document.body?.innerText ?? ''", []).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page says this somewhere.
    pub async fn says(&self, words: &str) {
        until(&format!("the page says “{words}”"), async || self.text().await.contains(words))
            .await;
    }

    /// Waits until the page is at this address (path and query).
    pub async fn is_at(&self, path: &str) {
        until(&format!("the address is {path}"), async || self.path().await == path).await;
    }

    /// Runs the body of a JavaScript function in the page; a promise is awaited.
    pub async fn run<const N: usize>(&self, body: &str, arguments: [Value; N]) -> Value {
        self.try_run(body, arguments.to_vec())
            .await
            .unwrap_or_else(|error| panic!("a script in the page failed: {error}\n{body}"))
    }

    /// The same where failing is a possible answer.
    pub async fn try_run(&self, body: &str, arguments: Vec<Value>) -> Result<Value, String> {
        let body = format!("return (async function () {{ {body}\n}}).apply(null, arguments)");
        let result = self.here().await.execute(body, arguments).await;
        result.map(|value| value.json().clone()).map_err(|error| error.to_string())
    }

    /// A command of the Chrome DevTools Protocol.
    pub async fn cdp(&self, method: &str, parameters: Value) -> Value {
        let answer = self.here().await.cdp().send_raw(method, parameters).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// A command of WebDriver BiDi.
    pub async fn bidi(&self, method: &str, parameters: Value) -> Value {
        let bidi = self.here().await.bidi().await.expect("a BiDi connection");
        let answer = bidi.send_raw(method, parameters).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// The tab's name in BiDi commands.
    #[must_use]
    pub fn context(&self) -> BrowsingContextId {
        BrowsingContextId::from(self.window.to_string())
    }

    /// Makes the page so wide and high, in CSS pixels.
    pub async fn resize(&self, (width, height): (u32, u32)) {
        let viewport = json!({ "width": width, "height": height });
        let parameters = json!({ "context": self.window.to_string(), "viewport": viewport });
        self.bidi("browsingContext.setViewport", parameters).await;
    }

    /// Lets Chromium's system ask for dark colours; Firefox has a preference for it.
    pub(crate) async fn prefer_dark(&self) {
        let dark = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
        self.cdp("Emulation.setEmulatedMedia", dark).await;
    }

    /// Lets scripts of this test fill the clipboard; Firefox has a preference for it.
    pub async fn allow_clipboard(&self) {
        if self.engine() == Engine::Chromium {
            let permissions =
                json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
            self.cdp("Browser.grantPermissions", permissions).await;
        }
    }

    pub async fn screenshot(&self, file: &Path) {
        self.here().await.screenshot(file).await.ok();
    }

    /// Types on the keyboard, wherever the focus is.
    pub async fn press(&self, keys: impl Into<TypingData>) {
        let keys = keys.into();
        let chain = self.here().await.action_chain().send_keys(keys);
        chain.perform().await.expect("keys are pressed");
    }

    /// Presses a key while holding others.
    pub async fn chord(&self, held: &[Key], key: char) {
        let here = self.here().await;
        let down = held.iter().fold(here.action_chain(), |chain, key| chain.key_down(key.clone()));
        let pressed = down.key_down(key).key_up(key);
        let up = held.iter().rev().fold(pressed, |chain, key| chain.key_up(key.clone()));
        up.perform().await.expect("keys are pressed");
    }

    #[must_use]
    pub fn role(&self, role: &'static str) -> Locator {
        Locator::new(self.clone(), role)
    }

    #[must_use]
    pub fn button(&self, name: &str) -> Locator {
        self.role("button").named(name)
    }

    #[must_use]
    pub fn link(&self, name: &str) -> Locator {
        self.role("link").named(name)
    }

    #[must_use]
    pub fn textbox(&self, name: &str) -> Locator {
        self.role("textbox").named(name)
    }

    #[must_use]
    pub fn searchbox(&self, name: &str) -> Locator {
        self.role("searchbox").named(name)
    }

    #[must_use]
    pub fn heading(&self, name: &str) -> Locator {
        self.role("heading").named(name)
    }

    /// The live region that says this.
    #[must_use]
    pub fn status(&self, words: &str) -> Locator {
        self.role("status").containing(words)
    }
}
