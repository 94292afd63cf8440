//! Lives from seeds: all of them have to end well.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use thoughtstream_simulation::life::live;

/// Half a thousand lives, on as many threads as there are processors. More of them:
/// `cargo xtask simulate --seeds N`.
#[test]
fn five_hundred_lives() {
    const SEEDS: u64 = 500;
    let (next, steps) = (AtomicU64::new(0), AtomicU64::new(0));
    let threads = thread::available_parallelism().map_or(2, Into::into);
    let work = || {
        let mut failed = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= SEEDS {
                return failed;
            }
            match live(seed) {
                Ok(report) => {
                    steps.fetch_add(report.steps, Ordering::Relaxed);
                }
                Err(why) => {
                    failed.push(format!("cargo xtask simulate --seed {seed}\n    {why}"));
                }
            }
        }
    };
    let failed: Vec<String> = thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        all.into_iter().flat_map(|one| one.join().expect("a seed panicked")).collect()
    });
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(steps.into_inner() > 500_000, "these lives have become short");
}
