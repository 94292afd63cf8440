//! The room behind the door: a page to write on, how it stands with it, and the way out.

use crate::platform::clock;
use crate::ui::format;
use crate::ui::once::Visit;
use crate::ui::parts::button::{Button, Weight};
use crate::ui::parts::dialog::Confirm;
use crate::ui::view::*;
use thoughtstream_core::date::Instant;
use thoughtstream_core::message::{GuestCommand, Shown};

/// Where a guest writes, and reads what it was given.
#[component]
pub fn Room(visit: Visit, ends: Instant, shown: Vec<Shown>) -> View {
    let (body, leaving) = (RwSignal::new(String::new()), RwSignal::new(false));
    let node = NodeRef::<web_sys::HtmlTextAreaElement>::new();
    node.on_load(|field| drop(field.focus()));
    let typed = move |event: leptos::ev::Event| {
        body.set(event_target_value(&event));
        visit.say(GuestCommand::Write { body: body.get_untracked(), zone: clock::zone() });
    };
    let finish = move |()| {
        visit.say(GuestCommand::Next);
        body.set(String::new());
        if let Some(field) = node.get_untracked() {
            drop(field.focus());
        }
    };
    let unsent = move || visit.standing.with(|it| it.is_some_and(|it| !it.sent));
    let leave = move |()| visit.say(GuestCommand::Leave);
    let ask = move |()| if unsent() { leaving.set(true) } else { leave(()) };
    let finished = move || match visit.standing.with(|it| it.map_or(0, |it| it.finished)) {
        0 => String::new(),
        finished => [&format::count(finished, "entry", "entries"), " finished. "].concat(),
    };
    view! {
        <div class="screen">
            <div class="screen__inside once__room">
                <header class="screen__header">
                    <h1 class="heading">"Just this once"</h1>
                    <p class="screen__note" role="status">
                        {finished}
                        {move || words(visit)}
                    </p>
                </header>
                <Endings visit ends />
                <textarea
                    class="field__input once__page"
                    rows="14"
                    aria-label="Entry"
                    placeholder="Write…"
                    autocomplete="off"
                    autocapitalize="sentences"
                    spellcheck="false"
                    node_ref=node
                    prop:value=body
                    on:input=typed
                />
                <div class="sync__actions">
                    <Button weight=Weight::Primary label="Leave" on_press=ask />
                    <Button label="Finish this entry" on_press=finish />
                </div>
                {(!shown.is_empty()).then(|| view! { <Given shown /> })}
            </div>
        </div>
        <Confirm
            open=leaving
            title="Leave now?"
            text="Not everything you wrote has reached the server. If you leave now, what is \
                  missing is lost."
            action="Leave all the same"
            on_confirm=leave
        />
    }
}

/// How it stands with what was typed.
fn words(visit: Visit) -> &'static str {
    match visit.standing.get() {
        None => "Nothing written yet.",
        Some(standing) if standing.offline && !standing.sent => {
            "Offline: what you wrote is not sent yet."
        }
        Some(standing) if standing.offline => "Offline.",
        Some(standing) if !standing.sent => "Sending…",
        Some(_) => "All is sent.",
    }
}

/// When it ends, and what ends sooner if nobody is there.
#[component]
fn Endings(visit: Visit, ends: Instant) -> View {
    let soon = memo(move || visit.standing.with(|it| it.and_then(|it| it.idle_in)));
    let is_soon = memo(move || soon.get().is_some());
    let last = memo(move || visit.standing.with(|it| it.is_some_and(|it| it.over_in.is_some())));
    let stay = move |()| visit.say(GuestCommand::Touch);
    let seconds = move || soon.get().unwrap_or_default().to_string();
    view! {
        <p class="screen__note">"Open until " {format::when(ends)} "."</p>
        <div role="alert">
            {move || last.get().then_some("Less than two minutes are left.")}
            {move || {
                is_soon.get().then(|| view! { <p>"Are you still there? This ends by itself."</p> })
            }}
        </div>
        <Show when=move || is_soon.get()>
            <div class="sync__trouble">
                <p>"It ends in " {seconds} " seconds."</p>
                <Button label="I am here" on_press=stay />
            </div>
        </Show>
    }
}

/// What the guest was given to read.
#[component]
fn Given(shown: Vec<Shown>) -> View {
    let entry = |shown: Shown| {
        view! {
            <article class="once__given">
                <h3>{format::full_date(shown.date)}</h3>
                <p>{shown.body}</p>
            </article>
        }
    };
    view! {
        <section>
            <h2>"To read"</h2>
            {shown.into_iter().map(entry).collect_view()}
        </section>
    }
}
