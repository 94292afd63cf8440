//! Import and durable save: a new store of 10,000 entries for each competitor and repeat.

use crate::figure::{Figure, Goal, Series, of};
use crate::lab::{
    DEXIE, Lab, OFFICIAL, OFFICIAL_BEST, OFFICIAL_PLAIN, OURS, RAW, Store, number, numbers, rotated,
};
use crate::stats::Spread;
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::process::Command;
use std::sync::Arc;
use thoughtstream_tests::{Profile, scratch};

const NATIVE: &str = "native SQLite";
/// A save of an entry dirties two pages at least.
const RAW_LARGE: &str = "raw OPFS, 8 kB";
const RAW_SMALL: &str = "raw OPFS, 4 kB";

/// Below this a flush does not reach a disk: the profile is in memory, and no figure is true.
const FLUSH_MILLIS_MIN: f64 = 0.05;

enum Competitor {
    Page(Store),
    Raw,
    Native,
}

/// What was measured of everyone so far.
struct Results {
    saves: Vec<Series>,
    listed: Vec<Series>,
    searchable: Vec<Series>,
}

/// Measures both, with as many entries as the batches have and so many saves.
pub(crate) async fn measure(
    lab: &Lab,
    batches: &[String],
    saves: usize,
) -> anyhow::Result<Vec<Figure>> {
    let competitors = [
        Competitor::Page(OURS),
        Competitor::Page(OFFICIAL),
        Competitor::Page(OFFICIAL_BEST),
        Competitor::Page(OFFICIAL_PLAIN),
        Competitor::Page(DEXIE),
        Competitor::Raw,
        Competitor::Native,
    ];
    let pages =
        [OURS.name, OFFICIAL.name, OFFICIAL_BEST.name, OFFICIAL_PLAIN.name, DEXIE.name, NATIVE];
    let series = |names: &[&'static str]| names.iter().map(|name| Series::new(name)).collect();
    let mut results = Results {
        saves: series(&[&pages[..], &[RAW_SMALL, RAW_LARGE]].concat()),
        listed: series(&pages),
        searchable: series(&[OURS.name, OFFICIAL.name, OFFICIAL_BEST.name, NATIVE]),
    };
    for repeat in 0..lab.repeats {
        for competitor in rotated(&competitors, repeat) {
            match competitor {
                Competitor::Page(store) => page(lab, store, batches, saves, &mut results).await?,
                Competitor::Raw => raw(lab, saves, &mut results).await?,
                Competitor::Native => native(lab, batches, saves, &mut results)?,
            }
        }
    }
    Ok(vec![
        save_figure(results.saves),
        listed_figure(results.listed),
        searchable(results.searchable),
    ])
}

impl Results {
    fn add(&mut self, who: &str, import: &Value, saves: &[f64]) -> anyhow::Result<()> {
        push(&mut self.saves, who, Spread::of(saves));
        push(&mut self.listed, who, Spread::once(number(&import["listed"])?));
        push(&mut self.searchable, who, Spread::once(number(&import["searchable"])?));
        Ok(())
    }
}

fn push(list: &mut [Series], who: &str, spread: Spread) {
    if let Some(series) = list.iter_mut().find(|series| series.who == who) {
        series.runs.push(spread);
    }
}

async fn page(
    lab: &Lab,
    store: &Store,
    batches: &[String],
    saves: usize,
    results: &mut Results,
) -> anyhow::Result<()> {
    let visit = lab.visit(&Arc::new(Profile::fresh()), store).await;
    visit.ask("open", json!([])).await?;
    let import = visit.ask("insert", json!([batches])).await?;
    let times = numbers(&visit.ask("saves", json!([batches, saves])).await?)?;
    visit.close().await;
    results.add(store.name, &import, &times)
}

async fn raw(lab: &Lab, saves: usize, results: &mut Results) -> anyhow::Result<()> {
    let visit = lab.visit(&Arc::new(Profile::fresh()), &RAW).await;
    visit.ask("open", json!([])).await?;
    for (who, size) in [(RAW_SMALL, 4096), (RAW_LARGE, 8192)] {
        let answer = visit.ask("flush", json!([size, saves])).await?;
        let inside = number(&answer["inside"])?;
        ensure!(
            inside >= FLUSH_MILLIS_MIN,
            "a write and flush took {inside:.3} ms: the profiles are in memory; \
             set CARGO_TARGET_DIR to a folder on a disk"
        );
        push(&mut results.saves, who, Spread::of(&numbers(&answer["times"])?));
    }
    visit.close().await;
    Ok(())
}

fn native(
    lab: &Lab,
    batches: &[String],
    saves: usize,
    results: &mut Results,
) -> anyhow::Result<()> {
    let folder = scratch("native");
    let files = batches.iter().map(|batch| lab.places.data.join(format!("{batch}.json")));
    let mut command = Command::new(&lab.places.native);
    command.arg(folder.path()).arg(saves.to_string()).args(files);
    let output = command.output().context("cannot start the native floor")?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the native floor failed: {errors}");
    let answer: Value = serde_json::from_slice(&output.stdout)?;
    results.add(NATIVE, &answer, &numbers(&answer["saves"])?)
}

fn save_figure(series: Vec<Series>) -> Figure {
    let [raw, official, dexie] = [RAW_SMALL, OFFICIAL.name, DEXIE.name].map(|who| of(&series, who));
    let (p50, p95) = (|run: &Spread| run.p50, |run: &Spread| run.p95);
    let goal = |what, measured, limit| Goal { what, measured, limit };
    let goals = vec![
        goal("p50 : raw OPFS 4 kB p50", series[0].against(raw, p50), 2.0),
        goal("p95 : raw OPFS 4 kB p95", series[0].against(raw, p95), 4.0),
        goal("p50 : official default p50", series[0].against(official, p50), 1.0 / 3.0),
        goal("p50 : Dexie p50", series[0].against(dexie, p50), 1.0 / 3.0),
    ];
    Figure { name: "durable save", unit: "ms", series, goals }
}

fn listed_figure(series: Vec<Series>) -> Figure {
    let against = |who| series[0].against(of(&series, who), |run| run.p50);
    let goals = vec![
        Goal { what: "time : official default", measured: against(OFFICIAL.name), limit: 0.5 },
        Goal { what: "time : official, best", measured: against(OFFICIAL_BEST.name), limit: 0.5 },
        Goal { what: "time : Dexie", measured: against(DEXIE.name), limit: 0.2 },
    ];
    Figure { name: "import, listed", unit: "ms", series, goals }
}

fn searchable(series: Vec<Series>) -> Figure {
    let measured = series[0].against(of(&series, NATIVE), |run| run.p50);
    let goals = vec![Goal { what: "time : native SQLite", measured, limit: 1.3 }];
    Figure { name: "import, searchable", unit: "ms", series, goals }
}
