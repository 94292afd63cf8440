//! What the reader sees: the app, its state, its screens, and the parts they are made of.
//!
//! It talks to the journal through [`crate::bridge`] alone. State goes down through signals,
//! wishes go up through [`dispatch`]; nothing here waits for a network.

pub mod view;
pub mod app;
pub mod later;
pub mod once;
pub mod route;
pub mod state;
pub mod dispatch;
pub mod registry;
pub mod actions;
pub mod keymap;
pub mod shortcuts;
pub mod palette;
pub mod focus;
pub mod screens;
pub mod draft;
pub mod editor;
pub mod reading;
pub mod rail;
pub mod sync_mark;
pub mod screen;
pub mod heading;
pub mod notices;
pub mod parts;
pub mod lifecycle;
pub mod history;
pub mod media;
pub mod attachments;
pub mod clipboard;
pub mod update;
pub mod install;
pub mod handover;
pub mod sample;
pub mod preferences;
pub mod format;
pub mod placeholders;
