//! What screens are made of. Nothing here knows what a journal is.

pub mod icon;
pub mod picture_code;
pub mod button;
pub mod field;
pub mod dialog;
pub mod virtual_list;
