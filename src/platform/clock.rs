//! The time, and where the writer is.

use js_sys::{Array, Intl, Object, Reflect};
use thoughtstream_core::date::{Instant, Zone};

/// The system's clock.
#[must_use]
pub fn now() -> Instant {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds fit for 285,000 years")]
    Instant(js_sys::Date::now() as i64)
}

/// The zone that the device is set to; UTC if the browser does not tell.
#[must_use]
pub fn zone() -> Zone {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    let name = Reflect::get(&format.resolved_options(), &"timeZone".into()).ok();
    name.and_then(|name| name.as_string()).map_or_else(Zone::utc, Zone)
}
