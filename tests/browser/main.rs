//! Journeys of a person through the built app, each in Chromium and in Firefox: `cargo xtask test`.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod addresses;
mod app;
mod axe;
mod deployment;
mod devices;
mod disk;
mod guests;
mod install;
mod keyboard;
mod kill;
mod linking;
mod looking_back;
mod memory;
mod no_trace;
mod offline;
mod palette;
mod photos;
mod search;
mod sleep;
mod story;
mod sync;
mod tabs;
mod transfer;
mod update;
mod writing;
mod zones;
