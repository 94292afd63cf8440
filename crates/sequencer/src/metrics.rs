//! What Prometheus may know: how much, how often, how many; never who.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

/// Upper ends of the latency buckets, in seconds.
const BUCKETS: [f64; 8] = [0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0];

/// The counters of one process.
#[derive(Debug, Default)]
pub struct Metrics {
    /// By route and status: both are ours, so there are few.
    requests: Mutex<BTreeMap<(&'static str, u16), Latency>>,
    pub connections: AtomicU64,
    pub live: AtomicU64,
    pub pushed: AtomicU64,
    pub pulled: AtomicU64,
    pub turned_away: AtomicU64,
}

#[derive(Debug, Default)]
struct Latency {
    within: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

/// Counts up while it lives.
#[derive(Debug)]
pub struct Held<T: Fn() + Send>(T);

impl<T: Fn() + Send> Held<T> {
    /// Runs `end` when this is dropped.
    pub fn until(end: T) -> Self {
        Self(end)
    }
}

impl<T: Fn() + Send> Drop for Held<T> {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl Metrics {
    /// Notes an answer.
    pub fn answered(&self, route: &'static str, status: u16, seconds: f64) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let latency = requests.entry((route, status)).or_default();
        latency.count += 1;
        latency.seconds += seconds;
        for (within, end) in latency.within.iter_mut().zip(BUCKETS) {
            *within += u64::from(seconds <= end);
        }
    }

    /// Everything in Prometheus' text format.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let values = [
            ("connections", "gauge", &self.connections),
            ("live_connections", "gauge", &self.live),
            ("changes_pushed_total", "counter", &self.pushed),
            ("changes_pulled_total", "counter", &self.pulled),
            ("connections_turned_away_total", "counter", &self.turned_away),
        ];
        for (name, kind, value) in values {
            let name = format!("thoughtstream_{name}");
            // Writing to a String cannot fail, here and below.
            let _ = writeln!(out, "# TYPE {name} {kind}\n{name} {}", value.load(Relaxed));
        }
        self.write_requests(&mut out);
        out
    }

    fn write_requests(&self, out: &mut String) {
        let name = "thoughtstream_request_seconds";
        let _ = writeln!(out, "# TYPE {name} histogram");
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for ((route, status), latency) in requests.iter() {
            let labels = format!("route=\"{route}\",status=\"{status}\"");
            for (within, end) in latency.within.iter().zip(BUCKETS) {
                let _ = writeln!(out, "{name}_bucket{{{labels},le=\"{end}\"}} {within}");
            }
            let Latency { count, seconds, .. } = latency;
            let _ = writeln!(out, "{name}_bucket{{{labels},le=\"+Inf\"}} {count}");
            let _ = writeln!(out, "{name}_sum{{{labels}}} {seconds}");
            let _ = writeln!(out, "{name}_count{{{labels}}} {count}");
        }
    }
}
