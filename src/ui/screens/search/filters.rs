//! Narrowing a search: time, journal, tag, star; and the order of what is found.

use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::parts::field::{Pill, PillSelect};
use crate::ui::route::SearchParams;
use crate::ui::screens::entry::mood;
use crate::ui::state::use_state;
use crate::ui::view::*;
use thoughtstream_core::date::Date;
use thoughtstream_core::message::{Answer, Mood, Order, Query};

/// The row of filters.
#[component]
pub fn Filters(params: Memo<SearchParams>, change: Callback<SearchParams>) -> View {
    let starred = Signal::derive(move || params.with(|params| params.starred));
    let toggle_star = move |()| {
        let params = params.get_untracked();
        change.run(SearchParams { starred: !params.starred, ..params });
    };
    let order = Signal::derive(move || {
        let relevance = params.with(|params| params.order == Order::Relevance);
        if relevance { "relevance".into() } else { String::new() }
    });
    let orders = vec![
        (String::new(), "Newest first".into()),
        ("relevance".into(), "Most relevant first".into()),
    ];
    let choose_order = move |name: String| {
        let order = if name.is_empty() { Order::Newest } else { Order::Relevance };
        change.run(SearchParams { order, ..params.get_untracked() });
    };
    view! {
        <div class="filters" role="group" aria-label="Filters">
            <Times params change />
            <Journals params change />
            <Tags params change />
            <Moods params change />
            <Pill label="Starred" pressed=starred on_press=toggle_star />
            <PillSelect label="Order" options=orders chosen=order on_choose=choose_order />
        </div>
    }
}

/// From one day to another, in a small panel.
#[component]
fn Times(params: Memo<SearchParams>, change: Callback<SearchParams>) -> View {
    let (from, to) = (
        Signal::derive(move || params.with(|params| params.from)),
        Signal::derive(move || params.with(|params| params.to)),
    );
    let summary = move || match (from.get(), to.get()) {
        (None, None) => "Any time".to_string(),
        (Some(from), Some(to)) if from == to => format::full_date(from),
        (Some(from), None) => ["Since ", &format::full_date(from)].concat(),
        (None, Some(to)) => ["Until ", &format::full_date(to)].concat(),
        (Some(from), Some(to)) => {
            [&format::full_date(from), " \u{2013} ", &format::full_date(to)].concat()
        }
    };
    let set_from = move |from| change.run(SearchParams { from, ..params.get_untracked() });
    let set_to = move |to| change.run(SearchParams { to, ..params.get_untracked() });
    let is_set = move || from.get().is_some() || to.get().is_some();
    let clear = move |_| {
        change.run(SearchParams { from: None, to: None, ..params.get_untracked() });
    };
    view! {
        <details class="times">
            <summary class="pill" data-set=move || is_set().then_some("")>
                {summary}
            </summary>
            <div class="times__panel">
                <DateField label="From" date=from on_change=set_from />
                <DateField label="To" date=to on_change=set_to />
                <button type="button" class="button" disabled=move || !is_set() on:click=clear>
                    "Any time"
                </button>
            </div>
        </details>
    }
}

#[component]
fn DateField(
    label: &'static str,
    date: Signal<Option<Date>>,
    #[prop(into)] on_change: Callback<Option<Date>>,
) -> View {
    let value = move || date.get().map(|date| date.to_string()).unwrap_or_default();
    // An input that is being filled in says it is empty; half a date narrows nothing.
    let changed = move |event| on_change.run(event_target_value(&event).parse().ok());
    view! {
        <label class="field">
            <span class="field__label">{label}</span>
            <input class="field__input" type="date" prop:value=value on:change=changed />
        </label>
    }
}

#[component]
fn Journals(params: Memo<SearchParams>, change: Callback<SearchParams>) -> View {
    let state = use_state();
    let options = Signal::derive(move || {
        let journals = state.journals.get().into_iter();
        let journals = journals.map(|journal| (journal.id.to_string(), journal.name));
        std::iter::once((String::new(), "Any journal".into())).chain(journals).collect()
    });
    let chosen = Signal::derive(move || {
        params.with(|params| params.journal.map(|id| id.to_string()).unwrap_or_default())
    });
    let choose = move |id: String| {
        change.run(SearchParams { journal: id.parse().ok(), ..params.get_untracked() });
    };
    view! { <PillSelect label="Journal" options chosen on_choose=choose /> }
}

#[component]
fn Moods(params: Memo<SearchParams>, change: Callback<SearchParams>) -> View {
    let moods = Mood::ALL.map(|mood| (mood.name().to_owned(), mood::word(mood).to_owned()));
    let any = (String::new(), "Any mood".to_owned());
    let options: Vec<_> = std::iter::once(any).chain(moods).collect();
    let chosen = Signal::derive(move || {
        params.with(|params| params.mood.map(Mood::name).unwrap_or_default().to_owned())
    });
    let choose = move |name: String| {
        change.run(SearchParams { mood: Mood::named(&name), ..params.get_untracked() });
    };
    view! { <PillSelect label="Mood" options chosen on_choose=choose /> }
}

#[component]
fn Tags(params: Memo<SearchParams>, change: Callback<SearchParams>) -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let query = move || {
        state.tags_version.track();
        Some(Query::Tags)
    };
    let tags = dispatch.watch(query, |answer| match answer {
        Answer::Tags(tags) => Some(tags),
        _ => None,
    });
    let chosen =
        Signal::derive(move || params.with(|params| params.tag.clone().unwrap_or_default()));
    let options = Signal::derive(move || {
        let chosen = chosen.get();
        let tags = tags.get().unwrap_or_default().into_iter().map(|tag| tag.name);
        let mut tags: Vec<String> = tags.collect();
        // A tag of the URL that nothing has is still what is searched for.
        if !chosen.is_empty() && !tags.contains(&chosen) {
            tags.push(chosen);
        }
        let tags = tags.into_iter().map(|tag| (tag.clone(), ["#", &tag].concat()));
        std::iter::once((String::new(), "Any tag".into())).chain(tags).collect()
    });
    let choose = move |tag: String| {
        let tag = Some(tag).filter(|tag| !tag.is_empty());
        change.run(SearchParams { tag, ..params.get_untracked() });
    };
    view! { <PillSelect label="Tag" options chosen on_choose=choose /> }
}
