//! A chart of bars that is a table as well.

use crate::ui::format;
use crate::ui::view::*;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub name: String,
    /// What stands beside the bar.
    pub short: String,
    pub count: u32,
    /// What it leads to.
    pub href: Option<String>,
}

/// A drawing under its title, and the table that says the same, one instead of the other.
pub fn figure(
    title: &'static str,
    drawing: impl Fn() -> View + 'static,
    table: impl Fn() -> View + 'static,
) -> View {
    let as_table = RwSignal::new(false);
    let shown = move || if as_table.get() { table() } else { drawing() };
    let pressed = move || if as_table.get() { "true" } else { "false" };
    view! {
        <section class="chart" aria-label=title>
            <header class="chart__header">
                <h2>{title}</h2>
                <button
                    type="button"
                    class="button button--quiet"
                    aria-pressed=pressed
                    on:click=move |_| as_table.update(|shown| *shown = !*shown)
                >
                    "Show as table"
                    <span class="visually-hidden">": " {title}</span>
                </button>
            </header>
            {shown}
        </section>
    }
}

/// Bars side by side, or lying one below the other.
pub fn chart(title: &'static str, heads: [&'static str; 2], bars: Vec<Bar>, lying: bool) -> View {
    let table = bars.clone();
    figure(
        title,
        move || drawn(title, &bars, lying),
        move || {
            let rows = table.iter().map(|bar| (bar.name.clone(), vec![bar.count]));
            counts(title, &heads, rows)
        },
    )
}

/// A table of names and counts.
pub fn counts(
    title: &'static str,
    heads: &[&'static str],
    rows: impl Iterator<Item = (String, Vec<u32>)>,
) -> View {
    let heads = heads.iter().map(|head| view! { <th scope="col">{*head}</th> });
    let rows = rows.map(|(name, counts)| {
        let cells = counts.into_iter().map(|count| {
            view! { <td>{format::number(count.into())}</td> }
        });
        view! {
            <tr>
                <th scope="row">{name}</th>
                {cells.collect_view()}
            </tr>
        }
    });
    view! {
        <div class="chart__table" tabindex="0" role="group" aria-label=title>
            <table aria-label=title>
                <thead>
                    <tr>{heads.collect_view()}</tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

fn drawn(title: &str, bars: &[Bar], lying: bool) -> View {
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or_default();
    let bars = bars.iter().map(|bar| {
        let size = percent(bar.count, most);
        let number = format::number(bar.count.into());
        let drawn = match lying {
            true => view! { <i class="bars__bar" style:inline-size=size></i> },
            false => view! { <i class="bars__bar" style:block-size=size></i> },
        };
        let name = match &bar.href {
            Some(href) => view! {
                <a class="tag bars__name" href=href.clone()>
                    {bar.short.clone()}
                </a>
            },
            None => view! {
                <span class="bars__name" title=bar.name.clone()>
                    {bar.short.clone()}
                </span>
            },
        };
        view! {
            <li class="bars__item">
                {name} <span class="bars__room">{drawn}</span>
                <span class="bars__count">{number}</span>
            </li>
        }
    });
    let class = if lying { "bars bars--lying" } else { "bars" };
    view! {
        <ul class=class aria-label=title.to_owned()>
            {bars.collect_view()}
        </ul>
    }
}

/// `63%`; what is not nothing is at least to be seen.
pub fn percent(part: u32, whole: u32) -> String {
    let percent = u64::from(part) * 100 / u64::from(whole.max(1));
    let percent = if part > 0 { percent.max(1) } else { 0 };
    [&percent.to_string(), "%"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        let drawn = [(0, 0), (0, 9), (1, 1_000), (1, 3), (9, 9)].map(|(a, b)| percent(a, b));
        assert_eq!(drawn, ["0%", "0%", "1%", "33%", "100%"]);
    }
}
