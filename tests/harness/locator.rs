//! A part of a page, found anew by role and accessible name each time it is used.

use super::page::Page;
use super::wait::{until, until_some};
use serde_json::{Value, json};
use std::fmt;
use thirtyfour::common::command::{Command, FormatRequestData};
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::{ScriptRet, WebDriverError, WebDriverResult};
use thirtyfour::{ElementId, RequestData, SessionId, WebElement};

const FIND: &str = include_str!("find.js");

/// What a person points at: “the button New entry”.
#[derive(Clone)]
pub struct Locator {
    page: Page,
    role: &'static str,
    name: Option<String>,
    beginning: Option<String>,
    content: Option<String>,
    ancestor: Option<&'static str>,
}

impl Locator {
    pub(crate) fn new(page: Page, role: &'static str) -> Self {
        Self { page, role, name: None, beginning: None, content: None, ancestor: None }
    }

    /// Only those with exactly this accessible name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// Only those whose accessible name begins like this.
    #[must_use]
    pub fn beginning(mut self, words: &str) -> Self {
        self.beginning = Some(words.to_owned());
        self
    }

    /// Only those in which this can be read.
    #[must_use]
    pub fn containing(mut self, content: &str) -> Self {
        self.content = Some(content.to_owned());
        self
    }

    /// Only those inside something of this role.
    #[must_use]
    pub fn inside(mut self, ancestor: &'static str) -> Self {
        self.ancestor = Some(ancestor);
        self
    }

    /// How many there are at this moment.
    pub async fn count(&self) -> u64 {
        self.look("count").await.as_u64().unwrap_or_default()
    }

    /// What each of them says at this moment.
    pub async fn texts(&self) -> Vec<String> {
        serde_json::from_value(self.look("texts").await).unwrap_or_default()
    }

    /// The accessible name of each of them at this moment.
    pub async fn names(&self) -> Vec<String> {
        serde_json::from_value(self.look("names").await).unwrap_or_default()
    }

    pub async fn appears(&self) {
        until(&format!("{self} appears"), async || self.count().await > 0).await;
    }

    pub async fn disappears(&self) {
        until(&format!("{self} disappears"), async || self.count().await == 0).await;
    }

    /// Clicks it as soon as it can be clicked.
    pub async fn click(&self) {
        self.use_it("is clicked", async |element: WebElement| element.click().await).await;
    }

    /// Types into it, key by key.
    pub async fn type_text(&self, text: &str) {
        let send = async |element: WebElement| element.send_keys(text).await;
        self.use_it("is typed into", send).await;
    }

    pub async fn focus(&self) {
        self.use_it("is focused", async |element: WebElement| element.focus().await).await;
    }

    /// What stands in a text field.
    pub async fn value(&self) -> String {
        let read = async |element: WebElement| element.prop("value").await;
        self.use_it("has a value", read).await.unwrap_or_default()
    }

    pub async fn attribute(&self, name: &str) -> Option<String> {
        let read = async |element: WebElement| element.attr(name.to_owned()).await;
        self.use_it("has attributes", read).await
    }

    /// Its role and its name as the browser itself computes them.
    pub async fn computed(&self) -> (String, String) {
        let ask = async |element: WebElement| {
            let ask = async |what| {
                let question = Computed { element: element.element_id(), what };
                element.handle().cmd(question).await?.value::<String>()
            };
            Ok((ask("computedrole").await?, ask("computedlabel").await?))
        };
        self.use_it("has a role and a name", ask).await
    }

    /// Runs the body of a synchronous JavaScript function with the element as its first argument.
    pub async fn run(&self, body: &str, argument: Value) -> Value {
        let run = async |element: WebElement| {
            let arguments = vec![element.to_json()?, argument.clone()];
            let result = element.handle().execute(body.to_owned(), arguments).await?;
            Ok(result.json().clone())
        };
        self.use_it("is there for a script", run).await
    }

    /// Waits until there is exactly one, and until it can be used that way.
    async fn use_it<T>(
        &self,
        how: &str,
        action: impl AsyncFn(WebElement) -> WebDriverResult<T>,
    ) -> T {
        until_some(&format!("{self} {how}"), async || {
            let here = self.page.here().await;
            let found = here.execute(FIND, self.question("elements")).await;
            let mut elements = found.and_then(ScriptRet::elements).ok()?;
            let element = elements.pop().filter(|_| elements.is_empty())?;
            match action(element).await {
                Ok(value) => Some(value),
                Err(error) if passes(&error) => None,
                Err(error) => panic!("{self} {how}: {error}"),
            }
        })
        .await
    }

    async fn look(&self, wanted: &str) -> Value {
        // A document that is just being replaced has nothing to show.
        self.page.try_run(FIND, self.question(wanted)).await.unwrap_or_default()
    }

    fn question(&self, wanted: &str) -> Vec<Value> {
        let sought = json!({
            "role": self.role,
            "name": self.name,
            "beginning": self.beginning,
            "containing": self.content,
            "ancestor": self.ancestor,
        });
        vec![sought, json!(wanted)]
    }
}

/// Questions of WebDriver that thirtyfour does not ask by itself.
#[derive(Debug)]
struct Computed {
    element: ElementId,
    what: &'static str,
}

impl FormatRequestData for Computed {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let Self { element, what } = self;
        let uri = format!("/session/{session}/element/{element}/{what}").into();
        RequestData { uri, ..Command::GetTitle.format_request(session) }
    }
}

impl fmt::Display for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.role)?;
        let words = [&self.name, &self.beginning, &self.content];
        words.into_iter().flatten().try_for_each(|words| write!(f, " “{words}”"))?;
        self.ancestor.iter().try_for_each(|role| write!(f, " in {role}"))
    }
}

/// Whether the screen may be about to change so that it works.
fn passes(error: &WebDriverError) -> bool {
    matches!(
        error.as_inner(),
        WebDriverErrorInner::StaleElementReference(_)
            | WebDriverErrorInner::ElementClickIntercepted(_)
            | WebDriverErrorInner::ElementNotInteractable(_)
            | WebDriverErrorInner::NoSuchElement(_)
    )
}
