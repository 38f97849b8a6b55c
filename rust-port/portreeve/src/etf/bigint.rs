//! [`BigInt`]: integers of any size.

use std::fmt;

use num_bigint::Sign;
use serde::de::{self, Visitor};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{Error, ErrorKind};
use super::limits::MAX_INTEGER_BYTES;
use super::read::{Integer, Reader};
use super::tags::{LARGE_BIG_EXT, SMALL_BIG_EXT};
use super::{tunnel, write};

/// An integer of up to 64 KiB: that of the crate `num-bigint`, as a term.
///
/// ```
/// use portreeve::{BigInt, etf};
///
/// let wide = BigInt::from(num_bigint::BigInt::from(10).pow(50));
/// let bytes = etf::to_vec(&wide)?;
/// assert_eq!(etf::from_slice::<BigInt>(&bytes)?, wide);
/// # Ok::<(), etf::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BigInt(num_bigint::BigInt);

impl BigInt {
    /// The integer as that of the crate `num-bigint`.
    #[must_use]
    pub fn as_num_bigint(&self) -> &num_bigint::BigInt {
        &self.0
    }

    /// The same, by value.
    #[must_use]
    pub fn into_num_bigint(self) -> num_bigint::BigInt {
        self.0
    }
}

impl<T: Into<num_bigint::BigInt>> From<T> for BigInt {
    fn from(value: T) -> Self {
        Self(value.into())
    }
}

impl fmt::Display for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BigInt({})", self.0)
    }
}

/// Writes the term of an integer of any size.
pub(super) fn append(out: &mut Vec<u8>, value: &num_bigint::BigInt) -> Result<(), Error> {
    if let Ok(value) = i128::try_from(value) {
        write::wide(out, value < 0, value.unsigned_abs());
        return Ok(());
    }
    let (sign, digits) = value.to_bytes_le();
    big(out, sign == Sign::Minus, &digits)
}

/// An integer wider than 128 bits, its digits without leading (here last) zeros.
fn big(out: &mut Vec<u8>, negative: bool, digits: &[u8]) -> Result<(), Error> {
    if digits.len() > MAX_INTEGER_BYTES {
        let length = digits.len();
        let why =
            format_args!("an integer of {length} bytes is over the limit of {MAX_INTEGER_BYTES}");
        return Err(Error::value(ErrorKind::Limit, why));
    }
    match u8::try_from(digits.len()) {
        Ok(length) => out.extend_from_slice(&[SMALL_BIG_EXT, length]),
        Err(_) => {
            out.push(LARGE_BIG_EXT);
            write::length(out, digits.len())?;
        }
    }
    out.push(u8::from(negative));
    out.extend_from_slice(digits);
    Ok(())
}

pub(super) fn of(integer: Integer<'_>) -> num_bigint::BigInt {
    match integer {
        Integer::Small(value) => value.into(),
        Integer::Big {
            negative,
            magnitude,
        } => {
            let sign = if negative { Sign::Minus } else { Sign::Plus };
            num_bigint::BigInt::from_bytes_le(sign, magnitude)
        }
    }
}

impl Serialize for BigInt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Ok(value) = i128::try_from(&self.0) {
            return serializer.serialize_i128(value);
        }
        let mut term = Vec::new();
        append(&mut term, &self.0).map_err(S::Error::custom)?;
        serializer.serialize_newtype_struct(tunnel::RAW, &RawTerm(&term))
    }
}

/// Bytes that are a term, for serde.
pub(super) struct RawTerm<'a>(pub(super) &'a [u8]);

impl Serialize for RawTerm<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

impl<'de> Deserialize<'de> for BigInt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(tunnel::RAW, BigIntVisitor)
    }
}

struct BigIntVisitor;

impl<'de> Visitor<'de> for BigIntVisitor {
    type Value = BigInt;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer")
    }

    fn visit_borrowed_bytes<E: de::Error>(self, term: &'de [u8]) -> Result<BigInt, E> {
        let mut reader = Reader::new(term, 0);
        let integer = reader
            .u8()
            .and_then(|tag| reader.integer(tag))
            .map_err(E::custom)?;
        let wrong = || E::invalid_type(de::Unexpected::Bytes(term), &self);
        integer.map(|integer| BigInt(of(integer))).ok_or_else(wrong)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<BigInt, E> {
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<BigInt, E> {
        Ok(value.into())
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<BigInt, E> {
        Ok(value.into())
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<BigInt, E> {
        Ok(value.into())
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<BigInt, D::Error> {
        inner.deserialize_any(self)
    }
}
