//! Installing: which browser this is, and how an app comes to stay in it.

use crate::ui::update::ask_boot;
use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// Browsers, as far as they install apps in different ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Browser {
    SafariPhone,
    SafariMac,
    FirefoxPhone,
    FirefoxDesktop,
    Samsung,
    Edge,
    ChromePhone,
    ChromeDesktop,
    Other,
}

impl Browser {
    /// The one with this `navigator.userAgent`. An iPad says it is a Mac, but has a touch screen.
    #[must_use]
    pub fn of(agent: &str, touch_points: i32) -> Self {
        let has = |word| agent.contains(word);
        let apple_touch = has("iPhone") || has("iPad") || (has("Macintosh") && touch_points > 1);
        let phone = has("Android") || has("Mobile");
        match () {
            // All browsers of iOS install by the same button as Safari.
            () if apple_touch => Self::SafariPhone,
            () if has("SamsungBrowser") => Self::Samsung,
            () if has("Firefox") && phone => Self::FirefoxPhone,
            () if has("Firefox") => Self::FirefoxDesktop,
            () if has("Edg") => Self::Edge,
            () if has("Chrome") && phone => Self::ChromePhone,
            () if has("Chrome") => Self::ChromeDesktop,
            () if has("Macintosh") && has("Safari") => Self::SafariMac,
            () => Self::Other,
        }
    }

    /// This one.
    #[must_use]
    pub fn this() -> Self {
        let navigator = window().navigator();
        let agent = navigator.user_agent().unwrap_or_default();
        let touch = Reflect::get(&navigator, &"maxTouchPoints".into()).ok();
        Self::of(&agent, touch.and_then(|it| it.as_f64()).unwrap_or_default() as i32)
    }

    /// What to do, step by step.
    #[must_use]
    pub const fn steps(self) -> &'static [&'static str] {
        match self {
            Self::SafariPhone => &[
                "Tap the Share button (a square with an arrow).",
                "Choose “Add to Home Screen”, then “Add”.",
                "Open ThoughtStream from the home screen: it has a journal of its own there, so \
                 export or sync first what you wrote here.",
            ],
            Self::SafariMac => &[
                "In the menu “File”, choose “Add to Dock…”, then “Add”.",
                "Open ThoughtStream from the Dock: it has a journal of its own there, so export \
                 or sync first what you wrote here.",
            ],
            Self::FirefoxPhone => {
                &["Open the menu (three dots).", "Choose “Add app to Home screen”."]
            }
            Self::FirefoxDesktop => &[
                "On Windows, choose “Add tab to taskbar” at the right end of the address bar.",
                "Elsewhere Firefox does not install apps. ThoughtStream works offline in a tab all \
                 the same; a bookmark or a pinned tab keeps it at hand.",
            ],
            Self::Samsung => {
                &["Open the menu (three lines).", "Choose “Add page to”, then “Home screen”."]
            }
            Self::Edge => &[
                "Open the menu (three dots), then “More tools” and “Apps”.",
                "Choose “Install this site as an app”.",
            ],
            Self::ChromePhone => {
                &["Open the menu (three dots).", "Choose “Add to Home screen”, then “Install”."]
            }
            Self::ChromeDesktop => {
                &["Choose the install button at the right end of the address bar, or in the menu \
                 “Cast, save and share” → “Install page as app”."]
            }
            Self::Other => &[
                "Look in the browser's menu for “Install” or “Add to home screen”.",
                "If there is none, ThoughtStream works offline in a tab all the same.",
            ],
        }
    }

    /// Whether it deletes what a site keeps after seven days of use without a visit, unless the
    /// site was added to the home screen or the Dock.
    #[must_use]
    pub const fn forgets(self) -> bool {
        matches!(self, Self::SafariPhone | Self::SafariMac)
    }
}

/// Whether this window is that of an installed app.
#[must_use]
pub fn is_installed() -> bool {
    let standalone = window().match_media("not (display-mode: browser)").ok().flatten();
    standalone.is_some_and(|query| query.matches())
}

/// Whether the browser offers to install by itself, now and from now on.
#[must_use]
pub fn offered() -> ReadSignal<bool> {
    let has_offer = || {
        let boot = Reflect::get(&window(), &"thoughtstream".into());
        let offer = boot.and_then(|boot| Reflect::get(&boot, &"install".into()));
        offer.is_ok_and(|offer| !offer.is_undefined())
    };
    let (offered, set_offered) = signal(has_offer());
    let heard = window_event_listener_untyped("thoughtstream:install", move |_| {
        set_offered.set(has_offer());
    });
    on_cleanup(move || heard.remove());
    offered
}

/// Lets the browser ask; it does so once for each offer.
///
/// # Errors
/// If the browser refuses, with its reason.
pub fn ask() -> Result<js_sys::Promise, JsValue> {
    ask_boot("install")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart() {
        let apple = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 \
                     (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/156.0.0.0 Safari/537.36";
        let android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
                       Chrome/156.0.0.0 Mobile Safari/537.36";
        let cases = [
            (apple, 0, Browser::SafariMac),
            (apple, 5, Browser::SafariPhone),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) CriOS/156.0 Mobile/15E148 Safari/604.1",
                5,
                Browser::SafariPhone,
            ),
            (chrome, 0, Browser::ChromeDesktop),
            (&[chrome, " Edg/156.0.0.0"].concat(), 0, Browser::Edge),
            (android, 5, Browser::ChromePhone),
            (&android.replace("Chrome", "SamsungBrowser/29.0 Chrome"), 5, Browser::Samsung),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
                0,
                Browser::FirefoxDesktop,
            ),
            (
                "Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0",
                5,
                Browser::FirefoxPhone,
            ),
            ("Lynx/2.9", 0, Browser::Other),
        ];
        for (agent, touch_points, expected) in cases {
            assert_eq!(Browser::of(agent, touch_points), expected, "{agent}");
        }
    }
}
