//! Photos lose the place where they were taken, and nothing else.

use crate::support::Chance;
use thoughtstream_core::photo::forget_place;

/// A TIFF file as a camera writes it: which way up, the position, when; `big` ends first or last.
fn tiff(big: bool) -> Vec<u8> {
    let short = |value: u16| if big { value.to_be_bytes() } else { value.to_le_bytes() };
    let long = |value: u32| if big { value.to_be_bytes() } else { value.to_le_bytes() };
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&short(tag)[..], &short(kind), &long(count), &value].concat()
    };
    let word = |value: u16| [&short(value)[..], &[0, 0]].concat().try_into().unwrap();
    let mut out = if big { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
    out.extend(long(8));
    out.extend(short(3));
    out.extend(entry(0x0112, 3, 1, word(6)));
    out.extend(entry(0x8825, 4, 1, long(70)));
    out.extend(entry(0x0132, 2, 20, long(50)));
    out.extend(long(0));
    out.extend(b"2026:04:24 16:00:00\0");
    assert_eq!(out.len(), 70);
    out.extend(short(2));
    out.extend(entry(1, 2, 2, *b"N\0\0\0"));
    out.extend(entry(2, 5, 3, long(100)));
    out.extend(long(0));
    for part in [51, 1, 28, 1, 3_821, 100] {
        out.extend(long(part));
    }
    out
}

fn jpeg(exif: &[u8], xmp: &str) -> Vec<u8> {
    let segment = |kind: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xff, kind][..], &length, content].concat()
    };
    let exif = segment(0xe1, &[b"Exif\0\0", exif].concat());
    let xmp = segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", xmp.as_bytes()].concat());
    let picture = [0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9];
    [&[0xff, 0xd8][..], &exif, &xmp, &picture].concat()
}

const XMP: &str = r#"<rdf exif:GPSLatitude="51,28.3821N" tiff:Orientation="6"/>
    <exif:GPSLongitude>0,0.12W</exif:GPSLongitude>"#;

/// Everything in which a position could be read.
fn tells_place(photo: &[u8]) -> bool {
    let has = |wanted: &[u8]| photo.windows(wanted.len()).any(|window| window == wanted);
    has(&3_821_u32.to_be_bytes()) || has(&3_821_u32.to_le_bytes()) || has(b"28.3821") || has(b".12")
}

#[test]
fn every_kind_of_photo_loses_its_place_and_keeps_the_rest() {
    for big in [true, false] {
        let tiff = tiff(big);
        let webp = [b"RIFF\x99\0\0\0WEBPEXIF\x7e\0\0\0", &tiff[..]].concat();
        let heic = [b"\0\0\0\x18ftypheic....meta....Exif\0\0", &tiff[..]].concat();
        for photo in [jpeg(&tiff, XMP), webp, heic] {
            assert!(tells_place(&photo));
            let mut clean = photo.clone();
            assert!(forget_place(&mut clean), "it had a place");
            assert!(!tells_place(&clean));
            assert_eq!(clean.len(), photo.len(), "nothing moves");
            let has = |wanted: &[u8]| clean.windows(wanted.len()).any(|window| window == wanted);
            assert!(has(b"2026:04:24 16:00:00"), "when it was taken stays");
            let way_up: &[u8] = if big {
                b"\x01\x12\0\x03\0\0\0\x01\0\x06"
            } else {
                b"\x12\x01\x03\0\x01\0\0\0\x06\0"
            };
            assert!(has(way_up), "which way up it is stays");
            assert!(!forget_place(&mut clean.clone()), "the second time there is nothing left");
        }
    }
}

#[test]
fn a_png_keeps_its_checksums_right() {
    let chunk = |name: &[u8; 4], content: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(name);
        crc.update(content);
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&length[..], name, content, &crc.sum().to_be_bytes()].concat()
    };
    let content = tiff(true);
    let mut photo =
        [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"eXIf", &content), &chunk(b"IEND", b"")].concat();
    assert!(forget_place(&mut photo));
    assert!(!tells_place(&photo));
    let inside = &photo[16..16 + content.len()];
    let expected = [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"eXIf", inside), &chunk(b"IEND", b"")];
    assert_eq!(photo, expected.concat());
}

/// Files of any kind, broken photos among them, neither stop the app nor change without a reason.
#[test]
fn what_is_no_photo_stays_as_it_is() {
    let mut chance = Chance::new(11);
    let whole = jpeg(&tiff(false), XMP);
    for _ in 0..20_000 {
        let mut broken = whole.clone();
        for _ in 0..1 + chance.below(8) {
            let at = chance.below(broken.len());
            broken[at] = chance.below(256) as u8;
        }
        broken.truncate(chance.below(broken.len() + 1));
        forget_place(&mut broken);
    }
    for text in [&b"exif:GPSLatitude=\"51\" in a text"[..], b"", b"II*\0", b"%PDF-1.7"] {
        let mut same = text.to_vec();
        assert!(!forget_place(&mut same));
        assert_eq!(same, text);
    }
}
