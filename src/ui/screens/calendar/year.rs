//! How much was written on the days of a year, and how much ink that is.

use thoughtstream_core::date::Date;
use thoughtstream_core::message::DayCount;

/// The written days of a year, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Year {
    pub year: i32,
    days: Vec<DayCount>,
    /// Days with more words than this have more ink: one bound between each two shades.
    bounds: [u32; 3],
}

impl Year {
    /// Shades are relative to the year: its fullest tenth is the darkest, so that one who writes
    /// fifty words a day sees as much of a pattern as one who writes a thousand.
    #[must_use]
    pub fn new(year: i32, days: &[DayCount]) -> Self {
        let mut days = days.to_vec();
        days.sort_unstable_by_key(|day| day.date);
        let mut words: Vec<u32> = days.iter().map(|day| day.words).collect();
        words.sort_unstable();
        let bound = |percent: usize| words.get(words.len() * percent / 100).copied().unwrap_or(0);
        Self { year, bounds: [bound(15), bound(60), bound(90)], days }
    }

    /// What was written on a day.
    #[must_use]
    pub fn day(&self, date: Date) -> Option<DayCount> {
        let found = self.days.binary_search_by_key(&date, |day| day.date).ok();
        found.map(|found| self.days[found])
    }

    /// The shade of a written day: 1 to 4.
    #[must_use]
    pub fn ink(&self, day: DayCount) -> &'static str {
        match self.bounds.iter().filter(|bound| day.words > **bound).count() {
            0 => "1",
            1 => "2",
            2 => "3",
            _ => "4",
        }
    }

    /// How many days have entries, and how many words those have.
    #[must_use]
    pub fn sum(&self) -> (u32, u64) {
        let words = self.days.iter().map(|day| u64::from(day.words)).sum();
        (u32::try_from(self.days.len()).unwrap_or(u32::MAX), words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u8, words: u32) -> DayCount {
        let date = Date::new(2022, 9, day).expect("BUG: September has 30 days");
        DayCount { date, entries: 1, words }
    }

    #[test]
    fn more_words_are_more_ink() {
        let days: Vec<DayCount> = (1..=20).map(|i| day(i, u32::from(i) * 100)).collect();
        let year = Year::new(2022, &days);
        let inks: String = days.iter().map(|day| year.ink(*day)).collect();
        assert_eq!(inks, "11112222222223333334");
        assert_eq!(year.sum(), (20, 21_000));
    }

    #[test]
    fn equal_days_are_equally_light() {
        let year = Year::new(2022, &[day(2, 50), day(1, 50)]);
        assert_eq!(year.ink(day(1, 50)), "1");
        assert_eq!(year.day(day(2, 0).date), Some(day(2, 50)));
        assert_eq!(year.day(day(3, 0).date), None);
    }
}
