//! Lives through seeds: `cargo xtask simulate [--seed X | --seeds N [--from X]]`.

use lexopt::prelude::{Long, ValueExt};
use std::process::ExitCode;
use thoughtstream_simulation::life::live;

fn main() -> Result<ExitCode, lexopt::Error> {
    let (mut from, mut count) = (0, 500);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("seed") => (from, count) = (arguments.value()?.parse()?, 1),
            Long("seeds") => count = arguments.value()?.parse()?,
            Long("from") => from = arguments.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    let (mut steps, mut busiest, mut failed, mut rounds) = (0, 0, 0, 0);
    for seed in from..from + count {
        match live(seed) {
            Ok(report) => {
                steps += report.steps;
                busiest = busiest.max(report.steps);
                rounds = rounds.max(report.rounds);
            }
            Err(why) => {
                failed += 1;
                println!("seed {seed}: {why}\n  again: cargo xtask simulate --seed {seed}");
            }
        }
    }
    println!("{count} seeds, {steps} steps, {busiest} of the busiest, {rounds} rounds to rest");
    println!("{failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
