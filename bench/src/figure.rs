//! A figure: what was measured, on whom, and what was promised.

use crate::stats::{Spread, median};
use serde_json::{Map, Value, json};

/// One figure of the table.
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    /// Ours first.
    pub(crate) series: Vec<Series>,
    pub(crate) goals: Vec<Goal>,
}

/// The runs of one competitor, in the order of the repeats.
#[derive(Clone)]
pub(crate) struct Series {
    pub(crate) who: &'static str,
    pub(crate) runs: Vec<Spread>,
}

/// Something that must not be more than its limit.
pub(crate) struct Goal {
    pub(crate) what: &'static str,
    pub(crate) measured: f64,
    pub(crate) limit: f64,
}

impl Goal {
    pub(crate) fn met(&self) -> bool {
        self.measured <= self.limit
    }
}

impl Series {
    pub(crate) fn new(who: &'static str) -> Self {
        Self { who, runs: Vec::new() }
    }

    /// The middle run, for each of its numbers.
    pub(crate) fn middle(&self) -> Spread {
        let middle = |part: fn(&Spread) -> f64| median(self.runs.iter().map(part));
        Spread {
            p50: middle(|run| run.p50),
            p95: middle(|run| run.p95),
            max: middle(|run| run.max),
        }
    }

    /// How many times the other's value this one's is: the median of the ratios of each run.
    pub(crate) fn against(&self, other: &Self, part: fn(&Spread) -> f64) -> f64 {
        median(self.runs.iter().zip(&other.runs).map(|(a, b)| part(a) / part(b)))
    }
}

/// The series of this competitor.
pub(crate) fn of<'a>(series: &'a [Series], who: &str) -> &'a Series {
    let found = series.iter().find(|series| series.who == who);
    found.unwrap_or_else(|| panic!("BUG: {who} was not measured"))
}

impl Figure {
    /// The figure as one line of JSON.
    pub(crate) fn json(&self) -> Value {
        let ours = &self.series[0];
        let mut others = Map::new();
        for other in &self.series[1..] {
            let middle = other.middle();
            let ratio = ours.against(other, |run| run.p50);
            let value = json!({
                "p50": round(middle.p50), "p95": round(middle.p95), "ours_to_it": round(ratio),
            });
            others.insert(other.who.to_owned(), value);
        }
        let goals = self.goals.iter().map(|goal| {
            json!({ "goal": goal.what, "measured": round(goal.measured),
                    "at_most": round(goal.limit), "met": goal.met() })
        });
        let Spread { p50, p95, max } = ours.middle();
        json!({
            "figure": self.name, "unit": self.unit, "repeats": ours.runs.len(),
            "ours": { "p50": round(p50), "p95": round(p95), "max": round(max) },
            "others": others,
            "goals": goals.collect::<Vec<_>>(),
        })
    }
}

/// Three digits behind the point, which is more than any clock here knows.
fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
