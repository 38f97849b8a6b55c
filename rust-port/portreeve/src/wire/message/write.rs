//! A message to a frame: the four bytes of its length, the version byte 131, then one term. The frame is written
//! behind whatever the buffer holds, so that many answers leave in one write.

/// Begins a frame at the end of `out`; `end` puts its length in.
#[must_use]
pub(crate) fn begin(out: &mut Vec<u8>) -> usize {
    let start = out.len();
    out.extend_from_slice(&[0, 0, 0, 0, 131]);
    start
}

/// Ends the frame that began at `start` and gives its size without the length, or `None` (and the frame is taken
/// out again) when it is over `max` bytes.
pub(crate) fn end(out: &mut Vec<u8>, start: usize, max: usize) -> Result<(), TooLarge> {
    let size = out.len() - start - 4;
    match u32::try_from(size) {
        Ok(length) if size <= max => {
            out[start..start + 4].copy_from_slice(&length.to_be_bytes());
            Ok(())
        }
        _ => {
            out.truncate(start);
            Err(TooLarge { size, max })
        }
    }
}

/// A message over the peer's `max_frame`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge {
    /// Bytes of the message.
    pub size: usize,
    /// Bytes that the peer takes.
    pub max: usize,
}

/// SMALL_TUPLE_EXT with `arity` elements to follow.
pub(crate) fn tuple(out: &mut Vec<u8>, arity: u8) {
    out.extend_from_slice(&[104, arity]);
}

/// LIST_EXT with `count` elements and `nil` to follow; the empty list has neither. What does not fit into its count is
/// over every `max_frame` too.
pub(crate) fn list(out: &mut Vec<u8>, count: usize) {
    if count == 0 {
        return nil(out);
    }
    out.push(108);
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    out.extend_from_slice(&count.to_be_bytes());
}

/// NIL_EXT: the empty list, and the end of others.
pub(crate) fn nil(out: &mut Vec<u8>) {
    out.push(106);
}

/// MAP_EXT with `pairs` keys and values to follow.
pub(crate) fn map(out: &mut Vec<u8>, pairs: u32) {
    out.push(116);
    out.extend_from_slice(&pairs.to_be_bytes());
}

/// SMALL_ATOM_UTF8_EXT, or ATOM_UTF8_EXT for the few names over 255 bytes.
pub(crate) fn atom(out: &mut Vec<u8>, name: &str) {
    match u8::try_from(name.len()) {
        Ok(len) => out.extend_from_slice(&[119, len]),
        Err(_) => {
            out.push(118);
            let len = u16::try_from(name.len()).unwrap_or(u16::MAX);
            out.extend_from_slice(&len.to_be_bytes());
        }
    }
    out.extend_from_slice(name.as_bytes());
}

/// BINARY_EXT of a text.
pub(crate) fn text(out: &mut Vec<u8>, text: &str) {
    binary(out, text.as_bytes());
}

/// BINARY_EXT. What does not fit into its length is over every `max_frame` too.
pub(crate) fn binary(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(109);
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(bytes);
}

/// Any 64-bit integer in its canonical form.
#[cfg(any(feature = "log", feature = "tracing"))]
pub(crate) fn signed(out: &mut Vec<u8>, value: i64) {
    let Err(_) = u64::try_from(value).map(|value| integer(out, value)) else {
        return;
    };
    if let Ok(word) = i32::try_from(value) {
        out.push(98);
        out.extend_from_slice(&word.to_be_bytes());
    } else {
        big(out, 1, value.unsigned_abs());
    }
}

/// NEW_FLOAT_EXT; only for a finite number.
#[cfg(any(feature = "log", feature = "tracing"))]
pub(crate) fn float(out: &mut Vec<u8>, value: f64) {
    out.push(70);
    out.extend_from_slice(&value.to_be_bytes());
}

fn big(out: &mut Vec<u8>, sign: u8, value: u64) {
    let len = 8 - value.leading_zeros() as usize / 8;
    out.extend_from_slice(&[110, len as u8, sign]);
    out.extend_from_slice(&value.to_le_bytes()[..len]);
}

/// SMALL_INTEGER_EXT, INTEGER_EXT or SMALL_BIG_EXT, whichever is the canonical one.
pub(crate) fn integer(out: &mut Vec<u8>, value: u64) {
    if let Ok(byte) = u8::try_from(value) {
        out.extend_from_slice(&[97, byte]);
    } else if let Ok(word) = i32::try_from(value) {
        out.push(98);
        out.extend_from_slice(&word.to_be_bytes());
    } else {
        big(out, 0, value);
    }
}
