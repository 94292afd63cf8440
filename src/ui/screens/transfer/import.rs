//! The part of the screen where files come in.

use super::files;
use super::jobs::{Job, Phase, use_jobs};
use super::report::ReportView;
use crate::platform::{clock, zones};
use crate::porter::message::{Defaults, Progress};
use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::parts::button::Button;
use crate::ui::screens::today::journal;
use crate::ui::state::use_state;
use crate::ui::view::*;
use leptos::ev;
use thoughtstream_core::date::Zone;
use thoughtstream_core::id::JournalId;
use web_sys::Blob;

/// Endings and kinds: some systems grey out what they know by neither.
const ACCEPT: &str = ".jsonl,.ndjson,.json,.md,.markdown,.txt,.zip,.gz,\
                      application/json,application/zip,application/gzip,text/markdown,text/plain";

/// Chooses files, tells how far they are read, and what became of them.
#[component]
pub(super) fn ImportSection() -> View {
    let (jobs, dispatch, state) = (use_jobs(), use_dispatch(), use_state());
    let zone = RwSignal::new(clock::zone().0);
    let into = RwSignal::new(journal::last_used(state));
    let begin = move |files: Vec<Blob>| {
        let journal = state.journals.with_untracked(|all| {
            let chosen = all.iter().find(|journal| journal.id == into.get_untracked());
            chosen.map(|journal| (journal.id, journal.name.clone(), journal.colour))
        });
        let defaults = Defaults { zone: Zone(zone.get_untracked()), journal };
        jobs.begin_import(dispatch, files, defaults);
    };
    let dragging = accept_drops(begin);
    view! {
        <section class="transfer__section" data-dragging=move || dragging.get().then_some("")>
            <h2>"Import"</h2>
            <p>
                "JSON lines, Markdown with front matter, and .zip or .gz files of them, from this \
                app or another. A file that was read before changes nothing."
            </p>
            <Chooser on_choose=begin />
            <div class="transfer__defaults">
                <Zones zone />
                <Journals into />
            </div>
            <Outcome />
            <Milestones />
        </section>
    }
}

/// How far the import is, or what has come of it.
#[component]
fn Outcome() -> impl IntoView {
    let jobs = use_jobs();
    let phase = memo(move || jobs.import.with(Job::phase));
    move || {
        let phase = phase.get();
        jobs.import.with_untracked(|job| match (phase, job) {
            (Phase::Running, _) => view! { <Running /> },
            (_, Job::Done(imported)) => {
                view! { <ReportView imported=imported.clone() /> }
            }
            (_, Job::Failed(reason)) => failed(reason),
            _ => View::none(),
        })
    }
}

/// What is said of a job that could not end as it should.
pub(super) fn failed(reason: &str) -> View {
    view! { <p class="transfer__failed" role="alert">{reason.to_owned()}</p> }
}

/// The button that opens the system's dialog: the field itself, dressed as a button.
#[component]
fn Chooser(#[prop(into)] on_choose: Callback<Vec<Blob>>) -> View {
    let jobs = use_jobs();
    let node = NodeRef::<web_sys::HtmlInputElement>::new();
    let choose = move |_| {
        if let Some(input) = node.get_untracked() {
            on_choose.run(files::chosen(&input));
        }
    };
    view! {
        <div class="transfer__drop">
            <label class="button button--primary transfer__choose">
                <input
                    class="visually-hidden"
                    type="file"
                    multiple
                    accept=ACCEPT
                    disabled=move || jobs.busy()
                    node_ref=node
                    on:change=choose
                />
                <span>"Choose files…"</span>
            </label>
            <span>"or drop them anywhere on this page"</span>
        </div>
    }
}

/// Takes files that are dropped on the page while the screen is there; tells whether some are
/// being dragged over it.
fn accept_drops(on_drop: impl Fn(Vec<Blob>) + 'static) -> ReadSignal<bool> {
    let (dragging, set_dragging) = signal(false);
    let over = window_event_listener(ev::dragover, move |event| {
        if files::brings_files(&event) {
            event.prevent_default();
            set_dragging.set(true);
        }
    });
    let leave = window_event_listener(ev::dragleave, move |event| {
        // Without a target inside the page, it has left the page.
        if event.related_target().is_none() {
            set_dragging.set(false);
        }
    });
    let drop = window_event_listener(ev::drop, move |event| {
        if files::brings_files(&event) {
            event.prevent_default();
            set_dragging.set(false);
            on_drop(files::dropped(&event));
        }
    });
    on_cleanup(move || {
        over.remove();
        leave.remove();
        drop.remove();
    });
    dragging
}

#[component]
fn Zones(zone: RwSignal<String>) -> View {
    let here = zone.get_untracked();
    let mut names = zones::names();
    names.retain(|name| *name != here);
    names.insert(0, here);
    let options = names.into_iter().map(|name| {
        let text = name.replace('_', " ");
        view! { <option value=name>{text}</option> }
    });
    view! {
        <label class="field">
            <span class="field__label">"Time zone where none is named"</span>
            <select
                class="field__input"
                on:change=move |event| zone.set(event_target_value(&event))
            >
                {options.collect_view()}
            </select>
        </label>
    }
}

#[component]
fn Journals(into: RwSignal<JournalId>) -> View {
    let state = use_state();
    let options = move || {
        let option = move |id: JournalId, name: String| {
            let selected = move || into.get() == id;
            view! { <option value=id.to_string() selected=selected>{name}</option> }
        };
        let journals = state.journals.get().into_iter();
        journals.map(|journal| option(journal.id, journal.name)).collect_view()
    };
    let choose = move |event| {
        if let Ok(journal) = event_target_value(&event).parse() {
            into.set(journal);
        }
    };
    view! {
        <label class="field">
            <span class="field__label">"Journal where none is named"</span>
            <select class="field__input" on:change=choose>
                {options}
            </select>
        </label>
    }
}

/// The numbers of an import under way, and the button that ends it.
#[component]
fn Running() -> View {
    let jobs = use_jobs();
    let progress = memo(move || {
        jobs.import.with(|job| match job {
            Job::Running(progress) => *progress,
            _ => Progress::default(),
        })
    });
    let told = move || {
        let Progress { bytes, bytes_total, entries } = progress.get();
        let (entries, bytes) = (format::number(entries), format::bytes(bytes));
        [&entries, " read, ", &bytes, " of ", &format::bytes(bytes_total)].concat()
    };
    view! {
        <div class="transfer__running">
            <label>
                <span>{told}</span>
                <progress
                    max=move || progress.get().bytes_total.max(1)
                    value=move || progress.get().bytes
                ></progress>
            </label>
            <Button label="Stop" on_press=move |()| jobs.stop() />
        </div>
    }
}

/// Says now and then how far it is, to those who do not see it.
#[component]
fn Milestones() -> View {
    let jobs = use_jobs();
    let said = memo(move || {
        jobs.import.with(|job| match job {
            Job::Running(progress) => match progress.bytes * 4 / progress.bytes_total.max(1) {
                0 => "Reading".to_owned(),
                quarters => format!("{} % read", quarters * 25),
            },
            Job::Done(imported) => super::report::summary(imported),
            Job::Idle | Job::Failed(_) => String::new(),
        })
    });
    view! {
        <p class="visually-hidden" aria-live="polite">
            {said}
        </p>
    }
}
