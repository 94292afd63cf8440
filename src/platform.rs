//! What the browser provides, each thing in one place: the time, chance, zones, locks, channels.

pub mod barcode;
pub mod channel;
pub mod clock;
pub mod file;
pub mod locks;
pub mod number;
pub mod position;
pub mod quota;
pub mod random;
pub mod timer;
pub mod zones;
