//! One running browser.

use super::driver::Driver;
use super::engine::{Engine, Options};
use super::folder::Profile;
use super::page::Page;
use super::watch::Watch;
use std::sync::{Arc, Mutex, PoisonError};
use thirtyfour::{WebDriver, WindowHandle};
use tokio::sync::Mutex as AsyncMutex;

/// A running browser; killed when dropped.
pub struct Browser {
    pub(crate) session: Arc<Session>,
    engine: Engine,
    options: Options,
    watch: Option<Watch>,
    driver: AsyncMutex<Option<Driver>>,
    pages: Mutex<Vec<Page>>,
    /// Kept until the browser is gone; dropped after the driver.
    _profile: Arc<Profile>,
}

/// The connection, and the tab that commands go to at the moment.
pub(crate) struct Session {
    pub(crate) driver: WebDriver,
    pub(crate) engine: Engine,
    pub(crate) current: AsyncMutex<Option<WindowHandle>>,
}

impl Browser {
    /// Opens a browser on a profile.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn open(engine: Engine, options: Options, profile: Arc<Profile>) -> Self {
        let driver = Driver::start(engine, &options, &profile).await;
        let capabilities = engine.capabilities(&options, &profile);
        let session = WebDriver::new(driver.url(), capabilities).await;
        let session = session.unwrap_or_else(|error| panic!("{engine:?} does not start: {error}"));
        let watch = match engine {
            Engine::Chromium | Engine::Firefox if !options.unwatched => {
                Some(Watch::start(&session).await)
            }
            _ => None,
        };
        let first = session.window().await.expect("the first tab");
        let current = AsyncMutex::new(Some(first.clone()));
        let session = Arc::new(Session { driver: session, engine, current });
        let page = Page::new(Arc::clone(&session), first);
        let browser = Self {
            session,
            engine,
            options,
            watch,
            driver: AsyncMutex::new(Some(driver)),
            pages: Mutex::default(),
            _profile: profile,
        };
        browser.furnish(&page).await;
        browser
    }

    /// The tab that a browser opens with.
    ///
    /// # Panics
    /// If the browser is closed.
    #[must_use]
    pub fn page(&self) -> Page {
        self.pages().first().cloned().expect("BUG: a browser opens with a tab")
    }

    /// Opens another tab, which is in front then.
    pub async fn new_tab(&self) -> Page {
        let mut current = self.session.current.lock().await;
        let window = self.session.driver.new_tab().await.expect("a new tab");
        self.session.driver.switch_to_window(window.clone()).await.expect("the new tab");
        *current = Some(window.clone());
        drop(current);
        let page = Page::new(Arc::clone(&self.session), window);
        self.furnish(&page).await;
        page
    }

    /// Every tab that was opened.
    pub fn pages(&self) -> Vec<Page> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the browser the way a person does.
    ///
    /// # Panics
    /// If it was ended before.
    pub async fn close(&self) {
        self.session.driver.clone().quit().await.expect("the browser ends");
        self.kill().await;
    }

    /// Ends the browser at this instant, as a crash or a power cut does.
    ///
    /// # Panics
    /// If it was ended before.
    pub async fn kill(&self) {
        self.driver.lock().await.take().expect("BUG: the browser was ended").kill();
    }

    /// The tabs that are open at this moment; none of a browser that was ended.
    pub(crate) async fn open_pages(&self) -> Vec<Page> {
        if self.driver.lock().await.is_none() {
            return Vec::new();
        }
        let windows = self.session.driver.windows().await.unwrap_or_default();
        self.pages().into_iter().filter(|page| page.is_one_of(&windows)).collect()
    }

    /// Errors and violations of the policy so far.
    pub fn problems(&self) -> Vec<String> {
        self.watch.as_ref().map(Watch::problems).unwrap_or_default()
    }

    /// Addresses that were asked for so far.
    pub fn requests(&self) -> Vec<String> {
        self.watch.as_ref().map(Watch::requests).unwrap_or_default()
    }

    /// Gives a new tab the size and the colours that were asked for.
    async fn furnish(&self, page: &Page) {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).push(page.clone());
        if self.watch.is_some() {
            page.resize(self.options.size.unwrap_or((1280, 800))).await;
        }
        if self.engine == Engine::Chromium && self.options.dark {
            page.prefer_dark().await;
        }
    }
}

impl Drop for Browser {
    /// Without this the session would be ended politely, waiting for a driver that is gone.
    fn drop(&mut self) {
        self.session.driver.clone().leak().ok();
    }
}
