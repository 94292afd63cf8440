//! The sheet of paper: an entry's bar, heading and text.

use crate::ui::actions::{Action, use_actions};
use crate::ui::attachments::Attachments;
use crate::ui::draft;
use crate::ui::editor::writer::Writer;
use crate::ui::editor::{Caret, Editor};
use crate::ui::focus::use_focus;
use crate::ui::format;
use crate::ui::heading::Heading;
use crate::ui::later::later;
use crate::ui::parts::button::Button;
use crate::ui::route::Route;
use crate::ui::screens::entry::bar::Bar;
use crate::ui::screens::entry::begin::Begin;
use crate::ui::screens::entry::days::Days;
use crate::ui::screens::entry::facts::Facts;
use crate::ui::screens::entry::foot::{self, Foot};
use crate::ui::screens::entry::open::{Open, Stage};
use crate::ui::state::use_state;
use crate::ui::view::*;
use leptos::ev;
use thoughtstream_core::date::Date;
use thoughtstream_core::message::Edit;

/// An entry, to read or to write; `blank_day` is the day of a page on which nothing is written.
#[component]
pub fn Sheet(open: Open, #[prop(into)] blank_day: Signal<Date>) -> View {
    if open.caret.get_value() != Caret::Nowhere {
        // Whoever comes to write wants the caret in the text, not on the heading.
        open.dispatch.take_focus();
    }
    let day = memo(move || {
        open.entry
            .with(|entry| entry.as_ref().map(|entry| entry.moment.date))
            .unwrap_or_else(|| blank_day.get())
    });
    // A memo, as the text must not be built anew each time the entry is read again.
    let trouble = memo(move || match open.stage.get() {
        Stage::Waiting | Stage::Ready => None,
        Stage::Missing => Some("There is no such entry: it may have been deleted.".into()),
        Stage::Failed(failure) => Some(failure.to_string()),
    });
    provide_context(Attachments(open.attachments));
    let (details, versions) = (RwSignal::new(false), RwSignal::new(false));
    let length = foot::length(open);
    listen_to_ctrl_enter(open);
    offer(open, details, versions);
    view! {
        <Bar open details />
        <article class="entry__sheet">
            <Notes open />
            {move || match trouble.get() {
                None => {
                    view! {
                        <header class="entry__header">
                            <Heading text=Signal::derive(move || format::day(day.get())) />
                            <Facts open day versions />
                        </header>
                        <Text open />
                        {later(move |part| (part.strip)(open))}
                        <Begin open length />
                        <Foot open length />
                    }
                }
                Some(trouble) => missing(&trouble),
            }}
        </article>
        <Days day />
        {later(move |part| (part.details)(open, details, versions))}
    }
}

/// Ctrl Enter works both ways, so it cannot be the editor's alone.
fn listen_to_ctrl_enter(open: Open) {
    let listener = window_event_listener(ev::keydown, move |event| {
        let pressed = event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
        if pressed && !event.default_prevented() {
            event.prevent_default();
            open.toggle();
        }
    });
    on_cleanup(move || listener.remove());
}

/// What can be done with the entry by a key or from the palette.
fn offer(open: Open, details: RwSignal<bool>, versions: RwSignal<bool>) {
    use_focus().offer();
    let (state, actions) = (use_state(), use_actions());
    let written = memo(move || open.entry.with(Option::is_some));
    effect(move || {
        // A page on which nothing is written has nothing of the kind.
        if !written.get() {
            return;
        }
        actions.on(Action::Edit, move || open.toggle());
        actions.on(Action::Star, move || {
            let starred = open.entry.with_untracked(|it| it.as_ref().map(|it| it.starred));
            open.star(starred == Some(false));
        });
        actions.on(Action::Details, move || details.set(true));
        actions.on(Action::History, move || versions.set(true));
        actions.on(Action::Discard, move || open.trash(&state.route.get_untracked()));
        actions.on(Action::Print, move || print(open));
    });
}

/// What is printed is the text as it is read.
fn print(open: Open) {
    if open.editing.get_untracked() {
        open.toggle();
    }
    // The reading view is in the page with the next frame.
    request_animation_frame(|| drop(window().print()));
}

fn missing(text: &str) -> View {
    let text = [text, " "].concat();
    view! {
        <header class="entry__header">
            <Heading text="Nothing here" />
        </header>
        <p class="empty">
            {text} <a class="link" href=Route::Timeline { journal: None }.href()>
                "See what is kept"
            </a>
        </p>
    }
}

/// What stands in the way of the text: that it is not saved, has changed, or is thrown away.
#[component]
fn Notes(open: Open) -> View {
    let unsaved = move || match open.state() {
        draft::State::Unsaved(failure) => Some(["Not saved: ", &failure.to_string()].concat()),
        _ => None,
    };
    let trashed = move || open.entry.with(|entry| entry.as_ref().is_some_and(|it| it.trashed));
    let restore = move |()| {
        open.dispatch.edit_with_undo(vec![Edit::Restore { entry: open.id }], "Restored.");
    };
    view! {
        <div role="alert">
            {move || {
                unsaved().map(|text| view! { <p class="entry__note entry__note--bad">{text}</p> })
            }}
        </div>
        <div aria-live="polite">
            <Show when=move || open.newer.with(Option::is_some)>
                <div class="entry__note">
                    <p>"Changed elsewhere meanwhile, in another tab or on another device."</p>
                    <Button label="Show it" on_press=move |()| open.show_newer() />
                </div>
            </Show>
        </div>
        <Show when=trashed>
            <div class="entry__note">
                <p>"This was thrown away."</p>
                <Button label="Restore" on_press=restore />
            </div>
        </Show>
    }
}

/// The text itself, to write or to read.
#[component]
pub fn Text(open: Open) -> impl IntoView {
    let tags = memo(move || {
        open.entry.with(|entry| entry.as_ref().map(|it| it.text_tags.clone())).unwrap_or_default()
    });
    let finish = move |()| open.toggle();
    let write = move |writer| {
        let caret = open.caret.get_value();
        view! { <Editor writer caret on_finish=finish /> }
    };
    let tick = Callback::new(move |(at, done)| open.tick(at, done));
    let trashed = memo(move || open.entry.with(|it| it.as_ref().is_some_and(|it| it.trashed)));
    let read = move |writer: &Writer| {
        open.text_version.track();
        let on_tick = (!trashed.get()).then_some(tick);
        let (body, tags) = (writer.text(), tags.get());
        later(move |part| (part.reading)(body.clone(), tags.clone(), on_tick))
    };
    let editing = memo(move || open.editing.get());
    move || {
        let writer = open.writer.get()?;
        Some(if editing.get() { write(writer).into_view() } else { read(&writer).into_view() })
    }
}
