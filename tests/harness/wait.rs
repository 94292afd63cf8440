//! Waiting for something to become true.

use std::env;
use std::time::{Duration, Instant};

/// How often to look again.
const INTERVAL: Duration = Duration::from_millis(20);

/// How long to look before giving up: generous, because a slow machine is no defect of the app.
/// `THOUGHTSTREAM_PATIENCE` sets other seconds.
#[must_use]
pub fn patience() -> Duration {
    let seconds = env::var("THOUGHTSTREAM_PATIENCE").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(30))
}

/// Looks until the condition holds.
///
/// # Panics
/// If it does not hold within [`patience`].
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    until_some(what, async || condition().await.then_some(())).await;
}

/// Looks until there is something, and returns it.
pub(crate) async fn until_some<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        let waited = begin.elapsed();
        assert!(waited < patience(), "waited {} s in vain: {what}", waited.as_secs());
        tokio::time::sleep(INTERVAL).await;
    }
}
