//! The templates: texts that an entry can begin with.

pub mod edit;

use crate::platform;
use crate::ui::dispatch::{Dispatch, use_dispatch};
use crate::ui::heading::Heading;
use crate::ui::parts::button::{Button, IconButton};
use crate::ui::parts::dialog::Dialog;
use crate::ui::parts::icon::Icon;
use crate::ui::screen::Screen;
use crate::ui::state::{State, use_state};
use crate::ui::view::*;
use edit::EditTemplate;
use thoughtstream_core::id::TemplateId;
use thoughtstream_core::message::{Answer, Edit, Query, Template};

/// The templates, by name; `None` until the engine has answered.
#[must_use]
pub fn watch_templates(state: State, dispatch: Dispatch) -> ReadSignal<Option<Vec<Template>>> {
    let query = move || {
        state.templates_version.track();
        Some(Query::Templates)
    };
    dispatch.watch(query, |answer| match answer {
        Answer::Templates(templates) => Some(templates),
        _ => None,
    })
}

/// The templates, to make, change and delete.
#[component]
pub fn Templates() -> View {
    let (state, dispatch) = (use_state(), use_dispatch());
    let templates = watch_templates(state, dispatch);
    let editing = RwSignal::new(false);
    let edited = RwSignal::new(None::<Template>);
    let edit = Callback::new(move |template| {
        edited.set(Some(template));
        editing.set(true);
    });
    let begin = move |()| {
        let id = TemplateId(platform::random::bytes());
        edit.run(Template { id, name: String::new(), body: String::new() });
    };
    let title = move || match edited.with(|it| it.as_ref().is_some_and(|it| !it.name.is_empty())) {
        true => "Change a template".to_string(),
        false => "Make a template".to_string(),
    };
    let rows = move || {
        let templates = templates.get().into_iter().flatten();
        templates.map(|template| row(&template, dispatch, edit)).collect_view()
    };
    let none = move || templates.with(|all| all.as_ref().is_some_and(Vec::is_empty));
    view! {
        <Screen>
            <header class="screen__header">
                <Heading text="Templates" />
                <Button icon=Icon::Plus label="Make a template" on_press=begin />
            </header>
            <p class="screen__note">
                "An empty page can begin with one of them. They are on all your devices."
            </p>
            <ul class="templates">{rows}</ul>
            <Show when=none>
                <p class="empty">
                    "There are no templates. Make one of what you write again and again."
                </p>
            </Show>
            <Dialog open=editing title=Signal::derive(title)>
                {move || {
                    edited.get().map(|template| view! { <EditTemplate template open=editing /> })
                }}
            </Dialog>
        </Screen>
    }
}

fn row(template: &Template, dispatch: Dispatch, edit: Callback<Template>) -> View {
    let (change, remove) =
        (["Change ", &template.name].concat(), ["Delete ", &template.name].concat());
    let (name, body) = (template.name.clone(), template.body.clone());
    let (edited, id) = (template.clone(), template.id);
    let delete = move |()| {
        let edit = Edit::DeleteTemplate { template: id };
        dispatch.edit_with_undo(vec![edit], "The template is deleted.");
    };
    view! {
        <li class="templates__template">
            <div class="templates__text">
                <h2>{name}</h2>
                <p dir="auto">{body}</p>
            </div>
            <IconButton icon=Icon::Pen label=change on_press=move |()| edit.run(edited.clone()) />
            <IconButton icon=Icon::Trash label=remove on_press=delete />
        </li>
    }
}
