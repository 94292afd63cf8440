//! An entry's position in the chronological order: its local day and time packed into one integer.
//!
//! It is the rowid of the entry and of its line in the search index, so that "newest first" is the
//! native direction of both B-trees and a month or a day is a range of integers. 63 bits:
//!
//! | bits | what |
//! | --- | --- |
//! | 22 | day, counted from 0000-01-01 |
//! | 27 | milliseconds since midnight; 0 for an entry of the whole day |
//! | 14 | tells apart entries of the same millisecond, in the order in which they came |
//!
//! A place belongs to one device: it is made from the moment again wherever the entry goes.

use crate::date::{Date, Moment, Month, Time};
use crate::message::Place;
use std::ops::Range;

const TIE_BITS: u32 = 14;
const DAY_BITS: u32 = 27 + TIE_BITS;
/// Days from 0000-01-01 to 1970-01-01.
const DAYS_TO_1970: i64 = 719_528;

impl Place {
    /// The first place of the millisecond at which `moment` stands.
    #[must_use]
    pub fn first_at(moment: &Moment) -> Self {
        let millis = moment.time.map_or(0, Time::millis);
        Self(Self::first_on(moment.date).0 | millis << TIE_BITS)
    }

    /// The places that share the millisecond of this one.
    #[must_use]
    pub fn ties(self) -> Range<i64> {
        let first = self.0 >> TIE_BITS << TIE_BITS;
        first..first + (1 << TIE_BITS)
    }

    /// The first place of a day.
    #[must_use]
    pub fn first_on(date: Date) -> Self {
        Self((date.days_since_1970() + DAYS_TO_1970) << DAY_BITS)
    }

    /// The places of a day.
    #[must_use]
    pub fn day(date: Date) -> Range<i64> {
        let first = Self::first_on(date).0;
        first..first + (1 << DAY_BITS)
    }

    /// Where the places of a month end.
    #[must_use]
    pub fn end_of(month: Month) -> Self {
        Self(Self::day(month.first().plus_days(i64::from(month.days()) - 1)).end)
    }

    /// The day of this place.
    #[must_use]
    pub fn date(self) -> Date {
        Date::from_days((self.0 >> DAY_BITS) - DAYS_TO_1970)
    }
}
