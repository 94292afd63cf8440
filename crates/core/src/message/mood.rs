//! How the writer was: five steps with words, so that no face has to be guessed at.

use serde::{Deserialize, Serialize};

/// A mood, from the worst to the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Mood {
    Awful,
    Low,
    Fine,
    Good,
    Great,
}

impl Mood {
    pub const ALL: [Self; 5] = [Self::Awful, Self::Low, Self::Fine, Self::Good, Self::Great];

    /// Its number in SQL and on the wire: 1 to 5.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8 + 1
    }

    /// The mood of that number.
    #[must_use]
    pub fn of_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|mood| i64::from(mood.code()) == code)
    }

    /// Its name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Awful => "awful",
            Self::Low => "low",
            Self::Fine => "fine",
            Self::Good => "good",
            Self::Great => "great",
        }
    }

    /// The mood of that name, however it is capitalised.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mood| mood.name().eq_ignore_ascii_case(name))
    }
}
