//! Which day it is, also when midnight passes while the page is open.

use crate::platform;
use crate::platform::timer::Alarm;
use crate::platform::zones::IntlZones;
use leptos::ev;
use leptos::prelude::*;
use thoughtstream_core::date::{Date, MILLIS_A_DAY, Moment, Time};

/// How often to look, at least: timers stand still while a device sleeps.
const LOOK_MILLIS_MAX: i64 = 3_600_000;

/// The day it is, where the reader is.
#[must_use]
pub fn date() -> Date {
    moment().date
}

/// The day it is, as long as the current owner lives.
#[must_use]
pub fn today() -> ReadSignal<Date> {
    let (today, set_today) = signal(date());
    let alarm = StoredValue::new_local(None::<Alarm>);
    let look = move || {
        let now = moment();
        if today.try_get_untracked().is_some_and(|before| before != now.date) {
            set_today.set(now.date);
        }
        let left = MILLIS_A_DAY - now.time.map_or(0, Time::millis);
        let wait = u32::try_from(left.min(LOOK_MILLIS_MAX)).unwrap_or_default();
        alarm.try_update_value(|alarm| alarm.iter_mut().for_each(|alarm| alarm.set(wait)));
    };
    alarm.set_value(Some(Alarm::new(look)));
    look();
    let listener = window_event_listener(ev::focus, move |_| look());
    on_cleanup(move || listener.remove());
    today
}

/// The day and the time it is, where the reader is.
#[must_use]
pub fn moment() -> Moment {
    Moment::at(platform::clock::now(), platform::clock::zone(), &IntlZones::default())
}
