//! A code as a picture that a camera reads (QR, version 5, level M: 37 by 37 modules).
//!
//! There is one size and one mask, so that this is short: up to 122 of the characters that such a
//! picture packs tightly. Readers take any mask; choosing the best of eight is for print.

use crate::ui::view::*;
use std::fmt::Write;

const SIZE: usize = 37;
/// Capitals and digits pack two in eleven bits.
const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const CHARACTERS_MAX: usize = 122;
const BLOCKS: usize = 2;
/// Bytes of a block, and those that repair it.
const DATA: usize = 43;
const REPAIR: usize = 24;
/// Level M and mask 0, as the picture says them: 15 bits.
const FORMAT: u16 = 0b101_0100_0001_0010;

type Modules = [[Option<bool>; SIZE]; SIZE];

/// Shows a text as a picture; nothing, if it does not fit.
#[component]
pub fn PictureCode(text: String, #[prop(into)] label: String) -> View {
    let Some(modules) = modules(&text) else { return View::none() };
    view! {
        // A quiet border of four modules belongs to it.
        <svg class="picture-code" viewBox="-4 -4 45 45" role="img" aria-label=label>
            <path d=path(&modules)></path>
        </svg>
    }
}

/// The dark modules, row by row.
fn path(modules: &Modules) -> String {
    let mut path = String::new();
    for (y, row) in modules.iter().enumerate() {
        for x in (0..SIZE).filter(|x| row[*x] == Some(true)) {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    path
}

/// The picture of a text; `None` if it is too long or has other characters.
fn modules(text: &str) -> Option<Modules> {
    let mut modules = frame();
    place(&mut modules, &codewords(text)?);
    Some(modules)
}

/// The data and its repair bytes in the order in which they are placed.
fn codewords(text: &str) -> Option<Vec<u8>> {
    let data = packed(text)?;
    let blocks: Vec<&[u8]> = data.chunks(DATA).collect();
    let repairs: Vec<[u8; REPAIR]> = blocks.iter().map(|block| repair(block)).collect();
    let interleaved = (0..DATA).flat_map(|at| blocks.iter().map(move |block| block[at]));
    let repaired = (0..REPAIR).flat_map(|at| repairs.iter().map(move |repair| repair[at]));
    Some(interleaved.chain(repaired).collect())
}

fn packed(text: &str) -> Option<Vec<u8>> {
    let number = |c: u8| ALPHABET.iter().position(|one| *one == c);
    let numbers: Vec<usize> = text.bytes().map(number).collect::<Option<_>>()?;
    if numbers.len() > CHARACTERS_MAX {
        return None;
    }
    let mut bits = Vec::new();
    let mut put = |value: usize, length: usize| {
        bits.extend((0..length).rev().map(|bit| value >> bit & 1 == 1));
    };
    put(0b0010, 4);
    put(numbers.len(), 9);
    for pair in numbers.chunks(2) {
        match pair {
            [first, second] => put(first * 45 + second, 11),
            one => put(one.iter().sum(), 6),
        }
    }
    put(0, 4);
    bits.truncate(BLOCKS * DATA * 8);
    let byte = |bits: &[bool]| {
        bits.iter().enumerate().fold(0, |byte, (at, bit)| byte | u8::from(*bit) << (7 - at))
    };
    let bytes = bits.chunks(8).map(byte);
    Some(bytes.chain([0xec, 0x11].into_iter().cycle()).take(BLOCKS * DATA).collect())
}

/// The remainder of a block divided by the polynomial whose roots are 1, 2, 4 … (Reed-Solomon).
fn repair(block: &[u8]) -> [u8; REPAIR] {
    let mut divisor = [0; REPAIR];
    divisor[REPAIR - 1] = 1;
    let mut root = 1;
    for _ in 0..REPAIR {
        for at in 0..REPAIR {
            let next = divisor.get(at + 1).copied().unwrap_or_default();
            divisor[at] = times(divisor[at], root) ^ next;
        }
        root = times(root, 2);
    }
    let mut rest = [0; REPAIR];
    for byte in block {
        let factor = byte ^ rest[0];
        rest.rotate_left(1);
        rest[REPAIR - 1] = 0;
        for (rest, divisor) in rest.iter_mut().zip(divisor) {
            *rest ^= times(divisor, factor);
        }
    }
    rest
}

/// Multiplies in the field of 256 numbers that these pictures use.
fn times(a: u8, b: u8) -> u8 {
    (0..8).rev().fold(0, |product: u8, bit| {
        let doubled = product << 1 ^ if product & 0x80 == 0 { 0 } else { 0x1d };
        doubled ^ if b >> bit & 1 == 0 { 0 } else { a }
    })
}

/// Everything that is the same in all pictures of this kind.
fn frame() -> Modules {
    let mut modules = [[None; SIZE]; SIZE];
    for (at, row) in modules.iter_mut().enumerate() {
        row[6] = Some(at % 2 == 0);
    }
    modules[6] = std::array::from_fn(|at| Some(at % 2 == 0));
    // Squares in three corners, with a light border, and a small one in the fourth.
    for (centre_x, centre_y, reach) in [(3, 3, 4_i32), (33, 3, 4), (3, 33, 4), (30, 30, 2)] {
        for y in -reach..=reach {
            for x in -reach..=reach {
                let (at_x, at_y) = (usize::try_from(centre_x + x), usize::try_from(centre_y + y));
                let (Ok(at_x), Ok(at_y)) = (at_x, at_y) else { continue };
                let ring = i32::max(x.abs(), y.abs());
                let dark = if reach == 2 { ring != 1 } else { ring != 2 && ring != 4 };
                if let Some(module) = modules.get_mut(at_y).and_then(|row| row.get_mut(at_x)) {
                    *module = Some(dark);
                }
            }
        }
    }
    for bit in 0..15 {
        let dark = Some(FORMAT >> bit & 1 == 1);
        let (x, y) = match bit {
            0..6 => (8, bit),
            6 | 7 => (8, bit + 1),
            8 => (7, 8),
            _ => (14 - bit, 8),
        };
        modules[y][x] = dark;
        let (x, y) = if bit < 8 { (SIZE - 1 - bit, 8) } else { (8, SIZE - 15 + bit) };
        modules[y][x] = dark;
    }
    modules[SIZE - 8][8] = Some(true);
    modules
}

/// Places the bits in pairs of columns, from the right, up and down in turn.
fn place(modules: &mut Modules, codewords: &[u8]) {
    let mut bits = codewords.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let mut up = true;
    for right in (1..SIZE).rev().step_by(2) {
        // Column 6 has the clock in it, and no data.
        let right = if right <= 6 { right - 1 } else { right };
        for step in 0..SIZE {
            let y = if up { SIZE - 1 - step } else { step };
            for x in [right, right - 1] {
                if modules[y][x].is_none() {
                    let dark = bits.next() == Some(1);
                    modules[y][x] = Some(dark ^ ((x + y) % 2 == 0));
                }
            }
        }
        up = !up;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

    /// What another make draws with the same size, level and mask.
    fn theirs(text: &str) -> Vec<Vec<bool>> {
        let segments = [QrSegment::make_alphanumeric(text)];
        let (version, mask) = (Version::new(5), Some(Mask::new(0)));
        let level = QrCodeEcc::Medium;
        let code =
            QrCode::encode_segments_advanced(&segments, level, version, version, mask, false);
        let code = code.expect("it fits");
        let row = |y| (0..code.size()).map(|x| code.get_module(x, y)).collect();
        (0..code.size()).map(row).collect()
    }

    #[test]
    fn a_picture_is_what_another_make_draws() {
        let long = "TS1:0Z".repeat(20);
        for text in ["", "A", "TS1:ABCDEFGHJK", "0123456789 $%*+-./:", &long, &"Z".repeat(122)] {
            let ours = modules(text).expect("it fits");
            let ours: Vec<Vec<bool>> = ours
                .iter()
                .map(|row| row.iter().map(|module| *module == Some(true)).collect())
                .collect();
            assert_eq!(ours, theirs(text), "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_not_drawn() {
        assert!(modules(&"Z".repeat(123)).is_none());
        assert!(modules("small letters").is_none());
    }
}
