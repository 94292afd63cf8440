//! The entries that were found, each with the words that show why.

use super::results::Results;
use crate::ui::format;
use crate::ui::route::{Route, SearchParams};
use crate::ui::view::*;
use leptos::ev;
use thoughtstream_core::message::Hit;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, IntersectionObserver};

/// The hits, which go on as long as one scrolls.
#[component]
pub fn Hits(
    params: Memo<SearchParams>,
    results: Results,
    screen: NodeRef<web_sys::HtmlElement>,
) -> View {
    let end = NodeRef::<web_sys::HtmlElement>::new();
    load_at_the_end(results, end);
    let each = move || {
        let round = results.round.get_value();
        let hits = results.hits.get().unwrap_or_default();
        hits.into_iter().map(|hit| (round, hit)).collect::<Vec<_>>()
    };
    let key = |(round, hit): &(u64, Hit)| (*round, hit.row.id);
    let none = move || {
        let empty = results.hits.with(|hits| hits.as_ref().map(Vec::is_empty));
        match empty {
            None => hint(&params.read()),
            Some(true) => no_hits(&params.read()),
            Some(false) => View::none(),
        }
    };
    view! {
        {none}
        <div class="hits" on:keydown=move |event| moved(&event, screen)>
            {keyed(each, key, |(_, hit)| view! { <HitView hit /> })}
        </div>
        <div class="hits__end" node_ref=end></div>
    }
}

#[component]
fn HitView(hit: Hit) -> View {
    let pieces = hit.snippet.into_iter().enumerate().map(|(i, piece)| {
        if i % 2 == 1 {
            view! { <mark>{piece}</mark> }
        } else {
            piece.into_view()
        }
    });
    let tags = hit.row.tags.into_iter().map(|tag| view! { <span class="tag">"#" {tag}</span> });
    view! {
        <article class="hit">
            <a class="hit__link" href=Route::Entry { entry: hit.row.id }.href()>
                <b class="hit__date">
                    <time datetime=hit.row.date.to_string()>
                        {format::short_date(hit.row.date)}
                    </time>
                </b>
                <span class="hit__tags">{tags.collect_view()}</span>
                <p class="hit__text">{pieces.collect_view()}</p>
            </a>
        </article>
    }
}

fn hint(params: &SearchParams) -> View {
    let asked = !params.is_empty();
    let hint = "Words match from their beginning; a phrase goes into “quotes”.";
    (!asked).then(|| view! { <p class="empty">{hint}</p> }).into_view()
}

fn no_hits(params: &SearchParams) -> View {
    let text = params.text.clone();
    let (narrowed, wider) = (
        SearchParams { order: params.order, text: String::new(), ..params.clone() }.is_empty(),
        SearchParams { text, order: params.order, ..SearchParams::default() },
    );
    let action = if narrowed {
        view! { "Try fewer letters." }
    } else {
        view! {
            <a class="link" href=Route::Search(wider).href()>
                "Look in all entries"
            </a>
        }
    };
    view! { <p class="empty">"Nothing was found. " {action}</p> }
}

/// Asks for more when the end comes near.
fn load_at_the_end(results: Results, end: NodeRef<web_sys::HtmlElement>) {
    let seen = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let seen = entries.iter().any(|entry| {
            let entry: web_sys::IntersectionObserverEntry = entry.unchecked_into();
            entry.is_intersecting()
        });
        if seen {
            results.load_more();
        }
    });
    let observer = IntersectionObserver::new(seen.as_ref().unchecked_ref());
    let Ok(observer) = observer else { return };
    let held = StoredValue::new_local((observer, seen));
    effect(move || {
        let Some(end) = end.get() else { return };
        // Observed anew with every change: an end that stays in sight is not told again.
        results.hits.track();
        held.with_value(|(observer, _)| {
            observer.unobserve(&end);
            observer.observe(&end);
        });
    });
    on_cleanup(move || held.with_value(|(observer, _)| observer.disconnect()));
}

/// From the box down to the first hit.
pub fn enter(event: &ev::KeyboardEvent) {
    if event.key() != "ArrowDown" {
        return;
    }
    if let Some(first) = document().query_selector(".hit__link").ok().flatten() {
        event.prevent_default();
        focus(first);
    }
}

/// From hit to hit, and from the first one back up to the box.
fn moved(event: &ev::KeyboardEvent, screen: NodeRef<web_sys::HtmlElement>) {
    let forward = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let Some(hit) = document().active_element().and_then(|link| link.closest(".hit").ok()?) else {
        return;
    };
    event.prevent_default();
    let next = if forward { hit.next_element_sibling() } else { hit.previous_element_sibling() };
    let next = next.and_then(|hit| hit.query_selector(".hit__link").ok()?);
    match (next, screen.get_untracked()) {
        (Some(next), _) => focus(next),
        (None, Some(screen)) if !forward => {
            if let Some(input) = screen.query_selector(".ask__input").ok().flatten() {
                focus(input);
            }
        }
        _ => (),
    }
}

fn focus(element: Element) {
    if let Ok(element) = element.dyn_into::<HtmlElement>() {
        drop(element.focus());
    }
}
