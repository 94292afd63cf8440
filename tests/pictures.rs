//! The pictures of the README and of the manifest, made by `cargo xtask pictures` of the real
//! diary. No journey: nothing is checked here.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[expect(dead_code, reason = "journeys do more with the app than pictures do")]
#[path = "browser/app.rs"]
mod app;

use std::path::{Path, PathBuf};
use thoughtstream_tests::{Engine, Options, diary, journey};

/// What is taken: where it goes, which address, window, device pixels, dark.
const PICTURES: [(&str, &str, (u32, u32), f64, bool); 7] = [
    ("public/pictures/timeline-wide.png", "/timeline", (1440, 900), 1.0, false),
    ("public/pictures/calendar-wide.png", "/calendar?year=2022", (1440, 900), 1.0, false),
    ("public/pictures/today-narrow.png", "/", (390, 844), 2.0, false),
    ("public/pictures/timeline-narrow.png", "/timeline", (390, 844), 2.0, false),
    ("docs/pictures/timeline-light.png", "/timeline", (1440, 900), 1.0, false),
    ("docs/pictures/calendar-light.png", "/calendar?year=2022", (1440, 900), 1.0, false),
    ("docs/pictures/today-phone-dark.png", "/", (390, 844), 2.0, true),
];

const PAINTED: &str = "await document.fonts.ready;
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame()";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[tokio::test]
async fn pictures() {
    journey(Engine::Chromium, async |stage| {
        let page = stage.browser_with(Options::default()).await.page();
        page.goto(&format!("{}/transfer", stage.url())).await;
        app::import(&page, &diary()).await;
        page.says("came in.").await;
        page.goto(&stage.url()).await;
        let morning = "A quiet morning.\n\n- coffee by the window\n- a walk along the river #walk";
        app::write(&page, morning).await;
        page.button("Not now").click().await;
        for (file, path, (width, height), scale, dark) in PICTURES {
            let screen = serde_json::json!({
                "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false,
            });
            page.cdp("Emulation.setDeviceMetricsOverride", screen).await;
            let scheme = if dark { "dark" } else { "light" };
            let features = serde_json::json!({
                "features": [{ "name": "prefers-color-scheme", "value": scheme }],
            });
            page.cdp("Emulation.setEmulatedMedia", features).await;
            page.goto(&format!("{}{path}", stage.url())).await;
            if path == "/timeline" {
                app::is_listed(&page, "walk").await;
                page.run("document.querySelectorAll('article a')[2].click()", []).await;
                page.button("Edit").appears().await;
                if width < 800 {
                    page.back().await;
                    app::is_listed(&page, "walk").await;
                }
            }
            if path == "/" {
                app::is_ready(&page).await;
                let frost = "The first frost. The whole garden is white,";
                page.textbox("Entry").type_text(frost).await;
                app::is_saved(&page).await;
            }
            // Two frames: what was asked for is painted then.
            page.run(PAINTED, []).await;
            page.screenshot(&root().join(file)).await;
        }
    })
    .await;
}
