//! Import and export: files in, files out, and what became of them.

pub mod jobs;
mod export;
mod enclosing;
pub mod files;
mod import;
mod report;

use crate::ui::heading::Heading;
use crate::ui::screen::Screen;
use crate::ui::view::*;
use export::ExportSection;
use import::ImportSection;

/// The screen of files.
#[component]
pub fn Transfer() -> View {
    view! {
        <Screen>
            <header class="screen__header">
                <Heading text="Import and export" />
            </header>
            <div class="transfer">
                <ImportSection />
                <ExportSection />
            </div>
        </Screen>
    }
}
