//! Fields: a question with its label, and the ways to answer it.

use crate::ui::view::*;

/// A line of text with a label above it.
#[component]
pub fn TextField(
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional)] max_chars: Option<usize>,
    /// Where the input is, for those who want to focus it.
    #[prop(optional)]
    node: NodeRef<web_sys::HtmlInputElement>,
) -> View {
    view! {
        <label class="field">
            <span class="field__label">{label}</span>
            <input
                class="field__input"
                type="text"
                autocomplete="off"
                maxlength=max_chars.map(|max| max.to_string())
                node_ref=node
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
        </label>
    }
}

/// A few answers, one of which holds: radio buttons side by side.
#[component]
pub fn Choices(
    /// Names the group, also in the page, so it must be the only one of that name.
    legend: &'static str,
    labels: Vec<&'static str>,
    /// Which of the labels holds.
    #[prop(into)]
    chosen: Signal<usize>,
    #[prop(into)] on_choose: Callback<usize>,
) -> View {
    let choices = labels.into_iter().enumerate().map(|(i, label)| {
        view! {
            <label class="choices__choice">
                <input
                    class="visually-hidden"
                    type="radio"
                    name=legend
                    prop:checked=move || chosen.get() == i
                    on:change=move |_| on_choose.run(i)
                />
                <span>{label}</span>
            </label>
        }
    });
    view! {
        <fieldset class="choices">
            <legend class="field__label">{legend}</legend>
            <div class="choices__row">{choices.collect_view()}</div>
        </fieldset>
    }
}

/// A small round button that is on or off.
#[component]
pub fn Pill(
    label: &'static str,
    #[prop(into)] pressed: Signal<bool>,
    #[prop(into)] on_press: Callback<()>,
) -> View {
    view! {
        <button
            type="button"
            class="pill"
            aria-pressed=move || if pressed.get() { "true" } else { "false" }
            data-set=move || pressed.get().then_some("")
            on:click=move |_| on_press.run(())
        >
            {label}
        </button>
    }
}

/// A small round list to choose from: pairs of what is chosen and what is read. The first is
/// what holds where nothing was chosen.
#[component]
pub fn PillSelect(
    label: &'static str,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    chosen: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
) -> View {
    let option = move |(value, text): (String, String)| {
        let own = value.clone();
        view! {
            <option value=value selected=move || chosen.with(|chosen| *chosen == own)>
                {text}
            </option>
        }
    };
    let is_set = move || {
        let first = options.with(|options| options.first().map(|first| first.0.clone()));
        (first != Some(chosen.get())).then_some("")
    };
    view! {
        <select
            class="pill pill--select"
            aria-label=label
            data-set=is_set
            on:change=move |event| on_choose.run(event_target_value(&event))
        >
            {move || options.get().into_iter().map(option).collect_view()}
        </select>
    }
}
