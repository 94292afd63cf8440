//! The TIFF file in a photo: directories of entries, one of which leads to the position's own.

/// The entry that leads to the directory of the position.
const GPS: u16 = 0x8825;
/// Bytes of an entry.
const ENTRY: usize = 12;

/// Blanks the position's directory, and takes out what leads to it; whether there was one.
pub(super) fn forget_place(tiff: &mut [u8]) -> bool {
    let Some(order) = Order::of(tiff) else { return false };
    let Some(first) = order.long(tiff, 4) else { return false };
    let Some(count) = order.short(tiff, first) else { return false };
    for number in 0..usize::from(count) {
        let at = first + 2 + number * ENTRY;
        if order.short(tiff, at) != Some(GPS) {
            continue;
        }
        if let Some(place) = order.long(tiff, at + 8) {
            blank_directory(tiff, order, place);
        }
        // What comes behind it moves up, so that readers find no gap.
        let end = first + 2 + usize::from(count) * ENTRY;
        if tiff.get(at..end + 4).is_some() {
            tiff.copy_within(at + ENTRY..end + 4, at);
            tiff[end + 4 - ENTRY..end + 4].fill(0);
            order.put_short(tiff, first, count - 1);
        }
        return true;
    }
    false
}

/// Zeroes a directory with the values that lie outside it.
fn blank_directory(tiff: &mut [u8], order: Order, at: usize) {
    let Some(count) = order.short(tiff, at) else { return };
    for number in 0..usize::from(count) {
        let entry = at + 2 + number * ENTRY;
        let kind = order.short(tiff, entry + 2);
        let (Some(kind), Some(values)) = (kind, order.long(tiff, entry + 4)) else { return };
        let size = match kind {
            3 => 2,
            4 | 9 | 11 => 4,
            5 | 10 | 12 => 8,
            _ => 1,
        };
        let length = values.saturating_mul(size);
        if length > 4
            && let Some(value) = order.long(tiff, entry + 8)
            && let Some(value) = tiff.get_mut(value..value.saturating_add(length))
        {
            value.fill(0);
        }
        if let Some(entry) = tiff.get_mut(entry..entry + ENTRY) {
            entry.fill(0);
        }
    }
    order.put_short(tiff, at, 0);
}

/// Which end of a number comes first.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn of(tiff: &[u8]) -> Option<Self> {
        match tiff.get(..4)? {
            b"II*\0" => Some(Self::Little),
            b"MM\0*" => Some(Self::Big),
            _ => None,
        }
    }

    fn short(self, tiff: &[u8], at: usize) -> Option<u16> {
        let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        })
    }

    fn long(self, tiff: &[u8], at: usize) -> Option<usize> {
        let bytes = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        } as usize)
    }

    fn put_short(self, tiff: &mut [u8], at: usize, value: u16) {
        let bytes = match self {
            Self::Little => value.to_le_bytes(),
            Self::Big => value.to_be_bytes(),
        };
        if let Some(place) = tiff.get_mut(at..at + 2) {
            place.copy_from_slice(&bytes);
        }
    }
}
