//! All tags, each with how often it stands, leading to what it stands on.

use crate::ui::dispatch::use_dispatch;
use crate::ui::format;
use crate::ui::heading::Heading;
use crate::ui::route::{Route, SearchParams};
use crate::ui::screen::Screen;
use crate::ui::state::use_state;
use crate::ui::view::*;
use thoughtstream_core::message::{Answer, Query, Tag};

/// The tags by name.
#[component]
pub fn Tags() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let query = move || {
        state.tags_version.track();
        Some(Query::Tags)
    };
    let tags = dispatch.watch(query, |answer| match answer {
        Answer::Tags(tags) => Some(tags),
        _ => None,
    });
    let list = move || match tags.get() {
        None => View::none(),
        Some(tags) if tags.is_empty() => view! {
            <p class="empty">
                "No tags yet: write " <code>"#walk"</code> " anywhere in an entry. "
                <a class="link" href=Route::TODAY.href()>
                    "Begin one"
                </a>
            </p>
        },
        Some(tags) => {
            view! { <ul class="tags">{tags.into_iter().map(tag_link).collect_view()}</ul> }
        }
    };
    view! {
        <Screen>
            <header class="screen__header">
                <Heading text="Tags" />
            </header>
            {list}
        </Screen>
    }
}

fn tag_link(tag: Tag) -> View {
    let search = SearchParams::tagged(&tag.name);
    let count = format::count(tag.entries, "entry", "entries");
    view! {
        <li>
            <a class="tags__tag" href=Route::Search(search).href()>
                <span class="tag">"#" {tag.name}</span>
                " "
                <small>{count}</small>
            </a>
        </li>
    }
}
