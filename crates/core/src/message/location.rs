//! Where the writer was: what they call it, and, if they want it kept, the point on the earth.
//! (A *place* is something else here: where an entry stands in the order of time.)

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Parts of a degree in which points are counted: a millionth is a tenth of a metre.
const PARTS: i32 = 1_000_000;

/// Where an entry was written; never without a label or a point.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Location {
    /// As the writer calls it; empty if only the point is known.
    pub label: String,
    pub point: Option<Point>,
}

impl Location {
    /// A location, if there is anything to it.
    #[must_use]
    pub fn new(label: &str, point: Option<Point>) -> Option<Self> {
        let label = label.trim().to_owned();
        (!label.is_empty() || point.is_some()).then_some(Self { label, point })
    }

    /// What to call it: its label, or its point in numbers.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.point {
            Some(point) if self.label.is_empty() => point.to_string(),
            _ => self.label.clone(),
        }
    }
}

/// A point on the earth, in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Point {
    latitude: i32,
    longitude: i32,
}

impl Point {
    /// The point of these millionths, if there is one on the earth.
    #[must_use]
    pub fn new(latitude: i64, longitude: i64) -> Option<Self> {
        let within = |value: i64, degrees: i32| {
            i32::try_from(value).ok().filter(|value| value.abs() <= degrees * PARTS)
        };
        Some(Self { latitude: within(latitude, 90)?, longitude: within(longitude, 180)? })
    }

    /// Latitude and longitude as decimals that say them exactly.
    #[must_use]
    pub fn degrees(self) -> [String; 2] {
        [degrees(self.latitude), degrees(self.longitude)]
    }

    #[must_use]
    pub fn latitude(self) -> i32 {
        self.latitude
    }

    #[must_use]
    pub fn longitude(self) -> i32 {
        self.longitude
    }

    /// The point with so many decimals, of six: two of them tell a town and no street.
    #[must_use]
    pub fn rounded(self, decimals: u32) -> Self {
        let step = 10_i32.pow(6 - decimals.min(6));
        let round = |value: i32| (value + value.signum() * step / 2) / step * step;
        Self { latitude: round(self.latitude), longitude: round(self.longitude) }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.degrees().join(", "))
    }
}

/// A text that is not a point.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a point on the earth: write it as -33.8678, 151.2073")]
pub struct PointError(pub String);

impl FromStr for Point {
    type Err = PointError;

    fn from_str(text: &str) -> Result<Self, PointError> {
        let read = |(latitude, longitude): (&str, &str)| {
            Self::new(millionths(latitude)?, millionths(longitude)?)
        };
        text.split_once(',')
            .and_then(read)
            .ok_or_else(|| PointError(text.chars().take(40).collect()))
    }
}

/// The shortest decimal that says a number of millionths.
fn degrees(value: i32) -> String {
    let (sign, value) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
    let (whole, rest) = (value / PARTS.unsigned_abs(), value % PARTS.unsigned_abs());
    let decimal = format!("{sign}{whole}.{rest:06}");
    decimal.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A decimal in millionths; what is finer is cut off.
#[must_use]
pub fn millionths(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || !plain(whole) || !plain(fraction) {
        return None;
    }
    let six: String = fraction.chars().chain("000000".chars()).take(6).collect();
    Some(sign * (whole.parse::<i64>().ok()? * i64::from(PARTS) + six.parse::<i64>().ok()?))
}
