//! What is left of a visit: a page that says so.

use crate::ui::view::*;
use thoughtstream_core::message::GuestEnding;

/// Where it is.
pub const HERE: &str = "/once/over";

/// Puts that page in the place of this one: there is nothing to come back to.
pub fn go_over(why: GuestEnding) {
    let why = match why {
        GuestEnding::Left => "left",
        GuestEnding::Idle => "idle",
        GuestEnding::Hidden => "hidden",
        GuestEnding::TimeUp => "time",
        GuestEnding::Revoked => "revoked",
    };
    // Refused only while the page is being left anyway.
    drop(window().location().replace(&[HERE, "?", why].concat()));
}

/// Says why it is over, and what to do.
#[component]
pub fn Over() -> View {
    let why = window().location().search().unwrap_or_default();
    let text = match why.trim_start_matches('?') {
        "idle" => "Nobody wrote for five minutes, so it was ended.",
        "hidden" => "The page was out of sight for two minutes, so it was ended.",
        "time" => "The time is up.",
        "revoked" => "It was ended from one of your devices, or by the server.",
        _ => "You have left.",
    };
    view! {
        <main id="main" class="screens once">
            <div class="screen">
                <div class="screen__inside once__door">
                    <h1 class="heading">"That was it"</h1>
                    <p role="status">{text}</p>
                    <p>
                        "What was shown as sent is in your journal, tagged “borrowed machine”.
                        Nothing of it was kept here. Close this window, and empty the list of
                        visited pages if it should not be known that you were here."
                    </p>
                </div>
            </div>
        </main>
    }
}
