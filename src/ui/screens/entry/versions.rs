//! The history of an entry: every version that another was written over, and what changed since.

use crate::ui::clipboard::copy;
use crate::ui::format;
use crate::ui::parts::button::Button;
use crate::ui::parts::dialog::Dialog;
use crate::ui::screens::entry::mood;
use crate::ui::screens::entry::open::Open;
use crate::ui::screens::sync::lists::name_of;
use crate::ui::view::*;
use thoughtstream_core::clock::Stamp;
use thoughtstream_core::date::Instant;
use thoughtstream_core::message::{
    Answer, Device, Location, Mood, Piece, PieceKind, Query, Revision,
};

/// The dialog of earlier versions, newest first.
#[component]
pub fn Versions(open: Open, shown: RwSignal<bool>) -> View {
    view! {
        <Dialog open=shown title="Earlier versions">
            <p class="dialog__text">
                "What was taken out since is " <del>"struck through"</del>
                ", what is new in the entry is " <ins>"underlined"</ins> "."
            </p>
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
    let devices = open.dispatch.watch(
        || Some(Query::Devices),
        |answer| match answer {
            Answer::Devices(devices) => Some(devices),
            _ => None,
        },
    );
    // Both at once: a list that is made again would close what was opened in it.
    let rows = move || {
        let (revisions, devices) = (revisions.get()?, devices.get()?);
        let rows = distinct(revisions).into_iter();
        Some(rows.map(|revision| row(open, shown, revision, &devices)).collect_view())
    };
    view! { <ul class="entry__versions">{rows}</ul> }
}

/// Of neighbours that say the same the newest alone: a star or a date was all that changed.
fn distinct(mut newest_first: Vec<Revision>) -> Vec<Revision> {
    newest_first.dedup_by(|older, newer| {
        let said = |it: &Revision| (it.mood, it.location.clone());
        let same = older.body == newer.body && said(older) == said(newer);
        newer.lost |= same && older.lost;
        same
    });
    newest_first
}

fn row(open: Open, shown: RwSignal<bool>, revision: Revision, devices: &[Device]) -> View {
    let Revision { stamp, body, mood, location, lost } = revision;
    let (copied, restored) = (body.clone(), body);
    let restore = move |()| {
        shown.set(false);
        open.restore(restored.clone());
    };
    let both = lost.then(|| view! { <small class="entry__both">"both changed this"</small> });
    let (when, on) = (format::when(Instant(stamp.millis())), written_on(stamp, devices));
    // Compared when it is looked at: a history may be long, and its texts too.
    let (opened, set_opened) = signal(false);
    let text = move || opened.get().then(|| view! { <Changes open version=stamp /> });
    view! {
        <li>
            <details on:toggle=move |_| set_opened.set(true)>
                <summary>
                    {when} " " {on} " " {both}
                </summary>
                {beside(mood, location)}
                {text}
                <div class="dialog__actions">
                    <Button label="Copy" on_press=move |()| copy(open.dispatch, &copied) />
                    <Button label="Bring back" on_press=restore />
                </div>
            </details>
        </li>
    }
}

/// How its writer was then, and where.
fn beside(mood: Option<Mood>, location: Option<Location>) -> Option<View> {
    let said = [mood.map(mood::word).map(String::from), location.map(|it| it.name())];
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| view! { <p class="entry__words">{said.join(", ")}</p> })
}

/// On which device; without a vault that goes without saying.
fn written_on(stamp: Stamp, devices: &[Device]) -> Option<View> {
    let found = devices.iter().find(|device| device.id == stamp.device());
    let name = match found {
        Some(device) if device.this => "this device".into(),
        Some(device) => name_of(device),
        None if devices.is_empty() => return None,
        None => "a device that left".into(),
    };
    Some(view! { <small>{name}</small> })
}

/// A version's text, with what was changed from it to the one that is shown.
#[component]
fn Changes(open: Open, version: Stamp) -> View {
    let query = move || Some(Query::Compare { entry: open.id, version });
    let pieces = open.dispatch.watch(query, |answer| match answer {
        Answer::Compared(pieces) => Some(pieces),
        _ => None,
    });
    let piece = |Piece { kind, text }: Piece| match kind {
        PieceKind::Kept => text.into_view(),
        PieceKind::Added => view! { <ins>{text}</ins> },
        PieceKind::Removed => view! { <del>{text}</del> },
    };
    let text = move || {
        let pieces = pieces.get()?;
        let same = pieces.iter().all(|piece| piece.kind == PieceKind::Kept);
        let same = same.then(|| view! { <p class="dialog__text">"It is the same text."</p> });
        Some(view! {
            {same}
            <pre class="entry__version" tabindex="0">
                {pieces.into_iter().map(piece).collect_view()}
            </pre>
        })
    };
    view! { {text} }
}

#[cfg(test)]
mod tests {
    use super::*;
    use thoughtstream_core::id::DeviceId;

    #[test]
    fn the_same_text_twice_is_listed_once() {
        let version = |counter, body: &str, lost| {
            let stamp = Stamp::new(0, counter, DeviceId([1; 8])).expect("a stamp");
            Revision { stamp, body: body.into(), mood: None, location: None, lost }
        };
        let kept = vec![
            version(4, "b", false),
            version(3, "b", true),
            version(2, "a", false),
            version(1, "b", false),
        ];
        let listed = distinct(kept);
        let listed: Vec<_> =
            listed.iter().map(|it| (it.stamp.counter(), &*it.body, it.lost)).collect();
        assert_eq!(listed, [(4, "b", true), (2, "a", false), (1, "b", false)]);
    }
}
