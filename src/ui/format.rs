//! Dates, times and numbers as the reader writes them.
//!
//! The interface speaks English, so the browser's language decides only among kinds of English
//! (5 September or September 5, 20:50 or 8:50 pm); for all others it is British.

use crate::platform::clock;
use crate::platform::zones::IntlZones;
use js_sys::{Array, Function, Intl, Object, Reflect};
use std::cell::OnceCell;
use thoughtstream_core::date::{Date, Instant, MILLIS_A_DAY, Moment, Month, Time};
use wasm_bindgen::JsValue;

/// What a date is written for.
#[derive(Clone, Copy)]
enum Shape {
    /// Friday, 2 September
    Day,
    /// 2 September
    DayOfYear,
    /// 2 September 2022
    Full,
    /// Fri, 2 Sept 2022
    Short,
    /// September 2022
    Month,
    /// September
    MonthName,
    /// Fri
    Weekday,
    /// F
    WeekdayLetter,
    /// Friday
    WeekdayName,
    /// 8:50 pm
    Time,
}

impl Shape {
    const COUNT: usize = 10;

    const fn options(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Day => &[("weekday", "long"), ("day", "numeric"), ("month", "long")],
            Self::DayOfYear => &[("day", "numeric"), ("month", "long")],
            Self::Full => &[("day", "numeric"), ("month", "long"), ("year", "numeric")],
            Self::Short => {
                &[("weekday", "short"), ("day", "numeric"), ("month", "long"), ("year", "numeric")]
            }
            Self::Month => &[("month", "long"), ("year", "numeric")],
            Self::MonthName => &[("month", "long")],
            Self::Weekday => &[("weekday", "short")],
            Self::WeekdayLetter => &[("weekday", "narrow")],
            Self::WeekdayName => &[("weekday", "long")],
            Self::Time => &[("hour", "numeric"), ("minute", "2-digit")],
        }
    }
}

/// Friday, 2 September
#[must_use]
pub fn day(date: Date) -> String {
    date_as(Shape::Day, date)
}

/// 2 September
#[must_use]
pub fn day_of_year(date: Date) -> String {
    date_as(Shape::DayOfYear, date)
}

/// 2 September 2022
#[must_use]
pub fn full_date(date: Date) -> String {
    date_as(Shape::Full, date)
}

/// Fri 2 September 2022
#[must_use]
pub fn short_date(date: Date) -> String {
    date_as(Shape::Short, date)
}

/// September 2022
#[must_use]
pub fn month(month: Month) -> String {
    date_as(Shape::Month, month.first())
}

/// September
#[must_use]
pub fn month_name(month: Month) -> String {
    date_as(Shape::MonthName, month.first())
}

/// Fri
#[must_use]
pub fn weekday(date: Date) -> String {
    date_as(Shape::Weekday, date)
}

/// F, and Friday: the day that is `days` after a Monday.
#[must_use]
pub fn weekday_names(days: u8) -> (String, String) {
    // 1970-01-05 was a Monday.
    let date = Date::from_days(4 + i64::from(days));
    (date_as(Shape::WeekdayLetter, date), date_as(Shape::WeekdayName, date))
}

/// 8:50 pm
#[must_use]
pub fn time(time: Time) -> String {
    write(Shape::Time, time.millis())
}

/// Fri 2 September 2022, 8:50 pm; of today only the time.
#[must_use]
pub fn when(instant: Instant) -> String {
    let at = |instant| Moment::at(instant, clock::zone(), &IntlZones::default());
    let moment = at(instant);
    let time = moment.time.map(time).unwrap_or_default();
    if moment.date == at(clock::now()).date {
        return time;
    }
    [&short_date(moment.date), ", ", &time].concat()
}

/// 142,955
#[must_use]
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// 1 entry, 31 entries
#[must_use]
pub fn count(count: u32, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    [&number(count.into()), " ", noun].concat()
}

/// 6.2 MB
#[must_use]
pub fn bytes(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000_000 => (1_000, " kB"),
        1_000_000..1_000_000_000 => (1_000_000, " MB"),
        _ => (1_000_000_000, " GB"),
    };
    let tenths = bytes * 10 / unit;
    let (whole, rest) = (tenths / 10, tenths % 10);
    if whole >= 10 || rest == 0 {
        [&number(whole), name].concat()
    } else {
        [&number(whole), ".", &rest.to_string(), name].concat()
    }
}

/// The browser's language if it is an English one.
#[must_use]
pub fn locale() -> String {
    let language = leptos::prelude::window().navigator().language();
    language.filter(|language| language.starts_with("en-")).unwrap_or_else(|| "en-GB".into())
}

fn date_as(shape: Shape, date: Date) -> String {
    write(shape, date.days_since_1970() * MILLIS_A_DAY)
}

/// Writes a wall clock's time, which is taken for UTC so that no zone moves it.
fn write(shape: Shape, millis: i64) -> String {
    thread_local! {
        // Making a format takes a hundred times as long as using it.
        static FORMATS: [OnceCell<Function>; Shape::COUNT] =
            const { [const { OnceCell::new() }; Shape::COUNT] };
    }
    let format = FORMATS
        .with(|formats| formats[shape as usize].get_or_init(|| format_function(shape)).clone());
    // A number of milliseconds stands for a date; every year from 1 to 9999 fits.
    let written = format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(millis as f64));
    let mut written = written.ok().and_then(|text| text.as_string()).unwrap_or_default();
    if matches!(shape, Shape::Short) {
        written.retain(|letter| letter != ',');
    }
    written
}

fn format_function(shape: Shape) -> Function {
    let options = Object::new();
    for (name, value) in shape.options().iter().chain(&[("timeZone", "UTC")]) {
        // Setting a field of a fresh object cannot fail.
        drop(Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value)));
    }
    let locales = Array::of1(&JsValue::from_str(&locale()));
    Intl::DateTimeFormat::new(&locales, &options).format()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators() {
        let written = [0, 999, 1_000, 142_955, 10_000_000].map(number);
        assert_eq!(written, ["0", "999", "1,000", "142,955", "10,000,000"]);
    }

    #[test]
    fn counts_agree_with_their_nouns() {
        assert_eq!(count(0, "entry", "entries"), "0 entries");
        assert_eq!(count(1, "entry", "entries"), "1 entry");
        assert_eq!(count(3_415, "entry", "entries"), "3,415 entries");
    }

    #[test]
    fn bytes_are_short() {
        let written = [0, 9_949, 999_999, 6_250_000, 23_000_000, 1_200_000_000].map(bytes);
        assert_eq!(written, ["0 kB", "9.9 kB", "999 kB", "6.2 MB", "23 MB", "1.2 GB"]);
    }
}
