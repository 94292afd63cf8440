//! The part of the screen where the journal goes out as a file.

use super::files::Download;
use super::import::failed;
use super::jobs::{Count, Job, Phase, use_jobs};
use crate::porter::message::Format;
use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::parts::button::Button;
use crate::ui::view::*;

/// Writes everything to a file.
#[component]
pub(super) fn ExportSection() -> View {
    let (jobs, dispatch) = (use_jobs(), use_dispatch());
    let busy = Signal::derive(move || jobs.busy());
    let begin = move |format: Format| {
        jobs.export.with_untracked(|job| job.done().map(Download::forget));
        jobs.begin_export(dispatch, format, None);
    };
    let phase = memo(move || jobs.export.with(Job::phase));
    let outcome = move || {
        let phase = phase.get();
        jobs.export.with_untracked(|job| match (phase, job) {
            (Phase::Done, Job::Done(download)) => done(download.clone()),
            (_, Job::Failed(reason)) => failed(reason),
            _ => View::none(),
        })
    };
    view! {
        <section class="transfer__section">
            <h2>"Export"</h2>
            <p>
                "Everything, what was thrown away included, in a form that other programs read and \
                that comes back in here without loss."
            </p>
            <div class="transfer__buttons">
                <Button
                    label="Export as Markdown (.zip)"
                    disabled=busy
                    on_press=move |()| begin(Format::Markdown)
                />
                <Button
                    label="Export as JSON lines (.jsonl)"
                    disabled=busy
                    on_press=move |()| begin(Format::JsonLines)
                />
            </div>
            <div aria-live="polite">{outcome}</div>
            {move || (phase.get() == Phase::Running).then(|| view! { <Running /> })}
        </section>
    }
}

#[component]
fn Running() -> View {
    let jobs = use_jobs();
    let count = memo(move || {
        jobs.export.with(|job| match job {
            Job::Running(count) => *count,
            _ => Count::default(),
        })
    });
    let told = move || {
        let Count { written, total } = count.get();
        [&format::number(written.into()), " of ", &format::number(total.into()), " written"]
            .concat()
    };
    view! {
        <div class="transfer__running">
            <label>
                <span>{told}</span>
                <progress
                    max=move || count.get().total.max(1)
                    value=move || count.get().written
                ></progress>
            </label>
            <Button label="Stop" on_press=move |()| jobs.stop() />
        </div>
    }
}

/// The browser saves it by itself; the link is for when it did not.
fn done(download: Download) -> View {
    let Download { name, address, bytes } = download;
    let shown = name.clone();
    view! {
        <p>
            "Written: "
            <a class="link" href=address download=name>
                {shown}
            </a>
            " (" {format::bytes(bytes)} ")"
        </p>
    }
}
