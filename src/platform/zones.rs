//! The rules of the world's zones, as the browser's `Intl` knows them.

use js_sys::{Array, Function, Intl, Object, Reflect};
use std::cell::RefCell;
use thoughtstream_core::date::{Date, Instant, MILLIS_A_DAY, Zone, Zones};
use wasm_bindgen::{JsCast, JsValue};

/// The browser's zones; formatters are kept, as making one costs more than using it.
#[derive(Default)]
pub struct IntlZones {
    /// A list is searched, as a journal has few zones.
    formats: RefCell<Vec<(String, Option<Intl::DateTimeFormat>)>>,
}

impl Zones for IntlZones {
    fn offset_seconds(&self, zone: &Zone, instant: Instant) -> Option<i32> {
        if zone.0 == "UTC" {
            return Some(0);
        }
        let mut formats = self.formats.borrow_mut();
        let known = formats.iter().position(|(name, _)| *name == zone.0);
        let known = known.unwrap_or_else(|| {
            formats.push((zone.0.clone(), format_of(zone).ok()));
            formats.len() - 1
        });
        let format = formats[known].1.as_ref()?;
        let wall = wall_millis(format, instant)?;
        // Intl shows whole seconds; the instant's own fraction must not be taken for an offset.
        let seconds = wall.div_euclid(1000) - instant.0.div_euclid(1000);
        i32::try_from(seconds).ok()
    }
}

/// The names of all zones the browser knows; none where it does not tell.
#[must_use]
pub fn names() -> Vec<String> {
    let names = || -> Result<Array, JsValue> {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into())?;
        let names: Function = Reflect::get(&intl, &"supportedValuesOf".into())?.dyn_into()?;
        names.call1(&intl, &"timeZone".into())?.dyn_into()
    };
    names().unwrap_or_default().iter().filter_map(|name| name.as_string()).collect()
}

/// A formatter that shows what the clocks of a zone show; an error for a zone it does not know.
fn format_of(zone: &Zone) -> Result<Intl::DateTimeFormat, JsValue> {
    let options = Object::new();
    let numeric = ["year", "month", "day", "hour", "minute", "second"];
    for field in numeric {
        Reflect::set(&options, &field.into(), &"numeric".into())?;
    }
    for (field, value) in [("timeZone", zone.0.as_str()), ("hourCycle", "h23"), ("era", "short")] {
        Reflect::set(&options, &field.into(), &value.into())?;
    }
    // The constructor throws for an unknown zone, which js-sys does not say of its `new`.
    let intl = Reflect::get(&js_sys::global(), &"Intl".into())?;
    let constructor = Reflect::get(&intl, &"DateTimeFormat".into())?;
    let arguments = Array::of2(&"en-u-ca-iso8601-nu-latn".into(), &options);
    Reflect::construct(&constructor.into(), &arguments).map(Into::into)
}

/// What the clocks show at an instant, in milliseconds since 1970 as if it were UTC.
fn wall_millis(format: &Intl::DateTimeFormat, instant: Instant) -> Option<i64> {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of the years 1-9999 fit")]
    let date = js_sys::Date::new(&(instant.0 as f64).into());
    let parts = format.format_to_parts(&date);
    let (mut fields, mut before_christ) = ([0_i64; 6], false);
    for part in parts.iter() {
        let get = |key: &str| Reflect::get(&part, &key.into()).ok()?.as_string();
        let (kind, value) = (get("type")?, get("value")?);
        let field = match kind.as_str() {
            "year" => 0,
            "month" => 1,
            "day" => 2,
            "hour" => 3,
            "minute" => 4,
            "second" => 5,
            "era" => {
                before_christ = value.starts_with('B');
                continue;
            }
            _ => continue,
        };
        fields[field] = value.parse().ok()?;
    }
    let [year, month, day, hour, minute, second] = fields;
    let year = if before_christ { 1 - year } else { year };
    let date = Date::new(i32::try_from(year).ok()?, u8::try_from(month).ok()?, day as u8)?;
    let seconds = hour * 3600 + minute * 60 + second;
    Some(date.days_since_1970() * MILLIS_A_DAY + seconds * 1000)
}
