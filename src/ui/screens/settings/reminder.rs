//! Reminders, as far as the web goes: no browser lets a page that is closed say anything at a
//! certain time, so the person's own calendar does it.

use crate::ui::parts::button::Button;
use crate::ui::screens::today::clock;
use crate::ui::screens::transfer::files::Download;
use crate::ui::view::*;
use thoughtstream_core::date::{Date, Time};
use web_sys::{Blob, BlobPropertyBag};

/// Asks for a time and hands out an event for the calendar.
#[component]
pub fn Reminder() -> View {
    let time = RwSignal::new("21:00".to_owned());
    let wrong = RwSignal::new(String::new());
    let add = move |()| match time.read_untracked().parse() {
        Ok(at) => {
            wrong.set(String::new());
            let address = window().location().origin().unwrap_or_default();
            save(&event(clock::date(), at, &address));
        }
        Err(error) => {
            let error: thoughtstream_core::date::TimeError = error;
            wrong.set(error.to_string());
        }
    };
    view! {
        <p>
            "A page cannot remind you while it is closed: browsers do not allow it. Your calendar \
            can. This file adds a daily event to it, with a link to your journal."
        </p>
        <div class="settings__reminder">
            <label class="field">
                <span class="field__label">"Remind me at"</span>
                <input
                    class="field__input"
                    type="time"
                    prop:value=time
                    on:input=move |event| time.set(event_target_value(&event))
                />
            </label>
            <Button label="Add to my calendar (.ics)" on_press=add />
        </div>
        <p class="field__error" role="alert">
            {wrong}
        </p>
    }
}

/// An event of every day from `date` on, in the time of wherever the calendar is (RFC 5545).
fn event(date: Date, at: Time, address: &str) -> String {
    let day = date.to_string().replace('-', "");
    let (hour, minute) = at.hour_minute();
    let two = |number: u8| [if number < 10 { "0" } else { "" }, &number.to_string()].concat();
    let start = [&day, "T", &two(hour), &two(minute), "00"].concat();
    let lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//ThoughtStream//Reminder//EN",
        "BEGIN:VEVENT",
        // The same each time, so that another time replaces the former one.
        "UID:reminder@thoughtstream",
        &["DTSTAMP:", &day, "T000000Z"].concat(),
        &["DTSTART:", &start].concat(),
        "DURATION:PT10M",
        "RRULE:FREQ=DAILY",
        "TRANSP:TRANSPARENT",
        "SUMMARY:Write a few lines",
        &["URL:", address, "/"].concat(),
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:PT0S",
        "DESCRIPTION:Write a few lines",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ];
    lines.join("\r\n")
}

fn save(text: &str) {
    let kind = BlobPropertyBag::new();
    kind.set_type("text/calendar");
    let parts = js_sys::Array::of1(&text.into());
    let blob = Blob::new_with_str_sequence_and_options(&parts, &kind);
    if let Some(download) = blob.ok().and_then(|blob| Download::of(&blob, "ics")) {
        download.save();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_is_one_of_every_day() {
        let date = Date::new(2026, 11, 4).expect("a day");
        let at = "07:05".parse().expect("a time");
        let text = event(date, at, "https://journal.example");
        for line in [
            "DTSTART:20261104T070500",
            "RRULE:FREQ=DAILY",
            "URL:https://journal.example/",
            "TRIGGER:PT0S",
        ] {
            assert!(text.split("\r\n").any(|found| found == line), "no {line} in\n{text}");
        }
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    }
}
