//! The browsers, and how each is told what we want of it.

use super::folder::Profile;
use serde_json::{Map, Value, json};
use std::env;
use std::fs;
use std::path::PathBuf;
use thirtyfour::Capabilities;

/// A browser engine that the app must run in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    /// WebKitGTK, which has no Origin Private File System: the journal is in memory there.
    WebKit,
}

/// How a browser is opened.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The system asks for dark colours.
    pub dark: bool,
    /// A private window.
    pub private: bool,
    /// Width and height of the page in CSS pixels; 1280 x 800 without.
    pub size: Option<(u32, u32)>,
    /// The time zone the machine is in, as an IANA name.
    pub zone: Option<&'static str>,
    /// A name that leads to this machine, but is not one of the names that browsers trust as such.
    pub host: Option<&'static str>,
    /// Not connected by BiDi: nothing but the app runs in the browser, and nothing is watched.
    pub unwatched: bool,
}

impl Engine {
    /// Its driver's program.
    pub(crate) fn driver(self) -> &'static str {
        match self {
            Self::Chromium => "chromedriver",
            Self::Firefox => "geckodriver",
            Self::WebKit => "xvfb-run",
        }
    }

    pub(crate) fn driver_arguments(self, port: u16, bidi_port: u16) -> Vec<String> {
        match self {
            Self::Chromium => vec![format!("--port={port}")],
            Self::Firefox => {
                let arguments = ["--port", &port.to_string(), "--websocket-port"];
                let mut arguments = arguments.map(str::to_owned).to_vec();
                arguments.push(bidi_port.to_string());
                arguments
            }
            // WebKitGTK has no headless mode.
            Self::WebKit => {
                let port = format!("--port={port}");
                ["-a", "WebKitWebDriver", &port].map(str::to_owned).to_vec()
            }
        }
    }

    /// Variables for what can be said in no other way.
    pub(crate) fn environment(self, profile: &Profile) -> Vec<(&'static str, String)> {
        let folder = profile.path().to_string_lossy().into_owned();
        match self {
            Self::Chromium => vec![],
            // The helper that waits for a crash would outlive the browser that is killed.
            Self::Firefox => vec![("MOZ_CRASHREPORTER_DISABLE", "1".to_owned())],
            // MiniBrowser has no option for its folder.
            Self::WebKit => ["XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"]
                .map(|name| (name, folder.clone()))
                .to_vec(),
        }
    }

    pub(crate) fn capabilities(self, options: &Options, profile: &Profile) -> Capabilities {
        let watched = !options.unwatched && self != Self::WebKit;
        let (name, key, specific) = match self {
            Self::Chromium => ("chrome", "goog:chromeOptions", chromium(options, profile)),
            Self::Firefox => ("firefox", "moz:firefoxOptions", firefox(options, profile)),
            Self::WebKit => ("MiniBrowser", "webkitgtk:browserOptions", webkit()),
        };
        let mut capabilities = Map::new();
        capabilities.insert("browserName".to_owned(), json!(name));
        capabilities.insert(key.to_owned(), specific);
        // A journey says itself what becomes of a question, also of the one on leaving a page.
        capabilities.insert("unhandledPromptBehavior".to_owned(), json!("ignore"));
        if watched {
            capabilities.insert("webSocketUrl".to_owned(), json!(true));
        }
        serde_json::from_value(Value::Object(capabilities))
            .expect("BUG: capabilities are an object")
    }
}

fn chromium(options: &Options, profile: &Profile) -> Value {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(), // needed by root, who runs CI
        "--disable-gpu".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--window-size=1280,900".to_owned(),
        "--accept-lang=en-GB".to_owned(), // dates are written as the reader's language has it
        format!("--user-data-dir={}", profile.path().display()),
    ];
    if options.private {
        arguments.push("--incognito".to_owned());
    }
    if let Some(host) = options.host {
        arguments.push(format!("--host-resolver-rules=MAP {host} 127.0.0.1"));
    }
    let downloads = profile.downloads();
    json!({
        "args": arguments,
        "prefs": {
            "download.default_directory": downloads,
            "download.prompt_for_download": false,
        },
    })
}

fn firefox(options: &Options, profile: &Profile) -> Value {
    let downloads = profile.downloads();
    let mut preferences = json!({
        "browser.download.folderList": 2,
        "browser.download.dir": downloads,
        "browser.download.useDownloadDir": true,
        "browser.download.alwaysOpenPanel": false,
        "layout.css.prefers-color-scheme.content-override": i32::from(!options.dark),
        "dom.events.testing.asyncClipboard": true,
        "intl.accept_languages": "en-GB, en",
        "browser.privatebrowsing.autostart": options.private,
    });
    if let Some(host) = options.host {
        preferences["network.dns.localDomains"] = json!(host);
    }
    json!({
        "binary": on_path(&["firefox-esr", "firefox"]),
        "args": ["-headless", "-profile", profile.path(), "--width", "1280", "--height", "900"],
        "prefs": preferences,
    })
}

fn webkit() -> Value {
    json!({
        "binary": mini_browser(),
        "args": ["--automation"],
    })
}

/// The first of these programs that is installed; the driver complains best if none is.
fn on_path(names: &[&str]) -> Option<PathBuf> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&folders).collect();
    let places = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}

/// WebKitGTK's own small browser, which lies in a folder named after the machine's architecture.
fn mini_browser() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten();
    let mut places = folders.map(|folder| folder.path().join("webkit2gtk-4.1/MiniBrowser"));
    places.find(|place| place.is_file())
}
