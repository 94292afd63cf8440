//! One module for each screen, in the order of the navigation.

pub mod today;
pub mod timeline;
pub mod entry;
pub mod day;
pub mod on_this_day;
pub mod calendar;
pub mod year;
pub mod search;
pub mod gallery;
pub mod tags;
pub mod journals;
pub mod trash;
pub mod settings;
pub mod templates;
pub mod transfer;
pub mod book;
pub mod sync;
pub mod missing;
