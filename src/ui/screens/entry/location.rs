//! Where the writer was: typed, or asked of the device when its writer wants it.

use crate::platform::position;
use crate::ui::parts::button::{Button, IconButton};
use crate::ui::parts::icon::Icon;
use crate::ui::preferences::{Choice, Exactness, choose, use_preferences};
use crate::ui::screens::entry::open::Open;
use crate::ui::view::*;
use leptos::ev;
use leptos::task::spawn_local;
use thoughtstream_core::message::{Edit, LABEL_CHARS_MAX, Location, Point};

/// The location, and the ways to say it.
#[component]
pub fn Locations(open: Open) -> View {
    let typed = RwSignal::new(String::new());
    let here = memo(move || open.entry.with(|entry| entry.as_ref()?.location.clone()));
    let say =
        move |location| open.dispatch.edit_or_say(Edit::Location { entry: open.id, location });
    // The name that is typed goes to the point that is known, and the point to the name.
    let name = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let point = here.with_untracked(|here| here.as_ref().and_then(|here| here.point));
        if let Some(location) = Location::new(&typed.get_untracked(), point) {
            say(Some(location));
            typed.set(String::new());
        }
    };
    let chip = move |here: Location| {
        let point = here.point.filter(|_| !here.label.is_empty()).map(|point| point.to_string());
        view! {
            <p class="entry__chip entry__chip--location" title=point>
                <span>{here.name()}</span>
                <IconButton
                    icon=Icon::Close
                    label="Remove the place"
                    on_press=move |()| say(None)
                />
            </p>
        }
    };
    view! {
        <form class="entry__tags" on:submit=name>
            {move || here.get().map(chip)}
            <label class="field">
                <span class="field__label">"Place"</span>
                <input
                    class="field__input"
                    type="text"
                    autocomplete="off"
                    placeholder="What you call it"
                    maxlength=LABEL_CHARS_MAX.to_string()
                    prop:value=typed
                    on:input=move |event| typed.set(event_target_value(&event))
                />
            </label>
            <button type="submit" class="button">
                "Set"
            </button>
        </form>
        <WhereIAm open />
    }
}

/// Asks the device, once, and keeps no more of the answer than is wanted.
#[component]
fn WhereIAm(open: Open) -> View {
    let exactness = use_preferences().exactness;
    let asking = RwSignal::new(false);
    let ask = move |()| {
        asking.set(true);
        spawn_local(async move {
            let found = position::position().await;
            // The page may be gone by now.
            if asking.try_set(false).is_some() {
                return;
            }
            match found.map(|degrees| point(degrees, exactness.get_untracked())) {
                Ok(point) => {
                    let label = open.entry.with_untracked(|entry| {
                        let location = entry.as_ref().and_then(|entry| entry.location.as_ref());
                        location.map(|location| location.label.clone()).unwrap_or_default()
                    });
                    let location = Location::new(&label, point);
                    open.dispatch.edit_or_say(Edit::Location { entry: open.id, location });
                }
                Err(error) => open.dispatch.say(error.to_string()),
            }
        });
    };
    let label = move || match asking.get() {
        true => "Looking\u{2026}".to_owned(),
        false => "Use where I am".to_owned(),
    };
    let options = Exactness::ALL.iter().map(|answer| {
        view! {
            <option value=answer.name() selected=move || exactness.get() == *answer>
                {answer.label()}
            </option>
        }
    });
    let chosen = move |event| {
        let name = event_target_value(&event);
        if let Some(answer) = Exactness::ALL.iter().find(|answer| answer.name() == name) {
            choose(exactness, *answer);
        }
    };
    view! {
        <div class="entry__here">
            <Button
                label=Signal::derive(label)
                disabled=Signal::derive(move || asking.get())
                on_press=ask
            />
            <select class="select" aria-label="How exactly" on:change=chosen>
                {options.collect_view()}
            </select>
        </div>
    }
}

/// The point of these degrees, as exactly as it is wanted.
fn point(degrees: [f64; 2], exactness: Exactness) -> Option<Point> {
    // What a device says is on the earth, and a millionth of it fits into an integer.
    let [latitude, longitude] = degrees.map(|degrees| (degrees * 1e6).round() as i64);
    Some(Point::new(latitude, longitude)?.rounded(exactness.decimals()))
}
