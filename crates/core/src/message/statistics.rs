//! A year in numbers.

use super::{DayCount, Tag};
use crate::date::Date;
use serde::{Deserialize, Serialize};

/// What can be counted of a year, and of the days in a row of all years.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// Its written days, in order.
    pub days: Vec<DayCount>,
    /// How many entries of each month have each mood, in the order of [`Mood::ALL`](super::Mood).
    pub moods: [[u32; 5]; 12],
    /// The tags that most of its entries have, the most used first.
    pub tags: Vec<Tag>,
    pub streak: Streak,
}

/// Written days in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streak {
    /// Up to today, or to yesterday as long as today is young.
    pub current: u32,
    pub longest: u32,
    /// The last day of the longest.
    pub longest_until: Option<Date>,
}
