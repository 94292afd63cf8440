//! The installed app without a network, from the navigation to the first key, beside an empty
//! Leptos page from a server: in a new browser process, and reloaded in it.

use crate::figure::{Figure, Goal, Series};
use crate::lab::{Lab, OURS, Visit, number};
use crate::stats::Spread;
use serde_json::json;
use std::sync::Arc;
use thoughtstream_serve::Server;
use thoughtstream_tests::Profile;

const EMPTY: &str = "empty Leptos page, online";
const PROBE: &str = include_str!("../../peers/probe-start.js");
/// The best of the whole apps in the reference measurement, offline in a new process.
const BEST_APP_MILLIS: f64 = 892.0;

/// Milliseconds of one visit.
struct Start {
    fresh: f64,
    warm: f64,
}

/// Measures both starts; the store in the profile has entries of today.
pub(crate) async fn measure(lab: &Lab, profile: &Arc<Profile>) -> anyhow::Result<Vec<Figure>> {
    install(lab, profile).await;
    let empty = Server::start(lab.places.empty.clone(), 0)?;
    let empty_profile = Arc::new(Profile::fresh());
    start(&empty_profile, &empty.url()).await?; // its files are in the browser's cache from now on
    let names = [OURS.name, EMPTY];
    let (mut fresh, mut warm) = (names.map(Series::new), names.map(Series::new));
    for repeat in 0..lab.repeats {
        for number in [repeat % 2, 1 - repeat % 2] {
            let measured = if number == 0 {
                lab.stop_server();
                let measured = start(profile, &lab.url()).await;
                lab.start_server()?;
                measured?
            } else {
                start(&empty_profile, &empty.url()).await?
            };
            fresh[number].runs.push(Spread::once(measured.fresh));
            warm[number].runs.push(Spread::once(measured.warm));
        }
    }
    let ratio = |series: &[Series; 2]| series[0].against(&series[1], |run| run.p50);
    let goal = |what, measured, limit| Goal { what, measured, limit };
    let fresh_goals = vec![
        goal("time : empty Leptos page", ratio(&fresh), 2.5),
        goal("ms, half of the best app measured", fresh[0].middle().p50, BEST_APP_MILLIS / 2.0),
    ];
    let warm_goals = vec![goal("time : empty Leptos page", ratio(&warm), 2.5)];
    let figure = |name, series: [Series; 2], goals| Figure {
        name,
        unit: "ms",
        series: series.to_vec(),
        goals,
    };
    Ok(vec![
        figure("offline start, new process", fresh, fresh_goals),
        figure("offline start, warm reload", warm, warm_goals),
    ])
}

/// Opens the app once with a network, until it is kept for days without.
async fn install(lab: &Lab, profile: &Arc<Profile>) {
    let visit = Visit::open(profile).await;
    visit.page().goto(&lab.url()).await;
    let kept = "await navigator.serviceWorker.ready;
        while (navigator.serviceWorker.controller === null) await new Promise((go) =>
            navigator.serviceWorker.addEventListener('controllerchange', go, { once: true }));";
    visit.page().run(kept, []).await;
    visit.close().await;
}

async fn start(profile: &Arc<Profile>, url: &str) -> anyhow::Result<Start> {
    let visit = Visit::open(profile).await;
    let page = visit.page();
    page.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": PROBE })).await;
    page.goto(url).await;
    let fresh = number(&page.run("return readyAt", []).await)?;
    page.reload().await;
    let warm = number(&page.run("return readyAt", []).await)?;
    visit.close().await;
    Ok(Start { fresh, warm })
}
