//! What a photo says of itself besides what is seen: where it was taken is taken out of it.
//!
//! Cameras write a small TIFF file ("EXIF") into JPEG, WebP, PNG and HEIC alike. In it a directory
//! of its own holds the position. It is blanked where it stands, so that no length and no place in
//! the file changes, and everything else stays: time, camera, and which way up it is. Programs that
//! edit photos write the position a second time, as XML ("XMP"); there its values are blanked.

mod exif;

/// How long a TIFF file in a photo can be; longer ones hold no position that a camera wrote.
const EXIF_BYTES_MAX: usize = 1 << 20;

/// Takes the position out of a photo, if it has one; whether it had.
pub fn forget_place(photo: &mut [u8]) -> bool {
    let mut found = false;
    if photo.starts_with(&[0xff, 0xd8]) {
        for (start, end) in jpeg_segments(photo) {
            found |= forget_in(&mut photo[start..end]);
        }
    } else if photo.starts_with(b"\x89PNG\r\n\x1a\n") {
        found = png(photo);
    } else if photo.starts_with(b"RIFF") || photo.get(4..8) == Some(b"ftyp") {
        // Both are boxes in boxes; what is looked for begins with marks of its own.
        found = forget_in(photo);
    }
    found
}

/// The segments before the picture itself, which alone can hold what was written about it.
fn jpeg_segments(photo: &[u8]) -> Vec<(usize, usize)> {
    let (mut segments, mut at) = (Vec::new(), 2);
    while let Some(&[0xff, kind, high, low]) = photo.get(at..at + 4) {
        let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
        if kind == 0xda || end > photo.len() || end < at + 4 {
            break;
        }
        if matches!(kind, 0xe1 | 0xed | 0xef) {
            segments.push((at + 4, end));
        }
        at = end;
    }
    segments
}

/// Chunks of PNG carry a checksum each, which has to be right again.
fn png(photo: &mut [u8]) -> bool {
    let (mut found, mut at) = (false, 8);
    while let Some(head) = photo.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let about = matches!(&head[4..8], b"eXIf" | b"iTXt" | b"tEXt");
        let (start, end) = (at + 8, (at + 8).saturating_add(length));
        if photo.get(end..end.saturating_add(4)).is_none() {
            break;
        }
        if about {
            let exif = &head[4..8] == b"eXIf";
            let chunk = &mut photo[start..end];
            if exif && exif::forget_place(chunk) | forget_in(chunk) || !exif && forget_in(chunk) {
                found = true;
                let sum = crate::port::checksum(&photo[at + 4..end]);
                photo[end..end + 4].copy_from_slice(&sum.to_be_bytes());
            }
        }
        at = end + 4;
    }
    found
}

/// Blanks positions in whatever of EXIF and XMP lies in these bytes.
fn forget_in(bytes: &mut [u8]) -> bool {
    let mut found = false;
    for head in [&b"II*\0"[..], b"MM\0*"] {
        let mut from = 0;
        while let Some(at) = find(&bytes[from..], head) {
            let start = from + at;
            let end = bytes.len().min(start + EXIF_BYTES_MAX);
            found |= exif::forget_place(&mut bytes[start..end]);
            from = start + head.len();
        }
    }
    found | forget_in_xmp(bytes)
}

/// Blanks the values of `exif:GPSLatitude="…"` and `<exif:GPSLatitude>…`, and all such names.
fn forget_in_xmp(bytes: &mut [u8]) -> bool {
    let (mut from, mut found) = (0, false);
    while let Some(at) = find(&bytes[from..], b"exif:GPS") {
        let name = from + at;
        let Some(open) = bytes[name..].iter().position(|byte| matches!(byte, b'"' | b'\'' | b'>'))
        else {
            break;
        };
        let start = name + open + 1;
        let close = if bytes[name + open] == b'>' { b'<' } else { bytes[name + open] };
        let length = bytes[start..].iter().position(|byte| *byte == close);
        let end = start + length.unwrap_or(0);
        for byte in &mut bytes[start..end] {
            found |= matches!(*byte, b'1'..=b'9');
            *byte = if byte.is_ascii_digit() { b'0' } else { *byte };
        }
        from = end.max(start);
    }
    found
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
