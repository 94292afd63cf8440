//! What became of an import: numbers first, then what was refused and why.

use super::files::Download;
use super::jobs::Imported;
use crate::porter::message::{Refusal, Report};
use crate::ui::format;
use crate::ui::view::*;
use web_sys::js_sys::Array;
use web_sys::{Blob, BlobPropertyBag};

/// Refusals that are listed on the screen; the file has as many as are kept.
const LISTED_MAX: usize = 100;

/// A report with more refusals than this can be saved as a file.
const SHORT: usize = 10;

/// The report of an import.
#[component]
pub(super) fn ReportView(imported: Imported) -> View {
    let summary = summary(&imported);
    let Imported { report, .. } = imported;
    let file = (report.refusals.len() > SHORT).then(|| as_file(&report)).flatten();
    if let Some(file) = file.clone() {
        on_cleanup(move || file.forget());
    }
    let save = file.map(|file| {
        view! {
            <a class="link" href=file.address download="import-report.txt">
                "The whole report as text"
            </a>
        }
    });
    let more = report.refused.saturating_sub(LISTED_MAX as u64);
    let refusals = report.refusals.into_iter().take(LISTED_MAX).map(refusal);
    view! {
        <div class="transfer__report">
            <p class="transfer__summary">{summary}</p>
            {(!report.left_out.is_empty()).then(|| left_out(report.left_out.keys()))}
            <ul class="transfer__refusals">{refusals.collect_view()}</ul>
            {(more > 0).then(|| view! { <p>"… and " {format::number(more)} " more"</p> })}
            {save}
        </div>
    }
}

/// 3,415 came in, 2 were here already, 1 was refused.
pub(super) fn summary(imported: &Imported) -> String {
    let Report { added, known, refused, .. } = &imported.report;
    let said = |count: u64, one: &str, many: &str| match count {
        0 => None,
        1 => Some(["1 ", one].concat()),
        count => Some([&format::number(count), " ", many].concat()),
    };
    let parts: Vec<String> = [
        said(*added, "came in", "came in"),
        said(*known, "was here already", "were here already"),
        said(*refused, "was refused", "were refused"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let numbers = match parts.is_empty() {
        true => "There was nothing to take in".to_owned(),
        false => parts.join(", "),
    };
    match &imported.cut_short {
        None => [&numbers, "."].concat(),
        Some(reason) => ["Not everything was read: ", reason, ". ", &numbers, "."].concat(),
    }
}

fn left_out<'a>(keys: impl Iterator<Item = &'a String>) -> View {
    let keys: Vec<&str> = keys.map(String::as_str).collect();
    let keys = keys.join(", ");
    view! { <p>"Left out, as there is no place for it here: " {keys}</p> }
}

fn refusal(refusal: Refusal) -> View {
    view! {
        <li>
            <span class="transfer__place">{refusal.place.to_string()}</span>
            <span class="visually-hidden">": "</span>
            <span>{refusal.reason}</span>
        </li>
    }
}

fn as_file(report: &Report) -> Option<Download> {
    let options = BlobPropertyBag::new();
    options.set_type("text/plain;charset=utf-8");
    let text = Array::of1(&report.to_string().into());
    let blob = Blob::new_with_str_sequence_and_options(&text, &options).ok()?;
    Download::of(&blob, "txt")
}
