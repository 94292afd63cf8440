//! Earlier versions of an entry: what was written here before something else was written over it.

use crate::platform::clock;
use crate::platform::zones::IntlZones;
use crate::ui::dispatch::Dispatch;
use crate::ui::format;
use crate::ui::parts::button::Button;
use crate::ui::parts::dialog::Dialog;
use crate::ui::screens::entry::open::Open;
use crate::ui::view::*;
use leptos::task::spawn_local;
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::date::{Instant, Moment};
use thoughtstream_core::message::{Answer, Query, Revision};
use wasm_bindgen_futures::JsFuture;

/// The dialog of earlier versions, newest first.
#[component]
pub fn Versions(open: Open, shown: RwSignal<bool>) -> View {
    view! {
        <Dialog open=shown title="Earlier versions">
            <List open shown />
            <div class="dialog__actions">
                <Button label="Close" on_press=move |()| shown.set(false) />
            </div>
        </Dialog>
    }
}

#[component]
fn List(open: Open, shown: RwSignal<bool>) -> View {
    let query = move || Some(Query::Revisions { entry: open.id });
    let revisions = open.dispatch.watch(query, |answer| match answer {
        Answer::Revisions(revisions) => Some(revisions),
        _ => None,
    });
    let rows = move || {
        let revisions = revisions.get().unwrap_or_default().into_iter();
        revisions.map(|revision| row(open, shown, revision)).collect_view()
    };
    view! { <ul class="entry__versions">{rows}</ul> }
}

fn row(open: Open, shown: RwSignal<bool>, revision: Revision) -> View {
    let Revision { stamp, body, .. } = revision;
    let (text, copied, restored) = (body.clone(), body.clone(), body);
    let restore = move |()| {
        shown.set(false);
        open.restore(restored.clone());
    };
    view! {
        <li>
            <details>
                <summary>{written_at(stamp)}</summary>
                <pre class="entry__version" tabindex="0">
                    {text}
                </pre>
                <div class="dialog__actions">
                    <Button label="Copy" on_press=move |()| copy(open.dispatch, &copied) />
                    <Button label="Bring back" on_press=restore />
                </div>
            </details>
        </li>
    }
}

fn written_at(stamp: Stamp) -> String {
    let moment = Moment::at(Instant(stamp.millis()), clock::zone(), &IntlZones::default());
    let time = moment.time.map(format::time).unwrap_or_default();
    [&format::short_date(moment.date), ", ", &time].concat()
}

fn copy(dispatch: Dispatch, text: &str) {
    let written = window().navigator().clipboard().write_text(text);
    spawn_local(async move {
        match JsFuture::from(written).await {
            Ok(_) => dispatch.say("Copied."),
            Err(_) => dispatch.say("The browser does not let this page copy: select and copy it."),
        }
    });
}
