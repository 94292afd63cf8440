//! One entry in the river.

use super::selection::Selection;
use super::source::Source;
use crate::ui::format;
use crate::ui::parts::icon::Icon;
use crate::ui::parts::virtual_list::List;
use crate::ui::route::Route;
use crate::ui::screens::entry::mood;
use crate::ui::view::*;
use std::sync::Arc;
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::Row;

/// So many words are worth telling.
const WORDS_TOLD: u32 = 500;

/// The entry at `index`; an empty line of the same height until it has been read.
#[component]
pub fn DayRow(
    source: Source,
    selection: Selection,
    list: List,
    index: u32,
    current: Memo<Option<EntryId>>,
) -> View {
    let row = memo(move || source.row(index));
    let begins_day = memo(move || begins_day(source, list, index));
    let is_current = move || {
        let id = row.with(|row| row.as_ref().map(|row| row.id));
        (id.is_some() && id == current.get()).then_some("true")
    };
    let label = move || row.with(|row| row.as_ref().map(|row| format::short_date(row.date)));
    let rows = move || list.geometry.read().rows().to_string();
    view! {
        <article
            class="day"
            aria-posinset=(index + 1).to_string()
            aria-setsize=rows
            aria-label=label
            aria-current=is_current
            aria-busy=move || row.with(Option::is_none).then_some("true")
        >
            {move || {
                let choosing = selection.on.get().then_some(selection);
                row.get().map(|row| content(&row, choosing, list, index, begins_day))
            }}
        </article>
    }
}

/// Whether it is the first of its day in the list, and therefore bears the day's number.
fn begins_day(source: Source, list: List, index: u32) -> bool {
    let geometry = list.geometry.read();
    let Some(before) = index.checked_sub(1) else { return true };
    if geometry.first_row(geometry.section_of(index)) == index {
        return true;
    }
    match (source.row(before), source.row(index)) {
        (Some(before), Some(row)) => before.date != row.date,
        _ => true,
    }
}

/// A link to the entry, or, while entries are being chosen, a box to tick.
fn content(
    row: &Arc<Row>,
    choosing: Option<Selection>,
    list: List,
    index: u32,
    begins_day: Memo<bool>,
) -> View {
    let node = NodeRef::<web_sys::HtmlElement>::new();
    list.focus_with(index, node);
    let tab = move || if list.active.get() == index { "0" } else { "-1" };
    let inside = inside(row, begins_day);
    let Some(selection) = choosing else {
        return view! {
            <a
                class="day__link"
                href=Route::Entry { entry: row.id }.href()
                tabindex=tab
                node_ref=node
                on:focus=move |_| list.active.set(index)
            >
                {inside}
            </a>
        };
    };
    let entry = row.id;
    // A change does not tell about Shift; the press before it does.
    let shift = StoredValue::new(false);
    let change = move |event| {
        let on = event_target::<web_sys::HtmlInputElement>(&event).checked();
        selection.choose(index, entry, on, shift.get_value());
    };
    view! {
        <label class="day__link day__link--choosing">
            <input
                class="day__box"
                type="checkbox"
                tabindex=tab
                node_ref=node
                prop:checked=move || selection.has(entry)
                on:focus=move |_| list.active.set(index)
                on:click=move |event| shift.set_value(event.shift_key())
                on:change=change
            />
            {inside}
        </label>
    }
}

fn inside(row: &Arc<Row>, begins_day: Memo<bool>) -> View {
    let date = row.date;
    let numeral = move || {
        begins_day.get().then(|| {
            view! {
                <b>{date.day()}</b>
                <small>{format::weekday(date)}</small>
            }
        })
    };
    view! {
        <span class="day__date" aria-hidden="true">
            {numeral}
        </span>
        <time class="visually-hidden" datetime=date.to_string()>
            {format::short_date(date)}
            " "
        </time>
        <span class="day__text">{row.excerpt.clone()}</span>
        {meta(row)}
    }
}

/// What is known about an entry, in a whisper.
fn meta(row: &Row) -> View {
    let words = (row.words > WORDS_TOLD).then(|| format::count(row.words, "word", "words"));
    let tags = row.tags.iter().map(|tag| view! { <span class="tag">"#" {tag.clone()}</span> });
    let place = (!row.location.is_empty())
        .then(|| view! { <span class="day__place">{row.location.clone()}</span> });
    let mood = row.mood;
    let mood = mood.map(|mood| view! { <span>{mood::mark(mood)} {mood::word(mood)}</span> });
    view! {
        <span class="day__meta">
            {row.time.map(|time| view! { <span>{format::time(time)}</span> })}
            {place} {mood}
            {words.map(|words| view! { <span>{words}</span> })}
            {row
                .starred
                .then(|| {
                    view! {
                        <span class="day__star">
                            <Icon icon=Icon::StarFilled />
                            <span class="visually-hidden">"starred"</span>
                        </span>
                    }
                })} {tags.collect_view()}
        </span>
    }
}
