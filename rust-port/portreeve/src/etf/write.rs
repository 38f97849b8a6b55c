//! The pieces of a term as bytes: headers, atoms, numbers, binaries.
//!
//! Each is written in the form that `term_to_binary` of OTP 26 and later picks.

use super::error::{Error, ErrorKind};
use super::limits::MAX_ATOM_CHARS;
use super::options::BytesAs;
use super::tags::{
    ATOM_UTF8_EXT, BINARY_EXT, BIT_BINARY_EXT, INTEGER_EXT, LARGE_TUPLE_EXT, NEW_FLOAT_EXT,
    SMALL_ATOM_UTF8_EXT, SMALL_BIG_EXT, SMALL_INTEGER_EXT, SMALL_TUPLE_EXT,
};

#[inline]
pub(crate) fn atom(out: &mut Vec<u8>, name: &str) -> Result<(), Error> {
    let Ok(length) = u8::try_from(name.len()) else {
        return long_atom(out, name);
    };
    out.extend_from_slice(&[SMALL_ATOM_UTF8_EXT, length]);
    out.extend_from_slice(name.as_bytes());
    Ok(())
}

#[cold]
fn long_atom(out: &mut Vec<u8>, name: &str) -> Result<(), Error> {
    let chars = name.chars().count();
    let length = u16::try_from(name.len())
        .ok()
        .filter(|_| chars <= MAX_ATOM_CHARS);
    let Some(length) = length else {
        return Err(atom_too_long(chars));
    };
    out.push(ATOM_UTF8_EXT);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(name.as_bytes());
    Ok(())
}

fn atom_too_long(chars: usize) -> Error {
    let why = format_args!("an atom of {chars} characters is over the limit of {MAX_ATOM_CHARS}");
    Error::value(ErrorKind::Limit, why)
}

#[inline]
pub(crate) fn small(out: &mut Vec<u8>, value: u8) {
    out.extend_from_slice(&[SMALL_INTEGER_EXT, value]);
}

#[inline]
pub(crate) fn i64(out: &mut Vec<u8>, value: i64) {
    if let Ok(value) = u8::try_from(value) {
        small(out, value);
    } else if let Ok(value) = i32::try_from(value) {
        let [a, b, c, d] = value.to_be_bytes();
        out.extend_from_slice(&[INTEGER_EXT, a, b, c, d]);
    } else {
        small_big(out, value < 0, &value.unsigned_abs().to_le_bytes());
    }
}

#[inline]
pub(crate) fn u64(out: &mut Vec<u8>, value: u64) {
    match i64::try_from(value) {
        Ok(value) => i64(out, value),
        Err(_) => small_big(out, false, &value.to_le_bytes()),
    }
}

pub(crate) fn wide(out: &mut Vec<u8>, negative: bool, size: u128) {
    let narrow = i64::try_from(size).map(|size| if negative { -size } else { size });
    match narrow {
        Ok(value) => i64(out, value),
        Err(_) => small_big(out, negative, &size.to_le_bytes()),
    }
}

fn small_big(out: &mut Vec<u8>, negative: bool, digits: &[u8]) {
    let used = digits
        .iter()
        .rposition(|&digit| digit != 0)
        .map_or(0, |last| last + 1);
    // At most 16 bytes come here.
    let length = u8::try_from(used).unwrap_or(u8::MAX);
    out.extend_from_slice(&[SMALL_BIG_EXT, length, u8::from(negative)]);
    out.extend_from_slice(&digits[..used]);
}

#[inline]
pub(crate) fn float(out: &mut Vec<u8>, value: f64) -> Result<(), Error> {
    if !value.is_finite() {
        let error = Error::mismatch(ErrorKind::Unsupported, "a finite number");
        return Err(error.with_got(value));
    }
    out.push(NEW_FLOAT_EXT);
    out.extend_from_slice(&value.to_be_bytes());
    Ok(())
}

/// A length or count of 32 bits.
#[inline]
pub(crate) fn length(out: &mut Vec<u8>, length: usize) -> Result<(), Error> {
    out.extend_from_slice(&field(length)?);
    Ok(())
}

#[inline]
fn field(length: usize) -> Result<[u8; 4], Error> {
    match u32::try_from(length) {
        Ok(length) => Ok(length.to_be_bytes()),
        Err(_) => Err(too_long(length)),
    }
}

#[cold]
fn too_long(length: usize) -> Error {
    let why = format_args!("a length of {length} does not fit in 32 bits");
    Error::value(ErrorKind::Limit, why)
}

#[inline]
pub(crate) fn text(out: &mut Vec<u8>, text: &str) -> Result<(), Error> {
    binary(out, text.as_bytes())
}

#[inline]
fn binary(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), Error> {
    let [a, b, c, d] = field(bytes.len())?;
    out.extend_from_slice(&[BINARY_EXT, a, b, c, d]);
    out.extend_from_slice(bytes);
    Ok(())
}

pub(crate) fn bytes(out: &mut Vec<u8>, bytes: &[u8], form: BytesAs) -> Result<(), Error> {
    if form == BytesAs::Binary {
        return binary(out, bytes);
    }
    bits(out, bytes, if bytes.is_empty() { 0 } else { 8 })
}

pub(crate) fn bits(out: &mut Vec<u8>, bytes: &[u8], bits: u8) -> Result<(), Error> {
    out.push(BIT_BINARY_EXT);
    length(out, bytes.len())?;
    out.push(bits);
    out.extend_from_slice(bytes);
    Ok(())
}

pub(crate) fn tuple(out: &mut Vec<u8>, count: usize) -> Result<(), Error> {
    match u8::try_from(count) {
        Ok(count) => out.extend_from_slice(&[SMALL_TUPLE_EXT, count]),
        Err(_) => {
            out.push(LARGE_TUPLE_EXT);
            length(out, count)?;
        }
    }
    Ok(())
}

/// A tag and a count that is written over when it is known.
#[inline]
pub(crate) fn open(out: &mut Vec<u8>, tag: u8) {
    out.extend_from_slice(&[tag, 0, 0, 0, 0]);
}

/// Fills in the count of a header that [`open`] wrote at `at`.
#[inline]
pub(crate) fn fill(out: &mut [u8], at: usize, count: usize) -> Result<(), Error> {
    out[at + 1..at + 5].copy_from_slice(&field(count)?);
    Ok(())
}
