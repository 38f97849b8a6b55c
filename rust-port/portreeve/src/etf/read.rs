//! A cursor over the bytes of a term: fixed-width fields, atoms, numbers.
//!
//! Every length is checked against the bytes that are there before it is used.

use std::borrow::Cow;

use super::error::{Error, ErrorKind};
use super::limits::{MAX_ATOM_CHARS, MAX_INTEGER_BYTES};
use super::tags::{
    ATOM_EXT, ATOM_UTF8_EXT, INTEGER_EXT, LARGE_BIG_EXT, SMALL_ATOM_EXT, SMALL_ATOM_UTF8_EXT,
    SMALL_BIG_EXT, SMALL_INTEGER_EXT, VERSION,
};

/// Bytes and a position in them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'de> {
    pub(crate) bytes: &'de [u8],
    pub(crate) at: usize,
}

/// An integer of any size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Integer<'de> {
    Small(i64),
    Big {
        negative: bool,
        magnitude: &'de [u8],
    },
}

impl<'de> Reader<'de> {
    #[inline]
    pub(crate) fn new(bytes: &'de [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// The bytes from the position on.
    #[inline]
    pub(crate) fn rest(&self) -> &'de [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    #[cold]
    pub(crate) fn truncated(&self) -> Error {
        Error::bytes(ErrorKind::Truncated, self.at, "the bytes end inside a term")
    }

    #[cold]
    pub(crate) fn invalid(at: usize, why: impl std::fmt::Display) -> Error {
        Error::bytes(ErrorKind::Invalid, at, why)
    }

    #[cold]
    pub(crate) fn unknown_tag(at: usize, tag: u8) -> Error {
        Error::bytes(ErrorKind::Tag, at, format_args!("unknown tag {tag}"))
    }

    /// The byte that opens every term outside another.
    pub(crate) fn version(&mut self) -> Result<(), Error> {
        match self.u8()? {
            VERSION => Ok(()),
            other => {
                let why = format_args!("expected the version byte {VERSION}, got {other}");
                Err(Error::bytes(ErrorKind::Version, self.at - 1, why))
            }
        }
    }

    #[inline]
    pub(crate) fn peek(&self) -> Result<u8, Error> {
        self.bytes
            .get(self.at)
            .copied()
            .ok_or_else(|| self.truncated())
    }

    #[inline]
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let Some(found) = self.rest().first_chunk::<N>() else {
            return Err(self.truncated());
        };
        self.at += N;
        Ok(*found)
    }

    #[inline]
    pub(crate) fn u8(&mut self) -> Result<u8, Error> {
        let byte = self.peek()?;
        self.at += 1;
        Ok(byte)
    }

    #[inline]
    pub(crate) fn u16(&mut self) -> Result<u16, Error> {
        self.array().map(u16::from_be_bytes)
    }

    #[inline]
    pub(crate) fn u32(&mut self) -> Result<u32, Error> {
        self.array().map(u32::from_be_bytes)
    }

    /// A length or count of 32 bits, not yet compared with anything.
    #[inline]
    pub(crate) fn length(&mut self) -> Result<usize, Error> {
        Ok(usize::try_from(self.u32()?).unwrap_or(usize::MAX))
    }

    #[inline]
    pub(crate) fn take(&mut self, length: usize) -> Result<&'de [u8], Error> {
        let found = self
            .at
            .checked_add(length)
            .and_then(|end| self.bytes.get(self.at..end));
        let Some(found) = found else {
            return Err(self.truncated());
        };
        self.at += length;
        Ok(found)
    }

    /// The rest of an atom, behind its tag.
    #[inline]
    pub(crate) fn atom(&mut self, tag: u8) -> Result<Cow<'de, str>, Error> {
        let start = self.at.saturating_sub(1);
        let length = match tag {
            SMALL_ATOM_UTF8_EXT | SMALL_ATOM_EXT => usize::from(self.u8()?),
            ATOM_UTF8_EXT | ATOM_EXT => usize::from(self.u16()?),
            _ => return Err(Self::invalid(start, "expected an atom")),
        };
        let name = self.take(length)?;
        if matches!(tag, ATOM_EXT | SMALL_ATOM_EXT) {
            latin1(name, start)
        } else {
            utf8(name, start).map(Cow::Borrowed)
        }
    }

    /// A whole atom, where the format allows nothing else.
    pub(crate) fn whole_atom(&mut self) -> Result<Cow<'de, str>, Error> {
        let tag = self.u8()?;
        self.atom(tag)
    }

    /// The rest of an integer, behind its tag; none when the tag is that of another type.
    #[inline]
    pub(crate) fn integer(&mut self, tag: u8) -> Result<Option<Integer<'de>>, Error> {
        let length = match tag {
            SMALL_INTEGER_EXT => return Ok(Some(Integer::Small(i64::from(self.u8()?)))),
            INTEGER_EXT => {
                let value = i32::from_be_bytes(self.array()?);
                return Ok(Some(Integer::Small(i64::from(value))));
            }
            SMALL_BIG_EXT => usize::from(self.u8()?),
            LARGE_BIG_EXT => self.length()?,
            _ => return Ok(None),
        };
        self.big(length).map(Some)
    }

    fn big(&mut self, length: usize) -> Result<Integer<'de>, Error> {
        let start = self.at;
        // Any sign byte but 0 is negative on the BEAM too.
        let negative = self.u8()? != 0;
        let digits = self.take(length)?;
        let magnitude = trim(digits);
        if magnitude.len() > MAX_INTEGER_BYTES {
            let why = format_args!(
                "an integer of {} bytes is over the limit of {MAX_INTEGER_BYTES}",
                magnitude.len()
            );
            return Err(Error::bytes(ErrorKind::Limit, start, why));
        }
        Ok(narrow(negative, magnitude))
    }
}

impl Integer<'_> {
    /// The value, where 128 bits and a sign hold it.
    pub(crate) fn magnitude128(&self) -> Option<(bool, u128)> {
        match *self {
            Self::Small(value) => Some((value < 0, u128::from(value.unsigned_abs()))),
            Self::Big {
                negative,
                magnitude,
            } => {
                let mut wide = [0; 16];
                wide.get_mut(..magnitude.len())?.copy_from_slice(magnitude);
                Some((negative, u128::from_le_bytes(wide)))
            }
        }
    }

    /// The float of that value; none where no float has it.
    pub(crate) fn to_f64(self) -> Option<f64> {
        match self {
            Self::Small(value) => small_to_f64(value),
            Self::Big {
                negative,
                magnitude,
            } => {
                let size = big_to_f64(magnitude)?;
                Some(if negative { -size } else { size })
            }
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "the way back shows whether anything was lost"
)]
fn small_to_f64(value: i64) -> Option<f64> {
    let float = value as f64;
    (float as i128 == i128::from(value)).then_some(float)
}

/// The float of digits without leading (here last) zeros: at most 53 bits may lie between the highest and the
/// lowest that is set.
#[expect(
    clippy::cast_precision_loss,
    reason = "what is cast has 53 bits at most"
)]
fn big_to_f64(magnitude: &[u8]) -> Option<f64> {
    let low = magnitude.iter().position(|&digit| digit != 0).unwrap_or(0);
    let mut wide = [0; 16];
    wide.get_mut(..magnitude.len() - low)?
        .copy_from_slice(&magnitude[low..]);
    let bits = u128::from_le_bytes(wide);
    let zeros = bits.trailing_zeros() % u128::BITS;
    let odd = bits >> zeros;
    // 2^1024 and above has no float.
    let exponent = i32::try_from(8 * low).ok()? + i32::try_from(zeros).ok()?;
    let width = i32::try_from(u128::BITS - odd.leading_zeros()).ok()?;
    (width <= 53 && exponent + width <= 1024).then(|| odd as f64 * 2f64.powi(exponent))
}

/// Digits without their leading (here last) zeros.
fn trim(digits: &[u8]) -> &[u8] {
    let used = digits
        .iter()
        .rposition(|&digit| digit != 0)
        .map_or(0, |last| last + 1);
    &digits[..used]
}

fn narrow(negative: bool, magnitude: &[u8]) -> Integer<'_> {
    let mut wide = [0; 8];
    if let Some(low) = wide.get_mut(..magnitude.len()) {
        low.copy_from_slice(magnitude);
        let size = i128::from(u64::from_le_bytes(wide));
        if let Ok(value) = i64::try_from(if negative { -size } else { size }) {
            return Integer::Small(value);
        }
    }
    Integer::Big {
        negative,
        magnitude,
    }
}

fn utf8(name: &[u8], start: usize) -> Result<&str, Error> {
    let Ok(text) = std::str::from_utf8(name) else {
        return Err(Error::bytes(
            ErrorKind::Utf8,
            start,
            "an atom that is not UTF-8",
        ));
    };
    if name.len() > MAX_ATOM_CHARS && text.chars().count() > MAX_ATOM_CHARS {
        return Err(atom_too_long(text.chars().count(), start));
    }
    Ok(text)
}

fn latin1(name: &[u8], start: usize) -> Result<Cow<'_, str>, Error> {
    if name.len() > MAX_ATOM_CHARS {
        return Err(atom_too_long(name.len(), start));
    }
    Ok(match std::str::from_utf8(name) {
        Ok(ascii) if name.is_ascii() => Cow::Borrowed(ascii),
        _ => Cow::Owned(name.iter().map(|&byte| char::from(byte)).collect()),
    })
}

#[cold]
fn atom_too_long(chars: usize, start: usize) -> Error {
    let why = format_args!("an atom of {chars} characters is over the limit of {MAX_ATOM_CHARS}");
    Error::bytes(ErrorKind::Limit, start, why)
}
