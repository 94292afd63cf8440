//! The sequencer beside its floors, in one run and in rotated order; one line of JSON a figure.
//!
//! Usage: `thoughtstream-bench-sync SEQUENCER REPEATS`, the first being the built program.

mod floors;
mod many;
mod ours;

use anyhow::Context;
use serde_json::json;
use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;
use thoughtstream_caller::{Postgres, changes, device};
use thoughtstream_core::wire::SealedChange;

/// Changes in a whole push or pull.
pub(crate) const COUNT: usize = 10_000;
/// Bytes of one sealed change: a diary's entry, compressed and sealed.
pub(crate) const LENGTH: usize = 949;
/// When the changes were made, in milliseconds since 1970.
pub(crate) const NOW: u64 = 1_777_000_000_000;
/// Changes that are saved one at a time.
pub(crate) const SINGLE: usize = 200;

/// Values of one figure, by its name.
pub(crate) type Figures = BTreeMap<String, Vec<f64>>;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = env::args().skip(1);
    let program = PathBuf::from(arguments.next().context("the sequencer's program is expected")?);
    let repeats: usize = arguments.next().context("then how many repeats")?.parse()?;
    let postgres = Postgres::start("").map_err(anyhow::Error::from_boxed)?;
    let payloads = changes(device(1), NOW, 0, COUNT as u64, LENGTH);
    let mut figures = Figures::new();
    for repeat in 0..repeats {
        // Whoever comes first finds the disk quiet, so each does once.
        for turn in 0..4 {
            match (turn + repeat) % 4 {
                0 => floors::sqlite(&payloads, &mut figures)?,
                1 => floors::postgres(&url(&postgres)?, &payloads, &mut figures).await?,
                2 => {
                    floors::echo(&payloads, &mut figures).await?;
                    ours::measure(&program, None, "sqlite", &payloads, &mut figures).await?;
                }
                _ => {
                    let url = url(&postgres)?;
                    ours::measure(&program, Some(url), "postgres", &payloads, &mut figures).await?;
                }
            }
        }
    }
    for _ in 0..repeats {
        let (ours, bare) = (url(&postgres)?, url(&postgres)?);
        many::vaults(&program, &ours, &bare, &mut figures).await?;
        many::slow_headers(&program, &mut figures).await?;
    }
    ours::idle(&program, &mut figures).await?;
    for (name, values) in figures {
        let (middle, least, most) = spread(values);
        println!("{}", json!({ "figure": name, "median": middle, "min": least, "max": most }));
    }
    Ok(())
}

fn url(postgres: &Postgres) -> anyhow::Result<String> {
    postgres.database().map_err(anyhow::Error::from_boxed)
}

/// Notes one value.
pub(crate) fn note(figures: &mut Figures, name: &str, value: f64) {
    figures.entry(name.to_owned()).or_default().push((value * 1000.0).round() / 1000.0);
}

/// Changes a second.
pub(crate) fn rate(count: usize, began: std::time::Instant) -> f64 {
    (count as f64 / began.elapsed().as_secs_f64()).round()
}

/// The median, the least and the most.
pub(crate) fn spread(values: Vec<f64>) -> (f64, f64, f64) {
    let [middle, least, most] = shares(values, [0.5, 0.0, 1.0]);
    (middle, least, most)
}

/// The values below which these shares of all lie.
pub(crate) fn shares<const N: usize>(mut values: Vec<f64>, shares: [f64; N]) -> [f64; N] {
    values.sort_by(f64::total_cmp);
    shares.map(|share| {
        let index = ((values.len().saturating_sub(1)) as f64 * share) as usize;
        values.get(index).copied().unwrap_or_default()
    })
}

/// A change's three parts as a bare table has them.
pub(crate) fn parts(change: &SealedChange) -> (&[u8], [u8; 16], &[u8]) {
    (&change.row.0, change.stamp.to_bytes(), &change.sealed)
}
