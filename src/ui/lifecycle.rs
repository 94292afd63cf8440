//! What the browser does around the app: clicks on links, back and forward, pages that are
//! hidden, frozen, put away and brought back.

use crate::ui::dispatch::Dispatch;
use crate::ui::editor::field;
use crate::ui::editor::writer::Writer;
use crate::ui::history;
use crate::ui::route::Route;
use crate::ui::state::State;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use thoughtstream_core::message::SyncCommand;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::HtmlAnchorElement;

/// Listens for as long as the app is there.
pub fn listen(state: State, dispatch: Dispatch) {
    listen_to_navigation(dispatch);
    listen_to_the_page(state, dispatch);
    keep(window_event_listener(ev::paste, move |event| field::paste(&event)));
}

fn listen_to_navigation(dispatch: Dispatch) {
    // The browser would scroll to where a page was before its rows are there; screens do it.
    if let Ok(history) = window().history() {
        drop(history.set_scroll_restoration(web_sys::ScrollRestoration::Manual));
    }
    keep(window_event_listener(ev::popstate, move |_| {
        drop(dispatch.flush());
        history::settle();
        dispatch.arrive(history::current());
    }));
    keep(window_event_listener(ev::click, move |event| {
        if let Some(route) = followed(&event) {
            event.prevent_default();
            dispatch.navigate(route);
        }
    }));
}

fn listen_to_the_page(state: State, dispatch: Dispatch) {
    let leave = move || {
        drop(dispatch.flush());
        Writer::part();
        // Behind the saves, which are sent by tasks that are already queued.
        spawn_local(async move { dispatch.release() });
    };
    keep(window_event_listener(ev::pagehide, move |_| leave()));
    // These two are the document's, and do not reach the window.
    on_document("freeze", leave);
    keep(window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            dispatch.resume();
        }
    }));
    on_document("resume", move || dispatch.resume());
    keep(window_event_listener(ev::visibilitychange, move |_| {
        if document().hidden() {
            drop(dispatch.flush());
        } else if state.syncs() {
            // Its live connection may have died while nobody was looking.
            dispatch.sync_or_say(SyncCommand::Now);
        }
    }));
}

fn on_document(event: &str, listener: impl Fn() + 'static) {
    let listener = Closure::<dyn Fn()>::new(listener);
    let call = listener.as_ref().unchecked_ref();
    if document().add_event_listener_with_callback(event, call).is_ok() {
        listener.forget(); // it is needed as long as the page is there
    }
}

fn keep(listener: WindowListenerHandle) {
    on_cleanup(move || listener.remove());
}

/// The route of a link that was pressed, if following it is ours to do: no modifier, this
/// window, this origin, and not a place within the page.
fn followed(event: &ev::MouseEvent) -> Option<Route> {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || modified {
        return None;
    }
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link: HtmlAnchorElement = target.closest("a[href]").ok()??.unchecked_into();
    let elsewhere = !link.target().is_empty()
        || link.has_attribute("download")
        || link.origin() != window().location().origin().ok()?
        || !link.hash().is_empty();
    (!elsewhere).then(|| Route::parse(&link.pathname(), &link.search()))
}
