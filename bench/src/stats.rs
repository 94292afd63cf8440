//! Numbers out of many measurements.

/// The step of the browser's clock in a page that is not isolated from others, in milliseconds.
pub(crate) const CLOCK_STEP: f64 = 0.1;

/// The middle, the slow end and the worst of one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    pub(crate) max: f64,
}

impl Spread {
    /// Of times that a page's clock measured.
    pub(crate) fn of(times: &[f64]) -> Self {
        let max = times.iter().copied().fold(0.0, f64::max);
        Self { p50: quantile(times, 0.5), p95: quantile(times, 0.95), max }
    }

    /// Of a thing that was measured once in the run.
    pub(crate) fn once(value: f64) -> Self {
        Self { p50: value, p95: value, max: value }
    }
}

/// The quantile of times that were rounded to the clock's step: those that read the same are
/// taken to lie evenly within the step, or a save of a few steps could not be told from another.
fn quantile(times: &[f64], part: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    #[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52 times")]
    let (rank, count) = (part * sorted.len() as f64, |times: usize| times as f64);
    let at = (0..=last).find(|at| count(at + 1) >= rank).unwrap_or(last);
    let same = |time: f64| (time - sorted[at]).abs() < CLOCK_STEP / 2.0;
    let below = sorted.iter().filter(|time| **time < sorted[at] && !same(**time)).count();
    let equal = sorted.iter().filter(|time| same(**time)).count();
    let within = (rank - count(below)) / count(equal);
    (sorted[at] + CLOCK_STEP * (within - 0.5)).max(0.0)
}

/// The middle of a few runs.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_lies_within_the_step_of_the_clock() {
        let times = [0.1, 0.2, 0.2, 0.2, 0.2, 0.3];
        let middle = quantile(&times, 0.5);
        assert!((0.15..0.25).contains(&middle), "{middle}");
        assert!(quantile(&times, 0.95) > 0.25);
    }

    #[test]
    fn the_median_of_an_even_count_lies_between() {
        assert!((median([1.0, 4.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
    }
}
