//! Moving an entry to another day, time and zone: from what was typed to the edit.

use std::str::FromStr;
use thoughtstream_core::date::{Date, Moment, Time, Zone, Zones};
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::Edit;

/// The edit that was asked for, or what is wrong with it. Without a time the entry belongs to
/// the day as a whole.
///
/// # Errors
/// With what to do, for the person who typed it.
pub fn redate(
    entry: EntryId,
    [date, time, zone]: [&str; 3],
    zones: &dyn Zones,
) -> Result<Edit, String> {
    let date = Date::from_str(date.trim()).map_err(|error| error.to_string())?;
    let time = match time.trim() {
        "" => None,
        time => Some(Time::from_str(time).map_err(|error| error.to_string())?),
    };
    let zone = Zone(zone.trim().into());
    let known = Moment::on(date, time, zone.clone(), zones).is_some();
    if !known {
        let name = zone.0.chars().take(40).collect::<String>();
        return Err(format!("“{name}” is not a time zone: write it as Europe/London"));
    }
    Ok(Edit::Redate { entry, date, time, zone })
}

#[cfg(test)]
mod tests {
    use super::*;
    use thoughtstream_core::date::Instant;

    struct OnlyUtc;

    impl Zones for OnlyUtc {
        fn offset_seconds(&self, zone: &Zone, _: Instant) -> Option<i32> {
            (zone.0 == "UTC").then_some(0)
        }
    }

    #[test]
    fn what_was_typed_is_read_or_refused_with_a_reason() {
        let entry = EntryId([1; 16]);
        let cases = [
            (["2022-09-02", "20:50", "UTC"], Ok(Some("20:50"))),
            ([" 2022-09-02 ", "", " UTC"], Ok(None)),
            (["2022-02-30", "", "UTC"], Err("not a date that exists")),
            (["", "", "UTC"], Err("not a date that exists")),
            (["2022-09-02", "25:00", "UTC"], Err("not a time of day")),
            (["2022-09-02", "20:50", "Mars/Olympus"], Err("not a time zone")),
        ];
        for (typed, expected) in cases {
            match (redate(entry, typed, &OnlyUtc), expected) {
                (Ok(Edit::Redate { date, time, .. }), Ok(wanted)) => {
                    assert_eq!(date.to_string(), "2022-09-02");
                    assert_eq!(time.map(|time| time.to_string()).as_deref(), wanted);
                }
                (Err(reason), Err(part)) => assert!(reason.contains(part), "{reason}"),
                (got, _) => panic!("{typed:?} gave {got:?}"),
            }
        }
    }
}
