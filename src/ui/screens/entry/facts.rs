//! The line below the heading: when, where, in which journal, about what.

use crate::ui::format;
use crate::ui::reading::tag_link;
use crate::ui::route::Route;
use crate::ui::screens::entry::mood;
use crate::ui::screens::entry::open::Open;
use crate::ui::state::use_state;
use crate::ui::view::*;
use thoughtstream_core::date::{Date, Zone};
use thoughtstream_core::message::{Entry, Journal, Location};

/// The facts of an entry; of a blank page only its year.
#[component]
pub fn Facts(open: Open, day: Memo<Date>, versions: RwSignal<bool>) -> View {
    let state = use_state();
    let journal = move || {
        let id = open.entry.with(|entry| entry.as_ref().map(|entry| entry.journal))?;
        state.journals.with(|journals| {
            // Where there is but one journal, it goes without saying.
            let found = journals.iter().find(|journal| journal.id == id);
            found.filter(|_| journals.len() > 1).cloned()
        })
    };
    let lost = move || open.entry.with(|entry| entry.as_ref().is_some_and(|it| it.lost));
    view! {
        <p class="entry__facts">
            <span>{move || day.get().year()}</span>
            {move || open.entry.with(|entry| entry.as_ref().map(time_and_place))}
            {move || journal().map(journal_link)}
            {move || open.entry.with(|entry| entry.as_ref().map(tag_links))}
            <Show when=lost>
                <button
                    type="button"
                    class="entry__both"
                    title="Two versions were written beside each other: see what became of them"
                    on:click=move |_| versions.set(true)
                >
                    "Both changed this"
                </button>
            </Show>
        </p>
    }
}

/// What can be said of an entry without its journal.
pub fn facts_of(entry: &Entry) -> View {
    view! { {time_and_place(entry)} {tag_links(entry)} }
}

fn time_and_place(entry: &Entry) -> View {
    let moment = &entry.moment;
    let time = moment.time.map(|time| view! { <span>{format::time(time)}</span> });
    let zone = moment.zone.0.clone();
    let place = entry.location.as_ref().map_or_else(|| city(&moment.zone), Location::name);
    let mood = entry.mood.map(|mood| {
        view! { <span class="entry__mood">{mood::mark(mood)} {mood::word(mood)}</span> }
    });
    view! {
        {time}
        <span title=zone>{place}</span>
        {mood}
    }
}

/// What a zone is called by those who live in it: `America/New_York` is New York.
#[must_use]
fn city(zone: &Zone) -> String {
    zone.0.rsplit('/').next().unwrap_or(&zone.0).replace('_', " ")
}

fn journal_link(journal: Journal) -> View {
    let href = Route::Timeline { journal: Some(journal.id) }.href();
    view! {
        <a class="entry__journal" href=href>
            <span class="dot" data-colour=journal.colour.name()></span>
            {journal.name}
        </a>
    }
}

fn tag_links(entry: &Entry) -> View {
    let mut tags = entry.tags.clone();
    for tag in &entry.text_tags {
        if !tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            tags.push(tag.clone());
        }
    }
    tags.iter().map(|tag| tag_link(tag)).collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_called_by_their_cities() {
        let cases = [
            ("Europe/London", "London"),
            ("America/Argentina/Buenos_Aires", "Buenos Aires"),
            ("UTC", "UTC"),
        ];
        for (zone, expected) in cases {
            assert_eq!(city(&Zone(zone.into())), expected);
        }
    }
}
