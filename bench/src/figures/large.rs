//! Ten years and more: search, and a cold open, in stores that were filled once and are opened
//! in a new browser for each repeat.

use crate::figure::{Figure, Goal, Series, of};
use crate::journal::SMALL;
use crate::lab::{Lab, OFFICIAL_BEST, OURS, Store, number, numbers, rotated};
use crate::stats::Spread;
use anyhow::ensure;
use serde_json::json;
use std::sync::Arc;
use thoughtstream_tests::Profile;

const OURS_SMALL: &str = "ThoughtStream, 100 entries";
const OFFICIAL_SMALL: &str = "sqlite-wasm, WAL FULL, 100 entries";
/// How often each query is asked.
const ROUNDS: usize = 3;

/// The profile with our large store, which other figures are measured on as well.
pub(crate) async fn fill(lab: &Lab, batches: &[String]) -> anyhow::Result<Arc<Profile>> {
    lab.fill(&OURS, batches).await
}

struct Competitor {
    who: &'static str,
    store: Store,
    profile: Arc<Profile>,
    searched: bool,
}

/// Measures both figures.
pub(crate) async fn measure(
    lab: &Lab,
    ours: &Arc<Profile>,
    batches: &[String],
    queries: &[String],
) -> anyhow::Result<Vec<Figure>> {
    let small = [SMALL.to_owned()];
    let competitor = |who, store, profile, searched| Competitor { who, store, profile, searched };
    let competitors = [
        competitor(OURS.name, OURS, Arc::clone(ours), true),
        competitor(OURS_SMALL, OURS, lab.fill(&OURS, &small).await?, false),
        competitor(
            OFFICIAL_BEST.name,
            OFFICIAL_BEST,
            lab.fill(&OFFICIAL_BEST, batches).await?,
            true,
        ),
        competitor(OFFICIAL_SMALL, OFFICIAL_BEST, lab.fill(&OFFICIAL_BEST, &small).await?, false),
    ];
    let mut opened: Vec<Series> =
        competitors.iter().map(|competitor| Series::new(competitor.who)).collect();
    let mut searched = vec![Series::new(OURS.name), Series::new(OFFICIAL_BEST.name)];
    for repeat in 0..lab.repeats {
        for competitor in rotated(&competitors, repeat) {
            let visit = lab.visit(&competitor.profile, &competitor.store).await;
            let open = visit.ask("open", json!([])).await?;
            ensure!(open["count"] == 50, "{} lists {} entries", competitor.who, open["count"]);
            push(&mut opened, competitor.who, Spread::once(number(&open["ms"])?));
            if competitor.searched {
                let answer = visit.ask("search", json!([queries, ROUNDS])).await?;
                push(&mut searched, competitor.who, Spread::of(&numbers(&answer["times"])?));
            }
            visit.close().await;
        }
    }
    Ok(vec![search_figure(searched), open_figure(opened)])
}

fn push(list: &mut [Series], who: &str, spread: Spread) {
    if let Some(series) = list.iter_mut().find(|series| series.who == who) {
        series.runs.push(spread);
    }
}

fn search_figure(series: Vec<Series>) -> Figure {
    let measured = series[0].middle().p95;
    let goals = vec![Goal { what: "p95, ms", measured, limit: 16.0 }];
    Figure { name: "search at 100,000", unit: "ms", series, goals }
}

fn open_figure(series: Vec<Series>) -> Figure {
    let against = |who| series[0].against(of(&series, who), |run| run.p50);
    let goals = vec![
        Goal { what: "ms", measured: series[0].middle().p50, limit: 100.0 },
        Goal { what: "time : the same with 100", measured: against(OURS_SMALL), limit: 1.3 },
        Goal { what: "time : official", measured: against(OFFICIAL_BEST.name), limit: 0.7 },
    ];
    Figure { name: "cold open at 100,000", unit: "ms", series, goals }
}
