//! Moving about the calendar with the keyboard: one day of the year takes part in the order of
//! Tab, and arrows move on from it.

use super::year::Year;
use crate::ui::dispatch::Dispatch;
use crate::ui::preferences::use_preferences;
use crate::ui::route::Route;
use crate::ui::view::*;
use leptos::ev;
use std::sync::Arc;
use thoughtstream_core::date::{Date, Month};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The day that the keyboard is at.
#[derive(Clone, Copy)]
pub struct Movement {
    dispatch: Dispatch,
    year: Memo<i32>,
    at: RwSignal<Date>,
    /// Whether the day takes the focus when it is drawn.
    focusing: StoredValue<bool>,
    /// Days from Monday to the first of the week.
    first_weekday: Signal<u8>,
}

impl Movement {
    /// Begins at today.
    #[must_use]
    pub fn new(dispatch: Dispatch, year: Memo<i32>, today: ReadSignal<Date>) -> Self {
        let first = use_preferences().first_weekday;
        Self {
            dispatch,
            year,
            at: RwSignal::new(today.get_untracked()),
            focusing: StoredValue::new(false),
            first_weekday: Signal::derive(move || first.get().days_since_monday()),
        }
    }

    /// Whether a day takes part in the order of Tab. In a year in which the keyboard has not
    /// been yet, that is its first day.
    #[must_use]
    pub fn is_at(self, date: Date) -> bool {
        let at = self.at.get();
        if at.year() == date.year() { at == date } else { date.month() == 1 && date.day() == 1 }
    }

    #[must_use]
    pub fn first_weekday(self) -> u8 {
        self.first_weekday.get()
    }

    /// Notes that a day has the focus.
    pub fn arrive(self, date: Date) {
        self.at.set(date);
    }

    /// Focuses the day that was moved to, once it is drawn.
    pub fn follow(self, node: NodeRef<web_sys::HtmlElement>, written: Memo<Option<Arc<Year>>>) {
        effect(move || {
            let selector = ["[data-date=\"", &self.at.get().to_string(), "\"]"].concat();
            written.track();
            if !self.focusing.get_value() {
                return;
            }
            // The days are drawn by an effect as well; by the next frame all of them have run.
            request_animation_frame(move || {
                let Some(Some(node)) = node.try_get_untracked() else { return };
                let found = node.query_selector(&selector).ok().flatten();
                if let Some(day) = found.and_then(|day| day.dyn_into::<HtmlElement>().ok()) {
                    self.focusing.set_value(false);
                    drop(day.focus());
                }
            });
        });
    }

    /// Moves with the keys of a date grid.
    pub fn pressed(self, event: &ev::KeyboardEvent) {
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let first = self.first_weekday.get_untracked();
        let Some(to) = moved(self.at.get_untracked(), &event.key(), event.shift_key(), first)
        else {
            return;
        };
        event.prevent_default();
        self.focusing.set_value(true);
        self.at.set(to);
        if to.year() != self.year.get_untracked() {
            self.dispatch.replace(Route::Calendar { year: Some(to.year()) });
        }
    }
}

/// The day that a key leads to.
fn moved(at: Date, key: &str, shift: bool, first_weekday: u8) -> Option<Date> {
    let in_week = i64::from((at.weekday() + 7 - first_weekday) % 7);
    Some(match key {
        "ArrowLeft" => at.plus_days(-1),
        "ArrowRight" => at.plus_days(1),
        "ArrowUp" => at.plus_days(-7),
        "ArrowDown" => at.plus_days(7),
        "Home" => at.plus_days(-in_week),
        "End" => at.plus_days(6 - in_week),
        "PageUp" => months_on(at, if shift { -12 } else { -1 }),
        "PageDown" => months_on(at, if shift { 12 } else { 1 }),
        _ => return None,
    })
}

/// The same day of another month, or its last one.
fn months_on(at: Date, by: i32) -> Date {
    let months = at.year() * 12 + i32::from(at.month()) - 1 + by;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    let month = Month { year, month: u8::try_from(month).unwrap_or(1) };
    Date::new(year, month.month, at.day().min(month.days())).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, key: &str, expected: &str) {
        let from: Date = from.parse().expect("BUG: a date of the test");
        let to = moved(from, key, false, 0).map(|date| date.to_string());
        assert_eq!(to.as_deref(), Some(expected), "{key}");
    }

    #[test]
    fn keys_move_by_day_week_and_month() {
        check("2022-09-02", "ArrowLeft", "2022-09-01");
        check("2022-12-31", "ArrowRight", "2023-01-01");
        check("2022-09-02", "ArrowUp", "2022-08-26");
        check("2022-09-02", "ArrowDown", "2022-09-09");
        check("2022-09-02", "Home", "2022-08-29");
        check("2022-09-02", "End", "2022-09-04");
        check("2022-03-31", "PageUp", "2022-02-28");
        check("2022-12-05", "PageDown", "2023-01-05");
        check("9999-12-31", "PageDown", "9999-12-31");
    }

    #[test]
    fn a_week_begins_where_the_reader_likes_it() {
        let friday: Date = "2022-09-02".parse().expect("BUG: a date of the test");
        let sunday = moved(friday, "Home", false, 6).map(|date| date.to_string());
        assert_eq!(sunday.as_deref(), Some("2022-08-28"));
        assert_eq!(moved(friday, "PageUp", true, 0).map(Date::year), Some(2021));
        assert_eq!(moved(friday, "x", false, 0), None);
    }
}
