//! Points on the earth, as texts and as less exact ones.

use thoughtstream_core::message::{Location, Point, millionths};

fn point(text: &str) -> Point {
    text.parse().unwrap()
}

#[test]
fn decimals_are_read_to_the_millionth() {
    for (text, expected) in [
        ("51.5", Some(51_500_000)),
        ("-0.1278", Some(-127_800)),
        ("7", Some(7_000_000)),
        ("-33.86785134", Some(-33_867_851)),
        ("7.", Some(7_000_000)),
        ("", None),
        ("-", None),
        (".5", None),
        ("1e5", None),
        ("+1", None),
        ("5,1", None),
        ("1234567890", None),
    ] {
        assert_eq!(millionths(text), expected, "{text:?}");
    }
}

#[test]
fn points_are_on_the_earth() {
    for text in ["-33.867851, 151.2", "0, 0", "90, -180", "-0.000001, 0.1"] {
        assert_eq!(point(text).to_string(), text);
    }
    for text in ["90.000001, 0", "0, 180.1", "12", "north, west", "1, 2, 3"] {
        assert!(text.parse::<Point>().is_err(), "{text}");
    }
}

#[test]
fn fewer_decimals_tell_less() {
    let exact = point("-33.867851, 151.205551");
    for (decimals, told) in [
        (6, "-33.867851, 151.205551"),
        (3, "-33.868, 151.206"),
        (2, "-33.87, 151.21"),
        (0, "-34, 151"),
        (9, "-33.867851, 151.205551"),
    ] {
        assert_eq!(exact.rounded(decimals).to_string(), told);
    }
    assert_eq!(point("90, -180").rounded(0).to_string(), "90, -180");
}

#[test]
fn a_location_is_something() {
    assert_eq!(Location::new("  ", None), None);
    assert_eq!(Location::new(" home ", None).unwrap().name(), "home");
    assert_eq!(Location::new("", Some(point("1, 2"))).unwrap().name(), "1, 2");
}
