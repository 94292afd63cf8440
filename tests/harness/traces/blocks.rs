//! Two ways of packing that are little more than copying: each gives as much as can be read.

/// Undoes a block of snappy.
pub(super) fn snappy(packed: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let _ = unsnap(packed, &mut out);
    out
}

fn unsnap(packed: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let skip = packed.iter().position(|byte| byte & 0x80 == 0)? + 1;
    let mut rest = packed.get(skip..)?;
    while let Some((&tag, after)) = rest.split_first() {
        rest = after;
        let upper = usize::from(tag >> 2);
        if tag & 3 == 0 {
            let more = upper.saturating_sub(59);
            let length = if more == 0 { upper } else { little(&mut rest, more)? };
            let (literal, after) = rest.split_at_checked(length + 1)?;
            out.extend_from_slice(literal);
            rest = after;
            continue;
        }
        let (length, back) = match tag & 3 {
            1 => ((upper & 7) + 4, usize::from(tag >> 5) << 8 | little(&mut rest, 1)?),
            2 => (upper + 1, little(&mut rest, 2)?),
            _ => (upper + 1, little(&mut rest, 4)?),
        };
        copy(out, back, length)?;
    }
    Some(())
}

/// Undoes a block of LZ4.
pub(super) fn lz4(packed: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let _ = unlz4(packed, &mut out);
    out
}

fn unlz4(packed: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut rest = packed;
    while let Some((&token, after)) = rest.split_first() {
        rest = after;
        let literals = length(&mut rest, usize::from(token >> 4))?;
        let (literal, after) = rest.split_at_checked(literals)?;
        out.extend_from_slice(literal);
        rest = after;
        if rest.is_empty() {
            break;
        }
        let back = little(&mut rest, 2)?;
        let length = length(&mut rest, usize::from(token & 15))? + 4;
        copy(out, back, length)?;
    }
    Some(())
}

/// A length that goes on as long as its bytes are full.
fn length(rest: &mut &[u8], first: usize) -> Option<usize> {
    let mut length = first;
    let mut full = first == 15;
    while full {
        let more = little(rest, 1)?;
        length += more;
        full = more == 255;
    }
    Some(length)
}

fn little(rest: &mut &[u8], bytes: usize) -> Option<usize> {
    let (number, after) = rest.split_at_checked(bytes)?;
    *rest = after;
    Some(number.iter().rev().fold(0, |value, byte| value << 8 | usize::from(*byte)))
}

/// Copies what is so far back, byte by byte: it may run into what it writes.
fn copy(out: &mut Vec<u8>, back: usize, length: usize) -> Option<()> {
    let from = out.len().checked_sub(back).filter(|_| back > 0)?;
    for at in from..from + length {
        let byte = *out.get(at)?;
        out.push(byte);
    }
    Some(())
}
