//! One module for each group of figures that is measured in one go.

pub(crate) mod bytes;
pub(crate) mod large;
pub(crate) mod scroll;
pub(crate) mod start;
pub(crate) mod stores;
pub(crate) mod sync;
