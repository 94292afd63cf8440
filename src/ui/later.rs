//! The part of the app that comes later: screens that are opened seldom are in a file of their own,
//! so that the first start need not wait for them. The file is fetched as soon as the journal is
//! open, and kept for offline with everything else (docs/decisions/0003-build.md).

mod part;

use crate::ui::parts::button::Button;
use crate::ui::state::use_state;
use crate::ui::view::*;
use leptos::task::spawn_local;
pub use part::Part;
use thoughtstream_core::message::Condition;

/// How it stands with that file.
#[derive(Debug, Clone, Copy)]
enum Fetch {
    Absent,
    UnderWay,
    Here(&'static Part),
    Failed,
}

/// The part that comes later, in context; see [`later`].
#[derive(Debug, Clone, Copy)]
pub struct Later(RwSignal<Fetch>);

impl Later {
    /// Nothing is fetched before something of it is wanted.
    #[must_use]
    pub fn absent() -> Self {
        Self(RwSignal::new(Fetch::Absent))
    }

    /// It is fetched when the journal is open.
    #[must_use]
    pub fn behind_the_journal() -> Self {
        let (later, state) = (Self::absent(), use_state());
        effect(move || {
            if !matches!(state.condition.get(), Condition::Opening) {
                later.fetch();
            }
        });
        later
    }

    fn fetch(self) {
        let state = self.0;
        if matches!(state.get_untracked(), Fetch::Here(_) | Fetch::UnderWay) {
            return;
        }
        state.set(Fetch::UnderWay);
        spawn_local(async move {
            state.set(fetched().await.map_or(Fetch::Failed, Fetch::Here));
        });
    }
}

/// That part; `None` if it cannot be fetched.
pub async fn fetched() -> Option<&'static Part> {
    part::fetch().await.ok()
}

/// Shows something of that part, as soon as it is there.
pub fn later(show: impl Fn(&'static Part) -> View + 'static) -> View {
    let later: Later = expect_context();
    later.fetch();
    view! {
        {move || match later.0.get() {
            Fetch::Here(part) => show(part),
            Fetch::Absent | Fetch::UnderWay => View::none(),
            Fetch::Failed => view! { <Missing later /> },
        }}
    }
}

/// Without network, on a device that has not kept the whole app yet.
#[component]
fn Missing(later: Later) -> View {
    view! {
        <section class="failure" role="alert">
            <h1>"This part of the app is not here yet"</h1>
            <p>
                "It could not be fetched. What you have written is safe; "
                "please try again when the network is back."
            </p>
            <Button label="Try again" on_press=move |()| later.fetch() />
        </section>
    }
}
