//! What other apps hand over: texts and links that were shared with us, files to be opened.
//!
//! `boot.js` receives them (and keeps what was shared until it hears that it is in the journal);
//! here they become entries.

use crate::platform;
use crate::porter::message::Defaults;
use crate::ui::dispatch::Dispatch;
use crate::ui::later;
use crate::ui::route::Route;
use crate::ui::screens::today::journal;
use crate::ui::screens::transfer::jobs::Jobs;
use crate::ui::state::State;
use js_sys::{Array, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::{Edit, Failure, NewEntry, Save};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::Blob;

/// Takes in what `boot.js` brings, for as long as the app is there: it calls
/// `thoughtstream.takeIn(text, files)`, which resolves when all of it is in the journal.
pub fn listen(state: State, dispatch: Dispatch, jobs: Jobs) {
    let take_in = move |text: String, files: Array| {
        future_to_promise(async move {
            let absent = || JsValue::from_str("a part of the app could not be fetched");
            let part = later::fetched().await.ok_or_else(absent)?;
            JsFuture::from((part.take_in)(state, dispatch, jobs, text, files)).await
        })
    };
    let take_in = Closure::<dyn Fn(String, Array) -> Promise>::new(take_in);
    let boot = Reflect::get(&window(), &"thoughtstream".into()).unwrap_or_default();
    // The page's own object, which takes any field.
    drop(Reflect::set(&boot, &"takeIn".into(), take_in.as_ref()));
    let held = StoredValue::new_local(take_in);
    on_cleanup(move || held.dispose());
}

/// Makes entries of a text and of files; resolves when they are in the journal.
pub fn take_in(
    state: State,
    dispatch: Dispatch,
    jobs: Jobs,
    text: String,
    files: Array,
) -> Promise {
    future_to_promise(async move {
        let files: Vec<Blob> =
            files.iter().filter_map(|file| file.dyn_into::<Blob>().ok()).collect();
        if !text.trim().is_empty() {
            let failed = |failure: Failure| JsValue::from_str(&failure.to_string());
            write(state, dispatch, text).await.map_err(failed)?;
        }
        if !files.is_empty() {
            dispatch.navigate(Route::Transfer);
            let defaults = Defaults { zone: platform::clock::zone(), journal: None };
            jobs.import_all(dispatch, files, defaults).await.map_err(JsValue::from)?;
        }
        Ok(JsValue::UNDEFINED)
    })
}

/// A new entry of what was shared, which is then open to write on.
async fn write(state: State, dispatch: Dispatch, body: String) -> Result<(), Failure> {
    let entry = EntryId(platform::random::bytes());
    let zone = platform::clock::zone();
    let new = NewEntry { journal: journal::last_used(state), zone, date: None };
    let save = Save { entry, body, base: None, new: Some(new) };
    dispatch.edit(Edit::Save(save)).await?;
    spawn_local(async move {
        dispatch.navigate(Route::Today { entry: Some(entry), date: None });
    });
    Ok(())
}
