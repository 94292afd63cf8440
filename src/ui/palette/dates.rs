//! Days in words: `yesterday`, `last tuesday`, `3 weeks ago`, `2 sept 2022`, `2022-09-02`.
//!
//! English, as the whole interface. Words of more than one letter may be cut short.

use thoughtstream_core::date::{Date, Month};

const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const NUMBERS: [&str; 10] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// The day that `text` means on the day `today`, if it means one.
#[must_use]
pub fn parse(text: &str, today: Date) -> Option<Date> {
    let text = text.trim().to_lowercase().replace(',', " ");
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let words: Vec<&str> = text.split_whitespace().filter(|word| *word != "the").collect();
    match *words.as_slice() {
        ["today"] => Some(today),
        ["yesterday"] => Some(today.plus_days(-1)),
        ["tomorrow"] => Some(today.plus_days(1)),
        [day] | ["this" | "on", day] => Some(weekday_before(today, day, false)?),
        ["last", unit @ ("week" | "month" | "year")] => moved(today, unit, -1),
        ["next", unit @ ("week" | "month" | "year")] => moved(today, unit, 1),
        ["last", day] => weekday_before(today, day, true),
        ["next", day] => Some(weekday_before(today, day, false)?.plus_days(7)),
        [count, unit, "ago"] => moved(today, unit, -number(count)?),
        ["in", count, unit] => moved(today, unit, number(count)?),
        [first, second] => day_of_month(first, second, None, today),
        [first, second, year] => day_of_month(first, second, Some(year), today),
        _ => None,
    }
}

/// The nearest such weekday up to today; before today, if it is to be the last one.
fn weekday_before(today: Date, name: &str, last: bool) -> Option<Date> {
    let wanted = i64::try_from(position(&WEEKDAYS, name)?).ok()?;
    let back = (i64::from(today.weekday()) - wanted).rem_euclid(7);
    Some(today.plus_days(-if last && back == 0 { 7 } else { back }))
}

/// So many units away. A day that a month does not have is its last one.
fn moved(today: Date, unit: &str, count: i64) -> Option<Date> {
    let months = match unit.trim_end_matches('s') {
        "day" => return Some(today.plus_days(count)),
        "week" => return Some(today.plus_days(count * 7)),
        "month" => count,
        "year" => count * 12,
        _ => return None,
    };
    let at = i64::from(today.year()) * 12 + i64::from(today.month()) - 1 + months;
    let year = i32::try_from(at.div_euclid(12)).ok()?;
    let month = u8::try_from(at.rem_euclid(12) + 1).ok()?;
    Date::new(year, month, today.day().min(Month { year, month }.days()))
}

/// `2 sept`, `september 2nd`, with a year or the last such day up to today.
fn day_of_month(first: &str, second: &str, year: Option<&str>, today: Date) -> Option<Date> {
    let (day, name) = match position(&MONTHS, first) {
        Some(_) => (second, first),
        None => (first, second),
    };
    let month = u8::try_from(position(&MONTHS, name)? + 1).ok()?;
    let digits = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let day = digits.parse().ok()?;
    match year {
        Some(year) => Date::new(year.parse().ok().filter(|year| *year >= 1000)?, month, day),
        None => {
            let this = Date::new(today.year(), month, day).filter(|date| *date <= today);
            // Far enough back for a leap day.
            let earlier = (1..=8).find_map(|back| Date::new(today.year() - back, month, day));
            this.or(earlier)
        }
    }
}

/// Where a name is in a list; three letters are enough of it.
fn position(names: &[&str], name: &str) -> Option<usize> {
    let name = name.trim_end_matches('.');
    let cut = |full: &&str| name.len() >= 3 && full.starts_with(name);
    names.iter().position(cut)
}

fn number(text: &str) -> Option<i64> {
    let spelt = || Some(i64::try_from(NUMBERS.iter().position(|it| *it == text)?).ok()? + 1);
    let typed = text.parse().ok().filter(|number| (0..=9999).contains(number));
    typed.or_else(|| matches!(text, "a" | "an").then_some(1)).or_else(spelt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_found_in_words() {
        // A Tuesday.
        let today = Date::new(2026, 11, 24).unwrap_or_else(|| unreachable!());
        let cases = [
            ("today", "2026-11-24"),
            (" Yesterday ", "2026-11-23"),
            ("tomorrow", "2026-11-25"),
            ("tuesday", "2026-11-24"),
            ("last tuesday", "2026-11-17"),
            ("Last Tues", "2026-11-17"),
            ("monday", "2026-11-23"),
            ("on wed", "2026-11-18"),
            ("next friday", "2026-11-27"),
            ("3 days ago", "2026-11-21"),
            ("two weeks ago", "2026-11-10"),
            ("a month ago", "2026-10-24"),
            ("9 months ago", "2026-02-24"),
            ("last year", "2025-11-24"),
            ("in 10 days", "2026-12-04"),
            ("2 sept", "2026-09-02"),
            ("sept. 2nd", "2026-09-02"),
            ("25 December", "2025-12-25"),
            ("september 2, 2022", "2022-09-02"),
            ("the 2 september 2022", "2022-09-02"),
            ("29 feb", "2024-02-29"),
            ("2022-09-02", "2022-09-02"),
        ];
        for (text, expected) in cases {
            let found = parse(text, today).map(|date| date.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_day_that_a_month_does_not_have_is_its_last_one() {
        let today = Date::new(2024, 3, 31).unwrap_or_else(|| unreachable!());
        let found = parse("last month", today).map(|date| date.to_string());
        assert_eq!(found.as_deref(), Some("2024-02-29"));
    }

    #[test]
    fn other_words_are_no_days() {
        let today = Date::new(2026, 11, 24).unwrap_or_else(|| unreachable!());
        let cases = [
            "",
            "rain",
            "mo",
            "31 feb",
            "february 30 2022",
            "2 sept 22",
            "ten ago",
            "last",
            "99999999 years ago",
            "9999 years ago",
            "in 9999 years",
            "the great fire",
            "may",
        ];
        for text in cases {
            assert_eq!(parse(text, today), None, "{text}");
        }
    }
}
