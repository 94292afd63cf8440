//! A journey's world, and what is checked and kept at its end.

use super::browser::Browser;
use super::engine::{Engine, Options};
use super::folder::{self, Profile};
use super::page::Page;
use futures_util::FutureExt;
use std::fs;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use thoughtstream_serve::Server;

/// A server with the build, a profile, and the browsers that were opened.
pub struct Stage {
    pub engine: Engine,
    pub profile: Arc<Profile>,
    server: Mutex<Option<Server>>,
    port: u16,
    browsers: Mutex<Vec<Arc<Browser>>>,
    expected: Mutex<Vec<&'static str>>,
}

/// Runs one journey: afterwards nothing may have gone wrong in any browser, and if something did,
/// what every tab shows is printed and kept as a picture.
///
/// # Panics
/// If the journey does, or if a browser reported an error.
pub async fn journey(engine: Engine, story: impl AsyncFnOnce(&Stage)) {
    let stage = Stage::new(engine);
    let outcome = AssertUnwindSafe(async {
        story(&stage).await;
        stage.assert_no_problems();
    });
    if let Err(panic) = outcome.catch_unwind().await {
        // Looking at a browser that hangs may fail as well; the first failure is what counts.
        AssertUnwindSafe(stage.picture()).catch_unwind().await.ok();
        resume_unwind(panic);
    }
}

impl Stage {
    fn new(engine: Engine) -> Self {
        let server = Server::start(folder::dist(), 0).expect("the server starts");
        Self {
            engine,
            profile: Arc::new(Profile::fresh()),
            port: server.port(),
            server: Mutex::new(Some(server)),
            browsers: Mutex::default(),
            expected: Mutex::default(),
        }
    }

    /// The app's address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Puts another build on the server, as a deployment does.
    ///
    /// # Panics
    /// If the server was stopped, or there is no build in the folder.
    pub fn deploy(&self, folder: &Path) {
        let server = lock(&self.server);
        let server = server.as_ref().expect("BUG: the server was stopped");
        server.serve_folder(folder.to_owned()).expect("a build to deploy");
    }

    /// Takes the network away.
    pub fn stop_server(&self) {
        drop(lock(&self.server).take());
    }

    /// Brings the network back, at the same address.
    ///
    /// # Panics
    /// If somebody else took the port.
    pub fn start_server(&self) {
        let server = Server::start(folder::dist(), self.port).expect("the server starts again");
        *lock(&self.server) = Some(server);
    }

    /// Opens a browser on the stage's profile.
    pub async fn browser(&self) -> Arc<Browser> {
        self.browser_with(Options::default()).await
    }

    /// The same, with wishes.
    pub async fn browser_with(&self, options: Options) -> Arc<Browser> {
        self.browser_on(&self.profile, options).await
    }

    /// Opens a browser on another profile.
    pub async fn browser_on(&self, profile: &Arc<Profile>, options: Options) -> Arc<Browser> {
        self.browser_of(self.engine, profile, options).await
    }

    /// Opens a browser of this make, whatever the stage's own is.
    pub async fn browser_of(
        &self,
        engine: Engine,
        profile: &Arc<Profile>,
        options: Options,
    ) -> Arc<Browser> {
        let browser = Arc::new(Browser::open(engine, options, Arc::clone(profile)).await);
        lock(&self.browsers).push(Arc::clone(&browser));
        browser
    }

    /// Opens a browser, and the app in it.
    pub async fn open(&self) -> Page {
        self.open_at("/").await
    }

    /// Opens a browser, and the app at this path.
    pub async fn open_at(&self, path: &str) -> Page {
        let page = self.browser().await.page();
        page.goto(&format!("{}{path}", self.url())).await;
        page
    }

    /// Errors that contain this are part of the journey.
    pub fn expect_problem(&self, part: &'static str) {
        lock(&self.expected).push(part);
    }

    /// Errors that were reported so far in any of the browsers.
    pub fn problems(&self) -> Vec<String> {
        let browsers = lock(&self.browsers).clone();
        browsers.iter().flat_map(|browser| browser.problems()).collect()
    }

    fn assert_no_problems(&self) {
        let expected = lock(&self.expected).clone();
        let mut problems = self.problems();
        problems.retain(|problem| !expected.iter().any(|part| problem.contains(part)));
        assert!(problems.is_empty(), "errors in the browser: {problems:#?}");
    }

    async fn picture(&self) {
        let name = thread::current().name().unwrap_or("journey").replace("::", "-");
        let folder = folder::target().join("screenshots");
        fs::create_dir_all(&folder).ok();
        let browsers = lock(&self.browsers).clone();
        for (number, browser) in browsers.iter().enumerate() {
            eprintln!("browser {number} reported {:#?}", browser.problems());
            for (tab, page) in browser.open_pages().await.iter().enumerate() {
                let file = folder.join(format!("{name}-{number}-{tab}.png"));
                page.screenshot(&file).await;
                let picture = file.display();
                eprintln!("{} shows ({picture}):\n{}", page.path().await, page.text().await);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes each journey a test in Chromium and one in Firefox.
#[macro_export]
macro_rules! in_both {
    ($($journey:ident),+ $(,)?) => {
        $crate::in_chromium!($($journey),+);
        $crate::in_firefox!($($journey),+);
    };
}

/// Makes each journey a test in Chromium.
#[macro_export]
macro_rules! in_chromium {
    ($($journey:ident),+ $(,)?) => {
        mod chromium {
            $(#[tokio::test]
            async fn $journey() {
                $crate::journey($crate::Engine::Chromium, super::$journey).await;
            })+
        }
    };
}

/// Makes each journey a test in Firefox.
#[macro_export]
macro_rules! in_firefox {
    ($($journey:ident),+ $(,)?) => {
        mod firefox {
            $(#[tokio::test]
            async fn $journey() {
                $crate::journey($crate::Engine::Firefox, super::$journey).await;
            })+
        }
    };
}
