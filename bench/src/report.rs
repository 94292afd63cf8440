//! The table for people.

use crate::figure::Figure;
use std::fmt::Write;

const HEAD: &str = "\
# Benchmarks

Written by `cargo xtask bench`; do not edit. Times in milliseconds, medians over the repeats; \
*p50* and *p95* are those of the median run. *ours : it* is the median of the ratios of each run. \
Every competitor has a fresh Chromium process and a profile on disk, their order rotates, and all \
get the same generated journal (words and lengths of a real diary, ten entries a day, 3 % with a \
sentence in Chinese, Japanese, Korean or Thai).

";

/// The whole document; `conditions` are said above the tables.
pub(crate) fn document(figures: &[Figure], conditions: &[String]) -> String {
    let mut text = HEAD.to_owned();
    for condition in conditions {
        text += &format!("- {condition}\n");
    }
    text += "\n## Goals\n\n| figure | goal | measured | at most | met |\n";
    text += "| --- | --- | ---: | ---: | --- |\n";
    for figure in figures {
        for goal in &figure.goals {
            let (measured, limit) = (number(goal.measured), number(goal.limit));
            let met = if goal.met() { "yes" } else { "**no**" };
            let (name, what) = (figure.name, goal.what);
            writeln!(text, "| {name} | {what} | {measured} | {limit} | {met} |").ok();
        }
    }
    text += "\n## Figures\n\n| figure | who | p50 | p95 | worst | ours : it |\n";
    text += "| --- | --- | ---: | ---: | ---: | ---: |\n";
    for figure in figures {
        for series in &figure.series {
            let (run, who) = (series.middle(), series.who);
            let ratio = figure.series[0].against(series, |run| run.p50);
            let [p50, p95, max, ratio] = [run.p50, run.p95, run.max, ratio].map(number);
            let name = format!("{}, {}", figure.name, figure.unit);
            writeln!(text, "| {name} | {who} | {p50} | {p95} | {max} | {ratio} |").ok();
        }
    }
    text
}

/// As many digits as mean something.
fn number(value: f64) -> String {
    match value.abs() {
        size if size < 10.0 => format!("{value:.2}"),
        size if size < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
