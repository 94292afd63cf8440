//! Making or changing a template.

use crate::ui::dispatch::use_dispatch;
use crate::ui::parts::dialog::FormFoot;
use crate::ui::parts::field::TextField;
use crate::ui::placeholders;
use crate::ui::view::*;
use leptos::ev;
use leptos::task::spawn_local;
use thoughtstream_core::message::{Edit, NAME_CHARS_MAX, Template};

/// The form of a template; what the journal refuses stays in it, with the reason.
#[component]
pub fn EditTemplate(template: Template, open: RwSignal<bool>) -> View {
    let dispatch = use_dispatch();
    let (name, body) = (RwSignal::new(template.name), RwSignal::new(template.body));
    let wrong = RwSignal::new(String::new());
    let id = template.id;
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (name, body) = (name.get_untracked(), body.get_untracked());
        let answer = dispatch.edit(Edit::SaveTemplate(Template { id, name, body }));
        spawn_local(async move {
            match answer.await {
                Ok(_) => drop(open.try_set(false)),
                Err(failure) => drop(wrong.try_set(failure.to_string())),
            }
        });
    };
    let known = placeholders::KNOWN.map(|(placeholder, what)| {
        view! {
            <div>
                <dt>
                    <code>{placeholder}</code>
                </dt>
                " "
                <dd>{what}</dd>
            </div>
        }
    });
    view! {
        <form class="templates__form" novalidate on:submit=save>
            <TextField label="Name" value=name max_chars=NAME_CHARS_MAX />
            <label class="field">
                <span class="field__label">"Text"</span>
                <textarea
                    class="field__input templates__body"
                    rows="9"
                    dir="auto"
                    aria-describedby="placeholders"
                    prop:value=body
                    on:input=move |event| body.set(event_target_value(&event))
                ></textarea>
            </label>
            <dl id="placeholders" class="templates__placeholders">
                {known.collect_view()}
            </dl>
            <p class="field__error" role="alert">
                {wrong}
            </p>
            <FormFoot open action="Save" />
        </form>
    }
}
