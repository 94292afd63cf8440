//! Borrowed machines: letting one in, seeing who is there, and the codes for when no device is at
//! hand.

use crate::platform::timer::Alarm;
use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::parts::button::{Button, Weight};
use crate::ui::parts::dialog::Confirm;
use crate::ui::parts::field::Choices;
use crate::ui::route::{Route, SearchParams};
use crate::ui::state::use_state;
use crate::ui::view::*;
use leptos::task::spawn_local;
use thoughtstream_core::id::GuestId;
use thoughtstream_core::message::{
    Answer, GUEST_MINUTES, Guest, GuestKind, GuestScope, GuestState, GuestsCommand, SyncCommand,
};

/// How often the guests are looked at while they are on the screen.
const LOOK_MS: u32 = 2_000;
/// How many days the middle choice shows.
const DAYS: u32 = 7;
/// The tag of what guests wrote.
const TAG: &str = "borrowed machine";

/// Everything about guests.
#[component]
pub fn Guests() -> View {
    keep_looking();
    view! {
        <section>
            <h2>"Borrowed machines"</h2>
            <p>
                "Write on a machine that is not yours: open this address there, and choose “Just
                this once”. It gets no key of your journal, and keeps nothing."
            </p>
            <LetIn />
            <List />
            <Backup />
        </section>
    }
}

/// Asks for the guests now and again, for as long as this is on the screen.
fn keep_looking() {
    let dispatch = use_dispatch();
    let alarm = StoredValue::new_local(None::<Alarm>);
    let again = move || {
        if !document().hidden() {
            dispatch.sync_or_say(SyncCommand::Guests(GuestsCommand::Look));
        }
        alarm.try_update_value(|alarm| alarm.as_mut().map(|alarm| alarm.set(LOOK_MS)));
    };
    alarm.set_value(Some(Alarm::new(again)));
    again();
    on_cleanup(move || drop(alarm.try_update_value(Option::take)));
}

/// What it may see, for how long; then the code.
#[component]
fn LetIn() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let (scope, length) = (RwSignal::new(0_usize), RwSignal::new(0_usize));
    let made = RwSignal::new(None::<(GuestId, String)>);
    let make = move |()| {
        let scope = match scope.get_untracked() {
            0 => GuestScope::WriteOnly,
            1 => GuestScope::Days(DAYS),
            _ => GuestScope::Everything,
        };
        let minutes = GUEST_MINUTES[length.get_untracked().min(GUEST_MINUTES.len() - 1)];
        let asked = dispatch.sync(SyncCommand::Guests(GuestsCommand::LetIn { scope, minutes }));
        spawn_local(async move {
            match asked.await {
                Ok(Answer::LetIn { guest, code }) => drop(made.try_set(Some((guest, code)))),
                Ok(_) => {}
                Err(failure) => dispatch.say(failure.to_string()),
            }
        });
    };
    let known = move |id: GuestId| {
        state.guests.with(|guests| guests.iter().find(|guest| guest.id == id).map(|it| it.state))
    };
    let code = move || {
        let (id, code) = made.get()?;
        let words = match known(id) {
            None => "The server is being told of it…",
            Some(GuestState::Awaited { .. }) => {
                "Type it there within ten minutes. It is good once; show it to nobody."
            }
            Some(_) => return None,
        };
        Some(view! {
            <p class="guests__code">
                <span aria-label="Code">{code}</span>
            </p>
            <p role="status">{words}</p>
        })
    };
    view! {
        <div class="sync__enter">
            <Choices
                legend="What it may see"
                labels=vec!["Only write", "The last 7 days", "Everything"]
                chosen=scope
                on_choose=move |at| scope.set(at)
            />
            <Choices
                legend="For how long"
                labels=vec!["15 minutes", "1 hour", "4 hours"]
                chosen=length
                on_choose=move |at| length.set(at)
            />
            <div class="sync__actions">
                <Button label="Let a borrowed machine in" on_press=make />
            </div>
            {code}
        </div>
    }
}

/// Who is there, who was, and who is awaited. Backup codes that wait are counted, not listed.
#[component]
fn List() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let row = move |guest: Guest| {
        let Guest { id, state, kind, items } = guest;
        let what = match kind {
            GuestKind::Writer => "Borrowed machine",
            GuestKind::Reader => "Borrowed machine that may read",
            GuestKind::Backup => "Borrowed machine, by a backup code",
            GuestKind::Words => "Borrowed machine, by the recovery words",
        };
        let (stands, action) = match state {
            GuestState::Awaited { .. } => ("not there yet".to_owned(), Some("Take the code back")),
            GuestState::Open { ends, .. } => {
                (["open until ", &format::when(ends)].concat(), Some("End it"))
            }
            GuestState::Ended { at, .. } => (["ended ", &format::when(at)].concat(), None),
        };
        let wrote = match items {
            0 => String::new(),
            items => [", ", &format::count(items, "entry", "entries")].concat(),
        };
        let end =
            move |()| dispatch.sync_or_say(SyncCommand::Guests(GuestsCommand::End { guest: id }));
        view! {
            <li>
                <span>{what} " " <small>{stands} {wrote}</small></span>
                {action.map(|label| view! { <Button label on_press=end /> })}
            </li>
        }
    };
    let listed = move || {
        let guests = state.guests.get().into_iter();
        guests.filter(|guest| !is_spare(&guest)).map(row).collect_view()
    };
    let written = move || state.guests.with(|guests| guests.iter().any(|guest| guest.items > 0));
    view! {
        <ul class="sync__list sync__devices" aria-label="Borrowed machines">
            {listed}
        </ul>
        <Show when=written>
            <p>
                <a class="link" href=Route::Search(SearchParams::tagged(TAG)).href()>
                    "What was written there"
                </a>
            </p>
        </Show>
    }
}

/// Whether it is a backup code that nobody has used.
fn is_spare(guest: &&Guest) -> bool {
    guest.kind == GuestKind::Backup && matches!(guest.state, GuestState::Awaited { .. })
}

/// Ten codes on paper.
#[component]
fn Backup() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let (asking, codes) = (RwSignal::new(false), RwSignal::new(Vec::<String>::new()));
    let make = move |()| {
        let asked = dispatch.sync(SyncCommand::Guests(GuestsCommand::BackupCodes));
        spawn_local(async move {
            match asked.await {
                Ok(Answer::Codes(made)) => drop(codes.try_set(made)),
                Ok(_) => {}
                Err(failure) => dispatch.say(failure.to_string()),
            }
        });
    };
    let print = |()| {
        // Refused only where nothing can be printed.
        drop(window().print());
    };
    let put_away = move |()| codes.set(Vec::new());
    let shown = move || {
        let codes = codes.get();
        (!codes.is_empty()).then(|| {
            let item = |code: String| view! { <li>{code}</li> };
            view! {
                <p>
                    "Each of these lets you write once, for an hour, where you have no device at
                    hand. Strike out the one you used. They are shown now and never again."
                </p>
                <ol class="guests__codes">{codes.into_iter().map(item).collect_view()}</ol>
                <div class="sync__actions">
                    <Button weight=Weight::Primary label="Print" on_press=print />
                    <Button label="They are printed" on_press=put_away />
                </div>
            }
        })
    };
    let unused = move || match state.guests.with(|guests| guests.iter().filter(is_spare).count()) {
        0 => "There are no unused backup codes.".into(),
        unused => {
            let unused = u32::try_from(unused).unwrap_or(u32::MAX);
            [&format::count(unused, "backup code is", "backup codes are"), " unused."].concat()
        }
    };
    view! {
        <p role="status">{unused}</p>
        <div class="sync__actions">
            <Button label="Make backup codes" on_press=move |()| asking.set(true) />
        </div>
        {shown}
        <Confirm
            open=asking
            title="Make ten backup codes?"
            text="Codes that were made before are good no more."
            action="Make them"
            on_confirm=make
        />
    }
}
