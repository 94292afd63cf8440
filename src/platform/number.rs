//! Broken numbers as text. Rust's own way through them takes twenty kilobytes of tables.

/// A number as JavaScript writes it, which is how CSS reads it.
#[must_use]
pub fn text(number: f64) -> String {
    let written = js_sys::Number::from(number).to_string_with_radix(10);
    written.map(String::from).unwrap_or_default()
}

/// Reads what [`text`] wrote; `None` for what is no number.
#[must_use]
pub fn parse(text: &str) -> Option<f64> {
    Some(js_sys::Number::parse_float(text)).filter(|number| number.is_finite())
}
