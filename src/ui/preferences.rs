//! How the reader likes it: theme, text size and width, first day of the week.
//!
//! Kept in the browser's local storage and not in the journal, because they belong to the screen
//! at hand: one JSON object, `{"theme": "dark"}`. The look is an attribute of `<html>`
//! (`data-theme="dark"`); `boot.js` sets the theme before the first paint, this module all of
//! them from then on, and style sheets do the rest.

use crate::ui::actions::Action;
use crate::ui::format;
use crate::ui::keymap::Keymap;
use crate::ui::view::effect;
use js_sys::{JSON, Object, Reflect};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// The key of the storage, which `boot.js` reads too.
const KEY: &str = "thoughtstream.preferences";

/// The name of the keymap in it.
const KEYMAP: &str = "keys";

/// The colours of light and dark paper, as index.html has them.
const PAPERS: [(Theme, &str); 2] = [(Theme::Light, "#fcfaf7"), (Theme::Dark, "#171310")];

/// The name of the note that installing was told of.
const TOLD: &str = "install";

/// A question with a few answers; the first is taken where nothing was chosen.
pub trait Choice: Copy + PartialEq + Send + Sync + 'static {
    /// Its name in what is kept, and after `data-` in `<html>`.
    const KEY: &'static str;
    const ALL: &'static [Self];

    /// The answer as it is kept.
    fn name(self) -> &'static str;

    /// The answer as it is read.
    fn label(self) -> &'static str;

    /// What is taken where nothing was chosen.
    #[must_use]
    fn usual() -> Self {
        Self::ALL[0]
    }
}

/// Declares a [`Choice`]: its key, and each answer with its name and label.
macro_rules! choice {
    ($(#[$doc:meta])* $type:ident $key:literal { $($answer:ident $name:literal $label:literal,)+ }
     $($usual:item)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $type { $($answer,)+ }

        impl Choice for $type {
            const KEY: &'static str = $key;
            const ALL: &'static [Self] = &[$(Self::$answer,)+];

            fn name(self) -> &'static str {
                match self { $(Self::$answer => $name,)+ }
            }

            fn label(self) -> &'static str {
                match self { $(Self::$answer => $label,)+ }
            }

            $($usual)?
        }
    };
}

choice! {
    /// Light or dark paper.
    Theme "theme" {
        System "system" "As the system",
        Light "light" "Light",
        Dark "dark" "Dark",
    }
}

choice! {
    /// How large the text of entries is.
    TextSize "text-size" {
        Small "small" "Small",
        Medium "medium" "Medium",
        Large "large" "Large",
        Huge "huge" "Very large",
    }
    fn usual() -> Self {
        Self::Medium
    }
}

choice! {
    /// How long its lines are.
    TextWidth "text-width" {
        Narrow "narrow" "Narrow",
        Medium "medium" "Medium",
        Wide "wide" "Wide",
    }
    fn usual() -> Self {
        Self::Medium
    }
}

choice! {
    /// Whether a photo keeps the place where it was taken.
    PhotoPlace "photo-place" {
        Removed "removed" "Is removed",
        Kept "kept" "Is kept",
    }
}

choice! {
    /// On which day a week begins.
    FirstWeekday "first-weekday" {
        Monday "monday" "Monday",
        Sunday "sunday" "Sunday",
        Saturday "saturday" "Saturday",
    }
    fn usual() -> Self {
        // North America begins on Sunday; browsers do not all tell.
        match format::locale().as_str() {
            "en-US" | "en-CA" => Self::Sunday,
            _ => Self::Monday,
        }
    }
}

choice! {
    /// Whether single keys do something while nobody types.
    SingleKeys "single-keys" {
        On "on" "On",
        Off "off" "Off",
    }
}

choice! {
    /// How exactly the place is kept where the writer is.
    Exactness "exactness" {
        Exact "exact" "Exactly",
        Street "street" "To about 100 m",
        Quarter "quarter" "To about 1 km",
        Town "town" "To about 10 km",
    }
    fn usual() -> Self {
        Self::Quarter
    }
}

choice! {
    /// Whether the line that is written on stays at one height.
    Typewriter "typewriter" {
        Off "off" "Moves down the page",
        On "on" "Stays in the middle",
    }
}

choice! {
    /// Whether an empty page has a question on it.
    Prompts "prompts" {
        Shown "shown" "Shown",
        Hidden "hidden" "Hidden",
    }
}

choice! {
    /// Whether days in a row are counted.
    Streaks "streaks" {
        Shown "shown" "Shown",
        Hidden "hidden" "Hidden",
    }
}

impl Exactness {
    /// How many decimals of a degree that is.
    #[must_use]
    pub fn decimals(self) -> u32 {
        match self {
            Self::Exact => 5,
            Self::Street => 3,
            Self::Quarter => 2,
            Self::Town => 1,
        }
    }
}

impl FirstWeekday {
    /// Days from Monday to it.
    #[must_use]
    pub fn days_since_monday(self) -> u8 {
        match self {
            Self::Monday => 0,
            Self::Saturday => 5,
            Self::Sunday => 6,
        }
    }
}

/// The preferences, in context; see [`use_preferences`].
#[derive(Clone, Copy)]
pub struct Preferences {
    pub theme: RwSignal<Theme>,
    pub text_size: RwSignal<TextSize>,
    pub text_width: RwSignal<TextWidth>,
    pub first_weekday: RwSignal<FirstWeekday>,
    pub typewriter: RwSignal<Typewriter>,
    pub single_keys: RwSignal<SingleKeys>,
    pub keymap: RwSignal<Keymap>,
    /// Whether it was said that the app can be installed.
    pub told_to_install: RwSignal<bool>,
    pub photo_place: RwSignal<PhotoPlace>,
    pub exactness: RwSignal<Exactness>,
    pub prompts: RwSignal<Prompts>,
    pub streaks: RwSignal<Streaks>,
}

/// How the reader likes it.
#[must_use]
pub fn use_preferences() -> Preferences {
    expect_context()
}

impl Preferences {
    /// What was kept; from now on, what another tab changes is taken over.
    #[must_use]
    pub fn load() -> Self {
        let preferences = Self {
            theme: RwSignal::new(kept()),
            text_size: RwSignal::new(kept()),
            text_width: RwSignal::new(kept()),
            first_weekday: RwSignal::new(kept()),
            typewriter: RwSignal::new(kept()),
            single_keys: RwSignal::new(kept()),
            keymap: RwSignal::new(kept_keymap()),
            told_to_install: RwSignal::new(kept_text(TOLD).is_some()),
            photo_place: RwSignal::new(kept()),
            exactness: RwSignal::new(kept()),
            prompts: RwSignal::new(kept()),
            streaks: RwSignal::new(kept()),
        };
        let heard = window_event_listener(ev::storage, move |_| preferences.reload());
        on_cleanup(move || heard.remove());
        preferences.show_all();
        effect(move || show_paper(preferences.theme.get()));
        preferences
    }

    fn reload(self) {
        self.theme.set(kept());
        self.text_size.set(kept());
        self.text_width.set(kept());
        self.first_weekday.set(kept());
        self.typewriter.set(kept());
        self.single_keys.set(kept());
        self.keymap.set(kept_keymap());
        self.told_to_install.set(kept_text(TOLD).is_some());
        self.photo_place.set(kept());
        self.exactness.set(kept());
        self.prompts.set(kept());
        self.streaks.set(kept());
        self.show_all();
    }

    /// What a key does by itself, if single keys are on.
    #[must_use]
    pub fn action_of(self, key: &str) -> Option<Action> {
        let on = self.single_keys.get_untracked() == SingleKeys::On;
        self.keymap.with_untracked(|keymap| keymap.action(key)).filter(|_| on)
    }

    /// The key of an action; empty if it has none, or single keys are off.
    #[must_use]
    pub fn key_of(self, action: Action) -> String {
        let on = self.single_keys.get() == SingleKeys::On;
        let key = self.keymap.with(|keymap| keymap.key(action)).filter(|_| on);
        key.map(|key| key.to_uppercase().to_string()).unwrap_or_default()
    }

    /// It was said that the app can be installed, and is not said again.
    pub fn tell_to_install(self) {
        self.told_to_install.set(true);
        keep(TOLD, "told");
    }

    /// Gives an action another key, or none if `key` is empty.
    pub fn set_key(self, action: Action, key: &str) {
        self.keymap.update(|keymap| keymap.set(action, key));
        keep(KEYMAP, &self.keymap.with_untracked(Keymap::to_text));
    }

    fn show_all(self) {
        show(self.theme.get_untracked());
        show(self.text_size.get_untracked());
        show(self.text_width.get_untracked());
        show(self.typewriter.get_untracked());
    }
}

/// Chooses an answer: it is shown at once and kept.
pub fn choose<T: Choice>(signal: RwSignal<T>, answer: T) {
    keep(T::KEY, answer.name());
    show(answer);
    signal.set(answer);
}

fn kept_text(key: &str) -> Option<String> {
    Reflect::get(&all_kept(), &JsValue::from_str(key)).ok()?.as_string()
}

fn kept_keymap() -> Keymap {
    Keymap::of_text(&kept_text(KEYMAP).unwrap_or_default())
}

fn kept<T: Choice>() -> T {
    let name = kept_text(T::KEY);
    let found = T::ALL.iter().find(|answer| name.as_deref() == Some(answer.name()));
    found.copied().unwrap_or_else(T::usual)
}

/// Without storage (it may be switched off) a choice holds until the tab is closed.
fn keep(key: &str, name: &str) {
    let all = all_kept();
    let set = Reflect::set(&all, &JsValue::from_str(key), &JsValue::from_str(name));
    let text = set.and_then(|_| JSON::stringify(&all)).map(String::from);
    if let (Ok(text), Ok(Some(storage))) = (text, window().local_storage()) {
        drop(storage.set_item(KEY, &text));
    }
}

/// What is kept; an empty object where that is nothing, or nothing that can be read.
fn all_kept() -> Object {
    let storage = window().local_storage().ok().flatten();
    let text = storage.and_then(|storage| storage.get_item(KEY).ok().flatten());
    let object = text.and_then(|text| JSON::parse(&text).ok()?.dyn_into().ok());
    object.unwrap_or_default()
}

fn show<T: Choice>(answer: T) {
    if let Some(root) = document().document_element() {
        drop(root.set_attribute(&["data-", T::KEY].concat(), answer.name()));
    }
}

/// The colour of the paper, where the browser draws around the page.
fn show_paper(theme: Theme) {
    let chosen = PAPERS.iter().find(|(scheme, _)| *scheme == theme);
    for (scheme, paper) in PAPERS {
        let meta = ["meta[name=theme-color][media*=", scheme.name(), "]"].concat();
        let meta = document().query_selector(&meta).ok().flatten();
        if let Some(meta) = meta {
            drop(meta.set_attribute("content", chosen.map_or(paper, |(_, paper)| paper)));
        }
    }
}
