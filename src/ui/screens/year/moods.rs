//! Moods over the months: how often each, beside each other.

use super::chart::{counts, figure, percent};
use super::months;
use crate::ui::format;
use crate::ui::screens::entry::mood::{mark, word};
use crate::ui::view::*;
use thoughtstream_core::message::Mood;

/// The moods of each month; nothing if none was given.
pub fn moods(year: i32, moods: &[[u32; 5]; 12]) -> Option<View> {
    let moods = *moods;
    if moods.iter().flatten().all(|count| *count == 0) {
        return None;
    }
    let names = move || months(year).map(format::month_name);
    Some(figure(
        "Moods",
        move || drawn(&names().collect::<Vec<_>>(), &moods),
        move || {
            let rows = names().zip(moods.iter().map(|counts| counts.to_vec()));
            let heads = [&["Month"], &Mood::ALL.map(word)[..]].concat();
            counts("Moods", &heads, rows)
        },
    ))
}

fn drawn(names: &[String], moods: &[[u32; 5]; 12]) -> View {
    let most = moods.iter().map(|counts| counts.iter().sum()).max().unwrap_or_default();
    let months = names.iter().zip(moods).map(|(name, counts)| {
        let short: String = name.chars().take(3).collect();
        // The best on top.
        let parts = Mood::ALL.into_iter().zip(counts).rev().filter(|(_, count)| **count > 0);
        let parts = parts.map(|(mood, count)| {
            let told = [word(mood), ": ", &count.to_string()].concat();
            view! {
                <i
                    class="moods__part"
                    data-mood=mood.name()
                    style:block-size=percent(*count, most)
                    title=told.clone()
                >
                    <span class="visually-hidden">{told} " "</span>
                </i>
            }
        });
        view! {
            <li class="bars__item">
                <span class="bars__name">{short}</span>
                <span class="bars__room">{parts.collect_view()}</span>
            </li>
        }
    });
    let legend = Mood::ALL.map(|mood| {
        view! {
            <li>
                <i class="moods__part" data-mood=mood.name()></i>
                {mark(mood)}
                {word(mood)}
            </li>
        }
    });
    view! {
        <ul class="bars moods" aria-label="Moods">
            {months.collect_view()}
        </ul>
        <ul class="moods__legend" aria-hidden="true">
            {legend.collect_view()}
        </ul>
    }
}
